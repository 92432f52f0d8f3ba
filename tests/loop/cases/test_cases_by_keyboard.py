"""A case from the list to a call by keyboard alone, on a phone's width, in a real browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from gloed.loop.cases import operations
from gloed.loop.cases.models import Case, CaseEvent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENCE = 30_000
THANKS = "Dank je wel dat je de tijd nam om ons te schrijven. "


@pytest.fixture
def page(browser, live_server, alice, settings):
    """A page of Alice's that complains about every mistake of a script."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="en-GB")
    context.set_default_timeout(30_000)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": alice.cookies[name].value, "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda problem: page.complaints.append(str(problem)))
    yield page
    context.close()


def test_cases_without_a_mouse(page, live_server, answer, make_person):
    now = timezone.now()
    for number in range(2):
        person = make_person(f"P{number} Jansen", phone="0612345678")
        said = answer(3, f"Niemand belt {number}", person=person, at=now)
        operations.open_case(said, now=now - timedelta(hours=2 - number))
    page.goto(f"{live_server.url}/cases/?show=open")
    page.wait_for_load_state("load")  # the script hears keys from then on
    links = page.locator(".case-row__link")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused(timeout=PATIENCE)
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused(timeout=PATIENCE)
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused(timeout=PATIENCE)
    page.keyboard.press("Enter")
    first = Case.objects.order_by("due_at", "pk").first()
    page.wait_for_url(f"**/cases/{first.public_id}/")
    page.wait_for_load_state("load")
    page.keyboard.press("w")
    expect(page.locator("#id_cause")).to_be_focused(timeout=PATIENCE)
    page.locator("#id_cause").blur()
    reply = page.locator("textarea[data-takes-openings]")
    reply.wait_for()
    with page.expect_response("**/gesture/"):
        page.keyboard.press("4")
    expect(reply).to_have_value(THANKS, timeout=PATIENCE)
    expect(reply).to_be_focused(timeout=PATIENCE)
    reply.blur()
    page.keyboard.press("c")
    expect(page.locator("#id_call_text")).to_be_focused(timeout=PATIENCE)
    page.keyboard.type("j, k en c zijn hier gewone letters")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    story = page.locator("#story")
    expect(story).to_contain_text("called, and reached the customer", timeout=PATIENCE)
    expect(story).to_contain_text("j, k en c zijn hier gewone letters")
    expect(reply).to_have_value(THANKS, timeout=PATIENCE)  # what was not sent yet is still there
    assert CaseEvent.objects.filter(kind="gesture").count() == 1
    page.wait_for_load_state("load")
    page.keyboard.press("u")
    page.wait_for_url("**/cases/")
    other = answer(8, "Prima", at=now)
    page.goto(f"{live_server.url}/scores/answers/{other.public_id}/")
    page.locator("#case_of_answer button").wait_for()
    page.wait_for_load_state("load")
    page.keyboard.press("o")
    page.wait_for_url("**/cases/*-*/")
    assert Case.objects.count() == 3
    assert page.complaints == []
