"""The statistics: intervals for a whole screen at once, and a light start.

The plain loop is the same score interval, halved to the same precision in pure Python. numpy alone
is the floor of any start: `gloed.stats` needs nothing else until a distribution is asked for.
"""

import subprocess
import sys
from collections.abc import Callable
from math import sqrt

import numpy as np

from benchmarks.ratios import Figure, median_seconds
from gloed.stats import NetCounts, difference, lmg, nps, score_interval

Z = 1.959963984540054
HALVINGS = 52
LOOPED = 200


def run() -> list[Figure]:
    """Measure intervals, differences, importance and the import."""
    random = np.random.default_rng(20260301)
    groups = random.multinomial(200, [0.2, 0.3, 0.5], size=10_000).astype(float)
    means = random.multinomial(60, np.full(10, 0.1), size=500).astype(float)
    points = np.arange(1.0, 11.0)
    rows = random.normal(size=(500, 11)) + random.normal(size=(500, 1))
    drivers = np.cov(rows, rowvar=False)
    first, second = NetCounts(120, 50, 30), NetCounts(150, 40, 10)

    whole = median_seconds(lambda: score_interval(groups, (-1, 0, 1), Z))
    light = import_seconds("gloed.stats")
    looped = median_seconds(lambda: [plain_interval(*row) for row in groups[:LOOPED]], runs=3)
    return [
        Figure("10,000 NPS intervals", whole, "s", 0.1, "target"),
        Figure(
            "NPS intervals a second",
            len(groups) / whole,
            "/s",
            LOOPED / looped,
            "a plain Python loop",
            more_is_better=True,
        ),
        Figure(
            "500 means of a ten-point scale",
            median_seconds(lambda: score_interval(means, points, Z)),
            "s",
            0.45,
            "target",
        ),
        Figure(
            "one NPS with its interval", median_seconds(lambda: nps(first)), "s", 0.002, "target"
        ),
        Figure(
            "one difference with its p-value",
            median_seconds(lambda: difference(first, second)),
            "s",
            0.005,
            "target",
        ),
        Figure(
            "importance of ten drivers, all orders",
            median_seconds(lambda: lmg(drivers)),
            "s",
            0.5,
            "target",
        ),
        Figure("import gloed.stats", light, "s", 0.3, "target"),
        Figure(
            "import gloed.stats, in imports of numpy alone",
            light / import_seconds("numpy"),
            "times",
            3,
            "import numpy, same run",
        ),
    ]


def plain_interval(low: float, middle: float, high: float) -> tuple[float, float]:
    """The score interval of one NPS without numpy."""
    n = low + middle + high
    mean = (high - low) / n

    def accepted(t: float) -> bool:
        b = -(high + low) + (2 * n - high + low) * t
        share = (sqrt(b * b + 8 * n * low * t * (1 - t)) - b) / (4 * n)
        return n * (mean - t) ** 2 <= Z * Z * (2 * share + t * (1 - t))

    return halved(accepted, mean, -1.0), halved(accepted, mean, 1.0)


def halved(accepted: Callable[[float], bool], inside: float, outside: float) -> float:
    """The last accepted value on the way from inside to outside."""
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        if accepted(middle):
            inside = middle
        else:
            outside = middle
    return inside


def import_seconds(module: str) -> float:
    """Median time of an import alone, in fresh interpreters."""
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter()-t)"
    command = [sys.executable, "-c", code]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(5)]
    return sorted(float(done.stdout) for done in runs)[2]
