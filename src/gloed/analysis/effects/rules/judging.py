"""Did it help? One decision, from counts before and after in both arms.

The method is difference-in-differences (docs/methods/effects.md). It is looked at once, when the
time fixed beforehand is over, so that the level of the interval holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from gloed.stats import (
    Caveat,
    Estimate,
    NetCounts,
    Refusal,
    RegressionToMean,
    UnattributedChange,
    change_without_comparison,
    clustered_difference,
    difference_in_differences,
    expected_returns,
    parallel_trends,
    placebo_rank,
)

FEWEST_GROUPS = 4
"""In each arm, for the scatter between groups to be told from the groups themselves."""
FEWEST_ANSWERS = 5
"""A group with fewer before or after says nothing about its own change."""
ALPHA = 0.05
NOBODY = NetCounts(0, 0, 0)


class Verdict(StrEnum):
    """The three answers there are. Stored: never rename one."""

    LIKELY = "likely"
    CANNOT_TELL = "cannot_tell"
    LIKELY_NOT = "likely_not"


class Why(StrEnum):
    """What the verdict rests on. Stored: never rename one."""

    ABOVE_ZERO = "above_zero"  # the whole interval is above zero
    SMALL = "small"  # above zero, and surely less than was worth having
    BELOW_MINIMUM = "below_minimum"  # surely less than was worth having
    BELOW_ZERO = "below_zero"  # it became worse
    OPEN = "open"  # the interval holds both
    RETURN = "return"  # the group would have come back by itself as far
    DIVERGING = "diverging"  # the arms moved apart already before
    NO_HISTORY = "no_history"  # fewer than three periods before
    FEW_TEAMS = "few_teams"  # too few teams to tell a team's own luck
    NO_COMPARISON = "no_comparison"
    TOO_FEW = "too_few"  # answers


class Design(StrEnum):
    """With whom it is compared. Stored: never rename one."""

    GROUPS = "groups"  # some groups get it, others do not
    ROLLOUT = "rollout"  # all get it, in an order drawn by lot
    NONE = "none"  # everybody gets it at once


@dataclass(frozen=True, slots=True)
class Series:
    """The answers of one group: in equal spans before the start, oldest first, and after it."""

    before: tuple[NetCounts, ...]
    after: NetCounts

    @property
    def whole(self) -> NetCounts:
        """Everything before the start together."""
        return sum(self.before, start=NOBODY)


@dataclass(frozen=True, slots=True)
class Trial:
    """What is judged: who got it, who did not, and what was fixed beforehand.

    `minimum` is the least change worth having, in points; `are_teams` when whole teams got it.
    `mix_before` and `mix_after` are those who got it by another column, for the mix part.
    """

    design: Design
    minimum: float
    treated: Mapping[str, Series]
    control: Mapping[str, Series] = field(default_factory=dict)
    are_teams: bool = False
    mix_before: Mapping[str, NetCounts] = field(default_factory=dict)
    mix_after: Mapping[str, NetCounts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict with everything it rests on; without comparison `effect` is None.

    `change` is that of those who got it, with its mix part and what regression to the mean
    expects. `returns` is how far treated less control would have come back by itself, in points.
    """

    verdict: Verdict
    why: Why
    change: UnattributedChange | None = None
    effect: Estimate | None = None
    trend: Estimate | None = None
    returns: float | None = None
    rank: float | None = None


def judge(trial: Trial, *, confidence: float = 0.95, is_explained: bool = True) -> Finding:
    """Whether it helped: likely, cannot tell, or likely not.

    "Likely" needs the whole interval of the effect above zero and above what regression to the
    mean explains, arms that did not move apart before the start, and, where whole teams got it,
    enough teams. "Likely not" needs the whole interval below what was worth having. A lot drawn by
    Gloed needs neither the guard against picking nor a history. The verdict is the same without
    the explanation, which takes most of the time.
    """
    if smallest_cell(replace(trial, control={})) == 0:
        return Finding(Verdict.CANNOT_TELL, Why.TOO_FEW)
    change = _change(trial, confidence) if is_explained else None
    if trial.design is Design.NONE or not trial.control:
        return Finding(Verdict.CANNOT_TELL, Why.NO_COMPARISON, change)
    effect = _effect(trial, confidence)
    if effect is None:
        return Finding(Verdict.CANNOT_TELL, Why.TOO_FEW, change)
    is_drawn = trial.design is Design.ROLLOUT
    trend = _trend(trial, confidence)
    returns = None if is_drawn else _returns(trial)
    rank = _rank(trial)
    verdict, why = _verdict(trial, effect, trend=trend, returns=returns, rank=rank)
    return Finding(verdict, why, change, effect, trend, returns, rank)


def smallest_cell(trial: Trial) -> float:
    """The answers of the smallest of the four cells (two where nobody is compared with)."""
    sides = [trial.treated, *([trial.control] if trial.control else [])]
    cells = [_sum(one.whole for one in side.values()) for side in sides]
    cells += [_sum(one.after for one in side.values()) for side in sides]
    return min((cell.n for cell in cells), default=0.0)


def _verdict(
    trial: Trial,
    effect: Estimate,
    *,
    trend: Estimate | None,
    returns: float | None,
    rank: float | None,
) -> tuple[Verdict, Why]:
    low, high = _ends(effect)
    if trial.design is not Design.ROLLOUT:
        if trend is None:
            return Verdict.CANNOT_TELL, Why.NO_HISTORY
        if trend.excludes(0):
            return Verdict.CANNOT_TELL, Why.DIVERGING
    if trial.are_teams and not _are_many(trial) and (rank is None or rank > ALPHA):
        return Verdict.CANNOT_TELL, Why.FEW_TEAMS
    if high < 0:
        return Verdict.LIKELY_NOT, Why.BELOW_ZERO
    if low > 0:
        if low <= (returns or 0.0):
            return Verdict.CANNOT_TELL, Why.RETURN
        return Verdict.LIKELY, Why.SMALL if high < trial.minimum else Why.ABOVE_ZERO
    if high < trial.minimum:
        return Verdict.LIKELY_NOT, Why.BELOW_MINIMUM
    return Verdict.CANNOT_TELL, Why.OPEN


