"""What share of answers really names a theme, from a random sample that people checked.

Double sampling: codes by machine for all answers, codes by people for some of them. Source:
Tenenbein (1970), "A double sampling scheme for estimating from binomial data with
misclassifications", Journal of the American Statistical Association 65, equation 2.1. The interval
is drawn from the posteriors of its three parts with Jeffreys' prior (Brown, Cai and DasGupta 2001).
"""

from typing import NamedTuple

import numpy as np

DRAWS = 4_000
_PRIOR = 0.5


class Sample(NamedTuple):
    """How a theme's codes did on a random sample: named by both, by the machine alone, by the
    person alone, by neither."""

    right: int
    wrong: int
    missed: int
    neither: int

    @property
    def n(self) -> int:
        """Answers in the sample."""
        return sum(self)


class Share(NamedTuple):
    """A share with its limits, all between 0 and 1."""

    value: float
    low: float
    high: float


def corrected_share(
    coded: int,
    answers: int,
    sample: Sample,
    *,
    seen: tuple[int, int] = (0, 0),
    confidence: float = 0.95,
) -> Share:
    """The share that truly names a theme, where the machine named it in `coded` of `answers`.

    `seen` are further answers that a person coded, and how many of them name it: those are known
    and not estimated; they count in the share. Raises ValueError for counts that cannot be.

    >>> found = corrected_share(200, 1_000, Sample(30, 10, 5, 155))
    >>> round(found.value, 5), found.low < found.value < found.high
    (0.175, True)
    """
    known, known_true = seen
    whole = answers + known
    if not 0 <= coded <= answers or not 0 <= known_true <= known or not whole or not sample.n:
        raise ValueError("a share needs answers, a sample, and no more codes than answers")
    precision = sample.right / max(1, sample.right + sample.wrong)
    missed = sample.missed / max(1, sample.missed + sample.neither)
    value = (known_true + coded * precision + (answers - coded) * missed) / whole
    random = np.random.default_rng([coded, answers, *sample])
    named = random.beta(coded + _PRIOR, answers - coded + _PRIOR, DRAWS)
    inside = random.beta(sample.right + _PRIOR, sample.wrong + _PRIOR, DRAWS)
    outside = random.beta(sample.missed + _PRIOR, sample.neither + _PRIOR, DRAWS)
    of_seen = random.beta(known_true + _PRIOR, known - known_true + _PRIOR, DRAWS)
    drawn = (known * of_seen + answers * (named * inside + (1 - named) * outside)) / whole
    spread = (1 - confidence) / 2
    low, high = (float(each) for each in np.quantile(drawn, [spread, 1 - spread]))
    return Share(value, min(low, value), max(high, value))
