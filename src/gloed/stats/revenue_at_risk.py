"""What leaves if each class leaves at its own rate, and what of it is above promoters' rate."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gloed.stats.counts import FloatArray, all_finite
from gloed.stats.distributions import random_numbers
from gloed.stats.estimate import Caveat, Estimate, Reason, Refusal, critical_z
from gloed.stats.retention import churn_rate

SEED = 20_260_301
_DRAWS = 20_000


@dataclass(frozen=True, slots=True)
class ClassRevenue:
    """One class: its revenue now, and of how many customers how many left in a past year."""

    revenue: float
    customers: int
    churned: int

    def __post_init__(self) -> None:
        if not all_finite((self.revenue, self.customers, self.churned)):
            raise Refusal(Reason.NOT_A_NUMBER, "Revenue or customers are missing or infinite.")
        if self.revenue < 0:
            raise Refusal(Reason.NEGATIVE_COUNT, "Revenue is 0 or more.")
        if not 0 <= self.churned <= self.customers:
            raise Refusal(Reason.IMPOSSIBLE_COUNTS, "Those who left are among the customers.")


@dataclass(frozen=True, slots=True)
class RevenueAtRisk:
    """Churn per class (percent), revenue at risk, and the excess over promoters' churn."""

    churn: dict[str, Estimate]
    total: Estimate
    excess: Estimate


def revenue_at_risk(
    classes: Mapping[str, ClassRevenue],
    *,
    reference: str = "promoters",
    confidence: float = 0.95,
    seed: int = SEED,
) -> RevenueAtRisk:
    """Sum of revenue x churn share, and of revenue x (churn share - promoters' churn share).

    Churn per class with Wilson's interval; the sums' intervals from 20,000 seeded draws of the
    churn shares (Jeffreys). Classes differ in other ways too: the excess is NOT what mending the
    score would save. Refuses a class without customers and a missing reference class.

    >>> risk = revenue_at_risk(
    ...     {"promoters": ClassRevenue(600, 300, 15), "detractors": ClassRevenue(200, 100, 20)}
    ... )
    >>> round(risk.total.value, 6), round(risk.excess.value, 6)
    (70.0, 30.0)
    """
    if reference not in classes:
        raise Refusal(Reason.NO_COMPARISON_GROUP, f"The class to compare with is {reference}.")
    churn = {
        name: churn_rate(
            start=c.customers, end=c.customers - c.churned, new=0, confidence=confidence
        )
        for name, c in classes.items()
    }
    held = list(classes.values())
    revenue = np.array([c.revenue for c in held])
    share = np.array([c.churned / c.customers for c in held])
    place = list(classes).index(reference)
    random = random_numbers(seed)
    drawn = np.column_stack(
        [random.beta(c.churned + 0.5, c.customers - c.churned + 0.5, size=_DRAWS) for c in held]
    )
    n = sum(c.customers for c in held)
    total = _simulated(float(revenue @ share), drawn @ revenue, n, confidence, seed)
    excess = _simulated(
        float(revenue @ (share - share[place])),
        (drawn - drawn[:, [place]]) @ revenue,
        n,
        confidence,
        seed,
    )
    return RevenueAtRisk(churn, total, excess)


def _simulated(value: float, draws: FloatArray, n: float, confidence: float, seed: int) -> Estimate:
    critical_z(confidence)  # refuses an impossible level
    tail = 50 * (1 - confidence)
    low, high = np.percentile(draws, [tail, 100 - tail])
    return Estimate(
        value=value,
        low=min(value, float(low)),
        high=max(value, float(high)),
        n=n,
        method="simulated_total",
        confidence=confidence,
        caveats=(Caveat.NOT_CAUSAL_SAVING,),
        seed=seed,
    )
