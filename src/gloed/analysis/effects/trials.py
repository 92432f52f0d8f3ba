"""From a prediction to a trial: which answers, in which spans, of which groups."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from gloed.analysis import queries
from gloed.analysis.effects.rules import Design, Series, Trial, Volume, drift_of
from gloed.analysis.measures import Kind, Measure, measure_of
from gloed.analysis.queries import Filter, Query, Selection, Window
from gloed.analysis.store import Source
from gloed.stats import Histogram, NetCounts, Shares
from gloed.surveys.rules import Metric

SPANS = 6
"""Into so many equal spans the time before the start is cut, to see how the arms moved in it."""
ALL = ""
"""The one group of an improvement that everybody gets at once."""
MIX_COLUMN = "channel"
NOBODY = NetCounts(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is compared with what, as plain values."""

    surveys: tuple[str, ...]
    metric: Metric
    filters: tuple[Filter, ...]
    design: Design
    column: str
    treated: tuple[str, ...]
    control: tuple[str, ...]
    starts_on: date
    weeks_before: int
    weeks_after: int
    settle_weeks: int = 0

    @property
    def before(self) -> Window:
        """The days before the start that count."""
        return Window(self.starts_on - timedelta(weeks=self.weeks_before), self.starts_on)

    @property
    def after(self) -> Window:
        """The days after it that count."""
        first = self.starts_on + timedelta(weeks=self.settle_weeks)
        return Window(first, first + timedelta(weeks=self.weeks_after))

    @property
    def judged_on(self) -> date:
        """The day on which the time is over. A roll-out goes to the others from then on."""
        return self.starts_on + timedelta(weeks=self.settle_weeks + self.weeks_after)

    def spans(self) -> list[Window]:
        """The time before the start in equal parts, oldest first."""
        days = 7 * self.weeks_before
        cuts = [self.starts_on - timedelta(days=round(days * k / SPANS)) for k in range(SPANS + 1)]
        cuts.reverse()
        return [Window(a, b) for a, b in pairwise(cuts)]

    def selection(self, window: Window) -> Selection:
        """The answers of a window that count."""
        return Selection(self.surveys, self.metric.value, window, self.filters)


@dataclass(frozen=True, slots=True)
class Measured:
    """A trial and the measure that its points are of."""

    trial: Trial
    measure: Measure

    @property
    def unit(self) -> float:
        """How much of the score's unit one point of the trial is."""
        return self.measure.net_unit


def shown_unit(kind: Kind) -> float:
    """How much of the score one unit of a minimum is: a percent point is a hundredth of a share."""
    return 0.01 if kind is Kind.SHARE else 1.0


def measure_for(source: Source, plan: Plan) -> Measure | None:
    """The measure of its answers; None where nobody has answered."""
    scale = queries.run(source, Query(plan.selection(queries.ALL_TIME))).scale
    return None if scale is None else measure_of(plan.metric, scale)


def trial_of(source: Source, plan: Plan, *, minimum: float) -> Measured | None:
    """Everything the judgement needs, read from the projection; None without any answer."""
    measure = measure_for(source, plan)
    if measure is None:
        return None
    pasts = [_counts(source, plan, measure, window) for window in plan.spans()]
    after = _counts(source, plan, measure, plan.after)
    mixes = [_mix(source, plan, measure, window) for window in (plan.before, plan.after)]
    trial = Trial(
        design=plan.design,
        minimum=minimum * shown_unit(measure.kind) / measure.net_unit,
        treated=_series(plan.treated, pasts, after),
        control=_series(plan.control, pasts, after),
        are_teams=plan.column == "team" and plan.design is Design.GROUPS,
        mix_before=mixes[0],
        mix_after=mixes[1],
    )
    return Measured(trial, measure)


def volume_of(source: Source, plan: Plan, *, until: date) -> tuple[Volume, Measure] | None:
    """What the weeks just before `until` promise for the time to come; None without answers."""
    measure = measure_for(source, plan)
    if measure is None:
        return None
    shifted = _moved(plan, until)
    pasts = [_counts(source, shifted, measure, window) for window in shifted.spans()]
    arms = [_series(side, pasts, {}) for side in (plan.treated, plan.control)]
    total = sum((one.whole for side in arms for one in side.values()), start=NOBODY)
    if total.n == 0:
        return None
    weekly = [
        tuple(one.whole.n / plan.weeks_before for one in side.values() if one.whole.n)
        for side in arms
    ]
    shares = Shares(total.promoters / total.n, total.detractors / total.n)
    drift = drift_of({**arms[0], **arms[1]})
    return Volume(weekly[0], weekly[1], shares, drift), measure


def weekly_answers(
    source: Source, plan: Plan, values: Iterable[str], *, until: date
) -> dict[str, float]:
    """Answers a week of each group, over the weeks just before `until`."""
    shifted = _moved(plan, until)
    found = queries.run(source, Query(shifted.selection(shifted.before), by=(plan.column,)))
    counted = {group[0]: histogram.n for group, histogram in found.by_group().items()}
    return {value: counted.get(value, 0.0) / plan.weeks_before for value in values}


def _moved(plan: Plan, until: date) -> Plan:
    return Plan(
        plan.surveys,
        plan.metric,
        plan.filters,
        plan.design,
        plan.column,
        plan.treated,
        plan.control,
        min(until, plan.starts_on),
        plan.weeks_before,
        plan.weeks_after,
    )


def _counts(source: Source, plan: Plan, measure: Measure, window: Window) -> dict[str, NetCounts]:
    by = (plan.column,) if plan.column else ()
    found = queries.run(source, Query(plan.selection(window), by=by))
    return _netted(found.by_group(), measure)


def _mix(source: Source, plan: Plan, measure: Measure, window: Window) -> dict[str, NetCounts]:
    """Those who got it by the way they were asked."""
    if plan.column == MIX_COLUMN:
        return {}
    selection = plan.selection(window)
    if plan.column:
        selection = selection.narrowed(Filter(plan.column, plan.treated))
    found = queries.run(source, Query(selection, by=(MIX_COLUMN,)))
    return _netted(found.by_group(), measure)


def _netted(
    groups: Mapping[tuple[str | None, ...], Histogram], measure: Measure
) -> dict[str, NetCounts]:
    return {
        (group[0] if group else ALL) or ALL: measure.net_counts(histogram)
        for group, histogram in groups.items()
        if histogram.n and histogram.values == measure.scale.values
    }


def _series(
    names: Sequence[str],
    pasts: Sequence[Mapping[str, NetCounts]],
    after: Mapping[str, NetCounts],
) -> dict[str, Series]:
    return {
        name: Series(tuple(past.get(name, NOBODY) for past in pasts), after.get(name, NOBODY))
        for name in names
    }