def _change(trial: Trial, confidence: float) -> UnattributedChange | None:
    before = trial.mix_before or {name: one.whole for name, one in trial.treated.items()}
    after = trial.mix_after or {name: one.after for name, one in trial.treated.items()}
    groups = [one.whole for one in (*trial.treated.values(), *trial.control.values())]
    expected = _expected(groups, len(trial.treated))
    try:
        return change_without_comparison(before, after, expected=expected, confidence=confidence)
    except Refusal:
        return None


def _effect(trial: Trial, confidence: float) -> Estimate | None:
    try:
        if _are_many(trial):
            return _clustered(
                {name: (one.whole, one.after) for name, one in trial.treated.items()},
                {name: (one.whole, one.after) for name, one in trial.control.items()},
                confidence,
            )
        found = difference_in_differences(
            treated_before=_sum(one.whole for one in trial.treated.values()),
            treated_after=_sum(one.after for one in trial.treated.values()),
            control_before=_sum(one.whole for one in trial.control.values()),
            control_after=_sum(one.after for one in trial.control.values()),
            confidence=confidence,
        )
    except Refusal:
        return None
    return replace(found, caveats=(*found.caveats, Caveat.FEW_CLUSTERS))


def _clustered(
    treated: Mapping[str, tuple[NetCounts, NetCounts]],
    control: Mapping[str, tuple[NetCounts, NetCounts]],
    confidence: float,
) -> Estimate:
    """Every group counts alike, by its own change: two scores a group, errors by group."""
    values: list[float] = []
    arms: list[bool] = []
    after: list[bool] = []
    teams: list[str] = []
    answers = 0.0
    for is_treated, side in ((True, treated), (False, control)):
        for name, pair in side.items():
            if min(counts.n for counts in pair) < FEWEST_ANSWERS:
                continue
            values += [_net(counts) for counts in pair]
            arms += [is_treated, is_treated]
            after += [False, True]
            teams += [name, name]
            answers += sum(counts.n for counts in pair)
    found = clustered_difference(
        values, treated=arms, after=after, teams=teams, confidence=confidence
    )
    return replace(found, n=answers)


def _trend(trial: Trial, confidence: float) -> Estimate | None:
    """How the arms moved apart before the start; None where that cannot be looked at."""
    try:
        if _are_many(trial):
            return _clustered(_halves(trial.treated), _halves(trial.control), confidence)
        spans = range(min(len(one.before) for one in _all(trial)))
        arms = [
            [_sum(one.before[span] for one in side.values()) for span in spans]
            for side in (trial.treated, trial.control)
        ]
        return parallel_trends(*arms, confidence=confidence)
    except Refusal:
        return None


def _halves(side: Mapping[str, Series]) -> dict[str, tuple[NetCounts, NetCounts]]:
    found = {}
    for name, one in side.items():
        middle = len(one.before) // 2
        found[name] = (_sum(one.before[:middle]), _sum(one.before[middle:]))
    return found


def _returns(trial: Trial) -> float | None:
    """How far treated less control comes back with no action at all, in points."""
    groups = [one.whole for one in _all(trial)]
    try:
        back = expected_returns(groups)
    except Refusal:
        return None
    cut = len(trial.treated)
    weights = [1.0 if _are_many(trial) else group.n for group in groups]
    moved = [one.expected_change for one in back]
    return _mean(moved[:cut], weights[:cut]) - _mean(moved[cut:], weights[cut:])


def _expected(groups: Sequence[NetCounts], treated: int) -> RegressionToMean | None:
    """What those who got it would have come back to, taken together."""
    try:
        back = expected_returns(groups)[:treated]
    except Refusal:
        return None
    weights = [group.n for group in groups[:treated]]
    return RegressionToMean(
        reliability=_mean([one.reliability for one in back], weights),
        expected_change=_mean([one.expected_change for one in back], weights),
        expected=_mean([one.expected for one in back], weights),
    )


def _rank(trial: Trial) -> float | None:
    """With one team that got it: the share of teams that moved at least as far."""
    if not trial.are_teams or _are_many(trial) or len(trial.treated) != 1:
        return None
    changes = {
        name: 100 * (_net(one.after) - _net(one.whole))
        for name, one in {**trial.treated, **trial.control}.items()
        if min(one.whole.n, one.after.n) >= FEWEST_ANSWERS
    }
    try:
        return placebo_rank(changes, next(iter(trial.treated)))
    except Refusal:
        return None


def _are_many(trial: Trial) -> bool:
    """Whether there are groups enough in both arms to see how groups scatter."""
    counted = [
        sum(min(one.whole.n, one.after.n) >= FEWEST_ANSWERS for one in side.values())
        for side in (trial.treated, trial.control)
    ]
    return min(counted) >= FEWEST_GROUPS


def _all(trial: Trial) -> list[Series]:
    return [*trial.treated.values(), *trial.control.values()]


def _ends(estimate: Estimate) -> tuple[float, float]:
    low, high = estimate.low, estimate.high
    return (
        float("-inf") if low is None else low,
        float("inf") if high is None else high,
    )


def _sum(counts: Iterable[NetCounts]) -> NetCounts:
    return sum(counts, start=NOBODY)


def _net(counts: NetCounts) -> float:
    return (counts.promoters - counts.detractors) / counts.n


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)
