"""The figures of the explorer: the course of the whole, the groups, and groups over time."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.analysis import words
from gloed.analysis.changes.words import interval_of, listed
from gloed.analysis.explorer.asked import Versus
from gloed.analysis.explorer.report import Cell, ExploreReport, Row
from gloed.analysis.figures.drawn import Figure, domain_of, names_axis, score_axis, spec_of
from gloed.analysis.measures import Measure
from gloed.base.figure_theme import LIGHT, SMALL

NAMED = 3
ROOM_FOR_SIGNS = 14
"""With more periods than this the heat map leaves its signs and numbers to its table."""
WIDE = 50
"""So many pixels a number needs with its arrow; a narrower cell holds the arrow alone."""


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


def course(report: ExploreReport, measure: Measure, csv_url: str = "") -> Figure:
    """The whole over time, each period with its interval."""
    shown = [(p, e) for p in report.points if (e := p.estimate) is not None]
    values: list[dict[str, Any]] = [
        {
            "period": words.period_name(point.start, report.period),
            "score": estimate.value,
            "low": estimate.low,
            "high": estimate.high,
            "text": words.interval(estimate, measure.kind),
            "n": point.n,
        }
        for point, estimate in shown
    ]
    low, high = domain_of(measure, [estimate for _point, estimate in shown])
    y = score_axis(measure, (low, high), tickCount=5)
    x = {
        "field": "period",
        "type": "ordinal",
        "sort": [words.period_name(p.start, report.period) for p in report.points],
        "scale": {"domain": [words.period_name(p.start, report.period) for p in report.points]},
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": "greedy"},
    }
    tooltip = [
        {"field": "period", "title": _("Period"), "type": "nominal"},
        {"field": "text", "title": measure.label, "type": "nominal"},
        {"field": "n", "title": _("Answers"), "type": "quantitative"},
    ]
    spec = spec_of(
        values,
        height=240,
        layer=[
            {"mark": {"type": "rule", "strokeWidth": 2, "color": LIGHT["edge"]},
             "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"},
                          "tooltip": tooltip}},
            {"mark": {"type": "point", "size": 60},
             "encoding": {"x": x, "y": {**y, "field": "score"}, "tooltip": tooltip}},
        ],
    )  # fmt: skip
    return Figure(
        id="course",
        title=_("%(metric)s over time") % {"metric": measure.label},
        says=_course_say(report, measure),
        spec=spec,
        columns=[_("Period"), measure.label, _("Answers")],
        rows=[_course_row(report, measure, place) for place in range(len(report.points))],
        exact_columns=["period_from", "answers", "score", "low", "high"],
        exact=[
            [p.start.isoformat(), None if p.is_hidden else p.n,
             *([p.estimate.value, p.estimate.low, p.estimate.high] if p.estimate else [None] * 3)]
            for p in report.points
        ],
        csv_url=csv_url,
    )  # fmt: skip


def _course_say(report: ExploreReport, measure: Measure) -> str:
    scores = [p for p in report.points if p.estimate is not None]
    ends = (scores[0], scores[-1])
    facts = {
        "first": words.period_name(ends[0].start, report.period),
        "then": words.interval(ends[0].estimate, measure.kind) if ends[0].estimate else "",
        "last": words.period_name(ends[1].start, report.period),
        "now": words.interval(ends[1].estimate, measure.kind) if ends[1].estimate else "",
    }
    return _("%(first)s: %(then)s. %(last)s: %(now)s.") % facts


def _course_row(report: ExploreReport, measure: Measure, place: int) -> list[str]:
    point = report.points[place]
    name = words.period_name(point.start, report.period)
    if point.estimate is None:
        return [name, _("hidden") if point.is_hidden else _("nobody"), ""]
    return [name, words.interval(point.estimate, measure.kind), words.number(point.n)]


def groups(report: ExploreReport, measure: Measure, csv_url: str = "") -> Figure:
    """Each group with its interval; ink where the comparison is certain."""
    shown = [(row, row.estimate) for row in report.rows if row.estimate is not None]
    values: list[dict[str, Any]] = [
        {
            "name": name_of(report, row),
            "score": estimate.value,
            "low": estimate.low,
            "high": estimate.high,
            "text": words.interval(estimate, measure.kind),
            "n": row.n,
            "clear": row.is_clear,
        }
        for row, estimate in shown
    ]
    low, high = domain_of(measure, [estimate for _row, estimate in shown])
    x = score_axis(measure, (low, high), tickCount=6, grid=False)
    y = names_axis([value["name"] for value in values])
    color = {"condition": {"test": "datum.clear", "value": LIGHT["ink"]}, "value": LIGHT["edge"]}
    tooltip = [
        {"field": "name", "title": title_of(report), "type": "nominal"},
        {"field": "text", "title": measure.label, "type": "nominal"},
        {"field": "n", "title": _("Answers"), "type": "quantitative"},
    ]
    spec = spec_of(
        values,
        height=30 * len(values) + 10,
        layer=[
            {"mark": {"type": "rule", "strokeWidth": 2},
             "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y,
                          "color": color, "tooltip": tooltip}},
            {"mark": {"type": "point", "size": 70},
             "encoding": {"x": {**x, "field": "score"}, "y": y, "color": color,
                          "tooltip": tooltip}},
        ],
    )  # fmt: skip
    versus = _("Against before") if report.asked.versus is Versus.BEFORE else _("Against the rest")
    return Figure(
        id="groups",
        title=_("%(metric)s by %(column)s")
        % {"metric": measure.label, "column": title_of(report).lower()},
        says=_groups_say(report),
        spec=spec,
        columns=[title_of(report), measure.label, _("Answers"), versus],
        rows=[_group_row(report, measure, row) for row in report.rows],
        exact_columns=[*report.asked.columns, "answers", "score", "low", "high", "difference",
                       "difference_low", "difference_high", "p_value_corrected"],
        exact=[_group_exact(row) for row in report.rows],
        csv_url=csv_url,
    )  # fmt: skip


def _groups_say(report: ExploreReport) -> str:
    up = [name_of(report, r) for r in report.rows if r.is_clear and _is_up(r)]
    down = [name_of(report, r) for r in report.rows if r.is_clear and not _is_up(r)]
    is_before = report.asked.versus is Versus.BEFORE
    said = []
    for names, over, above in (
        (up, _("Clearly up: %(names)s."), _("Clearly above the rest: %(names)s.")),
        (down, _("Clearly down: %(names)s."), _("Clearly below the rest: %(names)s.")),
    ):
        if names:
            more = [_("%(n)s more") % {"n": len(names) - NAMED}] if len(names) > NAMED else []
            said.append((over if is_before else above) % {"names": listed(names[:NAMED] + more)})
    if not said:
        said.append(
            _("No group moved for certain.") if is_before else _("No group can be told apart.")
        )
    hidden = sum(row.is_hidden for row in report.rows)
    if hidden:
        text = ngettext("%(n)s small group is hidden.", "%(n)s small groups are hidden.", hidden)
        said.append(text % {"n": words.number(hidden)})
    return " ".join(said)


def _group_row(report: ExploreReport, measure: Measure, row: Row) -> list[str]:
    name = name_of(report, row)
    if row.estimate is None:
        return [name, _("hidden"), "", ""]
    against = interval_of(row.against, measure.kind) if row.against else ""
    if row.against and not row.is_clear:
        against = _("%(change)s, not clear") % {"change": against}
    return [name, words.interval(row.estimate, measure.kind), words.number(row.n), against]


def _group_exact(row: Row) -> list[Any]:
    if row.estimate is None:
        return [*row.key, *[None] * 8]
    known = row.against
    against = [known.value, known.low, known.high] if known else [None] * 3
    own = row.estimate
    return [*row.key, row.n, own.value, own.low, own.high, *against, row.p_value]


def heat(report: ExploreReport, measure: Measure, csv_url: str = "") -> Figure:
    """Groups by period: coloured where a cell differs for certain, quiet where nothing can be said.

    A quiet cell with its number cannot be told from everybody else; an empty one is hidden or has
    no answers.
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
        "axis": {"labelAngle": 0 if len(starts) <= NAMED * 4 else -45, "orient": "top"},
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
        return _("hidden") if cell.is_hidden else _("nobody")
    return f"{words.interval(cell.estimate, measure.kind)} {_sign(cell)}".strip()


