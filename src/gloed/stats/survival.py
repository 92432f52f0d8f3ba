"""How long do they stay, by what they answered? The clock starts at the answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, log, sqrt

import numpy as np

from gloed.stats.counts import FloatArray, as_floats
from gloed.stats.distributions import chi_square_tail
from gloed.stats.estimate import Caveat, Reason, Refusal, critical_z
from gloed.stats.standardisation import ChiSquareTest

_HAIR = 1e-12
"""A product of fractions that makes exactly one half may come out this much above it."""


@dataclass(frozen=True, slots=True)
class SurvivalPoint:
    """From this time on: share still there with its limits, and those at risk just before."""

    time: float
    share: float
    low: float | None
    high: float | None
    at_risk: int
    lost: int


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """One point per time at which somebody left; `median` is None while more than half stay."""

    points: tuple[SurvivalPoint, ...]
    n: int
    lost: int
    median: float | None
    confidence: float
    caveats: tuple[Caveat, ...] = ()

    def at(self, time: float) -> float:
        """Share still there at this time, as a fraction."""
        held = [point.share for point in self.points if point.time <= time]
        return held[-1] if held else 1.0


def time_since_answer(
    answered: Sequence[date], left: Sequence[date | None], *, until: date
) -> tuple[tuple[float, ...], tuple[bool, ...], tuple[int, ...]]:
    """Days from each answer to leaving or to `until`, whether they left, and whom it concerns.

    The class is fixed at the answer (landmark; Anderson and others 1983): who had left before
    answering or answered after `until` is left out; positions of those kept come third.

    >>> time_since_answer([date(2026, 1, 1)] * 2, [date(2026, 1, 31), None], until=date(2026, 3, 1))
    ((30.0, 59.0), (True, False), (0, 1))
    """
    if len(answered) != len(left):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every answer needs its customer's end, or None.")
    times, lost, kept = [], [], []
    for place, (start, end) in enumerate(zip(answered, left, strict=True)):
        gone = end is not None and end <= until
        days = ((end if gone and end is not None else until) - start).days
        if days >= 0:
            times.append(float(days))
            lost.append(gone)
            kept.append(place)
    return tuple(times), tuple(lost), tuple(kept)


def survival_curve(
    times: Iterable[float], lost: Sequence[bool], *, confidence: float = 0.95
) -> SurvivalCurve:
    """Kaplan-Meier with log-log Greenwood limits; at ties leaving comes before being lost sight of.

    `lost` says who left at that time; the others were still there when last seen. Agrees with
    `survival::survfit(..., conf.type = "log-log")`. Refuses nobody and negative times.

    >>> months = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161]
    >>> gone = [True, True, False, True, True, False, True, True, False, True, False]
    >>> curve = survival_curve(months, gone)
    >>> point = curve.points[1]
    >>> point.time, round(point.share, 6), round(point.low, 6), round(point.high, 6)
    (13.0, 0.818182, 0.447429, 0.951162)
    """
    z = critical_z(confidence)
    moments, events = checked_times(times, lost)
    points: list[SurvivalPoint] = []
    share, scatter = 1.0, 0.0
    for moment in np.unique(moments[events]):
        risk = int((moments >= moment).sum())
        gone = int((events & (moments == moment)).sum())
        share *= (risk - gone) / risk
        scatter += gone / (risk * (risk - gone)) if risk > gone else 0.0
        low, high = _log_log(share, scatter, z)
        points.append(SurvivalPoint(float(moment), share, low, high, risk, gone))
    halved = [point.time for point in points if point.share <= 0.5 + _HAIR]
    return SurvivalCurve(
        points=tuple(points),
        n=len(moments),
        lost=int(events.sum()),
        median=halved[0] if halved else None,
        confidence=confidence,
        caveats=() if points else (Caveat.NO_EVENTS,),
    )


def log_rank(groups: Mapping[str, tuple[Iterable[float], Sequence[bool]]]) -> ChiSquareTest:
    """Do the groups leave at different rates? Groups hold (times, lost), as `survdiff` in R.

    A group lost sight of before anybody left does not count. Refuses fewer than two groups that
    do, and groups in which nobody left.

    >>> early, late = ([1, 2, 3], [True] * 3), ([5, 6, 7], [True] * 3)
    >>> test = log_rank({"detractors": early, "promoters": late})
    >>> test.df, round(test.p_value, 4)
    (1, 0.0246)
    """
    if len(groups) < 2:
        raise Refusal(Reason.TOO_FEW, "Two or more groups can be compared.")
    held = [checked_times(times, lost) for times, lost in groups.values()]
    moments = np.unique(np.concatenate([times[events] for times, events in held]))
    if len(moments) == 0:
        raise Refusal(Reason.NO_VARIATION, "Nobody left in any group.")
    excess, expected = np.zeros(len(held)), np.zeros(len(held))
    spread = np.zeros((len(held), len(held)))
    for moment in moments:
        risk = np.array([(times >= moment).sum() for times, _ in held], dtype=np.float64)
        gone = np.array([(events & (times == moment)).sum() for times, events in held])
        total, lost = risk.sum(), gone.sum()
        share = risk / total
        excess += gone - lost * share
        expected += lost * share
        if total > 1:
            factor = lost * (total - lost) / (total - 1)
            spread += factor * (np.diag(share) - np.outer(share, share))
    looked = expected > 0  # of whom none was left when anybody left says nothing, as `survdiff`
    if int(looked.sum()) < 2:
        raise Refusal(Reason.TOO_FEW, "Two groups in which somebody could still leave are needed.")
    df = int(looked.sum()) - 1
    kept = np.flatnonzero(looked)[:df]
    statistic = float(excess[kept] @ np.linalg.pinv(spread[np.ix_(kept, kept)]) @ excess[kept])
    return ChiSquareTest(statistic, df, chi_square_tail(statistic, df))


def _log_log(share: float, scatter: float, z: float) -> tuple[float | None, float | None]:
    if not 0 < share < 1:
        return None, None
    reach = z * sqrt(scatter) / abs(log(share))
    return share ** exp(reach), share ** exp(-reach)


def checked_times(
    times: Iterable[float], lost: Sequence[bool]
) -> tuple[FloatArray, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Times and who left as arrays, or a refusal."""
    moments, events = as_floats(times), np.asarray(lost, dtype=np.bool_)
    if len(moments) != len(events):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every time needs whether somebody left.")
    if len(moments) == 0:
        raise Refusal(Reason.NO_ANSWERS, "Nobody was followed.")
    if not (moments >= 0).all() or not np.isfinite(moments).all():
        raise Refusal(Reason.NOT_A_NUMBER, "A time is 0 or more, and known.")
    return moments, events
