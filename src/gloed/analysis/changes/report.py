"""A period against another: the total, what another mix did, and the groups in which it sits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from gloed.analysis import queries
from gloed.analysis.breaks import Break
from gloed.analysis.changes import rules
from gloed.analysis.changes.asked import ChangeAsked
from gloed.analysis.changes.focus import Focus, find_focus
from gloed.analysis.changes.rules import Shift, Vanished
from gloed.analysis.changes.segments import Column, column_of, corrected, returns_of
from gloed.analysis.changes.subjects import Subject, breaks_within
from gloed.analysis.measures import Measure, measure_of, p_value_of
from gloed.analysis.queries import Filter, Query, Result, Selection
from gloed.analysis.reports import OVERVIEW, choices_of
from gloed.analysis.schema import THEME
from gloed.analysis.store import Source
from gloed.stats import (
    Estimate,
    Histogram,
    MixRate,
    change_by_dimensions,
    mix_and_rate,
)
from gloed.surveys.models import Survey
from gloed.surveys.rules import Metric

MOST_CELLS = 40
ANSWERS_A_CELL = 10
"""With fewer answers in a cell on average, factors cannot be told apart."""


class Verdict(StrEnum):
    """What can be said of a change, in one word."""

    NOTHING = "nothing"  # nothing you should act on
    PLACE = "place"  # it changed, and it sits somewhere
    EVERYWHERE = "everywhere"  # it changed, about alike everywhere
    MIX = "mix"  # it changed because other people answered
    UNDERNEATH = "underneath"  # the whole did not change, a group did
    SOME = (
        "some"  # a group did, though it cannot be told from the others, nor the whole from before
    )
    FEW = "few"  # too few answers in one of the periods
    NO_ANSWERS = "no_answers"
    OTHER_SCALE = "other_scale"  # the periods were asked on different scales
    BAD_PERIODS = "bad_periods"  # they overlap


@dataclass(frozen=True, slots=True)
class Parts:
    """The change taken apart, in the unit of the score: change = mix + rate."""

    column: str
    mix: Estimate
    rate: Estimate
    factors: tuple[tuple[str, float], ...] = ()  # mix of each column, and "rate"


@dataclass(frozen=True)
class ChangeReport:
    """Everything the page says of two periods; without `measure` there is nothing to say."""

    subject: Subject
    asked: ChangeAsked
    verdict: Verdict
    names: Mapping[str, str]
    choices: Mapping[str, list[tuple[str | None, str]]]
    cut_off: datetime | None
    measure: Measure | None = None
    before: Estimate | None = None
    after: Estimate | None = None
    n: tuple[int, int] = (0, 0)
    change: Estimate | None = None
    p_value: float = 1.0
    comparisons: int = 0
    parts: Parts | None = None
    columns: tuple[Column, ...] = ()
    chosen: Column | None = None
    focus: Focus | None = None
    vanished: tuple[Vanished, ...] = ()
    shifts: tuple[Shift, ...] = ()
    breaks: list[tuple[Survey, Break]] = field(default_factory=list)
    other_scales: int = 0

    @property
    def is_clear(self) -> bool:
        """Whether the whole changed for certain, all looks on the page counted."""
        return self.p_value < rules.ALPHA


@dataclass(frozen=True, slots=True)
class Looked:
    """The two selections of a report and what they hold."""

    source: Source
    measure: Measure
    minimum: int
    before: Selection
    after: Selection


def change_report(
    source: Source,
    subject: Subject,
    asked: ChangeAsked,
    *,
    names: Mapping[str, str],
    minimum: int,
    teams: Sequence[Filter] = (),
    cut_off: datetime | None = None,
) -> ChangeReport:
    """What changed in a subject between the two periods of an address.

    `teams` narrows everything to what a colleague may see. Groups of fewer than `minimum` people
    in either period are hidden, and what would give them away.
    """
    everything = subject.selection(queries.ALL_TIME, teams)
    splitting = queries.splitting_columns(source)
    each = queries.run_each(source, everything, splitting) if splitting else {}
    empty = ChangeReport(
        subject=subject,
        asked=asked,
        verdict=Verdict.BAD_PERIODS,
        names=names,
        choices=choices_of(each, names),
        cut_off=cut_off,
    )
    if not asked.has_periods:
        return empty
    filters = [*teams, *(Filter(column, (value,)) for column, value in asked.filters)]
    selections = [subject.selection(window, filters) for window in (asked.past, asked.window)]
    results = [queries.run(source, Query(selection)) for selection in selections]
    wholes = [result.merged() for result in results]
    before, after = wholes
    if before is None or after is None or not before.n or not after.n:
        return replace(empty, verdict=Verdict.NO_ANSWERS)
    if results[0].scale is None or results[0].scale != results[1].scale:
        return replace(empty, verdict=Verdict.OTHER_SCALE)
    if min(before.n, after.n) < minimum or _gives_away(subject, asked, source, teams, wholes,
                                                       minimum):  # fmt: skip
        return replace(empty, verdict=Verdict.FEW)
    measure = measure_of(subject.metric, results[0].scale)
    looked = Looked(source, measure, minimum, selections[0], selections[1])
    told = replace(
        empty,
        measure=measure,
        n=(int(before.n), int(after.n)),
        before=measure.estimate(before),
        after=measure.estimate(after),
        change=measure.difference(before, after),
        other_scales=int(results[0].other_scales + results[1].other_scales),
        breaks=breaks_within(subject, asked.past, asked.window),
    )
    return _with_groups(told, looked, before, after)


def _with_groups(
    report: ChangeReport, looked: Looked, before: Histogram, after: Histogram
) -> ChangeReport:
    filtered = {column for column, _value in report.asked.filters}
    offered = [name for name in report.choices if name != THEME]  # themes are no parts of a whole
    names = [column for column in offered if column not in filtered][:OVERVIEW]
    if report.asked.by in offered and report.asked.by not in names:
        names.append(report.asked.by)
    found = _split(looked, names)
    pairs = {name: column.pairs for name, column in found.items()}
    focus = find_focus(looked, found, rules.rank_columns(pairs), before, after)
    total = p_value_of(looked.measure.difference(before, after))
    columns, focus, (p_value,), comparisons = corrected(
        looked.measure, list(found.values()), focus, [total]
    )
    by_name = {column.name: column for column in columns}
    chosen = by_name.get(report.asked.by) or (
        by_name.get(focus.columns[0]) if focus else _strongest(columns)
    )
    if chosen is not None:
        chosen = returns_of(looked.measure, chosen)
    parts = _parts(looked, chosen, pairs)
    told = replace(
        report,
        columns=columns,
        chosen=chosen,
        focus=focus if focus and focus.keys else None,
        p_value=p_value,
        comparisons=comparisons,
        parts=parts,
        vanished=tuple(rules.new_and_gone({n: c.visible_pairs for n, c in by_name.items()})),
        shifts=tuple(rules.shifts_of(by_name["channel"].visible_pairs))
        if "channel" in by_name
        else (),
    )
    return replace(told, verdict=verdict_of(told))


def _split(looked: Looked, names: Sequence[str]) -> dict[str, Column]:
    if not names:
        return {}
    # all columns, as elsewhere: the answer is kept and serves the other pages too
    asked = queries.splitting_columns(looked.source)
    sides: list[dict[str, Result]] = []
    people = []
    for selection in (looked.before, looked.after):
        each = queries.run_each(looked.source, selection, asked)
        own = {name: each[name] for name in names}
        sides.append(own)
        people.append(queries.count_few_people(looked.source, own, minimum=looked.minimum))
    return {
        name: column_of(
            looked.measure,
            name,
            (sides[0][name], sides[1][name]),
            (people[0].get(name, {}), people[1].get(name, {})),
            minimum=looked.minimum,
        )
        for name in names
    }


def _strongest(columns: Sequence[Column]) -> Column | None:
    """The column with the clearest group, for a page on which nothing stands out."""
    telling = [column for column in columns if len(column.shown) > 1]
    return min(telling, key=lambda column: (column.p_value, column.name), default=None)


def _parts(looked: Looked, chosen: Column | None, pairs: Mapping[str, rules.Pairs]) -> Parts | None:
    if chosen is None:
        return None
    names = {key: str(place) for place, key in enumerate(chosen.pairs)}
    sides = [
        {names[key]: getattr(pair, side) for key, pair in chosen.pairs.items()}
        for side in ("before", "after")
    ]
    apart: MixRate = mix_and_rate(sides[0], sides[1])
    unit = looked.measure.net_unit
    return Parts(
        chosen.name, scaled(apart.mix, unit), scaled(apart.rate, unit), _factors(looked, pairs)
    )


def _factors(looked: Looked, pairs: Mapping[str, rules.Pairs]) -> tuple[tuple[str, float], ...]:
    """The mix of several columns at once, where cells are filled well enough; empty otherwise."""
    ordered = sorted(pairs, key=lambda name: (-abs(rules.mix_part(pairs[name])), name))
    for number in (3, 2):
        names = tuple(sorted(ordered[:number]))
        if len(names) < number:
            continue
        sides = []
        for selection in (looked.before, looked.after):
            result = queries.run(looked.source, Query(selection, by=names))
            if result.scale != looked.measure.scale:
                return ()
            groups = {g: h for g, h in result.by_group().items() if h.n}
            sides.append(
                {
                    tuple(value or "" for value in group): looked.measure.net_counts(own)
                    for group, own in groups.items()
                }
            )
        cells = len({*sides[0], *sides[1]})
        least = min(sum(c.n for c in side.values()) for side in sides)
        if 1 < cells <= MOST_CELLS and least >= ANSWERS_A_CELL * cells:
            found = change_by_dimensions(sides[0], sides[1], names)
            return tuple((n, looked.measure.net_unit * part.value) for n, part in found.items())
    return ()


def verdict_of(report: ChangeReport) -> Verdict:
    """What can be said of a change; nothing happened only where no group moved either."""
    focus, parts = report.focus, report.parts
    if not report.is_clear:
        if focus:
            return Verdict.UNDERNEATH
        moved = any(segment.is_clear for column in report.columns for segment in column.segments)
        return Verdict.SOME if moved else Verdict.NOTHING
    if parts and parts.mix.excludes(0) and not parts.rate.excludes(0):
        return Verdict.MIX
    return Verdict.PLACE if focus else Verdict.EVERYWHERE


def _gives_away(
    subject: Subject,
    asked: ChangeAsked,
    source: Source,
    teams: Sequence[Filter],
    wholes: Sequence[Histogram | None],
    minimum: int,
) -> bool:
    """Whether, among employees, what a filter leaves out is so small that it could be known."""
    if subject.metric is not Metric.ENPS or not asked.filters:
        return False
    for window, part in zip((asked.past, asked.window), wholes, strict=True):
        whole = queries.run(source, Query(subject.selection(window, teams))).merged()
        if whole and part and 0 < whole.n - part.n < minimum:
            return True
    return False


def scaled(estimate: Estimate, unit: float) -> Estimate:
    """The same estimate in another unit."""
    low, high = estimate.low, estimate.high
    return replace(
        estimate,
        value=estimate.value * unit,
        low=None if low is None else low * unit,
        high=None if high is None else high * unit,
    )
