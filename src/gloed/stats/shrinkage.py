"""Small groups borrow strength from the others: Dirichlet-multinomial with integrated pull."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gloed.stats.counts import FloatArray, NetCounts, all_finite
from gloed.stats.distributions import digamma, log_gamma, random_numbers
from gloed.stats.estimate import SMALL_BASE, Caveat, Estimate, Reason, Refusal, critical_z
from gloed.stats.nps import nps

FEWEST_GROUPS = 3
SEED = 20_260_301
_DRAWS = 20_000
_GRID = 400
_RANGE = (0.5, 5000.0)
_FIT_STEPS = 20_000


def shrink(
    groups: Sequence[NetCounts], *, confidence: float = 0.95, seed: int = SEED
) -> tuple[Estimate, ...]:
    """The NPS of every group, pulled towards all as far as its own answers leave open.

    Shares ~ Dirichlet(A pi), so NPS = (n raw + A pooled)/(n + A). A is integrated over
    [0.5, 5000] under the uniform-shrinkage prior A0/(A + A0)^2, A0 the median n; the interval
    comes from 20,000 seeded draws that also draw pi. Show raw and shrunk side by side. Groups
    must be exchangeable: never across country or channel. Under 3 groups the raw scores come
    back, marked so; a group without answers gets the others' score, marked so.
    Source: Mosimann 1962; Daniels 1999; Morris 1983; Laird & Louis 1987.

    >>> teams = [NetCounts(30, 10, 10), NetCounts(2, 0, 0), NetCounts(12, 4, 4)]
    >>> [round(score.value) for score in shrink(teams)]
    [41, 43, 41]
    """
    critical_z(confidence)  # refuses an impossible level
    table = np.array([[g.detractors, g.passives, g.promoters] for g in groups], dtype=np.float64)
    if len(groups) == 0 or table.sum() == 0:
        raise Refusal(Reason.NO_ANSWERS, "Nobody has answered in any group.")
    if int((table.sum(axis=1) > 0).sum()) < FEWEST_GROUPS:
        return _raw(groups, confidence=confidence)
    sizes = table.sum(axis=1)
    centre = (table.sum(axis=0) + 0.5) / (sizes.sum() + 1.5)
    pulls, chances = _pull_posterior(table, centre)
    shares = (table[None] + pulls[:, None, None] * centre) / (sizes + pulls[:, None])[..., None]
    values = 100 * (chances @ (shares[..., 2] - shares[..., 0]))
    nets = _draw(table, centre, pulls, chances, random_numbers(seed))
    tail = 50 * (1 - confidence)
    limits = np.percentile(100 * nets, [tail, 100 - tail], axis=0)
    return tuple(
        Estimate(
            value=float(value),
            low=min(float(value), float(low)),
            high=max(float(value), float(high)),
            n=group.n,
            method="dirichlet_multinomial",
            confidence=confidence,
            caveats=_caveats(group.n),
            seed=seed,
        )
        for group, value, low, high in zip(groups, values, limits[0], limits[1], strict=True)
    )


def _pull_posterior(table: FloatArray, centre: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Grid of the pull A and its posterior chances (a density times the log grid's width)."""
    sizes = table.sum(axis=1)
    pulls = np.geomspace(*_RANGE, _GRID)
    typical = float(np.median(sizes[sizes > 0]))
    log_prior = np.log(typical) - 2 * np.log(pulls + typical) + np.log(pulls)
    likelihood = np.array([_log_likelihood(table, pull * centre) for pull in pulls])
    log_chance = likelihood + log_prior
    chances = np.exp(log_chance - log_chance.max())
    return pulls, chances / chances.sum()


def _draw(
    table: FloatArray,
    centre: FloatArray,
    pulls: FloatArray,
    chances: FloatArray,
    random: "np.random.Generator",
) -> FloatArray:
    """Posterior draws of every group's net score, shape (draws, groups)."""
    sizes = table.sum(axis=1)
    pull = random.choice(pulls, size=_DRAWS, p=chances)
    known = (sizes / (1 + np.maximum(sizes - 1, 0) / (pull[:, None] + 1))).sum(axis=1)
    middle = random.standard_gamma(known[:, None] * centre + 0.5)
    middle /= middle.sum(axis=1, keepdims=True)
    shape = table[None] + (pull[:, None] * middle)[:, None, :]
    gammas = random.standard_gamma(shape)
    nets: FloatArray = (gammas[..., 2] - gammas[..., 0]) / gammas.sum(axis=2)
    return nets


