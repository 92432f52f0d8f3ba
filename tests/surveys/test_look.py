"""The pages of surveys in a real browser: axe, narrow and wide, and copying the link."""

from datetime import UTC, datetime

import pytest
from axe_core_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse

from gloed.base.models import Membership, Organisation, Staff
from gloed.surveys import operations

pytestmark = pytest.mark.browser
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def survey(transactional_db):
    organisation = Organisation.objects.create(name="Noorderlicht", created_at=NOW)
    staff = Staff.objects.create_user("anna@example.org", "a long enough password")
    Membership.objects.create(organisation=organisation, staff=staff, role="owner")
    content = operations.usual_content(organisation, "nps")
    survey = operations.create_survey(organisation, title="Klanten", content=content, now=NOW)
    return operations.open_survey(survey, now=NOW)


@pytest.fixture
def open_page(browser, live_server, survey):
    """Open a page of surveys as Anna: `open_page("surveys:list", width=390)`."""
    client = Client()
    client.force_login(Staff.objects.get())
    opened = []

    def visit(name, *args, width=1280, scheme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            locale="nl-NL",
            permissions=["clipboard-read", "clipboard-write"],
        )
        opened.append(context)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + reverse(name, args=args))
        return page

    yield visit
    for context in opened:
        context.close()


@pytest.mark.parametrize("name", ["list", "create", "detail", "edit"])
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_axe_finds_nothing_and_nothing_is_cut_off(open_page, survey, name, width, scheme):
    args = [survey.public_id] if name in ("detail", "edit") else []
    page = open_page(f"surveys:{name}", *args, width=width, scheme=scheme)
    found = [(one["id"], one["nodes"][0]["html"]) for one in Axe().run(page)["violations"]]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_link_is_copied_with_one_touch(open_page, survey):
    page = open_page("surveys:detail", survey.public_id)
    page.click("[data-copy]")
    page.wait_for_selector("text=Gekopieerd")
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"/s/{survey.slug}/")


def test_the_preview_follows_what_is_written(open_page, survey):
    page = open_page("surveys:edit", survey.public_id)
    page.fill("#id_text_nl", "Zo dan?")
    page.click("button[formtarget=preview]")
    frame = page.frame_locator("iframe[name=preview]")
    frame.locator("h1:has-text('Zo dan?')").wait_for()
    frame.locator("#r9").check(force=True)
    frame.locator(".send").click()
    frame.locator("text=Wat doen we goed").wait_for()
