"""The course of a theme, drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from gloed.base.figure_theme import theme as look
from gloed.coding.queries import Month

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FEWEST = 2
"""Months with a share, below which there is no course to draw."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as parts/figure.html shows it."""

    id: str
    title: str
    says: str
    spec: dict[str, Any]
    columns: list[str]
    rows: list[list[str]]
    csv_url: str = ""


def course(months: Sequence[Month], name: str) -> Figure | None:
    """The share by month as a line with its band; None where there is no course yet."""
    shown = [month for month in months if month.share is not None]
    if len(shown) < FEWEST:
        return None
    values = [
        {
            "start": month.start.isoformat(),
            "share": month.share.value if month.share else None,
            "low": month.share.low if month.share else None,
            "high": month.share.high if month.share else None,
            "name": date_format(month.start, "M Y"),
            "n": month.n,
        }
        for month in months
    ]
    y: dict[str, Any] = {
        "type": "quantitative",
        "axis": {"title": None, "format": ".0%"},
        "scale": {"zero": True},
    }
    x = {
        "field": "start",
        "type": "temporal",
        "title": None,
        "axis": {"format": "%b %Y", "labelOverlap": "greedy", "tickCount": 8},
    }
    known = [{"filter": "isValid(datum.share)"}]
    tooltip = [
        {"field": "name", "title": _("Month"), "type": "nominal"},
        {"field": "share", "title": name, "type": "quantitative", "format": ".1%"},
        {"field": "n", "title": _("Answers in words"), "type": "quantitative"},
    ]
    layer = [
        {
            "mark": "area",
            "transform": known,
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {"mark": "line", "transform": known, "encoding": {"x": x, "y": {**y, "field": "share"}}},
        {
            "mark": "point",
            "transform": known,
            "encoding": {"x": x, "y": {**y, "field": "share"}, "tooltip": tooltip},
        },
    ]
    return Figure(
        id="course",
        title=_("Month by month"),
        says=_says(shown),
        spec={"$schema": SCHEMA, "data": {"values": values}, "height": 240, "layer": layer}
        | look(),
        columns=[_("Month"), _("Share"), _("from"), _("to"), _("Answers in words")],
        rows=[_row(month) for month in months],
    )


def _says(shown: Sequence[Month]) -> str:
    first, last = shown[0], shown[-1]
    if first.share is None or last.share is None:
        return ""
    words = {
        "first": date_format(first.start, "F Y"),
        "last": date_format(last.start, "F Y"),
        "before": _percent(first.share.value),
        "after": _percent(last.share.value),
    }
    apart = _lie_apart(first, last)
    if apart:
        return _("From %(before)s in %(first)s to %(after)s in %(last)s.") % words
    return (
        _("%(before)s in %(first)s, %(after)s in %(last)s: no clear difference between the two.")
        % words
    )


def _lie_apart(first: Month, last: Month) -> bool:
    """Whether the two intervals lie apart."""
    one, other = first.share, last.share
    if one is None or other is None or one.low is None or other.low is None:
        return False
    return bool(one.low > (other.high or 0) or other.low > (one.high or 0))


def _row(month: Month) -> list[str]:
    name = date_format(month.start, "M Y")
    n = number_format(month.n, decimal_pos=0, force_grouping=True)
    if month.share is None:
        return [name, "–", "–", "–", n]
    share = month.share
    return [name, *(_percent(v or 0.0) for v in (share.value, share.low, share.high)), n]


def _percent(value: float) -> str:
    return f"{number_format(100 * value, decimal_pos=0)}%"
