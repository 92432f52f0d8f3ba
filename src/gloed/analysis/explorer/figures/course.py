"""The whole over time: a line with its band, held against a goal where there is one."""

from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis import words
from gloed.analysis.breaks import within
from gloed.analysis.explorer.figures.parts import NAMED, aim, difference_words, domain_with, nothing
from gloed.analysis.explorer.groups import Cell
from gloed.analysis.explorer.report import ExploreReport
from gloed.analysis.explorer.scoring import against
from gloed.analysis.figures.drawn import Figure, score_axis, spec_of, tooltip_of
from gloed.analysis.figures.over_time import (
    break_marks,
    line_with_band,
    time_axis,
    values_of,
    zero_line,
)
from gloed.analysis.measures import Measure


def course(report: ExploreReport, measure: Measure, csv_url: str = "") -> Figure:
    """The whole over time as a line with its band, a dot for each period that has a score."""
    shown = [estimate for point in report.points if (estimate := point.estimate) is not None]
    breaks = [one for _survey, one in report.breaks]
    broken = within(breaks, report.points)
    values = values_of(
        report.points,
        measure,
        name=lambda start: words.period_name(start, report.period),
        broken=broken,
    )
    y = score_axis(measure, domain_with(report, measure, shown), tickCount=5)
    x = time_axis(report.period, len(values))
    layer = [
        *zero_line(y),
        *line_with_band(values, x, y, tooltip_of(measure, _("Period"))),
        *break_marks(broken, x),
        *aim(report, measure, y, "y"),
    ]
    goal = [_("Against the goal")] if report.goal else []
    return Figure(
        id="course",
        title=_("%(metric)s over time") % {"metric": measure.label},
        says=_course_say(report, measure),
        spec=spec_of(values, height=240, layer=layer),
        columns=[_("Period"), measure.label, _("Answers"), *goal],
        rows=[_course_row(report, measure, point) for point in report.points],
        exact_columns=["period_from", "answers", "score", "low", "high",
                       *(["goal", "p_value_corrected"] if report.goal else [])],
        exact=[_course_exact(report, point) for point in report.points],
        csv_url=csv_url,
    )  # fmt: skip


def _course_say(report: ExploreReport, measure: Measure) -> str:
    scores = [(p, e) for p in report.points if (e := p.estimate) is not None]
    (first, then), (last, now) = scores[0], scores[-1]
    said = [
        _("%(first)s: %(then)s. %(last)s: %(now)s.")
        % {
            "first": words.period_name(first.start, report.period),
            "then": words.interval(then, measure.kind),
            "last": words.period_name(last.start, report.period),
            "now": words.interval(now, measure.kind),
        }
    ]
    if report.goal is not None:
        facts = {
            "up": words.number(sum(p.is_clear and p.is_up for p, _e in scores)),
            "down": words.number(sum(p.is_clear and not p.is_up for p, _e in scores)),
            "all": words.number(len(scores)),
        }
        said.append(
            _("Of %(all)s periods %(up)s lie clearly above the goal and %(down)s clearly below it.")
            % facts
        )
    for survey, one in report.breaks[:NAMED]:
        about = "" if report.subject.is_one else f"{survey.title}: "
        said.append(f"{about}{one.says}")
    return " ".join(said)


def _course_row(report: ExploreReport, measure: Measure, point: Cell) -> list[str]:
    name, goal = words.period_name(point.start, report.period), report.goal
    if point.estimate is None:
        return [name, nothing(point), *([""] if goal is None else ["", ""])]
    row = [name, words.interval(point.estimate, measure.kind), words.number(point.n)]
    if goal is not None:
        row.append(difference_words(against(point.estimate, goal.value), measure, point.is_clear))
    return row


def _course_exact(report: ExploreReport, point: Cell) -> list[Any]:
    own, goal = point.estimate, report.goal
    row: list[Any] = [point.start.isoformat(), None if point.is_hidden else point.n]
    row += [own.value, own.low, own.high] if own else [None] * 3
    return row if goal is None else [*row, goal.value, point.p_value]
