"""Building a mail by hand: blocks follow pointer and keys, the picture follows the words."""

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from gloed.base.models import Membership, Organisation, Staff
from gloed.channels.email import designs
from gloed.channels.email.models import MailDesign
from tests.channels.email.post_office import open_survey
from tests.in_a_browser import findings

pytestmark = pytest.mark.browser


@pytest.fixture
def survey(transactional_db):
    organisation = Organisation.objects.create(name="Noorderlicht", created_at=timezone.now())
    return open_survey(organisation, "nps")


@pytest.fixture
def visit(browser, live_server, survey):
    """The builder, opened by an owner: `visit(width=1280, script=True)`."""
    staff = Staff.objects.create_user("owner@example.org", "a long enough password", name="Owner")
    Membership.objects.create(organisation=survey.organisation, staff=staff, role="owner")
    client = Client()
    client.force_login(staff)
    opened = []

    def go(*, width=1280, script=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="nl-NL", java_script_enabled=script
        )
        opened.append(context)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{live_server.url}/mail/{survey.public_id}/")
        return page

    yield go
    for context in opened:
        context.close()


def order_of(page):
    entries = page.locator("input[name=block]").evaluate_all("all => all.map(one => one.value)")
    return [entry.partition(":")[0] for entry in entries]


def test_by_hand_and_by_keys(visit, survey):
    page = visit()
    shown, choices = page.frame_locator("#preview"), page.locator(".mailer__choices")
    expect(page.locator("#preview")).to_have_attribute("data-drawn", "1")
    assert findings(page) == []

    page.get_by_label("Nederlands").and_(page.locator("#opening-nl")).fill("Zo gaat **dat**.")
    expect(shown.locator("strong")).to_have_text("dat")
    choices.get_by_text("Platte tekst", exact=True).click()
    expect(shown.locator("pre")).to_contain_text("Zo gaat dat.")
    choices.get_by_text("Donker", exact=True).click()
    expect(shown.locator("body")).to_have_css("background-color", "rgb(22, 21, 19)")
    choices.get_by_text("Herinnering", exact=True).click()
    expect(shown.locator("body")).to_contain_text("nog eens")

    up = page.get_by_role("button", name="Omhoog: De vraag met de schaal")
    up.focus()
    page.keyboard.press("ArrowUp")
    expect(up).to_be_focused()
    assert order_of(page) == ["logo", "opening", "scale", "reminder", "closing", "footer"]
    expect(page.locator("#moved")).to_have_text("Verplaatst naar plek 3")

    grip = page.locator("#block_closing [data-grip]")
    grip.scroll_into_view_if_needed()
    box, target = grip.bounding_box(), page.locator("#block_reminder").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, target["y"] + target["height"] / 2, steps=5)
    page.mouse.up()
    assert order_of(page) == ["logo", "opening", "scale", "closing", "reminder", "footer"]
    assert not MailDesign.objects.exists()

    page.get_by_role("button", name="Bewaar de mail").last.click()
    expect(page.get_by_text("De mail is bewaard.")).to_be_visible()
    kept = designs.find(survey.pk, survey.organisation_id).design
    assert [block.key for block in kept.blocks] == order_of(page)
    assert kept.find("opening").words["nl"] == "Zo gaat **dat**."


def test_without_a_script_on_a_phone(visit, survey):
    page = visit(width=390, script=False)
    page.locator("#opening-nl").fill("Kort.")
    page.get_by_role("button", name="Toon", exact=True).click()
    expect(page.frame_locator("#preview").locator("body")).to_contain_text("Kort.")
    page.get_by_role("button", name="Haal weg: Logo").click()
    expect(page.get_by_role("button", name="Zet terug")).to_be_focused()
    page.locator("#new").select_option("button")
    page.get_by_role("button", name="Voeg dit blok toe").click()
    page.wait_for_load_state()
    assert order_of(page)[-2:] == ["button1", "footer"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Bewaar de mail").last.click()
    expect(page.get_by_text("De mail is bewaard.")).to_be_visible()
    kept = designs.find(survey.pk, survey.organisation_id).design
    assert kept.blocks[0].words["nl"] == "Kort."
