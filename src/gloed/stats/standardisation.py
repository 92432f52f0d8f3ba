"""Channels and modes: compare at one fixed mix, and see whether they answer alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from gloed.stats.counts import NetCounts
from gloed.stats.distributions import chi_square_tail
from gloed.stats.estimate import SMALL_BASE, Caveat, Estimate, Reason, Refusal, critical_z
from gloed.stats.intervals import score_interval


@dataclass(frozen=True, slots=True)
class ChiSquareTest:
    """A chi-square statistic, its degrees of freedom and its p-value."""

    statistic: float
    df: int
    p_value: float


def standardised_nps(
    channels: Mapping[str, NetCounts], mix: Mapping[str, float], *, confidence: float = 0.95
) -> Estimate:
    """NPS at a fixed reference mix of channels, sum w_k r_k, so a shift of channels is no change.

    `mix` is scaled to sum to 1. Standard error sqrt(sum w^2 v); interval: MOVER over the score
    intervals (Zou & Donner 2008). Refuses, by name, a reference channel without answers.

    >>> channels = {"phone": NetCounts(60, 25, 15), "web": NetCounts(30, 30, 40)}
    >>> score = standardised_nps(channels, {"phone": 0.3, "web": 0.7})
    >>> round(score.value, 6), round(score.standard_error, 5)
    (6.5, 6.22395)
    """
    if not mix or not all(0 <= share < float("inf") for share in mix.values()):
        raise Refusal(Reason.NO_TARGET, "A reference mix holds shares of 0 or more.")
    total = sum(mix.values())
    used = {name: share / total for name, share in mix.items() if share > 0}
    if not used:
        raise Refusal(Reason.NO_TARGET, "A reference mix needs a channel.")
    empty = sorted(name for name in used if name not in channels or channels[name].n == 0)
    if empty:
        raise Refusal(Reason.EMPTY_CELL, f"Nobody answered through: {', '.join(empty)}.")
    held = [channels[name] for name in used]
    rows = np.array([[c.detractors, c.passives, c.promoters] for c in held], dtype=np.float64)
    shares = np.array(list(used.values()))
    n = rows.sum(axis=1)
    nets = (rows[:, 2] - rows[:, 0]) / n
    variances = ((rows[:, 0] + rows[:, 2]) / n - nets**2) / n
    low, high = score_interval(rows, (-1, 0, 1), critical_z(confidence))
    value = float(shares @ nets)
    base = float(n.sum())
    return Estimate(
        value=100 * value,
        low=100 * (value - sqrt(float((shares**2) @ (nets - low) ** 2))),
        high=100 * (value + sqrt(float((shares**2) @ (high - nets) ** 2))),
        n=base,
        method="standardised_mover",
        confidence=confidence,
        caveats=(Caveat.SMALL_BASE,) if base < SMALL_BASE else (),
        standard_error=100 * sqrt(float((shares**2) @ variances)),
    )


def homogeneity(groups: Sequence[NetCounts]) -> ChiSquareTest:
    """Pearson's chi-square: do the groups answer alike? Classes nobody chose are left out.

    >>> test = homogeneity([NetCounts(60, 25, 15), NetCounts(30, 30, 40)])
    >>> round(test.statistic, 6), test.df
    (21.818182, 2)
    """
    table = np.array([[g.promoters, g.passives, g.detractors] for g in groups], dtype=np.float64)
    if len(groups) < 2 or (table.sum(axis=1) == 0).any():
        raise Refusal(Reason.NO_ANSWERS, "Two or more groups with answers can be compared.")
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2:
        raise Refusal(Reason.NO_VARIATION, "All answers fall in one class: nothing to compare.")
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    df = (table.shape[0] - 1) * (table.shape[1] - 1)
    return ChiSquareTest(statistic, df, chi_square_tail(statistic, df))
