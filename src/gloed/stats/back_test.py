"""Did the chances that were given come true? A forecast held against what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from gloed.stats.counts import FloatArray, as_floats
from gloed.stats.estimate import SMALL_BASE, Caveat, Estimate, Reason, Refusal, critical_z
from gloed.stats.intervals import wilson_interval

GROUPS = 10


@dataclass(frozen=True, slots=True)
class Decile:
    """Customers who were given about the same chance: the mean chance and the share who left.

    Both in percent. `fits` says whether the chance lies in the interval of what happened.
    """

    expected: float
    observed: Estimate

    @property
    def fits(self) -> bool:
        """Whether what happened does not speak against the chance given."""
        return not self.observed.excludes(self.expected)


@dataclass(frozen=True, slots=True)
class BackTest:
    """How well chances held: Brier's score, that of one chance for all, and deciles by chance.

    Brier's score is the mean square of chance less outcome (1 left, 0 stayed): 0 is perfect.
    """

    brier: Estimate
    brier_of_one_chance: float
    deciles: tuple[Decile, ...]

    @property
    def is_better(self) -> bool:
        """Whether the chances surely beat giving everybody the overall share."""
        return self.brier.high is not None and self.brier.high < self.brier_of_one_chance


def back_test(
    chances: Sequence[float], left: Sequence[bool], *, confidence: float = 0.95
) -> BackTest:
    """Hold last year's chances of leaving (0 to 1) against who left, customer by customer.

    Ten groups from the lowest chance to the highest; equal chances stay together, so classes with
    one chance each make as many groups. Wilson's interval on what happened, a normal one around
    Brier's score. Refuses nobody and chances outside 0 to 1. Source: Brier 1950.

    >>> test = back_test([0.1] * 50 + [0.4] * 50, [True] * 5 + [False] * 45 + [True, False] * 25)
    >>> round(test.brier.value, 4), round(test.brier_of_one_chance, 4)
    (0.175, 0.21)
    >>> [(round(decile.expected), round(decile.observed.value)) for decile in test.deciles]
    [(10, 10), (40, 50)]
    """
    z = critical_z(confidence)
    given, gone = as_floats(chances), as_floats(left)
    if len(given) != len(gone):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every chance needs whether the customer left.")
    if len(given) == 0:
        raise Refusal(Reason.NO_ANSWERS, "Nobody was followed.")
    if not ((given >= 0) & (given <= 1)).all():
        raise Refusal(Reason.BAD_PROBABILITY, "A chance lies between 0 and 1.")
    if not np.isin(gone, (0.0, 1.0)).all():
        raise Refusal(Reason.NOT_A_NUMBER, "A customer left or did not.")
    squares = (given - gone) ** 2
    n, value = len(given), float(squares.mean())
    error = float(squares.std(ddof=1)) / sqrt(n) if n > 1 else None
    reach = z * error if error is not None else 1.0
    return BackTest(
        brier=Estimate(
            value=value,
            low=max(0.0, value - reach),
            high=min(1.0, value + reach),
            n=n,
            method="brier",
            confidence=confidence,
            caveats=(Caveat.SMALL_BASE,) if n < SMALL_BASE else (),
            standard_error=error,
        ),
        brier_of_one_chance=float(gone.mean() * (1 - gone.mean())),
        deciles=tuple(_decile(given[rows], gone[rows], confidence) for rows in _deciles(given)),
    )


def _deciles(given: FloatArray) -> list[NDArray[np.intp]]:
    """Positions by chance, in up to ten groups; equal chances are never parted."""
    edges = np.unique(np.quantile(given, np.arange(1, GROUPS) / GROUPS, method="lower"))
    place = np.searchsorted(edges, given, side="left")
    return [np.flatnonzero(place == group) for group in np.unique(place)]


def _decile(given: FloatArray, gone: FloatArray, confidence: float) -> Decile:
    lost, n = float(gone.sum()), len(gone)
    low, high = wilson_interval((n - lost, lost), (0, 1), critical_z(confidence))
    value = 100 * lost / n
    observed = Estimate(
        value=value,
        low=min(value, 100 * float(low)),
        high=max(value, 100 * float(high)),
        n=n,
        method="wilson",
        confidence=confidence,
        caveats=(Caveat.SMALL_BASE,) if n < SMALL_BASE else (),
    )
    return Decile(100 * float(given.mean()), observed)
