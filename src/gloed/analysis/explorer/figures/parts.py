"""What the figures of the explorer share: names, the goal as a line, what stands for no score."""

from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis import words
from gloed.analysis.changes.words import interval_of, listed
from gloed.analysis.explorer.groups import Cell, Row
from gloed.analysis.explorer.report import ExploreReport
from gloed.analysis.figures.drawn import domain_of
from gloed.analysis.measures import Measure
from gloed.base.figure_theme import LIGHT, SMALL
from gloed.stats import Estimate

NAMED = 3


def title_of(report: ExploreReport) -> str:
    """What the rows are: "Region", "Region and contract"."""
    labels = [words.column_label(column) for column in report.asked.columns]
    return listed([labels[0], *(label.lower() for label in labels[1:])]) if labels else ""


def name_of(report: ExploreReport, row: Row) -> str:
    """What a row is called: "Oost · Variabel"."""
    named = dict(report.names)
    values = zip(report.asked.columns, row.key, strict=True)
    return " · ".join(words.value_label(column, value, named) for column, value in values)


def nothing(cell: Cell) -> str:
    """What stands where a score would: nobody, or too few to show."""
    if cell.is_hidden:
        return _("hidden")
    return _("nobody")


def difference_words(change: Estimate, measure: Measure, is_clear: bool) -> str:
    """A difference with its interval, and whether it is certain."""
    text = interval_of(change, measure.kind)
    return text if is_clear else _("%(change)s, not clear") % {"change": text}


def domain_with(
    report: ExploreReport, measure: Measure, estimates: list[Estimate]
) -> tuple[float, float]:
    """The piece of the scale that holds all intervals, and the goal where there is one."""
    if report.goal is not None:
        level = report.goal.value
        estimates = [*estimates, Estimate(level, level, level, 0, "goal")]
    return domain_of(measure, estimates)


def aim(
    report: ExploreReport, measure: Measure, axis: dict[str, Any], channel: str
) -> list[dict[str, Any]]:
    """The goal as a dashed line with its name."""
    if report.goal is None:
        return []
    text = _("Goal %(value)s") % {"value": words.score(report.goal.value, measure.kind)}
    ember, place = {"color": LIGHT["ember"]}, {channel: {**axis, "field": "aim"}}
    data = {"values": [{"aim": report.goal.value, "text": text}]}
    label: dict[str, Any] = {"align": "right", "baseline": "bottom", "dy": -3, "fontSize": SMALL}
    other: dict[str, Any] = {"x": {"value": "width"}}
    if channel == "x":
        label, other = {**label, "align": "center"}, {"y": {"value": 0}}
    named = {**place, **other, "text": {"field": "text", "type": "nominal"}}
    halo = {"stroke": LIGHT["paper"], "strokeWidth": 5, "color": LIGHT["paper"]}
    return [
        {"data": data, "mark": {"type": "rule", "strokeDash": [4, 3], **ember}, "encoding": place},
        {"data": data, "mark": {"type": "text", **label, **halo}, "encoding": named},
        {"data": data, "mark": {"type": "text", **label, **ember}, "encoding": named},
    ]
