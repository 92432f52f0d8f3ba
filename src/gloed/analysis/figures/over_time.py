"""Scores along time, for every figure: a line with its band, broken where a question changed."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Protocol

from django.utils.translation import gettext as _

from gloed.analysis import words
from gloed.analysis.breaks import Break
from gloed.analysis.measures import Measure
from gloed.analysis.queries import Period
from gloed.base.figure_theme import LIGHT
from gloed.stats import Estimate

DATE_FORMATS = {Period.DAY: "%-d %b", Period.WEEK: "%-d %b", Period.MONTH: "%b %Y"}
TICKS = 8
MONTHS = {Period.MONTH: 1, Period.QUARTER: 3}
MANY = 40
"""With more periods than this the dots are small."""


class Scored(Protocol):
    """A period and its score; without an estimate nothing is drawn."""

    @property
    def start(self) -> date:
        """Its first day."""

    @property
    def n(self) -> int:
        """Its answers."""

    @property
    def estimate(self) -> Estimate | None:
        """Its score, where it may be shown."""


Broken = Sequence[tuple[int, Break]]
"""Where a line is broken: the place of the period a break falls in, and the break."""


def values_of(
    points: Sequence[Scored],
    measure: Measure,
    *,
    name: Callable[[date], str],
    broken: Broken = (),
    at: Callable[[date], date] = lambda start: start,
) -> list[dict[str, Any]]:
    """What is drawn of each period: its score, its interval, and to which part it belongs.

    `at` says where in its period a score stands. One whose neighbours are missing stands `alone`.
    """
    parts = _parts(points, broken)
    sizes = [
        sum(own == part and p.estimate is not None for own, p in zip(parts, points, strict=True))
        for part in parts
    ]
    return [
        {
            "start": f"{at(point.start).isoformat()}T00:00:00",
            "name": name(point.start),
            **_score(point.estimate, measure),
            "n": point.n if point.estimate else None,
            "part": part,
            "alone": size == 1 and point.estimate is not None,
        }
        for point, part, size in zip(points, parts, sizes, strict=True)
    ]


def time_axis(period: Period, many: int) -> dict[str, Any]:
    """The channel along which so many periods lie."""
    return {
        "field": "start",
        "type": "temporal",
        "title": None,
        "axis": {
            "format": _date_format(period),
            "labelFlush": True,
            "labelOverlap": "greedy",
            "labelSeparation": 10,
            "tickCount": _ticks(period, many),
        },
    }


def _date_format(period: Period) -> str:
    """How a tick is told, as `words.period_name` tells the period."""
    if period is not Period.QUARTER:
        return DATE_FORMATS[period]
    return _("Q%(number)d %(year)d").replace("%(number)d", "%q").replace("%(year)d", "%Y")


def _ticks(period: Period, many: int) -> dict[str, Any] | int:
    """Marks along the axis, none of which says the same as its neighbour."""
    if period is Period.DAY and many <= TICKS:
        return {"interval": "day", "step": 1}
    if period not in MONTHS:
        return TICKS
    months = MONTHS[period] * many
    fitting = (step for step in (1, 2, 3, 6) if step >= MONTHS[period])
    return {"interval": "month", "step": next((s for s in fitting if months <= 12 * s), 12)}


def zero_line(y: dict[str, Any]) -> list[dict[str, Any]]:
    """A thin line at 0, where 0 lies within the piece of the scale that is drawn."""
    low, high = y["scale"]["domain"]
    if not low < 0 < high:
        return []
    return [
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "color": LIGHT["edge"], "strokeWidth": 1},
            "encoding": {"y": {**y, "field": "zero"}},
        }
    ]


def line_with_band(
    values: Sequence[dict[str, Any]],
    x: dict[str, Any],
    y: dict[str, Any],
    tooltip: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """The layers that draw `values_of`: a band, a line, and a dot for each score.

    A score that stands alone has no band to lie in, so its interval is drawn by itself.
    """
    shown = [{"filter": "isValid(datum.score)"}]
    many = sum(value["score"] is not None for value in values)
    is_broken = any(value["part"] for value in values)
    apart = {"detail": {"field": "part", "type": "nominal"}} if is_broken else {}
    reach = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
    score = {"x": x, "y": {**y, "field": "score"}}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "area"}, "transform": shown, "encoding": {**reach, **apart}},
        {"mark": {"type": "line"}, "transform": shown, "encoding": {**score, **apart}},
        {
            "mark": {"type": "point", "size": 44 if many <= MANY else 14},
            "transform": shown,
            "encoding": {**score, "tooltip": tooltip},
        },
    ]
    if any(value["alone"] for value in values):
        mark = {"type": "rule", "strokeWidth": 2, "color": LIGHT["edge"]}
        alone = [{"filter": "datum.alone"}]
        layers.insert(0, {"mark": mark, "transform": alone, "encoding": reach})
    return layers


def break_marks(broken: Broken, x: dict[str, Any]) -> list[dict[str, Any]]:
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


def _parts(points: Sequence[Scored], broken: Broken) -> list[int]:
    """To which unbroken part of the line each period belongs.

    A period in which the question changed belongs to what was asked before it.
    """
    starts = [place if points[place].start == one.on else place + 1 for place, one in broken]
    return [sum(start <= place for start in starts) for place, _point in enumerate(points)]


def _score(estimate: Estimate | None, measure: Measure) -> dict[str, Any]:
    return {
        "score": estimate.value if estimate else None,
        "low": estimate.low if estimate else None,
        "high": estimate.high if estimate else None,
        "text": words.interval(estimate, measure.kind) if estimate else "",
    }