def fit_dirichlet_multinomial(groups: Sequence[NetCounts]) -> tuple[float, float, float]:
    """The likeliest (promoters, passives, detractors) of the Dirichlet behind the groups.

    For reference only: intervals that plug it in cover 42 to 90% where 95 is claimed, so `shrink`
    does not. Minka's fixed point (2000), accelerated. Refuses groups no more different
    than chance.

    >>> teams = [(30, 10, 10), (6, 9, 5), (12, 4, 4), (5, 8, 7), (25, 10, 15)]
    >>> fitted = fit_dirichlet_multinomial([NetCounts(*team) for team in teams])
    >>> [round(weight, 1) for weight in fitted]
    [62.4, 34.2, 33.7]
    """
    held = [group for group in groups if group.n > 0]
    table = np.array([[g.promoters, g.passives, g.detractors] for g in held], dtype=np.float64)
    if len(held) < FEWEST_GROUPS or (table.sum(axis=0) == 0).any():
        raise Refusal(
            Reason.TOO_FEW, "Three groups with answers in every class are needed between them."
        )
    sizes = table.sum(axis=1)
    weights = 10 * table.sum(axis=0) / table.sum()

    def better(now: FloatArray) -> FloatArray:
        above = (digamma(table + now) - digamma(now)).sum(axis=0)
        below = (digamma(sizes + now.sum()) - digamma(now.sum())).sum()
        improved: FloatArray = now * above / below
        return np.maximum(improved, 1e-12)

    for _ in range(_FIT_STEPS):
        first = better(weights)
        second = better(first)
        step, bend = first - weights, second - 2 * first + weights
        length = float(np.linalg.norm(step) / max(float(np.linalg.norm(bend)), 1e-300))
        leap = weights + 2 * length * step + length**2 * bend
        proposed = better(np.where(leap > 0, leap, second))
        climbs = _log_likelihood(table, proposed) >= _log_likelihood(table, second)
        moved = proposed if climbs else second
        if np.abs(moved - weights).max() < 1e-9 * moved.max():
            return float(moved[0]), float(moved[1]), float(moved[2])
        if moved.sum() > 1e7:
            break
        weights = moved
    raise Refusal(Reason.NO_CONVERGENCE, "The groups differ no more than chance makes them.")


def dirichlet_multinomial_log_likelihood(
    groups: Sequence[NetCounts], weights: Sequence[float]
) -> float:
    """Log-likelihood of the groups as ordered answers (no multinomial coefficients).

    `weights` are those of (promoters, passives, detractors), each more than 0.
    """
    if len(weights) != 3 or not all_finite(weights) or min(weights) <= 0:
        raise Refusal(Reason.BAD_SETTING, "Every class of a prior weighs more than 0.")
    table = np.array([[g.promoters, g.passives, g.detractors] for g in groups], dtype=np.float64)
    if table.sum() == 0:
        raise Refusal(Reason.NO_ANSWERS, "Nobody has answered in any group.")
    return _log_likelihood(table, np.asarray(weights, dtype=np.float64))


def _log_likelihood(table: FloatArray, weights: FloatArray) -> float:
    total = weights.sum()
    rows = (log_gamma(table + weights) - log_gamma(weights)).sum(axis=1)
    return float((rows + log_gamma(total) - log_gamma(table.sum(axis=1) + total)).sum())


def _raw(groups: Sequence[NetCounts], *, confidence: float) -> tuple[Estimate, ...]:
    if any(group.n == 0 for group in groups):
        raise Refusal(Reason.TOO_FEW, "Too few groups have answers to fill in an empty one.")
    scores = (nps(group, confidence=confidence) for group in groups)
    return tuple(
        replace(score, caveats=(*score.caveats, Caveat.TOO_FEW_GROUPS)) for score in scores
    )


def _caveats(n: float) -> tuple[Caveat, ...]:
    if n == 0:
        return (Caveat.PRIOR_ONLY,)
    return (Caveat.SMALL_BASE,) if n < SMALL_BASE else ()
