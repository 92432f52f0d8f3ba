"""Posterior of a net score: two classes apart under a Dirichlet, by quadrature, without draws."""

from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from gloed.stats.counts import FloatArray, NetCounts, all_finite
from gloed.stats.distributions import beta_cdf, beta_quantile
from gloed.stats.estimate import Estimate, Reason, Refusal, critical_z
from gloed.stats.solving import bracketed_roots

Shape: TypeAlias = tuple[float, float, float]

JEFFREYS: Shape = (0.5, 0.5, 0.5)
_NODES = 65
_REACH = 3.2


def net_cdf(shape: Shape, x: ArrayLike) -> FloatArray:
    """Probability that (share high - share low) <= x for shares ~ Dirichlet(low, middle, high).

    Given the share s of both outer classes together, the share of the upper one among them is a
    beta; s is integrated out over its own probability, split where s = |x|, by the
    double-exponential rule (Takahasi & Mori 1974). Elementwise over `x` in [-1, 1].
    """
    low, middle, high = shape
    at = np.asarray(x, dtype=np.float64)[..., None]
    split = beta_cdf(low + high, middle, np.abs(at))
    nodes, weights = _unit_rule()
    outer = beta_quantile(low + high, middle, np.clip(split + (1 - split) * nodes, 0, 1))
    ratio = np.divide(at, outer, out=np.zeros_like(outer), where=outer > 0)
    inner = beta_cdf(high, low, np.clip((1 + ratio) / 2, 0, 1)) @ weights
    certain = np.where(at > 0, split, 0.0)[..., 0]
    cdf: FloatArray = certain + (1 - split[..., 0]) * inner
    return cdf


def net_quantile(shape: Shape, probability: ArrayLike) -> FloatArray:
    """The value in [-1, 1] below which the net score lies with this probability."""
    level = np.atleast_1d(np.asarray(probability, dtype=np.float64))
    roots = bracketed_roots(
        lambda x: np.subtract(net_cdf(shape, x), level), -np.ones_like(level), np.ones_like(level)
    )
    return np.reshape(roots, np.shape(probability))


def posterior_nps(
    counts: NetCounts, *, prior: Shape = JEFFREYS, confidence: float = 0.95
) -> Estimate:
    """Posterior mean and equal-tailed interval of an NPS under a Dirichlet prior, in points.

    `prior` holds (promoters, passives, detractors) as if so many had answered before.

    >>> score = posterior_nps(NetCounts(5, 1, 4), prior=(20, 10, 8))
    >>> round(score.value, 6), round(score.low, 6), round(score.high, 6)
    (27.083333, 2.895505, 49.507721)
    """
    critical_z(confidence)  # refuses an impossible level
    shape = posterior_shape(counts, prior)
    tail = (1 - confidence) / 2
    low, high = net_quantile(shape, np.array([tail, 1 - tail]))
    value = 100 * (shape[2] - shape[0]) / sum(shape)
    return Estimate(
        value=value,
        low=min(value, 100 * float(low)),
        high=max(value, 100 * float(high)),
        n=counts.n,
        method="dirichlet_posterior",
        confidence=confidence,
    )


def probability_better(first: NetCounts, second: NetCounts) -> float:
    """Probability that the true NPS of the first is above the second's, priors Dirichlet(1/2).

    Integrates the second's distribution over the quantiles of the first. Refuses an empty side.

    >>> round(probability_better(NetCounts(30, 10, 5), NetCounts(20, 15, 10)), 9)
    0.981492424
    """
    if first.n == 0 or second.n == 0:
        raise Refusal(Reason.NO_ANSWERS, "Without answers on both sides none can be called better.")
    nodes, weights = _unit_rule()
    quantiles = net_quantile(posterior_shape(first, JEFFREYS), nodes)
    return float(weights @ net_cdf(posterior_shape(second, JEFFREYS), quantiles))


def posterior_shape(counts: NetCounts, prior: Shape) -> Shape:
    """Prior (promoters, passives, detractors) plus counts, as (low, middle, high)."""
    if len(prior) != 3 or not all_finite(prior) or min(prior) <= 0:
        raise Refusal(Reason.BAD_SETTING, "Every class of a prior weighs more than 0.")
    return (
        counts.detractors + prior[2],
        counts.passives + prior[1],
        counts.promoters + prior[0],
    )


@cache
def _unit_rule() -> tuple[FloatArray, FloatArray]:
    """Nodes and weights of the double-exponential rule on (0, 1)."""
    t = np.linspace(-_REACH, _REACH, _NODES)
    bend = np.pi / 2 * np.sinh(t)
    weights = np.pi / 4 * np.cosh(t) / np.cosh(bend) ** 2 * (t[1] - t[0])
    return (1 + np.tanh(bend)) / 2, weights / weights.sum()
