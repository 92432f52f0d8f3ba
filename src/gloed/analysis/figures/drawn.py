"""What every figure is made of: its parts, its theme and the piece of the scale it shows."""

from dataclasses import dataclass, field
from typing import Any

from gloed.analysis.measures import Measure
from gloed.base.figure_theme import theme
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


def spec_of(values: list[dict[str, Any]], **parts: Any) -> dict[str, Any]:
    """A whole specification over these values, in the house's theme."""
    return {"$schema": SCHEMA, "data": {"values": values}, **parts, **theme()}
