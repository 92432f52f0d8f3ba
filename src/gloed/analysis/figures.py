"""The figures of a score: one specification for page, mail and export, with its numbers and words.

Specifications are Vega-Lite as Altair writes it, kept as plain values: making them costs a page
nothing, and a test has Altair check every one.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.analysis import words
from gloed.analysis.filters import band_names
from gloed.analysis.measures import Kind, Measure, band_counts, bands_of
from gloed.analysis.queries import Period
from gloed.analysis.reports import ScoreReport
from gloed.analysis.scores import Point, Segment, Split
from gloed.base.figure_theme import BODY, LIGHT, band_scale, theme
from gloed.stats import Estimate, Histogram
from gloed.surveys.rules import Band

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
MOST_SEGMENTS = 40
NAMES = ("distribution", "trend", "segments")
DATE_FORMATS = {
    Period.DAY: "%-d %b",
    Period.WEEK: "%-d %b",
    Period.MONTH: "%b %Y",
    Period.QUARTER: "%b %Y",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as parts/figure.html shows it. `exact` are the rows of the CSV, unrounded."""

    id: str
    title: str
    says: str
    spec: dict[str, Any]
    columns: list[str]
    rows: list[list[str]]
    exact_columns: list[str] = field(default_factory=list)
    exact: list[list[Any]] = field(default_factory=list)
    csv_url: str = ""


def figures_of(report: ScoreReport, *, csv_url: Any) -> dict[str, Figure]:
    """The figures that can be drawn for a report, by name; `csv_url(name)` is where numbers are."""
    found: dict[str, Figure] = {}
    if report.measure is None or report.estimate is None or report.histogram is None:
        return found
    found["distribution"] = distribution(report.measure, report.histogram, csv_url("distribution"))
    if len(report.trend.shown) >= 2:
        found["trend"] = trend(report, report.measure, csv_url("trend"))
    if report.chosen is not None and report.chosen.is_telling:
        found["segments"] = segments(report, report.measure, report.chosen, csv_url("segments"))
    return found


def distribution(measure: Measure, histogram: Histogram, csv_url: str = "") -> Figure:
    """How often each rating was given, by band."""
    bands = bands_of(measure.metric, measure.scale)
    names = band_names(measure.metric)
    shares = {
        band: count / histogram.n
        for band, count in band_counts(measure.metric, measure.scale, histogram).items()
    }
    counted = list(zip(measure.scale.values, histogram.counts, strict=True))
    values: list[dict[str, Any]] = [
        {
            "rating": str(rating),
            "band": bands[rating].value,
            "name": names[bands[rating].value],
            "count": count,
            "share": count / histogram.n,
            "text": words.score(count / histogram.n, Kind.SHARE) if count else "",
        }
        for rating, count in counted
    ]
    order = [str(rating) for rating in measure.scale.values]
    x = {
        "field": "rating",
        "type": "ordinal",
        "sort": order,
        "title": None,
        "axis": {"labelAngle": 0, "labelColor": LIGHT["ink"], "ticks": False, "domain": True},
    }
    top = 1.34 * max(value["share"] for value in values)
    y = {"field": "share", "type": "quantitative", "axis": None, "scale": {"domain": [0, top]}}
    color = {"field": "band", "type": "nominal", "legend": None, "scale": band_scale()}
    spec = _spec(
        values,
        height=220,
        encoding={"x": x},
        layer=[
            {
                "mark": {"type": "bar", "width": {"band": 0.72}},
                "encoding": {
                    "y": y,
                    "color": color,
                    "tooltip": [
                        {"field": "rating", "title": _("Rating"), "type": "nominal"},
                        {"field": "name", "title": _("Group"), "type": "nominal"},
                        {"field": "count", "title": _("Answers"), "type": "quantitative"},
                        {"field": "text", "title": _("Share"), "type": "nominal"},
                    ],
                },
            },
            {
                "mark": {"type": "text", "dy": -8, "fontSize": 12},
                "encoding": {"y": y, "text": {"field": "text", "type": "nominal"}},
            },
            *_band_labels(measure, names, shares),
        ],
    )
    parts = {
        band.value: f"{words.score(shares[band], Kind.SHARE)} {names[band.value].lower()}"
        for band in Band
    }
    says = _("%(detractor)s, %(passive)s and %(promoter)s.") % parts
    return Figure(
        id="distribution",
        title=_("How the ratings divide"),
        says=says,
        spec=spec,
        columns=[_("Rating"), _("Answers"), _("Share"), _("Group")],
        rows=[
            [str(v["rating"]), words.number(v["count"]), v["text"] or "0%", v["name"]]
            for v in values
        ],
        exact_columns=["rating", "answers", "share", "band"],
        exact=[[v["rating"], int(v["count"]), v["share"], v["band"]] for v in values],
        csv_url=csv_url,
    )


