"""Who is best? Ranks as the ranges the data allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from gloed.stats.counts import NetCounts, as_floats
from gloed.stats.difference import mover_p_values
from gloed.stats.estimate import Reason, Refusal, critical_z, two_sided_p
from gloed.stats.multiplicity import holm


@dataclass(frozen=True, slots=True)
class RankRange:
    """From the best to the worst rank the data allow; 1 is first."""

    best: int
    worst: int


def rank_groups(groups: Sequence[NetCounts], *, confidence: float = 0.95) -> tuple[RankRange, ...]:
    """Rank ranges by NPS: pairwise MOVER tests, Holm-adjusted.

    [1 + groups surely better, G - groups surely worse]. Source: Mogstad and others 2024; Klein
    and others 2020. Refuses a group without answers.

    >>> rank_groups([NetCounts(90, 5, 5), NetCounts(10, 20, 70), NetCounts(12, 20, 68)])
    (RankRange(best=1, worst=1), RankRange(best=2, worst=3), RankRange(best=2, worst=3))
    """
    if any(group.n == 0 for group in groups):
        raise Refusal(Reason.NO_ANSWERS, "A group without answers has no rank.")
    rows = np.array([[g.detractors, g.passives, g.promoters] for g in groups], dtype=np.float64)
    pairs = list(combinations(range(len(groups)), 2))
    scores = [(g.promoters - g.detractors) / g.n for g in groups]
    if not pairs:
        return (RankRange(1, 1),) * len(groups)
    first, second = (rows[[pair[side] for pair in pairs]] for side in (0, 1))
    p_values = mover_p_values(first, second, (-1, 0, 1))
    return _ranges(scores, pairs, p_values.tolist(), confidence)


def rank_estimates(
    values: Sequence[float], errors: Sequence[float], *, confidence: float = 0.95
) -> tuple[RankRange, ...]:
    """Rank ranges of independent estimates with standard errors; a higher value is better.

    >>> rank_estimates([30, 10, 12], [2, 3, 3])[0]
    RankRange(best=1, worst=1)
    """
    scores, spreads = as_floats(values), as_floats(errors)
    if len(scores) != len(spreads):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every estimate needs one standard error.")
    if not (np.isfinite(scores).all() and np.isfinite(spreads).all()):
        raise Refusal(Reason.NOT_A_NUMBER, "An estimate or its standard error is missing.")
    if (spreads <= 0).any():
        raise Refusal(Reason.NO_VARIATION, "A standard error is more than 0.")
    pairs = list(combinations(range(len(scores)), 2))
    p_values = [
        two_sided_p(float((scores[i] - scores[j]) ** 2 / (spreads[i] ** 2 + spreads[j] ** 2)))
        for i, j in pairs
    ]
    return _ranges(scores.tolist(), pairs, p_values, confidence)


def can_be_ranked(ranges: Sequence[RankRange]) -> bool:
    """Whether any rank is known better than "somewhere from first to last".

    >>> can_be_ranked([RankRange(1, 2), RankRange(1, 2)])
    False
    """
    return any(held.best > 1 or held.worst < len(ranges) for held in ranges)


def _ranges(
    scores: Sequence[float],
    pairs: Sequence[tuple[int, int]],
    p_values: Sequence[float],
    confidence: float,
) -> tuple[RankRange, ...]:
    critical_z(confidence)  # refuses an impossible level
    better, worse = [0] * len(scores), [0] * len(scores)
    for (i, j), p_value in zip(pairs, holm(p_values), strict=True):
        if p_value < 1 - confidence:
            winner, loser = (i, j) if scores[i] > scores[j] else (j, i)
            better[loser] += 1
            worse[winner] += 1
    return tuple(
        RankRange(1 + above, len(scores) - below)
        for above, below in zip(better, worse, strict=True)
    )
