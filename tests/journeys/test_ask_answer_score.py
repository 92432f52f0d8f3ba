"""From an empty house to the first answer on the score page, with and without scripts."""

import re
import sys
import time

import pytest

from tests.journeys.asking import open_survey
from tests.journeys.house import until
from tests.journeys.visitor import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.database]

LIMIT = 90.0
"""Seconds until an answer stands on the score page. The promise is five on a quiet machine; a
machine that runs two test processes beside it is not one. The time measured is printed."""


@pytest.fixture
def owner(served, visit):
    """An owner who has just logged in, with nothing made yet."""
    visitor = visit(served)
    visitor.log_in(served.owner("Kachel & Kolen"))
    return visitor


def wait_for_base(owner, path: str, number: int) -> float:
    """Reload the score page until it counts so many answers; seconds waited."""
    began = time.monotonic()
    while True:
        owner.go(path)
        base = owner.page.locator(".score__base")
        if base.count() and re.search(rf"\bn = {number}\b|\b{number} answer", base.inner_text()):
            return time.monotonic() - began
        assert time.monotonic() - began < LIMIT, owner.text()
        time.sleep(0.2)


def shown_score(owner) -> str:
    """The number on the score page, loaded anew."""
    owner.page.reload()
    return owner.page.locator(".score__value").first.inner_text()


def test_an_answer_given_without_scripts_stands_on_the_score_page(served, visit, owner, capsys):
    survey = open_survey(owner, title="Customers, spring")
    assert "Here the score will stand" in owner.go(survey.score).inner_text("main")

    phone = visit(served, viewport=PHONE, locale="nl-NL", java_script_enabled=False)
    page = phone.go(survey.link)
    assert page.get_attribute("html", "lang") == "nl"
    assert page.locator("input[name=rating]:checked").count() == 0
    page.check("#r9")
    page.click("button.send")
    page.fill("textarea[name=why]", "Altijd warm, ook in maart.")
    page.click("button.send")
    assert "Dank" in page.inner_text("main h1")

    took = wait_for_base(owner, survey.score, 1)
    with capsys.disabled():
        sys.stdout.write(f"\nfrom thank-you to the score page: {took:.1f} s\n")
    assert owner.page.locator(".score__value").first.inner_text() == "100"
    owner.go(f"{survey.score}answers/")
    assert "Altijd warm, ook in maart." in owner.text()
    assert phone.complaints == owner.complaints == []


def test_a_rating_is_kept_although_the_tab_is_closed_at_once(served, visit, owner):
    survey = open_survey(owner, title="After a repair")
    phone = visit(served, viewport=PHONE, locale="en-GB", has_touch=True)
    page = phone.go(survey.link)
    page.tap("#r3")
    page.close(run_before_unload=False)
    wait_for_base(owner, survey.score, 1)
    assert "−100" in owner.text("#score_main")
    assert phone.complaints == []


def test_changing_an_answer_changes_the_score_and_not_the_base(served, visit, owner):
    survey = open_survey(owner, title="After moving house")
    phone = visit(served, viewport=PHONE, locale="en-GB")
    page = phone.go(survey.link)
    page.check("#r2")
    page.click("button.send")
    page.click("button[value=back]")
    page.check("#r10")
    page.click("button.send")
    page.wait_for_selector("button[value=back]")
    wait_for_base(owner, survey.score, 1)
    until(lambda: shown_score(owner) == "100", "the changed rating")
    wait_for_base(owner, survey.score, 1)
