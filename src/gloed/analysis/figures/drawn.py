"""What every figure is made of: its parts, its theme and the piece of the scale it shows."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis.measures import Kind, Measure
from gloed.base.figure_theme import BODY, theme
from gloed.stats import Estimate

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


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


def domain_of(measure: Measure, estimates: list[Estimate]) -> tuple[float, float]:
    """The part of the scale that holds all intervals, with some air."""
    lows = [e.low for e in estimates if e.low is not None]
    highs = [e.high for e in estimates if e.high is not None]
    if not lows or not highs:
        return measure.low, measure.high
    air = 0.06 * (max(highs) - min(lows)) or 0.05 * (measure.high - measure.low)
    return max(measure.low, min(lows) - air), min(measure.high, max(highs) + air)


def score_axis(measure: Measure, shown: tuple[float, float], **looks: Any) -> dict[str, Any]:
    """A channel along which scores lie: the piece of the scale from low to high, and its ticks."""
    axis: dict[str, Any] = {
        "title": None,
        "labelOverlap": "greedy",
        "labelSeparation": 6,
        **looks,
    }
    if measure.kind is Kind.SHARE:
        axis["format"] = ".0%"
    return {
        "type": "quantitative",
        "scale": {"domain": list(shown), "zero": False, "nice": False},
        "axis": axis,
    }


def names_axis(names: list[str]) -> dict[str, Any]:
    """The names of groups or causes, one under the other, in this order."""
    return {
        "field": "name",
        "type": "nominal",
        "sort": names,
        "title": None,
        "axis": {"labelLimit": 190, "labelFontSize": BODY},
    }


def tooltip_of(measure: Measure, title: str) -> list[dict[str, Any]]:
    """What is read beside a mark: whose score it is (under this title), the score, its answers."""
    return [
        {"field": "name", "title": title, "type": "nominal"},
        {"field": "text", "title": measure.label, "type": "nominal"},
        {"field": "n", "title": _("Answers"), "type": "quantitative"},
    ]


def spec_of(values: list[dict[str, Any]], **parts: Any) -> dict[str, Any]:
    """A whole specification over these values, in the house's theme."""
    return {"$schema": SCHEMA, "data": {"values": values}, **parts, **theme()}
