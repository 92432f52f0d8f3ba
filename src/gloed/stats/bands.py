"""Bands of an NPS: a convention of the trade, not a statement of quality."""

from dataclasses import dataclass
from enum import StrEnum

from gloed.stats.estimate import Estimate, Reason, Refusal

EDGES = (0.0, 30.0, 50.0, 70.0)


class Band(StrEnum):
    """Lower edge included; exactly 70 is in the top band."""

    BELOW_0 = "below_0"
    FROM_0 = "from_0"
    FROM_30 = "from_30"
    FROM_50 = "from_50"
    FROM_70 = "from_70"


@dataclass(frozen=True, slots=True)
class Banding:
    """The band of a score; certain only if its whole interval lies in that band."""

    band: Band
    certain: bool


def band_of(score: Estimate) -> Banding:
    """The band of the unrounded score. Never compare bands across sectors or countries.

    >>> band_of(Estimate(45, 34.1, 54.6, 200, "score"))
    Banding(band=<Band.FROM_30: 'from_30'>, certain=False)
    >>> band_of(Estimate(45, 34.1, 48, 200, "score")).certain
    True
    """
    if not -100 <= score.value <= 100:
        raise Refusal(Reason.BAD_SETTING, "An NPS lies between -100 and 100.")
    band = _band(score.value)
    ends = (score.low, score.high)
    return Banding(band, certain=all(end is not None and _band(end) is band for end in ends))


def _band(value: float) -> Band:
    return list(Band)[sum(value >= edge for edge in EDGES)]
