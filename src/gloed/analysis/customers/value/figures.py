"""How long customers stay, a step for each group; and the groups beside each other."""

from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis import words
from gloed.analysis.customers.value.report import ValueReport
from gloed.analysis.customers.value.rules import Group
from gloed.analysis.customers.value.words import GROUPS, staying_says
from gloed.analysis.figures.drawn import Figure, spec_of
from gloed.base.figure_theme import LIGHT
from gloed.stats import SurvivalCurve, SurvivalPoint

STEP = 7.0
"""Days between two points of the drawing."""
LONGEST = 5 * 365.25
MONTH = 365.25 / 12
MOMENTS = (3, 6, 12, 24, 36)
"""Months after the answer that stand in the table."""
COLORS = {
    Group.PROMOTER: LIGHT["promoter"],
    Group.PASSIVE: LIGHT["passive"],
    Group.DETRACTOR: LIGHT["detractor"],
    Group.SILENT: LIGHT["ink"],
}


def curves(report: ValueReport, *, csv_url: str = "") -> Figure | None:
    """The share of customers still there, from their answer on; None where nothing can be drawn."""
    held = report.staying.curves
    longest = min(LONGEST, max((_longest(curve) for curve in held.values()), default=0.0))
    if longest < 2 * STEP:
        return None
    values: list[dict[str, Any]] = []
    for group, curve in held.items():
        values += [
            {
                "group": group.value,
                "name": str(GROUPS[group]),
                "month": round(day / MONTH, 2),
                "share": share,
                "low": low,
                "high": high,
            }
            for day, share, low, high in _drawn(curve, longest)
        ]
    drawn = (value["share"] if value["low"] is None else value["low"] for value in values)
    lowest = min(drawn)
    return Figure(
        id="staying",
        title=_("Still a customer, from the answer on"),
        says=staying_says(report),
        spec=_spec(values, lowest, longest / MONTH),
        columns=[
            _("Group"), _("Customers"), _("Left"),
            *(_("After %(n)s months") % {"n": n} for n in MOMENTS if n * MONTH <= longest),
        ],
        rows=[_row(group, curve, longest) for group, curve in held.items()],
        exact_columns=["group", "days", "share", "low", "high", "at_risk", "left"],
        exact=[
            [group.value, int(p.time), p.share, p.low, p.high, p.at_risk, p.lost]
            for group, curve in held.items()
            for p in curve.points
        ],
        csv_url=csv_url,
    )  # fmt: skip


def _longest(curve: SurvivalCurve) -> float:
    """As far as a curve can be drawn: to its last step, and some weeks on."""
    return curve.points[-1].time + 4 * STEP if curve.points else 0.0


def _at(curve: SurvivalCurve, day: float) -> SurvivalPoint | None:
    held = [point for point in curve.points if point.time <= day]
    return held[-1] if held else None


def _drawn(
    curve: SurvivalCurve, longest: float
) -> list[tuple[float, float, float | None, float | None]]:
    """Day, share and limits; none where nobody has left yet, which does not make it certain."""
    end = min(longest, _longest(curve)) if curve.points else longest
    points: list[tuple[float, float, float | None, float | None]] = []
    place = -1
    for step in range(int(end / STEP) + 1):
        day = step * STEP
        while place + 1 < len(curve.points) and curve.points[place + 1].time <= day:
            place += 1
        if place < 0:
            points.append((day, 1.0, None, None))
            continue
        point = curve.points[place]
        points.append((day, point.share, point.low, point.high))
    return points


def _row(group: Group, curve: SurvivalCurve, longest: float) -> list[str]:
    cells = []
    for n in MOMENTS:
        day = n * MONTH
        if day > longest:
            continue
        point = _at(curve, day)
        if point is None:
            cells.append("100%")
            continue
        text = f"{words.number(100 * point.share)}%"
        if point.low is not None and point.high is not None:
            reach = {
                "low": words.number(100 * point.low),
                "high": f"{words.number(100 * point.high)}%",
            }
            between = _("%(low)s to %(high)s") % reach
            text = f"{text} ({between})"
        cells.append(text)
    return [str(GROUPS[group]), words.number(curve.n), words.number(curve.lost), *cells]


def _spec(values: list[dict[str, Any]], lowest: float, months: float) -> dict[str, Any]:
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, months], "nice": False},
        "axis": {"title": _("Months after the answer"), "tickCount": 6, "grid": False},
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": [max(0.0, lowest - 0.04), 1.0], "zero": False, "nice": False},
        "axis": {"title": None, "format": ".0%", "tickCount": 5},
    }
    color = {
        "field": "name",
        "type": "nominal",
        "legend": {
            "title": None,
            "labelLimit": 160,
            "columns": 2,
            "columnPadding": 6,
            "symbolSize": 60,
            "symbolType": "square",
            "symbolOpacity": 1,
        },
        "scale": {
            "domain": [str(GROUPS[group]) for group in COLORS],
            "range": list(COLORS.values()),
        },
    }
    tooltip = [
        {"field": "name", "title": _("Group"), "type": "nominal"},
        {"field": "month", "title": _("Months"), "type": "quantitative", "format": ".0f"},
        {"field": "share", "title": _("Still there"), "type": "quantitative", "format": ".0%"},
    ]
    layer = [
        {
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "area", "interpolate": "step-after", "opacity": 0.14},
            "encoding": {
                "x": {**x, "field": "month"},
                "y": {**y, "field": "low"},
                "y2": {"field": "high"},
                "color": color,
            },
        },
        {
            "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2},
            "encoding": {
                "x": {**x, "field": "month"},
                "y": {**y, "field": "share"},
                "color": color,
                "strokeDash": {
                    "condition": {"test": "datum.group == 'silent'", "value": [4, 3]},
                    "value": [1, 0],
                },
                "tooltip": tooltip,
            },
        },
    ]
    return spec_of(values, height=320, layer=layer)
