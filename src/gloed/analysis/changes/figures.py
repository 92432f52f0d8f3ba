"""The figures of a change: how it comes about step by step, and how every group moved."""

from collections.abc import Sequence
from math import hypot
from typing import Any, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from gloed.analysis import words
from gloed.analysis.changes.report import ChangeReport, Parts
from gloed.analysis.changes.segments import Column, Segment
from gloed.analysis.changes.words import interval_of, listed
from gloed.analysis.figures.drawn import Figure, names_axis, score_axis, spec_of
from gloed.analysis.measures import Kind, Measure
from gloed.base.figure_theme import LIGHT
from gloed.stats import Estimate

Reach: TypeAlias = tuple[float, float] | None
"""The interval of a step, where one can be told."""

MOST_STEPS = 6
MOST_SEGMENTS = 40


def figures_of(report: ChangeReport, *, csv_url: Any) -> dict[str, Figure]:
    """The figures that can be drawn, by name; `csv_url(name)` is where their numbers are."""
    found: dict[str, Figure] = {}
    if report.measure is None or report.before is None or report.after is None:
        return found
    if report.parts is not None:
        ends = (report.before, report.after)
        found["steps"] = steps(report, report.measure, report.parts, ends, csv_url("steps"))
    if report.chosen is not None and report.chosen.shown:
        found["groups"] = groups(report, report.measure, report.chosen, csv_url("groups"))
    return found


def steps(
    report: ChangeReport,
    measure: Measure,
    parts: Parts,
    ends: tuple[Estimate, Estimate],
    csv_url: str = "",
) -> Figure:
    """From the score before to the score after: what the mix did, then what each group did."""
    bars = _bars(report, measure, parts, ends)
    edges = [bar[end] for bar in bars for end in ("start", "end", "low", "high")]
    reach = [edge for edge in edges if edge is not None]
    air = 0.04 * (max(reach) - min(reach)) or 1.0
    x = score_axis(measure, (min(reach) - air, max(reach) + air), tickCount=6, grid=True)
    y = names_axis([bar["name"] for bar in bars])
    color = {
        "condition": {"test": "datum.clear", "value": LIGHT["ink"]},
        "value": LIGHT["edge"],
    }
    tooltip = [
        {"field": "name", "title": _("Step"), "type": "nominal"},
        {"field": "text", "title": measure.label, "type": "nominal"},
    ]
    moved, ends_only = "!datum.is_end", "datum.is_end"
    spec = spec_of(
        bars,
        height=32 * len(bars) + 10,
        layer=[
            {
                "transform": [{"filter": moved}],
                "mark": {"type": "bar", "height": 14},
                "encoding": {"x": {**x, "field": "start"}, "x2": {"field": "end"}, "y": y,
                             "color": color, "tooltip": tooltip},
            },
            {
                "transform": [{"filter": "isValid(datum.low)"}],
                "mark": {"type": "rule", "strokeWidth": 1.5},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y,
                             "color": {"value": LIGHT["ember"]}, "tooltip": tooltip},
            },
            {
                "transform": [{"filter": ends_only}],
                "mark": {"type": "point", "size": 80},
                "encoding": {"x": {**x, "field": "end"}, "y": y, "tooltip": tooltip},
            },
        ],
    )  # fmt: skip
    return Figure(
        id="steps",
        title=_("From before to now, by %(column)s")
        % {"column": words.column_label(parts.column).lower()},
        says=_steps_say(parts, measure),
        spec=spec,
        columns=[_("Step"), _("Part of the change"), _("Score after it")],
        rows=[[bar["name"], bar["text"], words.score(bar["end"], measure.kind)] for bar in bars],
        exact_columns=[
            "step",
            "part",
            "part_low",
            "part_high",
            "score_after_it",
            "score_low",
            "score_high",
        ],
        exact=[_exact_step(bar) for bar in bars],
        csv_url=csv_url,
    )


def _exact_step(bar: dict[str, Any]) -> list[Any]:
    """A step has an interval of what it adds, an end one of its score."""
    none = [None, None]
    parts, scores = (none, bar["reach"]) if bar["is_end"] else (bar["reach"], none)
    return [bar["name"], bar["part"], *parts, bar["end"], *scores]


