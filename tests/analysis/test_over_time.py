"""A score along time is a line with a band; a change of the question breaks it."""

from dataclasses import dataclass
from datetime import date

import altair as alt
import pytest

from gloed.analysis.breaks import Break, within
from gloed.analysis.drawing import svg
from gloed.analysis.figures.drawn import score_axis, spec_of
from gloed.analysis.figures.over_time import (
    break_marks,
    line_with_band,
    time_axis,
    values_of,
    zero_line,
)
from gloed.analysis.measures import measure_of
from gloed.analysis.queries import Period
from gloed.stats import Estimate
from gloed.surveys.rules import SCALES, Change, Metric

MEASURE = measure_of(Metric.NPS, SCALES[Metric.NPS][0])


@dataclass(frozen=True)
class Month:
    start: date
    n: int
    estimate: Estimate | None


def months(*scores):
    return [
        Month(
            date(2026, place, 1),
            0 if score is None else 40,
            None if score is None else Estimate(score, score - 9, score + 9, 40, "score"),
        )
        for place, score in enumerate(scores, start=1)
    ]


def drawn(points, breaks=()):
    broken = within(breaks, points)
    values = values_of(points, MEASURE, name=lambda start: f"{start:%b}", broken=broken)
    x, y = time_axis(Period.MONTH, len(values)), score_axis(MEASURE, (-30, 60))
    layer = [*zero_line(y), *line_with_band(values, x, y, []), *break_marks(broken, x)]
    spec = spec_of(values, height=200, layer=layer)
    alt.Chart.from_dict(spec, validate=True)
    return spec


def marks(spec):
    return [layer["mark"]["type"] for layer in spec["layer"] if "data" not in layer]


def test_a_month_without_a_score_is_drawn_by_nothing():
    spec = drawn(months(10, None, 20))
    assert [value["score"] for value in spec["data"]["values"]] == [10, None, 20]
    assert marks(spec) == ["area", "line", "point"]
    assert not any("detail" in layer["encoding"] for layer in spec["layer"])


def test_a_line_breaks_where_the_question_changed_and_a_lone_month_keeps_its_interval():
    spec = drawn(months(10, 20, 30), [Break(date(2026, 2, 10), 2, (Change.SCALE,))])
    values = spec["data"]["values"]
    assert [(value["part"], value["alone"]) for value in values] == [
        (0, False), (0, False), (1, True),
    ]  # fmt: skip
    assert marks(spec) == ["rule", "area", "line", "point"]
    area = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "area")
    assert area["encoding"]["detail"]["field"] == "part"


@pytest.mark.parametrize(
    ("period", "many", "ticks"),
    [
        (Period.DAY, 5, {"interval": "day", "step": 1}),
        (Period.DAY, 30, 8),
        (Period.WEEK, 3, 8),
        (Period.MONTH, 3, {"interval": "month", "step": 1}),
        (Period.MONTH, 25, {"interval": "month", "step": 3}),
        (Period.QUARTER, 3, {"interval": "month", "step": 3}),
        (Period.QUARTER, 60, {"interval": "month", "step": 12}),
    ],
)
def test_no_two_marks_of_the_axis_say_the_same(period, many, ticks):
    assert time_axis(period, many)["axis"]["tickCount"] == ticks


def test_a_drawing_speaks_the_language_of_its_reader():
    spec = drawn(months(10, 20, 30))
    assert "Mar 2026" in svg(spec, language="en-gb").decode()
    assert "mrt 2026" in svg(spec, language="nl").decode()