def _band_labels(
    measure: Measure, names: dict[str, str], shares: dict[Band, float]
) -> list[dict[str, Any]]:
    """The name and share of each band, above the middle of its bars."""
    bands = bands_of(measure.metric, measure.scale)
    colors = {Band.DETRACTOR: "detractor", Band.PASSIVE: "quiet", Band.PROMOTER: "promoter"}
    layers = []
    for band in Band:
        ratings = [rating for rating in measure.scale.values if bands[rating] is band]
        if not ratings:
            continue
        middle = str(ratings[len(ratings) // 2])
        label = [names[band.value], words.score(shares[band], Kind.SHARE)]
        layers.append(
            {
                "data": {"values": [{"rating": middle}]},
                "mark": {
                    "type": "text",
                    "text": label,
                    "baseline": "top",
                    "fontWeight": 600,
                    "fontSize": 11,
                    "color": LIGHT[colors[band]],
                },
                "encoding": {
                    "x": {
                        "field": "rating",
                        "type": "ordinal",
                        "bandPosition": 0.5 if len(ratings) % 2 else 0,
                    },
                    "y": {"value": 0},
                },
            }
        )
    return layers


def trend(report: ScoreReport, measure: Measure, csv_url: str = "") -> Figure:
    """The score over time as a line with its band, a dot for each period that has a score."""
    period, kind = report.period, measure.kind
    values = [_point_value(point, measure, period) for point in report.trend.points]
    title = {"field": "name", "title": _("Period"), "type": "nominal"}
    tooltip = [
        title,
        {"field": "text", "title": measure.label, "type": "nominal"},
        {"field": "n", "title": _("Answers"), "type": "quantitative"},
    ]
    low, high = _domain(measure, [p.estimate for p in report.trend.shown if p.estimate])
    axis: dict[str, Any] = {"title": None}
    if kind is Kind.SHARE:
        axis["format"] = ".0%"
    scale = {"domain": [low, high], "zero": False, "nice": False}
    y = {"type": "quantitative", "scale": scale, "axis": axis}
    x = {
        "field": "start",
        "type": "temporal",
        "title": None,
        "axis": {"format": DATE_FORMATS[period], "labelFlush": True, "tickCount": 8},
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
    layer += [
        {
            "mark": {"type": "area"},
            "transform": shown,
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line"},
            "transform": shown,
            "encoding": {"x": x, "y": {**y, "field": "score"}},
        },
        {
            "mark": {"type": "point", "size": 44 if len(report.trend.shown) <= 40 else 14},
            "transform": shown,
            "encoding": {"x": x, "y": {**y, "field": "score"}, "tooltip": tooltip},
        },
    ]
    return Figure(
        id="trend",
        title=f"{measure.label} {words.PERIODS[period]}",
        says=_trend_says(report, measure),
        spec=_spec(values, height=260, layer=layer),
        columns=[_("Period"), measure.label, _("from"), _("to"), _("Answers")],
        rows=[_point_row(point, measure, period) for point in report.trend.points],
        exact_columns=["period_start", "score", "low", "high", "answers"],
        exact=[_point_exact(point) for point in report.trend.points],
        csv_url=csv_url,
    )


def segments(report: ScoreReport, measure: Measure, split: Split, csv_url: str = "") -> Figure:
    """Each group as a dot with its interval; ink where it differs, quiet where it does not."""
    shown = [s for s in split.segments if s.estimate is not None][:MOST_SEGMENTS]
    values: list[dict[str, Any]] = [
        {
            "name": _name(split, segment, report),
            "score": estimate.value,
            "low": estimate.low,
            "high": estimate.high,
            "text": words.interval(estimate, measure.kind),
            "n": segment.n,
            "clear": segment.is_different,
        }
        for segment in shown
        if (estimate := segment.estimate) is not None
    ]
    estimates = [s.estimate for s in shown if s.estimate]
    low, high = _domain(measure, estimates)
    axis: dict[str, Any] = {"title": None, "tickCount": 6, "grid": False}
    if measure.kind is Kind.SHARE:
        axis["format"] = ".0%"
    x = {
        "type": "quantitative",
        "scale": {"domain": [low, high], "zero": False, "nice": False},
        "axis": axis,
    }
    y = {
        "field": "name",
        "type": "nominal",
        "sort": [value["name"] for value in values],
        "title": None,
        "axis": {"labelLimit": 190, "labelFontSize": BODY},
    }
    color = {
        "condition": {"test": "datum.clear", "value": LIGHT["ink"]},
        "value": LIGHT["edge"],
    }
    tooltip = [
        {"field": "name", "title": words.column_label(split.column), "type": "nominal"},
        {"field": "text", "title": measure.label, "type": "nominal"},
        {"field": "n", "title": _("Answers"), "type": "quantitative"},
    ]
    layer: list[dict[str, Any]] = []
    if report.estimate is not None:
        layer.append(
            {
                "data": {"values": [{"all": report.estimate.value}]},
                "mark": {"type": "rule", "color": LIGHT["ember"], "strokeDash": [3, 3]},
                "encoding": {"x": {**x, "field": "all"}},
            }
        )
    layer += [
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {
                "x": {**x, "field": "low"},
                "x2": {"field": "high"},
                "y": y,
                "color": color,
                "tooltip": tooltip,
            },
        },
        {
            "mark": {"type": "point", "size": 70},
            "encoding": {"x": {**x, "field": "score"}, "y": y, "color": color, "tooltip": tooltip},
        },
    ]
    return Figure(
        id="segments",
        title=_("%(metric)s by %(column)s")
        % {"metric": measure.label, "column": words.column_label(split.column).lower()},
        says=segments_say(report, split),
        spec=_spec(values, height=30 * len(values) + 10, layer=layer),
        columns=[
            words.column_label(split.column),
            measure.label,
            _("Interval"),
            _("Answers"),
            _("Against the rest"),
        ],
        rows=[_segment_row(split, s, report, measure) for s in split.segments],
        exact_columns=[
            "value", "answers", "score", "low", "high",
            "difference_from_rest", "difference_low", "difference_high", "p_value_corrected",
        ],
        exact=[_segment_exact(s) for s in split.segments],
        csv_url=csv_url,
    )  # fmt: skip


def segments_say(report: ScoreReport, split: Split) -> str:
    """What a split shows, in a sentence or two."""
    column = words.column_label(split.column).lower()
    higher = [_name(split, s, report) for s in split.different if _is_up(s)]
    lower = [_name(split, s, report) for s in split.different if not _is_up(s)]
    said = []
    if higher:
        said.append(_("Clearly above the rest: %(names)s.") % {"names": _listed(higher)})
    if lower:
        said.append(_("Clearly below the rest: %(names)s.") % {"names": _listed(lower)})
    if not said:
        said.append(_("No clear difference by %(column)s.") % {"column": column})
    if split.hidden:
        said.append(
            ngettext("%(n)s small group is hidden.", "%(n)s small groups are hidden.", split.hidden)
            % {"n": words.number(split.hidden)}
        )
    return " ".join(said)


def _is_up(segment: Segment) -> bool:
    return segment.is_up is True


def _listed(names: list[str]) -> str:
    if len(names) > 5:
        rest = len(names) - 4
        return ", ".join(names[:4]) + ngettext(" and %(n)s other", " and %(n)s others", rest) % {
            "n": rest
        }
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


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


def _segment_row(
    split: Split, segment: Segment, report: ScoreReport, measure: Measure
) -> list[str]:
    name = _name(split, segment, report)
    if segment.estimate is None:
        return [name, _("hidden"), "", "", ""]
    against = _("no clear difference")
    if segment.is_different and segment.difference is not None:
        against = words.change(segment.difference.value, measure.kind)
    ends = (segment.estimate.low or 0.0, segment.estimate.high or 0.0)
    reach = {"low": words.score(ends[0], measure.kind), "high": words.score(ends[1], measure.kind)}
    return [
        name,
        words.score(segment.estimate.value, measure.kind),
        _("%(low)s to %(high)s") % reach,
        words.number(segment.n),
        against if segment.difference is not None else "",
    ]


def _segment_exact(segment: Segment) -> list[Any]:
    known, against = segment.estimate, segment.difference
    if known is None:
        return [segment.value, *[None] * 8]
    reach = [against.value, against.low, against.high] if against else [None] * 3
    return [segment.value, segment.n, known.value, known.low, known.high, *reach, segment.p_value]


def _name(split: Split, segment: Segment, report: ScoreReport) -> str:
    return words.value_label(split.column, segment.value, dict(report.names))


def _domain(measure: Measure, estimates: list[Estimate]) -> tuple[float, float]:
    """The part of the scale that holds all intervals, with some air."""
    lows = [e.low for e in estimates if e.low is not None]
    highs = [e.high for e in estimates if e.high is not None]
    if not lows or not highs:
        return measure.low, measure.high
    air = 0.06 * (max(highs) - min(lows)) or 0.05 * (measure.high - measure.low)
    return max(measure.low, min(lows) - air), min(measure.high, max(highs) + air)


def _spec(values: list[dict[str, Any]], **parts: Any) -> dict[str, Any]:
    return {"$schema": SCHEMA, "data": {"values": values}, **parts, **theme()}


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
