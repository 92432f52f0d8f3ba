"""The moves of asking: from a name to an open survey and its link."""

from dataclasses import dataclass

from tests.journeys.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Opened:
    """A survey that takes answers."""

    link: str
    score: str  # path of its score page


def open_survey(owner: Visitor, *, title: str, metric: str = "nps") -> Opened:
    """Make a survey from the library in both languages through the pages, and open it."""
    page = owner.go("/surveys/new/")
    page.check(f"input[name=metric][value={metric}]")
    page.fill("input[name=title]", title)
    for language in ("nl", "en"):
        page.check(f"input[name=languages][value={language}]")
    page.click("main form button.button--primary")
    page.wait_for_url("**/words/")
    page.click("button[name=publish]")
    page.wait_for_selector("#link")
    link = page.input_value("#link")
    survey = page.url.rstrip("/").rpartition("/")[2]
    return Opened(link=link, score=f"/scores/{survey}/")
