"""The course of a goal: month by month with its band, and the line to where it should go."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis import words
from gloed.analysis.breaks import within
from gloed.analysis.figures.drawn import Figure, domain_of, score_axis, spec_of, tooltip_of
from gloed.analysis.figures.over_time import (
    break_marks,
    line_with_band,
    time_axis,
    values_of,
)
from gloed.analysis.goals import words as told
from gloed.analysis.goals.reading import Point, Progress
from gloed.analysis.measures import Measure
from gloed.analysis.queries import Period
from gloed.base.figure_theme import LIGHT
from gloed.stats import Estimate

MIDDLE = timedelta(days=14)
"""Where in its month a score stands, beside the line from day to day."""


def course(progress: Progress, csv_url: str = "") -> Figure | None:
    """The months before and on the way; None where none can be shown."""
    measure = progress.measure
    if measure is None or not any(point.estimate for point in progress.points):
        return None
    return Figure(
        id="course",
        title=_("%(metric)s on its way") % {"metric": measure.label},
        says=told.course_says(progress),
        spec=_spec(progress, measure),
        columns=[_("Month"), measure.label, _("Answers")],
        rows=[_row(point, measure) for point in progress.points],
        exact_columns=["month_from", "answers", "score", "low", "high", "goal", "goal_by"],
        exact=[_exact(progress, point) for point in progress.points],
        csv_url=csv_url,
    )


def _spec(progress: Progress, measure: Measure) -> dict[str, Any]:
    goal = progress.goal
    broken = within(progress.breaks, progress.points)
    values = values_of(
        progress.points,
        measure,
        name=lambda start: words.period_name(start, Period.MONTH),
        broken=broken,
        at=lambda start: start + MIDDLE,
    )
    aim = Estimate(goal.value, goal.value, goal.value, 0, "goal")
    shown = [estimate for point in progress.points if (estimate := point.estimate) is not None]
    y = score_axis(measure, domain_of(measure, [*shown, aim]), tickCount=5)
    axis = {
        "format": "%m/%y",
        "labelOverlap": "greedy",
        "labelSeparation": 10,
        "tickCount": {"interval": "month", "step": 1},
    }
    x = {**time_axis(Period.MONTH, len(values)), "axis": axis}
    ends = [{"start": goal.due_on.isoformat(), "score": goal.value}]
    if progress.start is not None:
        ends.insert(0, {"start": goal.set_on.isoformat(), "score": progress.start.value})
    ember = {"color": LIGHT["ember"]}
    return spec_of(
        values,
        height=240,
        layer=[
            *line_with_band(values, x, y, tooltip_of(measure, _("Month"))),
            *break_marks(broken, x),
            {"data": {"values": ends}, "mark": {"type": "line", "strokeDash": [3, 3], **ember},
             "encoding": {"x": x, "y": {**y, "field": "score"}}},
            {"data": {"values": ends[-1:]}, "mark": {"type": "point", "size": 90, **ember},
             "encoding": {"x": x, "y": {**y, "field": "score"}}},
        ],
    )  # fmt: skip


def _row(point: Point, measure: Measure) -> list[str]:
    name = words.period_name(point.start, Period.MONTH)
    if point.estimate is None:
        return [name, _("hidden"), ""]
    return [name, words.interval(point.estimate, measure.kind), words.number(point.n)]


def _exact(progress: Progress, point: Point) -> list[Any]:
    goal, own = progress.goal, point.estimate
    known = [point.n, own.value, own.low, own.high] if own else [None] * 4
    return [point.start.isoformat(), *known, goal.value, goal.due_on.isoformat()]
