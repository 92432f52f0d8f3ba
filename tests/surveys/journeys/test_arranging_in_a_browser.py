"""Arranging a journey in a real browser: keyboard, mouse, finger, and no script at all."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from gloed.base.models import Membership, Organisation, Staff
from gloed.surveys.journeys import operations, queries
from gloed.surveys.models import Touchpoint
from tests.in_a_browser import findings

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


@pytest.fixture
def arranger(transactional_db):
    """Somebody with a journey of two phases: Before with A and B, After with C."""
    organisation = Organisation.objects.create(name="Noorderlicht", created_at=NOW)
    staff = Staff.objects.create_user("alice@example.org", "a long enough password", name="Alice")
    Membership.objects.create(organisation=organisation, staff=staff, role="owner")
    journey = operations.add_journey(organisation, "Klanten", by=staff, now=NOW)
    for name, moments in (("Before", "AB"), ("After", "C")):
        phase = operations.add_phase(journey, name, by=staff, now=NOW)
        for moment in moments:
            operations.add_touchpoint(organisation, moment, phase=phase, by=staff, now=NOW)
    return staff, journey


@pytest.fixture
def visit(browser, live_server, arranger):
    """The page of that journey: `visit(has_touch=True)`."""
    staff, journey = arranger
    client = Client()
    client.force_login(staff)
    opened = []

    def make(**kwargs):
        context = browser.new_context(
            base_url=live_server.url, locale="en-GB", bypass_csp=True, **kwargs
        )
        opened.append(context)
        context.set_default_timeout(30_000)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(reverse("journeys:arrange", args=[journey.public_id]))
        return page

    yield make
    for context in opened:
        context.close()


def order(journey):
    plan = queries.read_plan(journey)
    return ["".join(one.touchpoint.name for one in part.moments) for part in plan.stretches]


def row(page, name):
    return page.locator(f"[data-item=touchpoint][data-name={name}]")


def kept(page):
    return page.expect_response(lambda answer: answer.url.endswith("/move/"))


def test_by_keyboard_and_heard(visit, arranger):
    _staff, journey = arranger
    page = visit(viewport={"width": 1280, "height": 900})
    assert findings(page) == []
    said = page.locator("[data-said]")
    grip = row(page, "A").locator(".grip")
    grip.focus()
    page.keyboard.press("Space")
    expect(said).to_contain_text("A picked up")
    expect(grip).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowDown")
    expect(said).to_have_text("A: place 2 of 2 in Before.")
    page.keyboard.press("ArrowDown")
    expect(said).to_have_text("A: place 1 of 2 in After.")
    expect(grip).to_be_focused()
    with kept(page) as answer:
        page.keyboard.press("Space")
    assert answer.value.status == 204
    expect(said).to_have_text("A dropped: place 1 of 2 in After.")
    assert order(journey) == ["B", "AC"]
    # escape puts back, and keeps nothing
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(said).to_have_text("A is back where it was.")
    # a phase goes the same way, and takes along what is in it
    with kept(page) as answer:
        phase = page.locator("[data-item=phase][data-name=After] .grip").first
        phase.focus()
        page.keyboard.press("Space")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Space")
    assert answer.value.status == 204
    assert order(journey) == ["AC", "B"]
    # the arrows keep the place on the page
    with kept(page):
        down = row(page, "A").locator("button[value=down]")
        down.click()
    expect(down).to_be_focused()
    assert order(journey) == ["CA", "B"]


def test_by_mouse_and_by_finger(visit, arranger):
    staff, journey = arranger
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True)
    start = row(page, "A").locator(".grip").bounding_box()
    there = row(page, "C").bounding_box()
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 8, there["y"] + there["height"] - 6, steps=6)
    with kept(page) as answer:
        page.mouse.up()
    assert answer.value.status == 204
    assert order(journey) == ["B", "CA"]

    start = row(page, "A").locator(".grip").bounding_box()
    there = row(page, "B").bounding_box()
    finger = page.context.new_cdp_session(page)

    def touch(kind, y):
        points = [] if y is None else [{"x": start["x"] + 10, "y": y}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", start["y"] + 10)
    for share in (0.3, 0.6, 1.0):
        touch("touchMove", start["y"] + 10 + share * (there["y"] + 4 - start["y"] - 10))
    with kept(page) as answer:
        touch("touchEnd", None)
    assert answer.value.status == 204
    assert order(journey) == ["AB", "C"]

    # what cannot be kept is said, and the page shows what stands
    operations.remove(Touchpoint.objects.get(name="B"), by=staff, now=NOW)
    grip = row(page, "B").locator(".grip")
    grip.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(row(page, "B")).to_have_count(0)


def test_without_a_script(visit, arranger):
    _staff, journey = arranger
    page = visit(java_script_enabled=False, viewport={"width": 390, "height": 844})
    expect(row(page, "A").locator(".grip")).to_be_hidden()
    row(page, "B").locator("button[value=down]").click()
    page.wait_for_url("**#t-*")
    assert order(journey) == ["A", "BC"]
