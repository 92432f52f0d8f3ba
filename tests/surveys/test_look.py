"""The pages of surveys in a real browser: axe, narrow and wide, and copying the link."""

from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from gloed.base.models import Membership, Organisation, Staff
from gloed.surveys import editing, library, operations
from gloed.surveys.forms.words import present_content
from tests.in_a_browser import findings

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


def write(survey, *entries):
    """Put questions of the library into the draft."""
    content = present_content(survey)
    for entry in entries:
        content, _key = editing.with_entry(content, library.find_entry(entry), "Noorderlicht")
    operations.edit_survey(survey, title=survey.title, content=content, kind=survey.kind)


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


OPEN_ALL = "document.querySelectorAll('.ask__fold, .fold').forEach((one) => { one.open = true; })"


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_axe_finds_nothing_in_the_editor_with_every_card_open(open_page, survey, width, scheme):
    write(survey, "choice_reason_low", "consent_call", "contact_details", "rating_clear")
    page = open_page("surveys:edit", survey.public_id, width=width, scheme=scheme)
    page.evaluate(OPEN_ALL)
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_link_is_copied_with_one_touch(open_page, survey):
    page = open_page("surveys:detail", survey.public_id)
    page.click("[data-copy]")
    page.wait_for_selector("text=Gekopieerd")
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"/s/{survey.slug}/")


def test_what_is_typed_is_kept_and_shown_beside_it(open_page, survey):
    page = open_page("surveys:edit", survey.public_id)
    page.locator("#card-rating summary").click()
    page.fill("[name='rating.text.nl']", "Zo dan?")
    page.locator("[data-kept]", has_text="Bewaard om").wait_for()
    page.frame_locator("iframe[name=preview]").locator("h1:has-text('Zo dan?')").wait_for()
    assert survey.versions.count() == 2
    page.locator("#pipe_else").fill("klant")
    page.locator("[data-pipe] button").click()
    expect(page.locator("[name='rating.text.nl']")).to_have_value("Zo dan?{first_name|klant}")


def posted_order(request):
    """The order of the further questions that a sending of the editor holds."""
    return parse_qs(request.post_data or "").get("order", [])


def test_questions_are_ordered_by_arrows_by_keys_and_by_dragging(open_page, survey):
    write(survey, "choice_solved", "praise_keep", "consent_call")
    page = open_page("surveys:edit", survey.public_id)
    order = page.locator("[name=order]")
    page.locator("#card-choice-solved button[value^=down]").click()
    expect(order.first).to_have_value("praise-keep")
    expect(page.locator("#card-choice-solved .ask__number")).to_have_text("4")
    grip = page.locator("#card-consent-call .grip")
    grip.focus()
    grip.press("ArrowUp")
    expect(grip).to_be_focused()
    expect(order.nth(1)).to_have_value("consent-call")
    page.set_viewport_size({"width": 1280, "height": 1400})  # nothing covers a card
    page.locator("#card-choice-solved .grip").hover()
    page.mouse.down()
    expect(page.locator("#card-choice-solved")).to_have_class("ask is-held")
    page.locator("#card-praise-keep").hover(position={"x": 60, "y": 6})
    with page.expect_response(lambda answer: posted_order(answer.request)[:1] == ["choice-solved"]):
        page.mouse.up()
    expect(order.first).to_have_value("choice-solved")
    page.reload()
    expect(order.first).to_have_value("choice-solved")
    expect(order.nth(1)).to_have_value("praise-keep")


def test_on_a_phone_the_preview_is_a_tab(open_page, survey):
    page = open_page("surveys:edit", survey.public_id, width=390)
    preview, form = page.locator(".editor__preview"), page.locator(".editor__form")
    expect(preview).to_be_hidden()
    page.locator("[data-views] [data-value=look]").click()
    expect(preview).to_be_visible()
    expect(form).to_be_hidden()
    frame = page.frame_locator("iframe[name=preview]")
    page.locator("[data-rating='3']").click()
    frame.locator("text=Wat viel je tegen").wait_for()
    page.locator("[data-language=en]").click()
    frame.locator("text=What fell short").wait_for()
    page.locator("[data-value=desktop]").click()
    assert frame.locator("html").evaluate("window.innerWidth") > 900
