"""Each group with its interval, and what it is held against."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gloed.analysis import words
from gloed.analysis.changes.words import listed
from gloed.analysis.explorer.asked import Versus, Which
from gloed.analysis.explorer.figures.parts import (
    NAMED,
    aim,
    difference_words,
    domain_with,
    name_of,
    title_of,
)
from gloed.analysis.explorer.groups import Row
from gloed.analysis.explorer.report import ExploreReport
from gloed.analysis.figures.drawn import Figure, names_axis, score_axis, spec_of, tooltip_of
from gloed.analysis.measures import Measure
from gloed.base.figure_theme import LIGHT

AGAINST = {
    Versus.REST: gettext_lazy("Against the rest"),
    Versus.BEFORE: gettext_lazy("Against before"),
    Versus.GOAL: gettext_lazy("Against the goal"),
}
SAID = {
    Versus.REST: (
        gettext_lazy("Clearly above the rest: %(names)s."),
        gettext_lazy("Clearly below the rest: %(names)s."),
        gettext_lazy("No group can be told apart."),
    ),
    Versus.BEFORE: (
        gettext_lazy("Clearly up: %(names)s."),
        gettext_lazy("Clearly down: %(names)s."),
        gettext_lazy("No group moved for certain."),
    ),
    Versus.GOAL: (
        gettext_lazy("Clearly above the goal: %(names)s."),
        gettext_lazy("Clearly below the goal: %(names)s."),
        gettext_lazy("No group can be told from the goal."),
    ),
}


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
    low, high = domain_with(report, measure, [estimate for _row, estimate in shown])
    x = score_axis(measure, (low, high), tickCount=6, grid=False)
    y = names_axis([value["name"] for value in values])
    color = {"condition": {"test": "datum.clear", "value": LIGHT["ink"]}, "value": LIGHT["edge"]}
    tooltip = tooltip_of(measure, title_of(report))
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
            *aim(report, measure, x, "x"),
        ],
    )  # fmt: skip
    base, exact_base = _base_columns(report)
    return Figure(
        id="groups",
        title=_("%(metric)s by %(column)s")
        % {"metric": measure.label, "column": title_of(report).lower()},
        says=_groups_say(report),
        spec=spec,
        columns=[title_of(report), measure.label, _("Answers"), *base,
                 str(AGAINST[report.asked.versus])],
        rows=[_group_row(report, measure, row) for row in report.rows],
        exact_columns=[*report.asked.columns, "answers", *exact_base, "score", "low", "high",
                       "difference", "difference_low", "difference_high", "p_value_corrected"],
        exact=[_group_exact(report, row) for row in report.rows],
        csv_url=csv_url,
    )  # fmt: skip


def _groups_say(report: ExploreReport) -> str:
    up = [name_of(report, r) for r in report.rows if r.is_clear and _is_up(r)]
    down = [name_of(report, r) for r in report.rows if r.is_clear and not _is_up(r)]
    rises, falls, nothing_clear = SAID[report.asked.versus]
    said = []
    for names, sentence in ((up, rises), (down, falls)):
        if names:
            more = [_("%(n)s more") % {"n": len(names) - NAMED}] if len(names) > NAMED else []
            said.append(str(sentence) % {"names": listed(names[:NAMED] + more)})
    if not said:
        said.append(str(nothing_clear))
    hidden = sum(row.is_hidden for row in report.rows)
    if hidden:
        text = ngettext("%(n)s small group is hidden.", "%(n)s small groups are hidden.", hidden)
        said.append(text % {"n": words.number(hidden)})
    return " ".join(said)


def _group_row(report: ExploreReport, measure: Measure, row: Row) -> list[str]:
    name, base = name_of(report, row), _base_columns(report)[0]
    if row.estimate is None:
        return [name, _("hidden"), "", *([""] * len(base)), ""]
    change = difference_words(row.against, measure, row.is_clear) if row.against else ""
    counted = [words.number(_base_of(report, row))] if base else []
    own = words.interval(row.estimate, measure.kind)
    return [name, own, words.number(row.n), *counted, change]


def _group_exact(report: ExploreReport, row: Row) -> list[Any]:
    base = _base_columns(report)[1]
    if row.estimate is None:
        return [*row.key, *[None] * (8 + len(base))]
    change, own = row.against, row.estimate
    told = [change.value, change.low, change.high] if change else [None] * 3
    counted = [_base_of(report, row)] if base else []
    return [*row.key, row.n, *counted, own.value, own.low, own.high, *told, row.p_value]


def _base_columns(report: ExploreReport) -> tuple[list[str], list[str]]:
    """What a score rests on besides its answers, for the page and for a file."""
    if report.which is Which.ASKED:
        return [_("Without an answer")], ["unanswered"]
    return ([_("Worth")], ["effective_answers"]) if report.weights is not None else ([], [])


def _base_of(report: ExploreReport, row: Row) -> float:
    if report.which is Which.ASKED or row.estimate is None:
        return row.silent
    return row.estimate.effective_n or row.n


def _is_up(row: Row) -> bool:
    return row.against is not None and row.against.value > 0
