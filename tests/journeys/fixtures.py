"""A real server for all tests of a folder, and visitors with a browser each."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.house import House, house
from tests.journeys.visitor import DESK, Visitor

__all__ = ["pytest_runtest_makereport", "served", "visit"]


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[House]:
    """A house with web and worker running; every journey makes an organisation of its own in it."""
    with house(tmp_path_factory.mktemp("served")) as made:
        made.start()
        yield made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Remember on the test how its own part went."""
    report = yield
    if report.when == "call":
        item.went_wrong = report.failed
    return report


@pytest.fixture
def visit(browser, request, tmp_path) -> Iterator[Callable[..., Visitor]]:
    """Open a browser on a house; where the test fails, the last screens are kept in tmp_path."""
    visitors: list[Visitor] = []

    def open_on(place: House, **options: Any) -> Visitor:
        context = browser.new_context(
            **{"viewport": DESK, "locale": "en-GB", "reduced_motion": "reduce", **options}
        )
        context.set_default_timeout(30_000)
        visitors.append(Visitor(place.url, context, context.new_page()).listen())
        return visitors[-1]

    yield open_on
    for number, visitor in enumerate(visitors, start=1):
        if getattr(request.node, "went_wrong", False) and not visitor.page.is_closed():
            kept = tmp_path / f"visitor-{number}.png"
            visitor.page.screenshot(path=kept, full_page=True)
            request.node.add_report_section("teardown", "screens", f"{visitor.page.url}: {kept}")
        visitor.context.close()
