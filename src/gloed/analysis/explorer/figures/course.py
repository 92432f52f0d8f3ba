"""The whole over time, each period with its interval."""

from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis import words
from gloed.analysis.explorer.figures.parts import NAMED, aim, difference_words, domain_with, nothing
from gloed.analysis.explorer.groups import Cell
from gloed.analysis.explorer.report import ExploreReport
from gloed.analysis.explorer.scoring import against
from gloed.analysis.figures.drawn import Figure, score_axis, spec_of
from gloed.analysis.measures import Measure
from gloed.base.figure_theme import LIGHT, SMALL


def course(report: ExploreReport, measure: Measure, csv_url: str = "") -> Figure:
    """The whole over time, each period with its interval."""
    shown = [(p, e) for p in report.points if (e := p.estimate) is not None]
    values: list[dict[str, Any]] = [
        {
            "period": words.period_name(point.start, report.period),
            "score": estimate.value,
            "low": estimate.low,
            "high": estimate.high,
            "text": words.interval(estimate, measure.kind),
            "n": point.n,
        }
        for point, estimate in shown
    ]
    low, high = domain_with(report, measure, [estimate for _point, estimate in shown])
    y = score_axis(measure, (low, high), tickCount=5)
    x = {
        "field": "period",
        "type": "ordinal",
        "sort": [words.period_name(p.start, report.period) for p in report.points],
        "scale": {"domain": [words.period_name(p.start, report.period) for p in report.points]},
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": "greedy"},
    }
    tooltip = [
        {"field": "period", "title": _("Period"), "type": "nominal"},
        {"field": "text", "title": measure.label, "type": "nominal"},
        {"field": "n", "title": _("Answers"), "type": "quantitative"},
    ]
    spec = spec_of(
        values,
        height=240,
        layer=[
            {"mark": {"type": "rule", "strokeWidth": 2, "color": LIGHT["edge"]},
             "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"},
                          "tooltip": tooltip}},
            {"mark": {"type": "point", "size": 60},
             "encoding": {"x": x, "y": {**y, "field": "score"}, "tooltip": tooltip}},
            *_broken(report, x),
            *aim(report, measure, y, "y"),
        ],
    )  # fmt: skip
    goal = [_("Against the goal")] if report.goal else []
    return Figure(
        id="course",
        title=_("%(metric)s over time") % {"metric": measure.label},
        says=_course_say(report, measure),
        spec=spec,
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


def _broken(report: ExploreReport, x: dict[str, Any]) -> list[dict[str, Any]]:
    """A line before the period in which the question was first asked otherwise."""
    starts = [point.start for point in report.points]
    names = [words.period_name(start, report.period) for start in starts]
    values = []
    for _survey, one in report.breaks:
        place = sum(start <= one.on for start in starts) - 1
        values.append({"period": names[place], "text": one.label})
    if not values:
        return []
    at = {"x": {**x, "bandPosition": 0}}
    quiet = {"color": LIGHT["quiet"]}
    label = {"align": "left", "baseline": "top", "dx": 4, "fontSize": SMALL}
    text = {"text": {"field": "text", "type": "nominal"}, "y": {"value": 0}}
    data = {"values": values}
    return [
        {"data": data, "mark": {"type": "rule", "strokeDash": [2, 2], **quiet}, "encoding": at},
        {"data": data, "mark": {"type": "text", **label, **quiet}, "encoding": {**at, **text}},
    ]


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
