"""Judging an improvement, and planning what can be judged: decisions on plain values."""

from gloed.analysis.effects.rules.judging import (
    Design,
    Finding,
    Series,
    Trial,
    Verdict,
    Why,
    judge,
    smallest_cell,
)
from gloed.analysis.effects.rules.planning import (
    MOST_WEEKS,
    POWER,
    Volume,
    detectable,
    drift_of,
    weeks_needed,
)

__all__ = [
    "MOST_WEEKS",
    "POWER",
    "Design",
    "Finding",
    "Series",
    "Trial",
    "Verdict",
    "Volume",
    "Why",
    "detectable",
    "drift_of",
    "judge",
    "smallest_cell",
    "weeks_needed",
]
