"""A group picked because it was extreme comes back by itself: how far?"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite

from gloed.stats.counts import NetCounts
from gloed.stats.estimate import Reason, Refusal


@dataclass(frozen=True, slots=True)
class RegressionToMean:
    """What to expect of the next wave with no action at all. In points."""

    reliability: float
    expected_change: float
    expected: float


def regression_to_mean(
    *, observed: float, mean: float, n: float, answer_variance: float, spread_variance: float
) -> RegressionToMean:
    """Expected change (1 - rel)(mean - observed), rel = b^2 / (b^2 + s^2/n).

    `observed` and `mean` in points; `answer_variance` s^2 of one answer on -1..1 (P + D - t^2);
    `spread_variance` b^2 between groups in points squared, 0 or less counts as 0.
    Source: Davis 1976; Barnett and others 2005.

    >>> back = regression_to_mean(
    ...     observed=5, mean=40, n=30, answer_variance=0.60, spread_variance=100
    ... )
    >>> round(back.reliability, 6), round(back.expected_change, 6)
    (0.333333, 23.333333)
    """
    if not 0 < n < inf:
        raise Refusal(Reason.NO_ANSWERS, "A group without answers was not extreme.")
    if not all(isfinite(number) for number in (observed, mean, spread_variance)):
        raise Refusal(Reason.NOT_A_NUMBER, "A score or the spread between groups is missing.")
    if not 0 <= answer_variance < inf:
        raise Refusal(Reason.BAD_SETTING, "A variance is 0 or more.")
    between, within = max(spread_variance, 0.0), 1e4 * answer_variance / n
    reliability = between / (between + within) if between > 0 else 0.0
    change = (1 - reliability) * (mean - observed)
    return RegressionToMean(reliability, change, observed + change)


def spread_between(groups: Sequence[NetCounts]) -> float:
    """Variance of the true NPS between groups, in points squared; may come out 0 or less.

    Method of moments: the weighted scatter of the groups less what chance alone makes of it,
    with the within-group variance pooled (Searle, Casella & McCulloch 1992).

    >>> round(spread_between([NetCounts(80, 10, 10), NetCounts(40, 20, 40)]) ** 0.5)
    49
    """
    held = [group for group in groups if group.n > 0]
    total = sum(group.n for group in held)
    if len(held) < 2 or total <= len(held):
        raise Refusal(Reason.TOO_FEW, "Two groups with several answers are needed.")
    scores = [(group.promoters - group.detractors) / group.n for group in held]
    mean = sum(s * g.n for s, g in zip(scores, held, strict=True)) / total
    scatter = sum(g.n * (s - mean) ** 2 for s, g in zip(scores, held, strict=True))
    within = sum(g.promoters + g.detractors - g.n * s**2 for s, g in zip(scores, held, strict=True))
    typical = (total - sum(g.n**2 for g in held) / total) / (len(held) - 1)
    noise = within / (total - len(held))
    return 1e4 * (scatter / (len(held) - 1) - noise) / typical


def expected_returns(groups: Sequence[NetCounts]) -> tuple[RegressionToMean, ...]:
    """The same for every group of a set, its mean and spread taken from the set.

    Refuses a group without answers.
    """
    if any(group.n == 0 for group in groups):
        raise Refusal(Reason.NO_ANSWERS, "A group without answers was not extreme.")
    between = spread_between(groups)
    pooled = sum(groups[1:], start=groups[0])
    mean = (pooled.promoters - pooled.detractors) / pooled.n
    variance = (pooled.promoters + pooled.detractors) / pooled.n - mean**2
    return tuple(
        regression_to_mean(
            observed=100 * (group.promoters - group.detractors) / group.n,
            mean=100 * mean,
            n=group.n,
            answer_variance=variance,
            spread_variance=between,
        )
        for group in groups
    )
