"""The own score year by year: a dot with its interval for each."""

from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis import words
from gloed.analysis.benchmarks.report import BenchmarkReport
from gloed.analysis.changes.words import interval_of
from gloed.analysis.figures.drawn import Figure, domain_of, score_axis, spec_of
from gloed.analysis.measures import Measure
from gloed.base.figure_theme import LIGHT


def history(report: BenchmarkReport, measure: Measure, *, csv_url: str = "") -> Figure:
    """Dots with intervals by year; a year that is not over is drawn open."""
    values: list[dict[str, Any]] = [
        {
            "year": str(one.year),
            "score": one.estimate.value,
            "low": one.estimate.low,
            "high": one.estimate.high,
            "text": words.interval(one.estimate, measure.kind),
            "n": one.estimate.n,
            "whole": one.is_whole,
        }
        for one in report.years
    ]
    low, high = domain_of(measure, [one.estimate for one in report.years])
    x = {"field": "year", "type": "nominal", "axis": {"title": None, "labelAngle": 0}}
    y = score_axis(measure, (low, high), tickCount=5)
    color = {"condition": {"test": "datum.whole", "value": LIGHT["ink"]}, "value": LIGHT["edge"]}
    tooltip = [
        {"field": "year", "title": _("Year"), "type": "nominal"},
        {"field": "text", "title": measure.label, "type": "nominal"},
        {"field": "n", "title": _("Answers"), "type": "quantitative"},
    ]
    layer = [
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {
                "x": x,
                "y": {**y, "field": "low"},
                "y2": {"field": "high"},
                "color": color,
                "tooltip": tooltip,
            },
        },
        {
            "mark": {"type": "point", "size": 80, "filled": True},
            "encoding": {"x": x, "y": {**y, "field": "score"}, "color": color, "tooltip": tooltip},
        },
    ]
    return Figure(
        id="history",
        title=_("%(metric)s by year") % {"metric": measure.label},
        says=history_says(report, measure),
        spec=spec_of(values, height=240, layer=layer),
        columns=[_("Year"), measure.label, _("Interval"), _("Answers")],
        rows=[
            [
                str(one.year),
                words.score(one.estimate.value, measure.kind),
                words.interval(one.estimate, measure.kind),
                words.number(one.estimate.n),
            ]
            for one in report.years
        ],
        exact_columns=["year", "score", "low", "high", "answers"],
        exact=[
            [one.year, one.estimate.value, one.estimate.low, one.estimate.high, one.estimate.n]
            for one in report.years
        ],
        csv_url=csv_url,
    )


def history_says(report: BenchmarkReport, measure: Measure) -> str:
    """Whether the last year differs from the one before."""
    last = report.years[-1]
    facts = {"year": last.year, "score": words.interval(last.estimate, measure.kind)}
    if report.change is None:
        return _("%(year)s: %(score)s. With a second year there is something to compare.") % facts
    facts["change"] = interval_of(report.change, measure.kind)
    facts["before"] = report.years[-2].year
    if report.is_clear:
        return (
            _("%(year)s: %(score)s; that is %(change)s against %(before)s, more than chance.")
            % facts
        )
    return _("%(year)s: %(score)s; no certain change against %(before)s: %(change)s.") % facts
