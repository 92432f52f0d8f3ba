"""A file from another tool comes in through the page, gives the command's number, and goes."""

import base64
import json
import re
from pathlib import Path

import pytest

from tests.journeys.house import until

pytestmark = [pytest.mark.browser, pytest.mark.database]

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
    let_go_of(page, [telecom, telecom])
    assert page.evaluate("document.getElementById('import_file').validationMessage")
    # with scripts a file that is let go of, or chosen, goes at once; without, by the button
    let_go_of(page, [telecom])
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


def let_go_of(page, files: list[Path]) -> None:
    """Drag files over the page and let go of them beside the frame."""
    given = [[file.name, base64.b64encode(file.read_bytes()).decode()] for file in files]
    page.evaluate(
        """(given) => {
            const held = new DataTransfer();
            for (const [name, text] of given) {
                const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
                held.items.add(new File([bytes], name));
            }
            for (const kind of ["dragover", "drop"]) {
                const told = { dataTransfer: held, bubbles: true, cancelable: true };
                const event = new DragEvent(kind, told);
                const isLeft = document.querySelector("h1").dispatchEvent(event);
                if (isLeft) throw new Error(`${kind} was left to the browser`);
            }
        }""",
        given,
    )


def _counts_all(page) -> bool:
    page.reload()
    return "1,626" in page.locator(".score__base").first.inner_text()


def _is_taken_back(page, score_of: str) -> bool:
    """The survey that came with the file is gone, or nobody has answered it."""
    answer = page.context.request.get(score_of)
    return answer.status == 404 or "1,626" not in answer.text()


def _whole(value: float) -> str:
    return f"{value:.0f}".replace("-", "−")
