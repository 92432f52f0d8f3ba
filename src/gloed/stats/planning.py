"""How many answers, and invitations, it takes to see a change; or what so many can show."""

from dataclasses import dataclass
from math import ceil, inf, sqrt
from statistics import NormalDist
from typing import Self

from gloed.stats.counts import all_finite
from gloed.stats.estimate import Reason, Refusal, critical_z


@dataclass(frozen=True, slots=True)
class Shares:
    """A guess of the shares (0 to 1) of promoters and detractors."""

    promoters: float
    detractors: float

    def __post_init__(self) -> None:
        shares = (self.promoters, self.detractors)
        if not all_finite(shares) or min(shares) < 0 or sum(shares) > 1 + 1e-12:
            raise Refusal(
                Reason.BAD_PROBABILITY, "Promoters and detractors are shares of one whole."
            )

    @property
    def nps(self) -> float:
        """In points."""
        return 100 * (self.promoters - self.detractors)

    @property
    def variance(self) -> float:
        """Variance of one answer, P + D - (P - D)^2."""
        return self.promoters + self.detractors - (self.promoters - self.detractors) ** 2

    def raised(self, points: float) -> Self:
        """So many NPS points higher, half from detractors and half to promoters."""
        if not points > 0:
            raise Refusal(Reason.BAD_SETTING, "The change to be seen is more than 0 points.")
        return type(self)(self.promoters + points / 200, self.detractors - points / 200)


def answers_needed(
    before: Shares,
    after: Shares,
    *,
    power: float = 0.8,
    confidence: float = 0.95,
    correlation: float = 0.0,
) -> int:
    """Answers per wave to see the change with this power: (z_a + z_b)^2 (s1^2 + s2^2) / d^2.

    `correlation` of the same people's answers in both waves makes paired waves cheaper.
    Refuses two equal guesses and guesses under which all agree.

    >>> answers_needed(Shares(0.60, 0.15), Shares(0.63, 0.12))
    2262
    """
    change = (after.nps - before.nps) / 100
    if change == 0:
        raise Refusal(Reason.BAD_SETTING, "A change of 0 points cannot be seen by any sample.")
    reach = _reach(power=power, confidence=confidence)
    scatter = (before.variance + after.variance) * _paired(correlation)
    if not scatter > 0:
        raise Refusal(Reason.NO_VARIATION, "Guesses under which all agree leave nothing to chance.")
    return ceil(reach**2 * scatter / change**2 - 1e-9)


def invitations_needed(answers: float, *, response_rate: float, design_effect: float = 1.0) -> int:
    """Invitations for so many answers, answers times design effect over response rate, rounded up.

    Refuses a rate that is not above 0 and at most 1.

    >>> invitations_needed(3258, response_rate=0.15)
    21720
    """
    if not 0 < response_rate <= 1:
        raise Refusal(Reason.BAD_PROBABILITY, "A response rate lies above 0 and at most at 1.")
    if not (0 < answers < inf and 0 < design_effect < inf):
        raise Refusal(Reason.BAD_SETTING, "Answers and design effect are more than 0.")
    return ceil(answers * design_effect / response_rate - 1e-9)


def detectable_change(
    answers: float,
    before: Shares,
    after: Shares | None = None,
    *,
    power: float = 0.8,
    confidence: float = 0.95,
    correlation: float = 0.0,
) -> float:
    """The smallest change, in points, that so many answers per wave show with this power.

    The variance of the second wave is that of `after`, or of `before` if left out.

    >>> round(detectable_change(500, Shares(0.55, 0.15), Shares(0.575, 0.125)), 1)
    12.8
    """
    if not 0 < answers < inf:
        raise Refusal(Reason.NO_ANSWERS, "Without answers no change can be seen.")
    scatter = (before.variance + (after or before).variance) * _paired(correlation)
    return 100 * _reach(power=power, confidence=confidence) * sqrt(scatter / answers)


def power_to_see(
    answers: float,
    before: Shares,
    after: Shares,
    *,
    confidence: float = 0.95,
    correlation: float = 0.0,
) -> float:
    """The chance that so many answers per wave show the change as significant.

    >>> round(power_to_see(2262, Shares(0.60, 0.15), Shares(0.63, 0.12)), 2)
    0.8
    """
    if not 0 < answers < inf:
        raise Refusal(Reason.NO_ANSWERS, "Without answers no change can be seen.")
    scatter = (before.variance + after.variance) * _paired(correlation) / answers
    if scatter == 0:
        raise Refusal(Reason.NO_VARIATION, "Guesses under which all agree leave nothing to chance.")
    shift = abs(after.nps - before.nps) / 100 / sqrt(scatter)
    z, normal = critical_z(confidence), NormalDist()
    return normal.cdf(shift - z) + normal.cdf(-shift - z)


def _reach(*, power: float, confidence: float) -> float:
    if not 0 < power < 1:
        raise Refusal(Reason.BAD_PROBABILITY, "A power lies between 0 and 1.")
    return critical_z(confidence) + NormalDist().inv_cdf(power)


def _paired(correlation: float) -> float:
    if not -1 < correlation < 1:
        raise Refusal(Reason.BAD_PROBABILITY, "A correlation lies between -1 and 1.")
    return 1 - correlation
