"""A file from another tool comes in through the page, gives the command's number, and goes."""

import json
import re
from pathlib import Path

import pytest

from tests.journeys.house import until

pytestmark = pytest.mark.browser

FILE = Path(__file__).parents[3] / "shared" / "data" / "nps_telecom_en.csv"


@pytest.fixture
def telecom() -> Path:
    """1,626 answers about a telecom provider, with month and touchpoint."""
    if not FILE.exists():
        pytest.skip("the shared file nps_telecom_en.csv is not on this machine")
    return FILE


def test_the_page_gives_the_number_of_the_command_and_undo_takes_it_back(served, visit, telecom):
    told = json.loads(served.gloed("score", telecom, "--json"))["metrics"]["nps"]
    assert (told["n"], round(told["value"], 1)) == (1626, -28.2)

    owner = visit(served)
    owner.log_in(served.owner("Draad en Draad"))
    page = owner.go("/import/")
    page.set_input_files("#import_file", telecom)
    # with scripts a chosen file goes at once; without, by the button
    page.wait_for_url(re.compile(r"/import/[0-9a-f-]{36}/"))
    page.wait_for_selector("text=1,626")
    report_of = page.url
    page.locator("main form button.button--primary").first.click()
    page.wait_for_selector("main a[href^='/scores/']")
    assert "1,626" in owner.text()

    page.locator("main a[href^='/scores/']").first.click()
    page.wait_for_selector(".score__value")
    score_of = page.url
    until(lambda: _counts_all(page), "all answers on the score page")
    shown = owner.text("#score_main")
    low, high = (_whole(told[end]) for end in ("low", "high"))
    assert "−28" in shown
    assert low in shown
    assert high in shown
    assert page.locator(".ledger a", has_text=re.compile("touchpoint", re.IGNORECASE)).count()
    assert page.locator("#trend, .figure[id*=trend]").count()

    page.goto(report_of)
    page.locator("form[action$='/undo/'] button").first.click()
    until(lambda: _is_taken_back(page, score_of), "the end of undoing")
    assert owner.complaints == []


def _counts_all(page) -> bool:
    page.reload()
    return "1,626" in page.locator(".score__base").first.inner_text()


def _is_taken_back(page, score_of: str) -> bool:
    """The survey that came with the file is gone, or nobody has answered it."""
    answer = page.context.request.get(score_of)
    return answer.status == 404 or "1,626" not in answer.text()


def _whole(value: float) -> str:
    return f"{value:.0f}".replace("-", "−")