def _bars(
    report: ChangeReport, measure: Measure, parts: Parts, ends: tuple[Estimate, Estimate]
) -> list[dict[str, Any]]:
    """Every step with where it starts and ends, and its interval around its end."""
    before, after = ends
    at = before.value
    bars = [_end(_("Before"), before.value, before.low, before.high, measure)]
    for name, part, reach, clear in _moves(report, parts, after.value - before.value):
        low, high = reach or (None, None)
        bars.append(
            {
                "name": name,
                "start": at,
                "end": at + part,
                "low": None if low is None else at + low,
                "high": None if high is None else at + high,
                "part": part,
                "reach": [low, high],
                "text": words.change(part, measure.kind),
                "clear": clear,
                "is_end": False,
            }
        )
        at += part
    bars.append(_end(_("Now"), after.value, after.low, after.high, measure))
    return bars


def _moves(
    report: ChangeReport, parts: Parts, whole: float
) -> list[tuple[str, float, Reach, bool]]:
    """The steps between the ends: name, part of the whole, its interval, and whether it is clear.

    First the mix, then the groups with the largest parts, then all others together.
    """
    mix, chosen = parts.mix, report.chosen
    reach = (mix.low or 0.0, mix.high or 0.0)
    found: list[tuple[str, float, Reach, bool]] = [
        (_("Other mix"), mix.value, reach, mix.excludes(0))
    ]
    if chosen is None:
        return found
    shown = sorted(chosen.shown, key=lambda one: -abs(one.part))[:MOST_STEPS]
    found += [(_name(report, chosen, s), s.part, s.reach, s.is_clear) for s in shown]
    rest = whole - sum(part for _n, part, *_more in found)
    others = [one for one in chosen.segments if one not in shown]
    if others and abs(rest) > 1e-9:
        found.append((_("All other groups"), rest, _reach_of_rest(rest, others), False))
    return found


def _reach_of_rest(rest: float, others: Sequence[Segment]) -> Reach:
    """How far the groups without a step of their own may have moved the whole together.

    The groups are independent, so that distances to their limits add up in squares (MOVER; Zou
    and Donner 2008). Unknown where the move of one of them may not be told.
    """
    if any(one.is_hidden for one in others):
        return None
    told = [one for one in others if one.change is not None]
    below = hypot(*(one.part - one.reach[0] for one in told))
    above = hypot(*(one.reach[1] - one.part for one in told))
    return (rest - below, rest + above)


def _end(
    name: str, value: float, low: float | None, high: float | None, measure: Measure
) -> dict[str, Any]:
    ends = [value if low is None else low, value if high is None else high]
    return {
        "name": name, "start": value, "end": value, "low": ends[0], "high": ends[1],
        "part": None, "reach": ends, "text": words.score(value, measure.kind),
        "clear": True, "is_end": True,
    }  # fmt: skip


def _steps_say(parts: Parts, measure: Measure) -> str:
    facts = {
        "mix": interval_of(parts.mix, measure.kind),
        "rate": interval_of(parts.rate, measure.kind),
    }
    return _("Another mix of groups makes %(mix)s, what the groups say %(rate)s.") % facts


