"""Distribution functions, from scipy on first use: at start-up it would cost 0.15 s; and draws."""

from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gloed.stats.counts import FloatArray
from gloed.stats.estimate import Reason, Refusal


def _special() -> Any:
    # Heavy, and most callers of gloed.stats never need it: see the module's docstring.
    import scipy.special  # noqa: PLC0415

    return scipy.special


def random_numbers(seed: int) -> "np.random.Generator":
    """The random numbers that belong to this seed; refuses what is no seed."""
    if not isinstance(seed, Integral) or seed < 0:
        raise Refusal(Reason.BAD_SETTING, "A seed is a whole number of 0 or more.")
    return np.random.default_rng(int(seed))


def chi_square_tail(statistic: float, df: float) -> float:
    """Probability of a larger chi-square value by chance."""
    return float(_special().chdtrc(df, statistic))


def normal_tail(z: float) -> float:
    """Probability of a larger normal value."""
    return float(_special().ndtr(-z))


def t_critical(confidence: float, df: float) -> float:
    """Two-sided critical value of Student's t."""
    return float(_special().stdtrit(df, 0.5 + confidence / 2))


def t_two_sided_p(statistic: float, df: float) -> float:
    """Two-sided p-value of Student's t."""
    return float(2 * _special().stdtr(df, -abs(statistic)))


def beta_cdf(a: ArrayLike, b: ArrayLike, x: ArrayLike) -> FloatArray:
    """Regularised incomplete beta function."""
    return np.asarray(_special().betainc(a, b, x), dtype=np.float64)


def beta_quantile(a: ArrayLike, b: ArrayLike, probability: ArrayLike) -> FloatArray:
    """Its inverse."""
    return np.asarray(_special().betaincinv(a, b, probability), dtype=np.float64)


def log_gamma(x: ArrayLike) -> FloatArray:
    """Logarithm of the gamma function."""
    return np.asarray(_special().gammaln(x), dtype=np.float64)


def digamma(x: ArrayLike) -> FloatArray:
    """First derivative of `log_gamma`."""
    return np.asarray(_special().digamma(x), dtype=np.float64)


def lambert_w_lower(x: float) -> float:
    """The lower real branch of w exp(w) = x, for -1/e <= x < 0."""
    return float(_special().lambertw(x, -1).real)
