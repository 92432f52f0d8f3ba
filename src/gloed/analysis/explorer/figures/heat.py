"""Groups over time as a map: coloured where something can be said, quiet where it cannot."""

from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis import words
from gloed.analysis.changes.words import listed
from gloed.analysis.explorer.figures.parts import NAMED, name_of, nothing, title_of
from gloed.analysis.explorer.groups import Cell, Row
from gloed.analysis.explorer.report import ExploreReport
from gloed.analysis.figures.drawn import Figure, names_axis, spec_of
from gloed.analysis.measures import Measure
from gloed.base.figure_theme import LIGHT, SMALL

ROOM_FOR_SIGNS = 14
"""With more periods than this the heat map leaves its signs and numbers to its table."""
WIDE = 50
"""So many pixels a number needs with its arrow; a narrower cell holds the arrow alone."""


def heat(report: ExploreReport, measure: Measure, csv_url: str = "") -> Figure:
    """Groups by period: coloured where a cell differs for certain, quiet where nothing can be said.

    A quiet cell with its number cannot be told from everybody else, or from the goal; an empty one
    is hidden or has no answers.
    """
    rows = [row for row in report.rows if not row.is_hidden]
    starts = [point.start for point in report.points]
    names = {start: words.period_name(start, report.period) for start in starts}
    values: list[dict[str, Any]] = [
        {
            "name": name_of(report, row),
            "period": names[cell.start],
            "state": _state(cell),
            "number": _number(measure, cell),
            "sign": _sign(cell),
            "text": _cell_words(measure, cell),
            "n": cell.n if cell.estimate else None,
        }
        for row in rows
        for cell in row.cells
    ]
    x = {
        "field": "period",
        "type": "ordinal",
        "sort": list(names.values()),
        "title": None,
        "axis": {
            "labelAngle": 0 if len(starts) <= NAMED * 4 else -90,
            "labelOverlap": "greedy",
            "orient": "top",
        },
    }
    y = names_axis([name_of(report, row) for row in rows])
    fill = {
        "field": "state",
        "type": "nominal",
        "legend": None,
        "scale": {
            "domain": ["above", "below", "quiet", "none"],
            "range": [LIGHT["promoter"], LIGHT["detractor"], LIGHT["line"], LIGHT["paper"]],
        },
    }
    tooltip = [
        {"field": "name", "title": title_of(report), "type": "nominal"},
        {"field": "period", "title": _("Period"), "type": "nominal"},
        {"field": "text", "title": measure.label, "type": "nominal"},
    ]
    ink = {
        "condition": {
            "test": "datum.state === 'above' || datum.state === 'below'",
            "value": LIGHT["on-promoter"],
        },
        "value": LIGHT["quiet"],
    }
    layer: list[dict[str, Any]] = [
        {"mark": {"type": "rect", "stroke": LIGHT["paper"], "strokeWidth": 2},
         "encoding": {"x": x, "y": y, "color": fill, "tooltip": tooltip}}
    ]  # fmt: skip
    if len(starts) <= ROOM_FOR_SIGNS:
        is_wide = f"width >= {WIDE * len(starts)}"
        for field, test in (("number", is_wide), ("sign", f"!({is_wide})")):
            text = {"condition": {"test": test, "field": field, "type": "nominal"}, "value": ""}
            layer.append(
                {
                    "mark": {"type": "text", "fontSize": SMALL},
                    "encoding": {"x": x, "y": y, "text": text, "color": ink},
                }
            )
    exact = [
        [*row.key, cell.start.isoformat(), *_cell_exact(cell)] for row in rows for cell in row.cells
    ]
    return Figure(
        id="heat",
        title=_("%(column)s over time") % {"column": title_of(report)},
        says=_heat_say(report, rows, names),
        spec=spec_of(values, height=28 * len(rows) + 30, layer=layer),
        columns=[title_of(report), *names.values()],
        rows=[[name_of(report, row), *(_cell_words(measure, c) for c in row.cells)]
              for row in rows],
        exact_columns=[*report.asked.columns, "period_from", "answers", "score", "low", "high",
                       "p_value_corrected"],
        exact=exact,
        csv_url=csv_url,
    )  # fmt: skip


def _state(cell: Cell) -> str:
    if cell.estimate is None:
        return "none"
    if not cell.is_clear:
        return "quiet"
    return "above" if cell.is_up else "below"


def _number(measure: Measure, cell: Cell) -> str:
    """What stands in a cell: the score, with an arrow where it differs for certain."""
    if cell.estimate is None:
        return ""
    text = words.score(cell.estimate.value, measure.kind)
    return f"{text} {_sign(cell)}".strip()


def _sign(cell: Cell) -> str:
    if not cell.is_clear:
        return ""
    return "↑" if cell.is_up else "↓"


def _cell_words(measure: Measure, cell: Cell) -> str:
    if cell.estimate is None:
        return nothing(cell)
    return f"{words.interval(cell.estimate, measure.kind)} {_sign(cell)}".strip()


def _cell_exact(cell: Cell) -> list[Any]:
    if cell.estimate is None:
        return [None if cell.is_hidden else 0, *[None] * 4]
    own = cell.estimate
    return [cell.n, own.value, own.low, own.high, cell.p_value]


def _heat_say(report: ExploreReport, rows: list[Row], names: dict[Any, str]) -> str:
    clear = [(row, cell) for row in rows for cell in row.cells if cell.is_clear]
    if not clear and report.goal is not None:
        return _("No group in any period can be told from the goal.")
    if not clear:
        return _("No group in any period can be told from everybody else in it.")
    told = [f"{name_of(report, row)} {names[cell.start]}" for row, cell in clear[:NAMED]]
    if len(clear) > NAMED:
        told.append(_("%(n)s more") % {"n": len(clear) - NAMED})
    if report.goal is not None:
        return _("Different from the goal for certain: %(names)s.") % {"names": listed(told)}
    return _("Different from everybody else for certain: %(names)s.") % {"names": listed(told)}
