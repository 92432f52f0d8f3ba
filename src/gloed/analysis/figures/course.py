"""The score over time, drawn large and small."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis import words
from gloed.analysis.breaks import Break, within
from gloed.analysis.figures.drawn import Figure, domain_of, score_axis, spec_of
from gloed.analysis.measures import Measure
from gloed.analysis.queries import Period
from gloed.analysis.reports import ScoreReport
from gloed.analysis.scores import Point
from gloed.base.figure_theme import LIGHT

DATE_FORMATS = {
    Period.DAY: "%-d %b",
    Period.WEEK: "%-d %b",
    Period.MONTH: "%b %Y",
    Period.QUARTER: "%b %Y",
}


def trend(report: ScoreReport, measure: Measure, csv_url: str = "") -> Figure:
    """The score over time as a line with its band, a dot for each period that has a score."""
    period = report.period
    broken = within(report.breaks, report.trend.points)
    parts = _parts(report.trend.points, broken)
    values = [
        {**_point_value(point, measure, period), "part": part}
        for point, part in zip(report.trend.points, parts, strict=True)
    ]
    title = {"field": "name", "title": _("Period"), "type": "nominal"}
    tooltip = [
        title,
        {"field": "text", "title": measure.label, "type": "nominal"},
        {"field": "n", "title": _("Answers"), "type": "quantitative"},
    ]
    low, high = domain_of(measure, [p.estimate for p in report.trend.shown if p.estimate])
    y = score_axis(measure, (low, high))
    x = {
        "field": "start",
        "type": "temporal",
        "title": None,
        "axis": {
            "format": DATE_FORMATS[period],
            "labelFlush": True,
            "labelOverlap": "greedy",
            "labelSeparation": 10,
            "tickCount": {"interval": "month", "step": 3} if period is Period.QUARTER else 8,
        },
    }
    layer: list[dict[str, Any]] = []
    if low < 0 < high:
        layer.append(
            {
                "data": {"values": [{"zero": 0}]},
                "mark": {"type": "rule", "color": LIGHT["edge"], "strokeWidth": 1},
                "encoding": {"y": {**y, "field": "zero"}},
            }
        )
    shown = [{"filter": "isValid(datum.score)"}]
    apart = {"detail": {"field": "part", "type": "nominal"}} if broken else {}
    layer += [
        {
            "mark": {"type": "area"},
            "transform": shown,
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, **apart},
        },
        {
            "mark": {"type": "line"},
            "transform": shown,
            "encoding": {"x": x, "y": {**y, "field": "score"}, **apart},
        },
        {
            "mark": {"type": "point", "size": 44 if len(report.trend.shown) <= 40 else 14},
            "transform": shown,
            "encoding": {"x": x, "y": {**y, "field": "score"}, "tooltip": tooltip},
        },
    ]
    figure = Figure(
        id="trend",
        title=f"{measure.label} {words.PERIODS[period]}",
        says=" ".join([_trend_says(report, measure), *(one.says for _place, one in broken)]),
        spec=spec_of(values, height=260, layer=layer + _break_marks(broken, x)),
        columns=[_("Period"), measure.label, _("from"), _("to"), _("Answers")],
        rows=[_point_row(point, measure, period) for point in report.trend.points],
        exact_columns=["period_start", "score", "low", "high", "answers"],
        exact=[_point_exact(point) for point in report.trend.points],
        csv_url=csv_url,
    )
    return _with_breaks(figure, broken) if broken else figure


def _parts(points: Sequence[Point], broken: Sequence[tuple[int, Break]]) -> list[int]:
    """To which unbroken part of the line each period belongs.

    A period in which the question changed belongs to what was asked before it.
    """
    starts = [place if points[place].start == one.on else place + 1 for place, one in broken]
    return [sum(start <= place for start in starts) for place, _point in enumerate(points)]


def _break_marks(broken: list[tuple[int, Break]], x: dict[str, Any]) -> list[dict[str, Any]]:
    """A thin line at the day of each break, with what changed beside it."""
    if not broken:
        return []
    values = [
        {"start": f"{one.on.isoformat()}T00:00:00", "label": one.label, "says": one.says}
        for _place, one in broken
    ]
    tooltip = [{"field": "says", "title": _("Break"), "type": "nominal"}]
    rule = {"type": "rule", "color": LIGHT["quiet"], "strokeWidth": 1, "strokeDash": [4, 3]}
    text = {"type": "text", "align": "left", "baseline": "top", "dx": 4, "color": LIGHT["quiet"]}
    return [
        {"data": {"values": values}, "mark": rule, "encoding": {"x": x, "tooltip": tooltip}},
        {
            "data": {"values": values},
            "mark": text,
            "encoding": {"x": x, "y": {"value": 2}, "text": {"field": "label", "type": "nominal"}},
        },
    ]


def _with_breaks(figure: Figure, broken: list[tuple[int, Break]]) -> Figure:
    """The same with a column in its table and its CSV that says where the question changed."""
    said: dict[int, list[Break]] = {}
    for place, one in broken:
        said.setdefault(place, []).append(one)
    texts = [
        "; ".join(f"{words.day(one.on)}: {one.label}" for one in said.get(place, []))
        for place, _row in enumerate(figure.rows)
    ]
    dates = [
        "; ".join(one.on.isoformat() for one in said.get(place, [])) or None
        for place, _row in enumerate(figure.exact)
    ]
    return replace(
        figure,
        columns=[*figure.columns, _("Break")],
        rows=[[*row, text] for row, text in zip(figure.rows, texts, strict=True)],
        exact_columns=[*figure.exact_columns, "question_changed_on"],
        exact=[[*row, on] for row, on in zip(figure.exact, dates, strict=True)],
    )


def sparkline(points: tuple[Point, ...], *, width: int = 120, height: int = 28) -> str:
    """The path of a small trend for a list, as SVG coordinates; empty with fewer than 2 points."""
    known = [(place, p.estimate) for place, p in enumerate(points) if p.estimate is not None]
    if len(known) < 2:
        return ""
    values = [estimate.value for _place, estimate in known]
    low, reach = min(values), (max(values) - min(values)) or 1.0
    last = max(1, len(points) - 1)
    return " ".join(
        f"{place / last * (width - 4) + 2:.1f},"
        f"{height - 3 - (estimate.value - low) / reach * (height - 6):.1f}"
        for place, estimate in known
    )


def months_back(today: date, months: int) -> date:
    """The first day of the month so many months ago."""
    number = today.year * 12 + today.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _trend_says(report: ScoreReport, measure: Measure) -> str:
    before, after = report.trend.shown[-2:]
    change = report.trend.change
    facts = {
        "now": words.period_name(after.start, report.period),
        "before": words.period_name(before.start, report.period),
        "score": words.interval(after.estimate, measure.kind) if after.estimate else "",
        "change": words.change(change.value, measure.kind) if change else "",
    }
    if not report.trend.is_clear:
        return _("%(now)s: %(score)s, no clear change from %(before)s.") % facts
    return _("%(now)s: %(score)s, a clear change of %(change)s from %(before)s.") % facts


def _point_value(point: Point, measure: Measure, period: Period) -> dict[str, Any]:
    estimate = point.estimate
    return {
        "start": f"{point.start.isoformat()}T00:00:00",
        "name": words.period_name(point.start, period),
        "score": estimate.value if estimate else None,
        "low": estimate.low if estimate else None,
        "high": estimate.high if estimate else None,
        "text": words.interval(estimate, measure.kind) if estimate else "",
        "n": point.n if estimate else None,
    }


def _point_row(point: Point, measure: Measure, period: Period) -> list[str]:
    name, kind = words.period_name(point.start, period), measure.kind
    if point.estimate is None:
        return [name, "–", "", "", _("too few to show") if point.is_hidden else "0"]
    ends = (point.estimate.value, point.estimate.low or 0.0, point.estimate.high or 0.0)
    return [name, *(words.score(end, kind) for end in ends), words.number(point.n)]


def _point_exact(point: Point) -> list[Any]:
    start = point.start.isoformat()
    if point.estimate is None:
        return [start, None, None, None, None if point.is_hidden else 0]
    return [start, point.estimate.value, point.estimate.low, point.estimate.high, point.n]
