"""How often the 95% intervals hold the truth: every possible sample, with its probability."""

import numpy as np
import pytest

from gloed.stats import adjusted_wald_interval, nps, score_interval, wald_interval
from gloed.stats.counts import NetCounts
from gloed.stats.distributions import log_gamma

Z = 1.959963984540054
COMPANIES = [
    # methods.md 1.2: shares of promoters, passives, detractors
    (0.15, 0.30, 0.55), (0.30, 0.40, 0.30), (0.48, 0.04, 0.48),
    (0.05, 0.90, 0.05), (0.50, 0.30, 0.20), (0.62, 0.26, 0.12),
    (0.76, 0.18, 0.06), (0.91, 0.08, 0.01), (0.975, 0.02, 0.005),
]  # fmt: skip


def samples(n):
    """Every way n answers can fall: detractors, passives, promoters."""
    return np.array(
        [(low, middle, n - low - middle) for low in range(n + 1) for middle in range(n + 1 - low)],
        dtype=float,
    )


def chances(rows, company):
    """How probable each sample is at a company."""
    ways = log_gamma(rows[0].sum() + 1) - log_gamma(rows + 1).sum(axis=1)
    return np.exp(ways + rows @ np.log(company[::-1]))


def coverage(method, n):
    """Mean and least percentage of samples whose interval holds the company's true NPS."""
    rows = samples(n)
    low, high = method(rows, (-1, 0, 1), Z)
    held = []
    for company in COMPANIES:
        truth = company[0] - company[2]
        holds = (low <= truth + 1e-12) & (high >= truth - 1e-12)
        held.append(100 * float(chances(rows, company)[holds].sum()))
    return np.mean(held), min(held)


@pytest.mark.parametrize(
    ("method", "table"),
    [
        # methods.md 1.2: mean and minimum over the nine companies
        (
            score_interval,
            {5: (95.1, 88.1), 10: (96.0, 93.6), 20: (96.0, 94.7), 50: (95.2, 94.8)},
        ),
        (
            adjusted_wald_interval,
            {5: (93.6, 88.1), 10: (95.7, 91.3), 20: (96.1, 94.4), 50: (95.5, 94.8)},
        ),
        (
            wald_interval,
            {5: (72.4, 11.9), 10: (77.8, 22.4), 20: (86.5, 39.7), 50: (90.5, 71.7)},
        ),
    ],
    ids=["score", "adjusted Wald", "Wald"],
)
def test_coverage_is_what_the_methods_say(method, table):
    for n, expected in table.items():
        assert coverage(method, n) == pytest.approx(expected, abs=0.05)


def test_coverage_of_a_hundred_answers():
    # methods.md 1.2
    assert coverage(score_interval, 100) == pytest.approx((95.4, 95.0), abs=0.05)


@pytest.mark.parametrize(
    ("method", "width"),
    [(score_interval, 42.2), (wald_interval, 42.8), (adjusted_wald_interval, 41.5)],
)
def test_the_default_is_no_wider(method, width):
    # methods.md 1.2: expected width at NPS 30 and n = 50
    rows = samples(50)
    low, high = method(rows, (-1, 0, 1), Z)
    wide = 100 * float(chances(rows, (0.50, 0.30, 0.20)) @ (high - low))
    assert wide == pytest.approx(width, abs=0.05)


@pytest.mark.parametrize(("n", "half"), [(50, 21), (100, 15), (400, 7.6), (1000, 4.8)])
def test_the_planning_rule(n, half):
    # methods.md 1.2: half-width at NPS 30
    score = nps(NetCounts(0.5 * n, 0.3 * n, 0.2 * n))
    assert score.half_width == pytest.approx(half, abs=0.5 if half > 10 else 0.05)
