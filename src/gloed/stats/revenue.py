"""Revenue kept and earned: facts of a closed ledger without an interval, and their forecast."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from gloed.stats.counts import FloatArray, all_finite, as_floats, how_many
from gloed.stats.distributions import random_numbers
from gloed.stats.estimate import SMALL_BASE, Caveat, Estimate, Reason, Refusal, critical_z

SEED = 20_260_301
_REPEATS = 2000
_CHUNK = 4_000_000


@dataclass(frozen=True, slots=True)
class RevenueLedger:
    """Last year's customers: their revenue then (`opening`) and now (`closing`).

    `contraction` is what those who stayed but spend less fell by, `churned` the opening revenue
    of those who left, `customers` their number (0 if not known). All in one currency; mergeable.

    >>> RevenueLedger.from_customers([100, 50, 30], [120, 20, 0])
    RevenueLedger(opening=180.0, closing=140.0, contraction=30.0, churned=30.0, customers=3)
    """

    opening: float
    closing: float
    contraction: float = 0.0
    churned: float = 0.0
    customers: int = 0

    def __post_init__(self) -> None:
        _check_amounts(self.opening, self.closing, self.contraction, self.churned, self.customers)
        if self.contraction + self.churned > self.opening * (1 + 1e-12):
            raise Refusal(
                Reason.IMPOSSIBLE_COUNTS, "More revenue was lost than there was at the start."
            )

    @classmethod
    def from_customers(cls, opening: Iterable[float], closing: Iterable[float]) -> Self:
        """One amount per customer and year; customers without opening revenue are new: left out."""
        before, after = _amounts_per_customer(opening, closing)
        left = after == 0
        return cls(
            opening=float(before.sum()),
            closing=float(after.sum()),
            contraction=float(np.maximum(before - after, 0)[~left].sum()),
            churned=float(before[left].sum()),
            customers=len(before),
        )

    def __add__(self, other: Self) -> Self:
        if not isinstance(other, RevenueLedger):
            return NotImplemented
        names = [field.name for field in fields(self)]
        return type(self)(*(getattr(self, name) + getattr(other, name) for name in names))


def net_revenue_retention(ledger: RevenueLedger) -> Estimate:
    """This year's revenue from last year's customers over last year's revenue, in percent.

    >>> net_revenue_retention(RevenueLedger(opening=100, closing=85)).value
    85.0
    """
    return _fact(100 * ledger.closing / _opening(ledger), ledger, "net_revenue_retention")


def gross_revenue_retention(ledger: RevenueLedger) -> Estimate:
    """The same with every customer capped at the opening revenue: growth hides no loss.

    >>> ledger = RevenueLedger(opening=200, closing=210, contraction=20, churned=10)
    >>> gross_revenue_retention(ledger).value
    85.0
    """
    kept = _opening(ledger) - ledger.contraction - ledger.churned
    return _fact(100 * max(kept, 0.0) / ledger.opening, ledger, "gross_revenue_retention")


def forecast_revenue_retention(
    opening: Iterable[float],
    closing: Iterable[float],
    *,
    gross: bool = False,
    confidence: float = 0.95,
    repeats: int = _REPEATS,
    seed: int = SEED,
) -> Estimate:
    """What these customers would keep and spend in another such year, in percent.

    The value is that of the ledger, net or `gross`; the interval comes from `repeats` seeded draws
    of whole customers, because a few large ones make or break it (Efron 1979). One amount per
    customer and year; customers without opening revenue are left out. Refuses fewer than two.

    >>> score = forecast_revenue_retention([100, 50, 30, 20] * 10, [120, 50, 0, 10] * 10)
    >>> score.value, score.low < 90 < score.high, score.n
    (90.0, True, 40)
    """
    critical_z(confidence)  # refuses an impossible level
    repeats = how_many(repeats)
    before, after = _amounts_per_customer(opening, closing)
    if len(before) < 2:
        raise Refusal(Reason.TOO_FEW, "Two or more customers are needed to say how sure this is.")
    kept = np.minimum(before, after) if gross else after
    value = 100 * float(kept.sum() / before.sum())
    tail = 50 * (1 - confidence)
    low, high = np.percentile(_redrawn_shares(kept, before, repeats, seed), [tail, 100 - tail])
    return Estimate(
        value=value,
        low=min(value, 100 * float(low)),
        high=max(value, 100 * float(high)),
        n=len(before),
        method="customer_bootstrap",
        confidence=confidence,
        caveats=(Caveat.SMALL_BASE,) if len(before) < SMALL_BASE else (),
        seed=seed,
    )


def earned_growth(
    ledger: RevenueLedger,
    *,
    earned_new: float,
    bought_new: float = 0.0,
    unknown_new: float = 0.0,
) -> Estimate:
    """Growth by customers who stay and those they bring: NRR + earned new - 100, in percent.

    The three amounts split this year's revenue of new customers by how they came: by referral,
    by marketing, not known. Revenue of unknown origin makes the rate a range from "none of it
    earned" (the value shown) to "all of it". Source: Reichheld, Darnell & Burns 2021.

    >>> rate = earned_growth(RevenueLedger(100, 85), earned_new=25, bought_new=20)
    >>> rate.value, rate.low
    (10.0, None)
    """
    _check_amounts(earned_new, bought_new, unknown_new)
    opening = _opening(ledger)
    kept = ledger.closing - opening
    lowest, highest = kept + earned_new, kept + earned_new + unknown_new
    rates = (100 * lowest / opening, 100 * highest / opening)
    return _fact(rates[0], ledger, "earned_growth", limits=rates if unknown_new else None)


def earned_growth_ratio(
    ledger: RevenueLedger,
    *,
    earned_new: float,
    bought_new: float = 0.0,
    unknown_new: float = 0.0,
) -> Estimate:
    """The earned part of total growth, as a fraction.

    Flagged where revenue shrank or the earned part did: the fraction then misleads. Refuses no
    growth at all.

    >>> ratio = earned_growth_ratio(RevenueLedger(100, 85), earned_new=25, bought_new=20)
    >>> round(ratio.value, 6)
    0.333333
    """
    _check_amounts(earned_new, bought_new, unknown_new)
    kept = ledger.closing - _opening(ledger)
    growth = kept + earned_new + bought_new + unknown_new
    if growth == 0:
        raise Refusal(Reason.NO_GROWTH, "Revenue did not change, so no part of it was earned.")
    ends = ((kept + earned_new) / growth, (kept + earned_new + unknown_new) / growth)
    limits = (min(ends), max(ends)) if unknown_new else None
    fact = _fact(ends[0], ledger, "earned_growth_ratio", limits=limits)
    if growth > 0 and min(ends) >= 0:
        return fact
    return replace(fact, caveats=(*fact.caveats, Caveat.NEGATIVE_GROWTH))


def _amounts_per_customer(
    opening: Iterable[float], closing: Iterable[float]
) -> tuple[FloatArray, FloatArray]:
    before, after = as_floats(opening), as_floats(closing)
    if len(before) != len(after):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every customer needs both amounts.")
    if not (np.isfinite(before).all() and np.isfinite(after).all()):
        raise Refusal(Reason.NOT_A_NUMBER, "An amount is missing or infinite.")
    if (before < 0).any() or (after < 0).any():
        raise Refusal(Reason.NEGATIVE_COUNT, "Revenue per customer is 0 or more.")
    return before[before > 0], after[before > 0]


def _redrawn_shares(kept: FloatArray, before: FloatArray, repeats: int, seed: int) -> FloatArray:
    """Kept over opening revenue in bootstraps of customers, shape (repeats,)."""
    random = random_numbers(seed)
    n = len(before)
    step = max(1, _CHUNK // n)
    parts = []
    for begin in range(0, repeats, step):
        picked = random.integers(n, size=(min(step, repeats - begin), n))
        parts.append(kept[picked].sum(axis=1) / before[picked].sum(axis=1))
    return np.concatenate(parts)


def _opening(ledger: RevenueLedger) -> float:
    if ledger.opening == 0:
        raise Refusal(Reason.NO_OPENING, "Without revenue last year nothing can be kept.")
    return ledger.opening


def _fact(
    value: float,
    ledger: RevenueLedger,
    method: str,
    *,
    limits: tuple[float, float] | None = None,
) -> Estimate:
    caveats = [Caveat.NO_SAMPLING_ERROR]
    if ledger.customers == 0:
        caveats.append(Caveat.BASE_NOT_STATED)
    if limits:
        caveats.append(Caveat.ORIGIN_UNKNOWN)
    low, high = limits or (None, None)
    return Estimate(value, low, high, ledger.customers, method, caveats=tuple(caveats))


def _check_amounts(*amounts: float) -> None:
    if not all_finite(amounts):
        raise Refusal(Reason.NOT_A_NUMBER, "An amount is missing or infinite.")
    if min(amounts) < 0:
        raise Refusal(Reason.NEGATIVE_COUNT, "An amount cannot be negative here.")
