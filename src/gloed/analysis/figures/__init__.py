"""The figures of a score: one specification for page, mail and export, with its numbers and words.

Specifications are Vega-Lite as Altair writes it, kept as plain values: making them costs a page
nothing, and a test has Altair check every one.
"""

from typing import Any

from gloed.analysis.figures.course import months_back, sparkline, trend
from gloed.analysis.figures.drawn import Figure
from gloed.analysis.figures.groups import segments, segments_say
from gloed.analysis.figures.ratings import distribution
from gloed.analysis.reports import ScoreReport

__all__ = [
    "NAMES",
    "Figure",
    "distribution",
    "figures_of",
    "months_back",
    "segments",
    "segments_say",
    "sparkline",
    "trend",
]

NAMES = ("distribution", "trend", "segments")


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
