"""A copy of a running house, brought into an empty folder, shows the same pages."""

import re

import pytest

from tests.journeys.asking import open_survey
from tests.journeys.house import Account, house, until

pytestmark = [pytest.mark.browser, pytest.mark.database]

ANSWERS = (
    (10, "Fijn dat het de eerste keer goed was."),
    (7, ""),
    (2, "Third visit, “still” cold"),
)


def test_a_restored_copy_gives_the_same_pages(served, visit, tmp_path):
    account = served.owner("Warmte van Zuid")
    owner = visit(served)
    owner.log_in(account)
    survey = open_survey(owner, title="After a visit")
    for rating, words in ANSWERS:
        page = visit(served, java_script_enabled=False).go(survey.link)
        page.check(f"#r{rating}")
        page.click("button.send")
        page.fill("textarea[name=why]", words)
        page.click("button.send")
    until(lambda: "3 answers" in _page(owner, f"{survey.score}answers/"), "three answers")
    paths = (survey.score, f"{survey.score}answers/", "/surveys/", "/scores/", "/")
    before = {path: _page(owner, path) for path in paths}

    served.gloed("backup", tmp_path / "copy")
    with house(tmp_path / "elsewhere") as other:
        other.data.parent.mkdir()
        other.gloed("restore", tmp_path / "copy")
        other.start()
        reader = visit(other)
        reader.log_in(Account(account.email))
        until(lambda: "3 answers" in _page(reader, f"{survey.score}answers/"), "the projection")
        after = {path: _page(reader, path) for path in paths}
    assert after == before


def _page(visitor, path: str) -> str:
    """What a page says, without the moment up to which it counts and its own address."""
    page = visitor.go(path)
    page.wait_for_load_state("networkidle")  # numbers that are loaded beside the page
    text = page.inner_text("body")
    text = re.sub(r"(Data (?:until|up to)\D*).*", r"\1", text)
    return text.replace(visitor.url, "")
