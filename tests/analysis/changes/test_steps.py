"""The steps from before to now: they add up, and none is surer than its answers allow."""

from dataclasses import replace

import pytest

from gloed.analysis.changes import figures
from gloed.analysis.changes.report import Parts
from gloed.analysis.changes.segments import Column, segments_of
from gloed.stats import NetCounts, mix_and_rate
from tests.analysis.changes.test_verdicts import MEASURE, net, report_of

SIZES = {
    name: ((20 + n, 30, 20), (20, 30, 20 + 2 * n)) for n, name in enumerate("ABCDEFGHIJ")
}  # A stands still; the others fall, J most


def steps(hidden=frozenset()):
    held = {(name,): tuple(net(*counts) for counts in sides) for name, sides in SIZES.items()}
    sides = [{n: NetCounts(*both[side]) for n, both in SIZES.items()} for side in (0, 1)]
    ends = [sum(side.values(), start=NetCounts(0, 0, 0)) for side in sides]
    ends = tuple(MEASURE.estimate(net(e.promoters, e.passives, e.detractors)) for e in ends)
    told = mix_and_rate(*sides)
    parts = Parts(column="attr:Region", mix=told.mix, rate=told.rate)
    segments = segments_of(MEASURE, held, {(name,) for name in hidden})
    report = replace(
        report_of(group=0.5, whole=0.5),
        before=ends[0],
        after=ends[1],
        parts=parts,
        chosen=Column("attr:Region", segments),
    )
    figure = figures.steps(report, MEASURE, parts, ends)
    rows = [dict(zip(figure.exact_columns, row, strict=True)) for row in figure.exact]
    return figure, {row["step"]: row for row in rows}


def test_the_steps_lead_from_before_to_now():
    _figure, rows = steps()
    parts = [row["part"] for row in rows.values() if row["part"] is not None]
    moved = rows["Now"]["score_after_it"] - rows["Before"]["score_after_it"]
    assert sum(parts) == pytest.approx(moved)
    assert len(rows) == 2 + 1 + figures.MOST_STEPS + 1


def test_every_step_but_the_ends_has_an_interval_with_a_width():
    _figure, rows = steps()
    for name in ("Before", "Now"):
        assert rows[name]["part_low"] is None
        assert rows[name]["score_low"] < rows[name]["score_after_it"] < rows[name]["score_high"]
    for row in list(rows.values())[1:-1]:
        assert row["part_low"] < row["part"] < row["part_high"]
        assert row["score_low"] is None


def test_a_group_that_stands_still_is_not_certain_of_it():
    held = {("A",): (net(20, 30, 20), net(20, 30, 20)), ("B",): (net(9, 9, 9), net(9, 9, 9))}
    for segment in segments_of(MEASURE, held, set()):
        low, high = segment.reach
        assert low < segment.part == 0 < high


def test_of_groups_that_are_hidden_no_interval_is_told():
    figure, rows = steps(hidden={"A"})
    rest = rows["All other groups"]
    assert (rest["part_low"], rest["part_high"]) == (None, None)
    drawn = next(value for value in figure.spec["data"]["values"] if value["name"] == rest["step"])
    assert (drawn["low"], drawn["high"]) == (None, None)
