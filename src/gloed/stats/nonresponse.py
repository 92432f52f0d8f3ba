"""The silent customers: response rates, what they could do to a score, what would tip it."""

from dataclasses import astuple, dataclass
from math import inf

from gloed.stats.counts import all_finite
from gloed.stats.estimate import Caveat, Estimate, Reason, Refusal


@dataclass(frozen=True, slots=True)
class Dispositions:
    """What became of the invitations, in the words of AAPOR's Standard Definitions."""

    complete: int
    partial: int = 0
    refused: int = 0
    not_reached: int = 0
    other: int = 0
    unknown: int = 0

    def __post_init__(self) -> None:
        if not all_finite(astuple(self)):
            raise Refusal(Reason.NOT_A_NUMBER, "A count of invitations is missing or infinite.")
        if min(astuple(self)) < 0:
            raise Refusal(Reason.NEGATIVE_COUNT, "A count of invitations is 0 or more.")


def response_rate(
    dispositions: Dispositions, *, definition: int = 2, eligible_share: float = 1.0
) -> Estimate:
    """AAPOR response rate 1 to 6, in percent: a fact about these invitations, no interval.

    Odd definitions count complete answers, even ones partial answers too. 1 and 2 hold every
    invitation of unknown fate to be eligible, 3 and 4 the share `eligible_share` of them, 5 and
    6 none. Refuses when nobody eligible was invited.

    >>> sent = Dispositions(complete=180, partial=20, refused=30, not_reached=170, unknown=600)
    >>> response_rate(sent).value, response_rate(sent, definition=6).value
    (20.0, 50.0)
    """
    if definition not in range(1, 7):
        raise Refusal(Reason.BAD_SETTING, "AAPOR defines response rates 1 to 6.")
    if not 0 <= eligible_share <= 1:
        raise Refusal(Reason.BAD_PROBABILITY, "The eligible share lies between 0 and 1.")
    share = {1: 1.0, 2: 1.0, 3: eligible_share, 4: eligible_share, 5: 0.0, 6: 0.0}[definition]
    d = dispositions
    known = d.complete + d.partial + d.refused + d.not_reached + d.other
    asked = known + share * d.unknown
    if asked == 0:
        raise Refusal(Reason.NO_ANSWERS, "Nobody has been invited yet.")
    answered = d.complete + (d.partial if definition % 2 == 0 else 0)
    return Estimate(
        value=100 * answered / asked,
        low=None,
        high=None,
        n=asked,
        method=f"aapor_rr{definition}",
        caveats=(Caveat.NO_SAMPLING_ERROR,),
    )


def nonresponse_bounds(nps: float, *, invited: float, answered: float) -> Estimate:
    """Between which NPS everybody's lies, whatever the silent think: rr nps -+ 100 (1 - rr).

    No assumption at all (Manski 1989). Nobody answered gives -100 to 100.

    >>> bounds = nonresponse_bounds(40, invited=1000, answered=200)
    >>> bounds.low, bounds.high
    (-72.0, 88.0)
    """
    rate = _rate(invited=invited, answered=answered, nps=nps)
    return Estimate(
        value=nps,
        low=rate * nps - 100 * (1 - rate),
        high=rate * nps + 100 * (1 - rate),
        n=answered,
        method="worst_case_bounds",
        confidence=1.0,
    )


def tipping_point(nps: float, *, target: float, invited: float, answered: float) -> float | None:
    """The NPS of the silent at which everybody's is `target`: (T - rr nps) / (1 - rr).

    None where no behaviour of theirs could do that. Refuses when nobody was silent.

    >>> tipping_point(40, target=0, invited=1000, answered=200)
    -10.0
    >>> tipping_point(40, target=0, invited=1000, answered=900) is None
    True
    """
    rate = _rate(invited=invited, answered=answered, nps=nps)
    if not -100 <= target <= 100:
        raise Refusal(Reason.BAD_SETTING, "An NPS lies between -100 and 100.")
    if rate == 1:
        raise Refusal(Reason.IMPOSSIBLE_COUNTS, "Everybody answered: nobody is left to tip it.")
    silent = (target - rate * nps) / (1 - rate)
    return silent if -100 <= silent <= 100 else None


def _rate(*, invited: float, answered: float, nps: float) -> float:
    if not 0 < invited < inf:
        raise Refusal(Reason.NO_ANSWERS, "Nobody has been invited yet.")
    if not 0 <= answered <= invited:
        raise Refusal(Reason.IMPOSSIBLE_COUNTS, "Those who answered are among those invited.")
    if not -100 <= nps <= 100:
        raise Refusal(Reason.BAD_SETTING, "An NPS lies between -100 and 100.")
    return answered / invited
