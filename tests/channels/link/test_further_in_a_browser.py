"""Further questions in a real browser: by rules, over pages, with and without a script."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from gloed.base.models import Organisation
from gloed.responses.models import Answer, Consent, ContactDetails, Response
from gloed.surveys import operations
from gloed.surveys.rules import Metric, Presentation, Scale
from tests.in_a_browser import findings
from tests.surveys.further import EVERY_KIND, THANKS

pytestmark = pytest.mark.browser
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def address(transactional_db, live_server):
    """Where an open survey with a question of every kind is answered."""
    return _open(live_server, "nps", further=EVERY_KIND, thanks=THANKS)


def _open(live_server, metric, **changes):
    organisation = Organisation.objects.create(name="Noorderlicht", created_at=NOW)
    content = replace(operations.usual_content(organisation, metric), **changes)
    survey = operations.create_survey(organisation, title="x", content=content, now=NOW)
    operations.open_survey(survey, now=timezone.now())
    return f"{live_server.url}/s/{survey.slug}/"


def recorded():
    """What stands on record, by question."""
    return {
        answer.question.key: answer.rating if answer.rating is not None
        else " ".join(filter(None, [answer.choices, answer.verbatim]))
        for answer in Answer.objects.select_related("question")
    }  # fmt: skip


def test_every_kind_by_rules_over_pages(visit, address):
    page = visit(address, width=360)
    expect(page.locator(".takes")).to_have_text("Het duurt ongeveer 2 minuten.")
    assert findings(page) == []
    page.check("#r10", force=True)
    expect(page.locator("#why")).to_be_visible()
    assert page.get_by_text("Waar lag dat aan").is_hidden()
    page.check("#r3", force=True)
    expect(page.get_by_text("Waar lag dat aan, beste klant?")).to_be_visible()
    assert findings(page) == []
    assert page.locator("#q3o").is_hidden()
    page.check("#q3_other", force=True)
    page.fill("#q3o", "de bus")
    page.click(".send")
    expect(page.locator("main")).to_contain_text("2 van 3")
    assert page.get_by_text("Welke app?").is_hidden()
    page.check("#q5_app", force=True)
    expect(page.get_by_text("Welke app?")).to_be_visible()
    page.fill("#q6", "agenda")
    page.check("#q4_5", force=True)
    expect(page.locator("#kept")).to_be_visible()
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.click(".send")
    expect(page.locator("main")).to_contain_text("3 van 3")
    assert recorded() == {
        "rating": 3, "reason": "other de bus", "wishes": "app", "detail": "agenda", "ease": 5,
    }  # fmt: skip
    assert Response.objects.get().status == "partial"
    assert page.locator("#q8email").is_hidden()
    assert not page.locator("#q7").is_checked()
    page.check("#q7")
    page.fill("#q8email", "noor@example.org")
    assert findings(page) == []
    page.click(".send")
    expect(page.locator("main")).to_contain_text("Dank, jij!")
    assert findings(page) == []
    response = Response.objects.get()
    assert (response.status, response.is_suspicious) == ("complete", False)
    assert Consent.objects.get().words == "Je mag me bellen."
    assert ContactDetails.objects.get().email == "noor@example.org"
    assert page.problems == []


def test_back_loses_nothing_and_a_change_of_mind_hides_again(visit, address):
    page = visit(address)
    page.check("#r3", force=True)
    page.check("#q3_price", force=True)
    page.click(".send")
    page.check("#q5_app", force=True)
    page.fill("#q6", "agenda")
    page.get_by_role("button", name="Terug").click()
    expect(page.locator("#r3")).to_be_checked()
    assert page.locator("#q3_price").is_checked()
    page.check("#r9", force=True)
    assert page.locator("#q3_price").is_hidden()
    page.click(".send")
    expect(page.locator("main")).to_contain_text("2 van 3")
    assert page.locator("#q5_app").is_checked()
    assert page.input_value("#q6") == "agenda"
    page.uncheck("#q5_app", force=True)
    page.click(".send")
    expect(page.locator("main")).to_contain_text("3 van 3")
    assert recorded() == {"rating": 9}
    page.click(".send")
    expect(page.locator("main p:not([aria-hidden]) a")).to_have_attribute(
        "href", "https://example.org/review"
    )


def test_options_stand_in_the_same_order_after_a_reload(visit, address):
    def order(page):
        return [one.get_attribute("value") for one in page.locator("[name=q3]").all()]

    page = visit(address)
    first = order(page)
    assert first[2:] == ["none", "other"]
    for _ in range(4):
        page.reload()
        assert order(page) == first


def test_without_a_script_it_goes_step_by_step(visit, address):
    page = visit(address, script=False)
    page.check("#r3", force=True)
    page.click(".send")
    assert page.get_by_text("Waar lag dat aan").is_visible()
    page.check("#q3_service", force=True)
    page.click(".send")
    assert page.get_by_text("Wat mis je?").is_visible()
    assert page.get_by_text("Welke app?").is_hidden()
    page.check("#q5_app", force=True)
    page.check("#q5_chat", force=True)
    page.click(".send")
    assert page.get_by_text("Welke app?").is_visible()
    assert page.get_by_text("Wat mis je?").count() == 0
    page.fill("#q6", "agenda")
    page.get_by_role("button", name="Terug").click()
    assert page.locator("#q5_chat").is_checked()
    assert page.input_value("#q6") == "agenda"
    page.click(".send")
    page.check("#q7")
    page.click(".send")
    assert page.locator("#q8phone").is_visible()
    page.fill("#q8phone", "0612")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Dank, jij!")
    assert recorded() == {
        "rating": 3, "reason": "service", "wishes": "app chat", "detail": "agenda", "call": "yes",
    }  # fmt: skip
    assert ContactDetails.objects.get().phone == "0612"


@pytest.mark.parametrize(
    ("metric", "scale", "presentation"),
    [
        (Metric.CSAT, Scale(1, 5), Presentation.FACES),
        (Metric.CSAT, Scale(1, 5), Presentation.STARS),
        (Metric.CSAT, Scale(0, 1), Presentation.THUMBS),
        (Metric.CSAT, Scale(1, 10), Presentation.NUMBERS),
        (Metric.CES, Scale(1, 5, high_is_good=False), Presentation.NUMBERS),
    ],
)
def test_every_presentation_fits_a_thumb_a_key_and_an_ear(
    visit,
    live_server,
    transactional_db,
    metric,
    scale,
    presentation,
):
    address = _open(live_server, metric, scale=scale, presentation=presentation)
    page = visit(address, width=360)
    for label in page.locator(".scale label").all():
        box = label.bounding_box()
        assert box["width"] >= 44
        assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert findings(page) == []
    names = [one.evaluate("i => i.labels[0].textContent.trim()") for one in
             page.locator("[name=rating]").all()]  # fmt: skip
    assert all(names)
    assert len(set(names)) == len(names)
    page.locator("[name=rating]").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#kept")).to_be_visible()
    assert recorded() == {"rating": scale.minimum + 1}
