"""Pictures of drivers: importance, and importance against how each is rated."""

from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis.drivers import words as told
from gloed.analysis.drivers.report import DriversReport, Line
from gloed.analysis.figures.drawn import Figure, spec_of
from gloed.base.figure_theme import BODY, LIGHT
from gloed.stats import Quadrant


def figures_of(report: DriversReport, *, csv_url: Any) -> dict[str, Figure]:
    """The figures that can be drawn, by name."""
    if not report.lines:
        return {}
    return {
        "importance": importance(report, csv_url("importance")),
        "matrix": matrix(report, csv_url("matrix")),
    }


def importance(report: DriversReport, csv_url: str = "") -> Figure:
    """Each driver's share of the differences, with its interval and its places."""
    values = [_value(report, line) for line in report.lines]
    x = {
        "type": "quantitative",
        "scale": {"zero": True},
        "axis": {"title": None, "tickCount": 5, "grid": False, "labelExpr": "datum.label + '%'"},
    }
    y = {
        "field": "name",
        "type": "nominal",
        "sort": [value["name"] for value in values],
        "title": None,
        "axis": {"labelLimit": 220, "labelFontSize": BODY},
    }
    return Figure(
        id="importance",
        title=_("What goes with the score"),
        says=told.order_says(report),
        spec=spec_of(
            values,
            height=34 * len(values) + 10,
            layer=[
                {"mark": {"type": "rule", "strokeWidth": 2},
                 "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y,
                              "tooltip": _tooltip()}},
                {"mark": {"type": "point", "size": 70},
                 "encoding": {"x": {**x, "field": "importance"}, "y": y, "tooltip": _tooltip()}},
            ],
        ),
        columns=[_("Driver"), _("Share of the differences"), _("Place"), _("Direction")],
        rows=[
            [line.words, told.importance(line.driver.importance),
             told.place(line, len(report.lines)), _direction(line)]
            for line in report.lines
        ],
        exact_columns=["driver", "n", "share_of_variance_percent", "low", "high", "place_best",
                       "place_worst", "slope", "variance_inflation", "sign_turned_by_group_check"],
        exact=[_exact(line) for line in report.lines],
        csv_url=csv_url,
    )  # fmt: skip


def matrix(report: DriversReport, csv_url: str = "") -> Figure:
    """Importance against performance; named only where both are clear of the middle."""
    values = [_value(report, line) for line in report.lines]
    across = median(line.performance.value for line in report.lines)
    up = median(line.driver.importance.value for line in report.lines)
    x = {
        "type": "quantitative",
        "scale": {"zero": False, "nice": True, "padding": 24},
        "axis": {"title": _("rated, 0 to 100 →"), "tickCount": 6, "grid": False},
    }
    y = {
        "type": "quantitative",
        "scale": {"zero": False, "nice": True, "padding": 16},
        "axis": {"title": _("share of the differences, % →"), "tickCount": 5, "grid": False},
    }
    ink = {"condition": {"test": "datum.clear", "value": LIGHT["ink"]}, "value": LIGHT["edge"]}
    line = {"type": "rule", "color": LIGHT["ember"], "strokeDash": [3, 3]}
    return Figure(
        id="matrix",
        title=_("Importance and how it is rated"),
        says=_matrix_says(report),
        spec=spec_of(
            values,
            height=380,
            layer=[
                {"data": {"values": [{"middle": across}]}, "mark": line,
                 "encoding": {"x": {**x, "field": "middle"}}},
                {"data": {"values": [{"middle": up}]}, "mark": line,
                 "encoding": {"y": {**y, "field": "middle"}}},
                {"mark": {"type": "rule", "strokeWidth": 1.5},
                 "encoding": {"x": {**x, "field": "performance"}, "y": {**y, "field": "low"},
                              "y2": {"field": "high"}, "color": ink, "tooltip": _tooltip()}},
                {"mark": {"type": "rule", "strokeWidth": 1.5},
                 "encoding": {"x": {**x, "field": "performance_low"},
                              "x2": {"field": "performance_high"},
                              "y": {**y, "field": "importance"}, "color": ink,
                              "tooltip": _tooltip()}},
                {"mark": {"type": "point", "size": 70},
                 "encoding": {"x": {**x, "field": "performance"}, "y": {**y, "field": "importance"},
                              "color": ink, "tooltip": _tooltip()}},
                {"mark": {"type": "text", "align": "left", "dx": 7, "dy": -9, "fontSize": BODY},
                 "encoding": {"x": {**x, "field": "performance"}, "y": {**y, "field": "importance"},
                              "text": {"field": "number", "type": "nominal"}, "color": ink}},
            ],
        ),
        columns=[_("Driver"), _("Rated"), _("Share of the differences"), _("What it says")],
        rows=[
            [line.words, told.performance(line.performance),
             told.importance(line.driver.importance), str(told.QUADRANTS[line.quadrant])]
            for line in report.lines
        ],
        exact_columns=["driver", "n", "performance_0_to_100", "performance_low",
                       "performance_high", "share_of_variance_percent", "low", "high", "quadrant"],
        exact=[
            [line.words, line.driver.importance.n, line.performance.value, line.performance.low,
             line.performance.high, line.driver.importance.value, line.driver.importance.low,
             line.driver.importance.high, line.quadrant.value]
            for line in report.lines
        ],
        csv_url=csv_url,
    )  # fmt: skip


def _matrix_says(report: DriversReport) -> str:
    named = [line for line in report.lines if line.quadrant is not Quadrant.UNCLEAR]
    if not named:
        return _("No driver lies clear of both middle lines, so none can be placed.")
    texts = [f"{line.words}: {told.QUADRANTS[line.quadrant]}" for line in named]
    return "; ".join(texts) + "."


def _value(report: DriversReport, line: Line) -> dict[str, Any]:
    own, rated = line.driver.importance, line.performance
    return {
        "name": line.words,
        "number": str(report.lines.index(line) + 1),  # as in the table beneath
        "importance": own.value,
        "low": own.low,
        "high": own.high,
        "performance": rated.value,
        "performance_low": rated.low,
        "performance_high": rated.high,
        "importance_text": told.importance(own),
        "performance_text": told.performance(rated),
        "place": told.place(line, len(report.lines)),
        "clear": line.quadrant is not Quadrant.UNCLEAR,
    }


def _tooltip() -> list[dict[str, Any]]:
    return [
        {"field": "name", "title": _("Driver"), "type": "nominal"},
        {"field": "importance_text", "title": _("Share of the differences"), "type": "nominal"},
        {"field": "performance_text", "title": _("Rated"), "type": "nominal"},
        {"field": "place", "title": _("Place"), "type": "nominal"},
    ]


def _direction(line: Line) -> str:
    text = _("higher goes with higher") if line.driver.slope >= 0 else _("higher goes with lower")
    return _("%(text)s, doubtful") % {"text": text} if line.is_doubted else text


def _exact(line: Line) -> list[Any]:
    own, driver = line.driver.importance, line.driver
    return [
        line.words,
        own.n,
        own.value,
        own.low,
        own.high,
        driver.rank.best,
        driver.rank.worst,
        driver.slope,
        driver.inflation,
        int(line.is_doubted),
    ]
