"""The verdict never says that nothing happened beside a group that clearly moved."""

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
