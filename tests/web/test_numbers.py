"""Numbers stand on a page rounded honestly and in the reader's notation."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils import translation

import gloed
from gloed.stats.estimate import Estimate
from gloed.web.templatetags import gloed as numbers

SCORE = Estimate(value=-28.23, low=-32.1, high=-24.3, n=1626, method="score")
SHARE = Estimate(value=0.624, low=0.581, high=0.666, n=1, method="wilson")
CLOSED = Estimate(value=0.875, low=None, high=None, n=4000, method="ledger")


def test_an_estimate_reads_in_english():
    with translation.override("en"):
        assert numbers.estimate_text(SCORE) == "−28 (−32 to −24), 1,626 answers"


def test_an_estimate_reads_in_dutch():
    with translation.override("nl"):
        assert numbers.estimate_text(SCORE) == "−28 (−32 tot −24), 1.626 antwoorden"
        assert numbers.as_decimal(SCORE.value) == "−28,2"


def test_a_share_reads_in_percent_and_one_answer_in_the_singular():
    with translation.override("en"):
        assert numbers.estimate_text(SHARE, "share") == "62% (58% to 67%), 1 answer"


def test_a_fact_without_an_interval_shows_none():
    with translation.override("en"):
        assert numbers.estimate_text(CLOSED, "share") == "88%, 4,000 answers"
        assert numbers.interval_mark(CLOSED) == ""


@pytest.mark.parametrize(
    ("value", "kind", "score", "change"),
    [
        (-0.4, "points", "0", "0"),
        (0.4, "points", "0", "0"),
        (12.0, "points", "12", "+12"),
        (-7.4, "points", "−7", "−7"),
        (4.26, "mean", "4.3", "+4.3"),
        (-0.04, "mean", "0.0", "0.0"),
        (0.031, "share", "3%", "+3"),
    ],
)
def test_rounding_leaves_no_minus_zero(value: float, kind: str, score: str, change: str):
    with translation.override("en"):
        assert numbers.as_score(value, kind) == score
        assert numbers.as_change(value, kind) == change


def test_the_mark_puts_the_dot_in_its_interval_on_the_scale():
    mark = numbers.interval_mark(Estimate(value=0, low=-50, high=100, n=3, method="score"))
    assert 'class="interval__reach" x1="50.0" x2="200.0"' in mark
    assert 'class="interval__value" x1="100.0" x2="100.0"' in mark


def test_a_value_beyond_the_scale_stands_at_its_end():
    mark = numbers.interval_mark(SCORE, -20, 20)
    assert 'class="interval__value" x1="0.0" x2="0.0"' in mark


@pytest.mark.parametrize(("language", "expected"), [("en", "12 Jan 2026"), ("nl", "12 jan. 2026")])
def test_a_day_follows_the_language(language: str, expected: str):
    with translation.override(language):
        assert numbers.as_date(date(2026, 1, 12)) == expected
        assert expected == f"12 {numbers.as_month(date(2026, 1, 31))} 2026"


def test_a_moment_is_shown_on_the_day_it_was_here():
    with translation.override("nl"):
        assert numbers.as_date(datetime(2026, 4, 30, 23, 30, tzinfo=UTC)) == "1 mei 2026"
        assert numbers.as_moment(datetime(2026, 4, 30, 23, 5, tzinfo=UTC)) == "1 mei 2026 01:05"


def test_no_page_writes_a_day_in_a_way_of_its_own():
    source = Path(gloed.__file__).parent
    pages = {path: path.read_text() for path in source.rglob("templates/**/*.html")}
    assert [
        str(path) for path, page in pages.items() if 'date:"j M' in page or 'date:"M' in page
    ] == []
