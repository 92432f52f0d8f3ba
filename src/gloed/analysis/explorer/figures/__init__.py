"""The figures of the explorer: the course of the whole, the groups, and groups over time."""

from typing import Any

from gloed.analysis.explorer.figures.course import course
from gloed.analysis.explorer.figures.groups import groups
from gloed.analysis.explorer.figures.heat import heat
from gloed.analysis.explorer.report import ExploreReport
from gloed.analysis.figures import Figure

__all__ = ["figures_of"]


def figures_of(report: ExploreReport, *, csv_url: Any) -> dict[str, Figure]:
    """The figures that can be drawn, by name; `csv_url(name)` is where their numbers are."""
    found: dict[str, Figure] = {}
    measure = report.measure
    if measure is None or report.estimate is None:
        return found
    if sum(point.estimate is not None for point in report.points) >= 2:
        found["course"] = course(report, measure, csv_url("course"))
    if any(not row.is_hidden for row in report.rows):
        found["groups"] = groups(report, measure, csv_url("groups"))
        if len(report.points) > 1:
            found["heat"] = heat(report, measure, csv_url("heat"))
    return found