def groups(report: ChangeReport, measure: Measure, chosen: Column, csv_url: str = "") -> Figure:
    """How far each group moved, with its interval; ink where that is certain."""
    shown = sorted(chosen.shown, key=_by_move)[:MOST_SEGMENTS]
    unit = 100.0 if measure.kind is Kind.SHARE else 1.0
    values: list[dict[str, Any]] = [
        {
            "name": _name(report, chosen, segment),
            "move": unit * segment.change.value,
            "low": unit * (segment.change.low or 0.0),
            "high": unit * (segment.change.high or 0.0),
            "text": interval_of(segment.change, measure.kind),
            "clear": segment.is_clear,
        }
        for segment in shown
        if segment.change is not None
    ]
    x = {
        "type": "quantitative",
        "scale": {"zero": True, "nice": True},
        "axis": {
            "title": _unit(measure),
            "format": "+~g",
            "tickCount": 6,
            "grid": False,
            "labelSeparation": 8,
        },
    }
    y = names_axis([value["name"] for value in values])
    color = {"condition": {"test": "datum.clear", "value": LIGHT["ink"]}, "value": LIGHT["edge"]}
    tooltip = [
        {"field": "name", "title": words.column_label(chosen.name), "type": "nominal"},
        {"field": "text", "title": pgettext("how much", "Change"), "type": "nominal"},
    ]
    spec = spec_of(
        values,
        height=30 * len(values) + 10,
        layer=[
            {
                "data": {"values": [{"none": 0}]},
                "mark": {"type": "rule", "color": LIGHT["line"], "strokeWidth": 1},
                "encoding": {"x": {**x, "field": "none"}},
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y,
                             "color": color, "tooltip": tooltip},
            },
            {
                "mark": {"type": "point", "size": 70},
                "encoding": {"x": {**x, "field": "move"}, "y": y, "color": color,
                             "tooltip": tooltip},
            },
        ],
    )  # fmt: skip
    return Figure(
        id="groups",
        title=_("How each group moved, by %(column)s")
        % {"column": words.column_label(chosen.name).lower()},
        says=_groups_say(report, chosen),
        spec=spec,
        columns=[
            words.column_label(chosen.name), _("Before"), _("Now"),
            pgettext("how much", "Change"),
            _("By itself"), _("Answers"),
        ],
        rows=[_row(report, measure, chosen, segment) for segment in chosen.segments],
        exact_columns=[
            "value", "answers_before", "answers_after", "score_before", "score_after", "change",
            "change_low", "change_high", "p_value_corrected", "expected_by_itself",
            "part_of_the_change",
        ],
        exact=[_exact(measure, segment) for segment in chosen.segments],
        csv_url=csv_url,
    )  # fmt: skip


def _unit(measure: Measure) -> str:
    """What a move is counted in."""
    return {
        Kind.POINTS: _("points"),
        Kind.SHARE: _("percentage points"),
        Kind.MEAN: _("steps of the scale"),
    }[measure.kind]


def _groups_say(report: ChangeReport, chosen: Column) -> str:
    up = [_name(report, chosen, s) for s in chosen.shown if s.is_clear and s.part > 0]
    down = [_name(report, chosen, s) for s in chosen.shown if s.is_clear and s.part < 0]
    said = []
    if up:
        said.append(_("Clearly up: %(names)s.") % {"names": listed(up)})
    if down:
        said.append(_("Clearly down: %(names)s.") % {"names": listed(down)})
    if not said:
        said.append(_("No group moved for certain."))
    if chosen.hidden:
        said.append(
            ngettext(
                "%(n)s small group is hidden.", "%(n)s small groups are hidden.", chosen.hidden
            )
            % {"n": words.number(chosen.hidden)}
        )
    return " ".join(said)


def _row(report: ChangeReport, measure: Measure, chosen: Column, segment: Segment) -> list[str]:
    name = _name(report, chosen, segment)
    if segment.is_hidden:
        return [name, _("hidden"), _("hidden"), "", "", ""]
    sides = [
        words.score(measure.estimate(side).value, measure.kind) if side.n else _("nobody")
        for side in (segment.before, segment.after)
    ]
    numbers = f"{words.number(segment.before.n)} → {words.number(segment.after.n)}"
    change = returns = ""
    if segment.change is not None:
        change = interval_of(segment.change, measure.kind)
        if not segment.is_clear:
            change = _("%(change)s, not clear") % {"change": change}
    if segment.returns is not None:
        returns = words.change(segment.returns, measure.kind)
    return [name, *sides, change, returns, numbers]


def _exact(measure: Measure, segment: Segment) -> list[Any]:
    value = " / ".join(part or "" for part in segment.key)
    if segment.is_hidden:
        return [value, *[None] * 10]
    scores = [measure.mean(side) if side.n else None for side in (segment.before, segment.after)]
    unit = 100.0 if measure.kind is Kind.POINTS else 1.0
    exact: list[Any] = [value, segment.before.n, segment.after.n]
    exact += [None if score is None else unit * score for score in scores]
    known = segment.change
    exact += [known.value, known.low, known.high] if known else [None] * 3
    return [*exact, segment.p_value, segment.returns, segment.part if known else None]


def _name(report: ChangeReport, chosen: Column, segment: Segment) -> str:
    return words.value_label(chosen.name, segment.key[0], dict(report.names))


def _by_move(segment: Segment) -> tuple[float, str]:
    return (segment.change.value if segment.change else 0.0, segment.key[0] or "")
