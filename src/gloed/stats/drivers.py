"""What should we mend first? Importance with its doubt, beside performance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

import numpy as np

from gloed.stats.counts import FloatArray, Scores, as_floats, how_many
from gloed.stats.distributions import random_numbers
from gloed.stats.estimate import Caveat, Estimate, Reason, Refusal, critical_z
from gloed.stats.importance import r_squared, relative_weights, shares_of, variance_inflation
from gloed.stats.ranking import RankRange

SEED = 20_260_301
FEWEST_ANSWERS = 100
ANSWERS_PER_DRIVER = 10
COLLINEAR = 10.0
ORDERS_UP_TO = 20
_REPEATS = 1000
_HAIR = 1e-9
_CHUNK = 20_000_000


@dataclass(frozen=True, slots=True)
class Driver:
    """One driver: its share of R squared, the ranks the data allow, its direction, its VIF."""

    name: str
    importance: Estimate
    rank: RankRange
    slope: float
    inflation: float


@dataclass(frozen=True, slots=True)
class DriverReport:
    """What the drivers explain together (a share of 1), each, and what was left out or merged."""

    r_squared: Estimate
    drivers: tuple[Driver, ...]
    n: int
    constant: tuple[str, ...]
    merged: tuple[tuple[str, str], ...]
    seed: int


def key_drivers(
    outcome: Scores,
    drivers: Mapping[str, Scores],
    *,
    confidence: float = 0.95,
    repeats: int = _REPEATS,
    seed: int = SEED,
) -> DriverReport:
    """LMG importance (percent of the outcome's variance) with bootstrap of share and rank.

    Complete cases only. A constant driver is dropped and named; drivers with VIF above 10 are
    merged pairwise (mean of their standard scores) and named; above 12 drivers 400 seeded orders,
    above 20 Johnson's relative weights. Associated with, not cause of. Refuses fewer answers than
    100 or 10 per driver, and an outcome without variation. Source: Lindeman, Merenda & Gold 1980;
    Gromping 2006; Johnson 2000.
    """
    critical_z(confidence)  # refuses an impossible level
    repeats = how_many(repeats)
    names, rows = _complete(outcome, drivers)
    if len(rows) < max(FEWEST_ANSWERS, ANSWERS_PER_DRIVER * len(names)):
        raise Refusal(Reason.TOO_FEW, "Drivers need 100 complete answers, and 10 for each of them.")
    spread = np.ptp(rows, axis=0)
    if spread[0] == 0:
        raise Refusal(Reason.NO_VARIATION, "All outcomes are alike: nothing drives them.")
    constant = tuple(name for name, s in zip(names, spread[1:], strict=True) if s == 0)
    names = [name for name in names if name not in constant]
    if not names:
        raise Refusal(Reason.NO_VARIATION, "No driver varies.")
    rows = rows[:, spread > 0]
    names, rows, merged = _merge_collinear(names, rows)
    covariance = np.cov(rows, rowvar=False)
    share = _importance(covariance, seed)
    draws = _importance(_resampled(rows, repeats, seed), seed)
    tail = 50 * (1 - confidence)
    low, high = np.percentile(100 * draws, [tail, 100 - tail], axis=0)
    ends = np.percentile(draws.sum(axis=1), [tail, 100 - tail])
    explained = r_squared(covariance)
    method = "lmg" if len(names) <= ORDERS_UP_TO else "relative_weights"
    ranks = (-draws).argsort(axis=1).argsort(axis=1) + 1
    best, worst = np.percentile(ranks, [tail, 100 - tail], axis=0)
    slopes = np.linalg.solve(covariance[1:, 1:], covariance[1:, 0])
    inflation = variance_inflation(covariance)
    return DriverReport(
        r_squared=Estimate(
            value=explained,
            low=min(explained, float(ends[0])),
            high=max(explained, float(ends[1])),
            n=len(rows),
            method="r_squared",
            confidence=confidence,
            caveats=(Caveat.ASSOCIATION_ONLY,),
            seed=seed,
        ),
        drivers=tuple(
            Driver(
                name=name,
                importance=Estimate(
                    value=100 * float(share[i]),
                    low=min(100 * float(share[i]), float(low[i])),
                    high=max(100 * float(share[i]), float(high[i])),
                    n=len(rows),
                    method=method,
                    confidence=confidence,
                    caveats=(Caveat.ASSOCIATION_ONLY,),
                    seed=seed,
                ),
                rank=RankRange(int(np.floor(best[i])), int(np.ceil(worst[i]))),
                slope=float(slopes[i]),
                inflation=float(inflation[i]),
            )
            for i, name in enumerate(names)
        ),
        n=len(rows),
        constant=constant,
        merged=merged,
        seed=seed,
    )


class Quadrant(StrEnum):
    """Importance against performance; named only if both intervals clear the lines."""

    MEND_FIRST = "mend_first"
    KEEP_UP = "keep_up"
    LOW_PRIORITY = "low_priority"
    POSSIBLE_EXCESS = "possible_excess"
    UNCLEAR = "unclear"


def quadrants(
    importance: Sequence[Estimate], performance: Sequence[Estimate]
) -> tuple[Quadrant, ...]:
    """Where each driver stands against the medians of both.

    Source: Martilla & James 1977; interval version Wu & Shieh 2009.

    >>> sure = [Estimate(v, v - 1, v + 1, 200, "lmg") for v in (20, 10, 5)]
    >>> done = [Estimate(v, v - 0.1, v + 0.1, 200, "score") for v in (3, 4, 5)]
    >>> [place.value for place in quadrants(sure, done)]
    ['mend_first', 'unclear', 'possible_excess']
    """
    if len(importance) != len(performance) or not importance:
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every driver needs importance and performance.")
    lines = [median(e.value for e in side) for side in (importance, performance)]
    named = {
        (True, False): Quadrant.MEND_FIRST,
        (True, True): Quadrant.KEEP_UP,
        (False, False): Quadrant.LOW_PRIORITY,
        (False, True): Quadrant.POSSIBLE_EXCESS,
    }
    return tuple(
        named[weight.value > lines[0], level.value > lines[1]]
        if weight.excludes(lines[0]) and level.excludes(lines[1])
        else Quadrant.UNCLEAR
        for weight, level in zip(importance, performance, strict=True)
    )


def _complete(outcome: Scores, drivers: Mapping[str, Scores]) -> tuple[list[str], FloatArray]:
    columns = [as_floats(outcome), *(as_floats(column) for column in drivers.values())]
    if len({len(column) for column in columns}) != 1:
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every answer needs its outcome and drivers.")
    if not drivers:
        raise Refusal(Reason.NO_ANSWERS, "There is no driver to look at.")
    rows = np.column_stack(columns)
    return list(drivers), rows[np.isfinite(rows).all(axis=1)]


def _merge_collinear(
    names: list[str], rows: FloatArray
) -> tuple[list[str], FloatArray, tuple[tuple[str, str], ...]]:
    merged: list[tuple[str, str]] = []
    while len(names) > 1:
        related = np.atleast_2d(np.corrcoef(rows[:, 1:], rowvar=False))
        worst = _most_inflated(related)
        if worst is None:
            break
        tied = np.abs(related[worst])
        tied[worst] = -1
        other = int(tied.argmax())
        first, second = sorted((worst, other))
        sign = np.sign(related[worst, other])
        standard = (rows - rows.mean(axis=0)) / rows.std(axis=0)
        rows = rows.copy()
        rows[:, first + 1] = (standard[:, first + 1] + sign * standard[:, second + 1]) / 2
        rows = np.delete(rows, second + 1, axis=1)
        merged.append((names[first], names[second]))
        names = [*names[:first], f"{names[first]} + {names[second]}", *names[first + 1 :]]
        del names[second]
    return names, rows, tuple(merged)


def _most_inflated(related: FloatArray) -> int | None:
    if np.linalg.cond(related) > 1e12:
        tied = np.abs(related - np.eye(len(related)))
        return int(tied.max(axis=1).argmax())
    inflation = np.diag(np.linalg.inv(related))
    return int(inflation.argmax()) if inflation.max() > COLLINEAR else None


def _importance(covariance: FloatArray, seed: int) -> FloatArray:
    stack = covariance if covariance.ndim == 3 else covariance[None]
    if covariance.shape[-1] - 1 > ORDERS_UP_TO:
        # What does not vary in a draw goes with nothing.
        still = [np.diag((np.diagonal(held) == 0).astype(np.float64)) for held in stack]
        pairs = zip(stack, still, strict=True)
        shares = np.array([relative_weights(held + alone) for held, alone in pairs])
    else:
        shares = shares_of(stack, seed=seed)
    return shares if covariance.ndim == 3 else shares[0]


def _resampled(rows: FloatArray, repeats: int, seed: int) -> FloatArray:
    """Covariances in respondent bootstraps, shape (repeats, 1 + drivers, 1 + drivers)."""
    random = random_numbers(seed)
    n, width = rows.shape
    centred = rows - rows.mean(axis=0)
    products = (centred[:, :, None] * centred[:, None, :]).reshape(n, -1)
    sums = np.hstack([centred, products])
    step = max(1, _CHUNK // n)
    parts = []
    for begin in range(0, repeats, step):
        size = min(step, repeats - begin)
        drawn = random.multinomial(n, np.full(n, 1 / n), size=size) @ sums / n
        mean = drawn[:, :width]
        square = drawn[:, width:].reshape(size, width, width)
        parts.append(square - mean[:, :, None] * mean[:, None, :])
    stack = np.concatenate(parts)
    # What is the same for all who were drawn varies by rounding alone: it explains nothing.
    varies = np.diagonal(stack, axis1=1, axis2=2) > _HAIR * (centred**2).mean(axis=0)
    still: FloatArray = stack * varies[:, :, None] * varies[:, None, :]
    return still
