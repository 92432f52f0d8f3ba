"""The verdict never says that nothing happened beside a group that clearly moved."""

import re
from dataclasses import replace

import pytest

from gloed.analysis.changes.asked import ChangeAsked
from gloed.analysis.changes.report import ChangeReport, Verdict, verdict_of
from gloed.analysis.changes.segments import Column, Segment
from gloed.analysis.changes.subjects import Subject
from gloed.analysis.changes.words import headline, paragraph
from gloed.analysis.measures import measure_of
from gloed.stats import Histogram
from gloed.surveys.rules import SCALES, Metric

BEFORE = Histogram.of([0, 0, 0, 0, 0, 0, 20, 0, 40, 0, 40], scale=(0, 10))
AFTER = Histogram.of([0, 0, 0, 0, 0, 0, 40, 0, 30, 0, 30], scale=(0, 10))
MEASURE = measure_of(Metric.NPS, SCALES[Metric.NPS][0])


def report_of(*, group: float, whole: float) -> ChangeReport:
    """A report of one group that moved and a whole, with their corrected p-values."""
    change = MEASURE.difference(BEFORE, AFTER)
    moved = Segment(("South",), BEFORE, AFTER, is_hidden=False, change=change, p_value=group)
    return ChangeReport(
        subject=Subject(key="all", label="All", metric=Metric.NPS, surveys=()),
        asked=ChangeAsked(),
        verdict=Verdict.SOME,
        names={},
        choices={},
        cut_off=None,
        measure=MEASURE,
        before=MEASURE.estimate(BEFORE),
        after=MEASURE.estimate(AFTER),
        change=change,
        p_value=whole,
        columns=(Column("attr:Region", (moved,)),),
    )


@pytest.mark.parametrize(
    ("group", "whole", "verdict"),
    [
        (0.3, 0.2, Verdict.NOTHING),
        (0.03, 0.2, Verdict.SOME),
        (0.03, 0.01, Verdict.EVERYWHERE),
    ],
)
def test_nothing_is_said_only_where_no_group_moved(group, whole, verdict):
    assert verdict_of(report_of(group=group, whole=whole)) is verdict


def test_the_group_that_moved_is_named_with_its_interval():
    report = report_of(group=0.03, whole=0.2)
    assert headline(report) == "Keep an eye on it: a group moved, the whole not clearly"
    assert any("South, −30 (−" in sentence for sentence in paragraph(report))


def whole_of(before: Histogram, after: Histogram, *, p_value: float, metric: Metric = Metric.NPS):
    """A report of two periods as a whole, and what its paragraph says first and last."""
    measure = measure_of(metric, SCALES[metric][0])
    report = replace(
        report_of(group=1.0, whole=p_value),
        verdict=Verdict.NOTHING,
        measure=measure,
        before=measure.estimate(before),
        after=measure.estimate(after),
        change=measure.difference(before, after),
        comparisons=28,
        columns=(),
    )
    said = paragraph(report)
    return said[0], said[-1]


def net(promoters: int, passives: int, detractors: int) -> Histogram:
    return Histogram.of([detractors, *[0] * 6, passives, 0, promoters, 0], scale=(0, 10))


@pytest.mark.parametrize(
    ("before", "after", "p_value", "first"),
    [
        # equal, equal as read, and against what is read
        (net(50, 0, 50), net(50, 0, 50), 1.0, "NPS was 0 and still is; difference 0 (−"),
        (net(500, 0, 500), net(1000, 1, 999), 0.9, "NPS was 0 and still is; difference 0 (−"),
        (
            net(374, 296, 330),
            net(376, 294, 330),
            0.9,
            "NPS was 4.4 and is 4.6 now; that difference, +0.2 (−",
        ),
        (net(40, 40, 20), net(45, 35, 20), 0.6, "NPS was 20 and is 25 now; that difference, +5 (−"),
        (net(45, 35, 20), net(40, 40, 20), 0.6, "NPS was 25 and is 20 now; that difference, −5 (−"),
        # its own interval excludes 0, though not after all looks on the page
        (
            net(60, 20, 20),
            net(40, 20, 40),
            0.08,
            "NPS was 40 and is 0 now; among the 28 looks on this page a difference of −40 (−",
        ),
        (net(60, 20, 20), net(40, 20, 40), 0.01, "NPS fell from 40 to 0: −40 (−"),
        (net(40, 20, 40), net(60, 20, 20), 0.01, "NPS rose from 0 to 40: +40 (+"),
    ],
)
def test_the_whole_is_told_as_the_numbers_have_it(before, after, p_value, first):
    assert whole_of(before, after, p_value=p_value)[0].startswith(first)


def test_what_would_have_shown_is_told_in_the_unit_of_the_score():
    points = whole_of(net(50_000, 0, 50_000), net(50_000, 0, 50_000), p_value=1.0)[1]
    assert points == "With these numbers, a real change larger than 1 point would have shown."
    satisfied = Histogram.of([10, 10, 10, 35, 35], scale=(1, 5))
    share = whole_of(satisfied, satisfied, p_value=1.0, metric=Metric.CSAT)[1]
    assert re.search(r"larger than 1\d percentage points would", share)
