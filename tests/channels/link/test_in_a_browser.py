"""The respondent's page in a real browser: touch, keyboard, axe, with and without a script."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from gloed.base.models import Organisation
from gloed.surveys import operations
from tests.in_a_browser import findings, recorded, until

pytestmark = pytest.mark.browser
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def address(transactional_db, live_server, request):
    """Where an open survey of a metric (by default NPS) is answered."""
    organisation = Organisation.objects.create(name="Noorderlicht", created_at=NOW)
    metric = getattr(request, "param", "nps")
    content = operations.usual_content(organisation, metric)
    survey = operations.create_survey(organisation, title="x", content=content, now=NOW)
    operations.open_survey(survey, now=timezone.now())
    return f"{live_server.url}/s/{survey.slug}/"


@pytest.mark.parametrize(
    ("address", "width", "scheme"),
    [
        *(("nps", width, scheme) for width in (360, 390, 1280) for scheme in ("light", "dark")),
        ("ces", 360, "light"),
        ("csat", 390, "dark"),
    ],
    indirect=["address"],
)
def test_axe_finds_nothing_on_any_page(visit, address, width, scheme):
    page = visit(address, width=width, scheme=scheme)
    assert findings(page) == []
    page.check("#r5", force=True)
    expect(page.locator("#kept")).to_be_visible()
    assert findings(page) == []
    page.click(".send")
    expect(page.locator("h1")).to_contain_text("Dank je wel")
    assert findings(page) == []
    assert page.problems == []


@pytest.mark.parametrize("address", ["nps", "csat", "ces"], indirect=True)
def test_every_step_is_wide_enough_for_a_thumb_and_nothing_is_cut_off(visit, address):
    page = visit(address, width=360)
    for label in page.locator(".scale label").all():
        box = label.bounding_box()
        assert box["width"] >= 44
        assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    last = page.locator(".scale label").last.bounding_box()
    assert last["y"] + last["height"] < 700  # the whole scale in one glance


def test_the_rating_is_kept_the_moment_it_is_given(visit, address):
    page = visit(address)
    page.check("#r7", force=True)
    expect(page.locator("#kept")).to_be_visible()
    assert recorded() == [(7, "", "partial")]
    page.check("#r3", force=True)
    page.fill("#why", "te lang gewacht")
    expect(page.locator("#ask")).to_have_text("Wat viel je tegen, en wat had jou geholpen?")
    page.click(".send")
    expect(page.locator("h1")).to_contain_text("Dank je wel")
    assert recorded() == [(3, "te lang gewacht", "complete")]
    assert page.problems == []


def test_closing_the_tab_loses_nothing(visit, address):
    page = visit(address)
    page.check("#r7", force=True)
    page.fill("#why", "half af")
    page.goto("about:blank")
    until(page, lambda: recorded() == [(7, "half af", "partial")])


def test_reloading_stays_the_same_answer(visit, address):
    page = visit(address)
    page.check("#r7", force=True)
    expect(page.locator("#kept")).to_be_visible()
    page.reload()
    page.check("#r9", force=True)
    expect(page.locator("#kept")).to_be_visible()
    assert recorded() == [(9, "", "partial")]


def test_a_mail_click_is_kept_by_the_first_touch_and_not_before(visit, address):
    page = visit(f"{address}?rating=9")
    page.wait_for_timeout(300)
    assert recorded() == []
    page.mouse.click(5, 600)
    expect(page.locator("#kept")).to_be_visible()
    assert recorded() == [(9, "", "partial")]


def test_a_scanner_that_runs_scripts_and_leaves_records_nothing(visit, address):
    page = visit(f"{address}?rating=9")
    page.goto("about:blank")
    page.wait_for_timeout(300)
    assert recorded() == []


def test_a_scanner_that_touches_the_form_by_script_records_nothing(visit, address):
    page = visit(address)
    page.evaluate(
        """() => {
            const one = document.getElementById("r3");
            one.checked = true;
            for (const kind of ["pointerdown", "keydown", "input", "change"])
                one.dispatchEvent(new Event(kind, { bubbles: true }));
        }"""
    )
    page.goto("about:blank")
    page.wait_for_timeout(300)
    assert recorded() == []


def test_keyboard_alone(visit, address):
    page = visit(address)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    assert page.locator("input:checked").get_attribute("value") == "8"
    page.keyboard.press("Tab")
    page.keyboard.type("vlot")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Dank je wel")
    assert recorded() == [(8, "vlot", "complete")]


def test_without_a_script_it_is_two_plain_pages(visit, address):
    page = visit(address, script=False)
    assert not page.locator("#more").is_visible()
    page.check("#r10", force=True)
    page.click(".send")
    assert recorded() == [(10, "", "partial")]
    page.click("text=Kies een ander cijfer")
    page.check("#r9", force=True)
    page.fill("#why", "prima")
    page.click(".send")
    assert "Dank je wel" in page.locator("h1").inner_text()
    assert recorded() == [(9, "prima", "complete")]


def test_the_browsers_own_way_back_changes_the_answer(visit, address):
    page = visit(address)
    page.check("#r9", force=True)
    page.click(".send")
    expect(page.locator("h1")).to_contain_text("Dank je wel")
    page.go_back()
    page.check("#r2", force=True)
    page.click(".send")
    expect(page.locator("h1")).to_contain_text("Dank je wel")
    assert recorded() == [(2, "", "complete")]


def test_the_language_can_be_switched(visit, address):
    page = visit(address)
    page.click("text=English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert findings(page) == []