def _cell_exact(cell: Cell) -> list[Any]:
    if cell.estimate is None:
        return [None if cell.is_hidden else 0, *[None] * 4]
    own = cell.estimate
    return [cell.n, own.value, own.low, own.high, cell.p_value]


def _heat_say(report: ExploreReport, rows: list[Row], names: dict[Any, str]) -> str:
    clear = [(row, cell) for row in rows for cell in row.cells if cell.is_clear]
    if not clear:
        return _("No group in any period can be told from everybody else in it.")
    told = [f"{name_of(report, row)} {names[cell.start]}" for row, cell in clear[:NAMED]]
    if len(clear) > NAMED:
        told.append(_("%(n)s more") % {"n": len(clear) - NAMED})
    return _("Different from everybody else for certain: %(names)s.") % {"names": listed(told)}


def title_of(report: ExploreReport) -> str:
    """What the rows are: "Region", "Region and contract"."""
    labels = [words.column_label(column) for column in report.asked.columns]
    return listed([labels[0], *(label.lower() for label in labels[1:])]) if labels else ""


def name_of(report: ExploreReport, row: Row) -> str:
    """What a row is called: "Oost · Variabel"."""
    named = dict(report.names)
    values = zip(report.asked.columns, row.key, strict=True)
    return " · ".join(words.value_label(column, value, named) for column, value in values)


def _is_up(row: Row) -> bool:
    return row.against is not None and row.against.value > 0
