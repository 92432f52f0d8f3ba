"""The sample planner in words: what it takes to see a change, and what so many can show."""

from dataclasses import dataclass

from gloed.stats.planning import Shares, answers_needed, detectable_change, invitations_needed
from gloed.surveys.rules import Metric

POINTS = 5
USUAL_RATE = 0.15
NET = Shares(0.55, 0.15), Shares(0.575, 0.125)  # an NPS of 40, and of 45
SHARE = Shares(0.75, 0.0), Shares(0.80, 0.0)  # 75 in 100 satisfied, and 80


@dataclass(frozen=True, slots=True)
class Planned:
    """What a wave of so many invitations can show.

    `rate` is the share that answers (0 to 1), `is_own_rate` whether earlier invitations tell it;
    `shows` the smallest change, in points, that the answers to expect would show, None for none.
    """

    points: int
    answers: int
    invitations: int
    rate: float
    is_own_rate: bool
    expected: int
    shows: float | None
    guess: float


def plan_sample(metric: Metric, invited: int, *, rate: float | None) -> Planned:
    """Answers and invitations needed to see 5 points, and what `invited` will show.

    80% power at 95% confidence. The guess of the score is
    an NPS of 40, or three in four satisfied.

    >>> planned = plan_sample(Metric.NPS, 240, rate=None)
    >>> planned.answers, planned.invitations, planned.expected, round(planned.shows)
    (3258, 21720, 36, 48)
    """
    before, after = NET if metric in (Metric.NPS, Metric.ENPS) else SHARE
    answering = rate or USUAL_RATE
    needed = answers_needed(before, after)
    expected = round(invited * answering)
    return Planned(
        points=POINTS,
        answers=needed,
        invitations=invitations_needed(needed, response_rate=answering),
        rate=answering,
        is_own_rate=bool(rate),
        expected=expected,
        shows=detectable_change(expected, before, after) if expected else None,
        guess=before.nps,
    )
