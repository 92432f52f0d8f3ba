"""The score over time, drawn large and small."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis import words
from gloed.analysis.breaks import Break, within
from gloed.analysis.figures.drawn import Figure, domain_of, score_axis, spec_of, tooltip_of
from gloed.analysis.figures.over_time import (
    break_marks,
    line_with_band,
    time_axis,
    values_of,
    zero_line,
)
from gloed.analysis.measures import Measure
from gloed.analysis.queries import Period
from gloed.analysis.reports import ScoreReport
from gloed.analysis.scores import Point


def trend(report: ScoreReport, measure: Measure, csv_url: str = "") -> Figure:
    """The score over time as a line with its band, a dot for each period that has a score."""
    period = report.period
    broken = within(report.breaks, report.trend.points)
    values = values_of(
        report.trend.points,
        measure,
        name=lambda start: words.period_name(start, period),
        broken=broken,
    )
    shown = [point.estimate for point in report.trend.shown if point.estimate]
    y = score_axis(measure, domain_of(measure, shown))
    x = time_axis(period, len(values))
    lines = line_with_band(values, x, y, tooltip_of(measure, _("Period")))
    layer = [*zero_line(y), *lines, *break_marks(broken, x)]
    figure = Figure(
        id="trend",
        title=f"{measure.label} {words.PERIODS[period]}",
        says=" ".join([_trend_says(report, measure), *(one.says for _place, one in broken)]),
        spec=spec_of(values, height=260, layer=layer),
        columns=[_("Period"), measure.label, _("from"), _("to"), _("Answers")],
        rows=[_point_row(point, measure, period) for point in report.trend.points],
        exact_columns=["period_start", "score", "low", "high", "answers"],
        exact=[_point_exact(point) for point in report.trend.points],
        csv_url=csv_url,
    )
    return _with_breaks(figure, broken) if broken else figure


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
