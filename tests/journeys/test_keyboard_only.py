"""Somebody who never touches a mouse gets everywhere."""

import pytest

from tests.journeys.house import PASSWORD
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.database]

FEW_ANSWERS = """
from django.utils import timezone
from gloed.base.models import Organisation
from gloed.responses.operations import receive_answer
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys import operations, queries
from gloed.surveys.rules import Metric
now = timezone.now()
house = Organisation.objects.get(name=sys.argv[1])
content = operations.usual_content(house, Metric.NPS)
survey = operations.create_survey(house, title="After a visit", content=content, now=now)
operations.open_survey(survey, now=now)
asked = queries.find_asked(survey.slug)
for number in range(12):
    given = (GivenAnswer(1, rating=number % 11), GivenAnswer(2, verbatim=f"Words {number}."))
    receive_answer(
        IncomingAnswer(answers=given, source="api", source_id=str(number)), survey=asked, now=now
    )
"""
FOCUSED = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  return {
    words: (at.innerText || at.getAttribute('aria-label') || at.name || '').trim(),
    name: at.getAttribute('name') || '',
    target: at.getAttribute('popovertarget') || '',
    href: at.getAttribute('href') || '',
    tag: at.tagName,
    outline: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
    seen: box.width > 0 && box.height > 0,
  };
}"""


def tab_to(visitor: Visitor, wanted, what: str, *, most: int = 80) -> None:
    """Press Tab until the focus stands on what is wanted; every stop on the way must be seen."""
    for _ in range(most):
        visitor.page.keyboard.press("Tab")
        at = visitor.page.evaluate(FOCUSED)
        if at["tag"] == "BODY":
            continue
        assert at["seen"], f"the focus went out of sight: {at}"
        assert at["outline"], f"the focus cannot be seen: {at}"
        if wanted(at):
            return
    raise AssertionError(f"{what} was not reached with Tab")


def test_the_whole_way_with_tab_and_enter_alone(served, visit):
    account = served.owner("Toets en Pijl")
    served.run_inside(FEW_ANSWERS, account.organisation)
    visitor = visit(served)
    page = visitor.go("/accounts/login/")
    keys = page.keyboard

    if page.evaluate("document.activeElement.name") != "login":
        tab_to(visitor, lambda at: at["name"] == "login", "the e-mail address")
    keys.type(account.email)
    tab_to(visitor, lambda at: at["name"] == "password", "the password")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url(f"{served.url}/")

    tab_to(visitor, lambda at: at["href"] == "/scores/", "the verb Score")
    keys.press("Enter")
    page.wait_for_url("**/scores/")
    tab_to(visitor, lambda at: at["words"] == "After a visit", "the survey")
    keys.press("Enter")
    page.wait_for_selector(".score__value")

    tab_to(visitor, lambda at: at["name"] == "when", "the filter of time")
    keys.press("ArrowDown")
    page.wait_for_url("**when=*")
    page.wait_for_selector(".filters__active")
    chosen = page.url

    page.goto(chosen)  # htmx put in a new region: the page from its address is the same
    tab_to(visitor, lambda at: at["target"].endswith("_definition"), "the definition card")
    keys.press("Enter")
    card = page.locator("[popover]:popover-open")
    assert "Formula" in card.inner_text()
    keys.press("Escape")
    assert page.locator("[popover]:popover-open").count() == 0

    tab_to(
        visitor, lambda at: at["href"].endswith("/answers/") or "/answers/?" in at["href"], "all"
    )
    keys.press("Enter")
    page.wait_for_selector("article.answer")
    tab_to(visitor, lambda at: "/scores/answers/" in at["href"] and len(at["href"]) > 40, "one")
    keys.press("Enter")
    page.wait_for_selector(".answer--alone")
    assert "Words" in visitor.text()
    assert visitor.complaints == []


def test_the_first_tab_leads_past_the_navigation(served, visit):
    visitor = visit(served)
    visitor.log_in(served.owner("Kort en Goed"))
    visitor.go("/scores/")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate(FOCUSED)["words"] == "Skip to the content"
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "content"
