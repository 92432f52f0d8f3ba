"""An alarm when a theme is named more than it used to be: a binomial CUSUM.

Source: Page (1954), Biometrika 41; for proportions Reynolds and Stoumbos (1999), Journal of Quality
Technology 31. The defaults were chosen so that 23 themes ring falsely about once a year.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

RATIO = 1.6
LIMIT = 5.5
_HIGHEST = 0.95


class NoBaseline(ValueError):  # the field's word: it is refused, nothing went wrong
    """Counts from which no alarm can be built; the text says why."""


@dataclass(frozen=True, slots=True)
class Week:
    """The state of an alarm after one week; it starts anew after it rang.

    `level` is the evidence for a rise so far, in log-likelihood; it rings above the limit.
    """

    level: float
    alarm: bool
    rising_since: int | None


def binomial_cusum(
    weeks: Iterable[tuple[int, int]],
    *,
    baseline: tuple[int, int],
    ratio: float = RATIO,
    limit: float = LIMIT,
) -> list[Week]:
    """Watch a share by weeks of (naming, answers) against a baseline of the same two counts.

    The alarm is tuned to a share `ratio` times the baseline's; below 1 it watches for a fall.
    `rising_since` is the place of the week in which the present run of evidence began.

    >>> weeks = binomial_cusum([(5, 100), (12, 100), (14, 100), (13, 100)], baseline=(50, 1000))
    >>> [week.alarm for week in weeks]
    [False, False, True, False]
    """
    named, answers = baseline
    if answers <= 0 or not 0 <= named <= answers:
        raise NoBaseline("An alarm needs a baseline of answers, some of which name the theme.")
    if ratio <= 0 or ratio == 1 or limit <= 0:
        raise NoBaseline("The ratio is above 0 and not 1, the limit is above 0.")
    usual = min((named + 0.5) / (answers + 1), _HIGHEST / max(ratio, 1.0))
    changed = usual * ratio
    for_one, for_none = log(changed / usual), log((1 - changed) / (1 - usual))
    found: list[Week] = []
    level, since = 0.0, None
    for place, (count, n) in enumerate(weeks):
        if not 0 <= count <= n:
            raise NoBaseline("A week cannot have more that name a theme than answers.")
        level = max(0.0, level + count * for_one + (n - count) * for_none)
        since = None if level == 0 else place if since is None else since
        rings = level > limit
        found.append(Week(level, rings, since))
        if rings:
            level, since = 0.0, None
    return found
