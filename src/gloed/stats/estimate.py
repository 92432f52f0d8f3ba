"""How a number travels: with its base, its interval and its caveats, or as a refusal in words."""

from dataclasses import dataclass
from enum import StrEnum
from math import erfc, sqrt
from statistics import NormalDist
from typing import Self

METHODS_VERSION = "1"
"""Carried by every estimate; raised when a method begins to give another number for the same
answers, so that a number kept from before can be told from one reckoned now."""

SMALL_BASE = 30
"""Below this many answers an estimate carries `Caveat.SMALL_BASE`."""


class Caveat(StrEnum):
    """What a reader must know before believing a number."""

    SMALL_BASE = "small_base"  # fewer than 30 answers
    WEIGHTED = "weighted"  # weighted answers: read effective_n beside n
    MISSING_ANSWERS = "missing_answers"  # empty ratings were left out, never imputed
    OUT_OF_RANGE = "out_of_range"  # ratings that are not a point of the scale were left out
    FINITE_POPULATION = "finite_population"  # about this roster at this moment only
    WHOLE_POPULATION = "whole_population"  # everybody answered: no sampling error
    NO_SAMPLING_ERROR = "no_sampling_error"  # a fact of a closed ledger, not an estimate
    BASE_NOT_STATED = "base_not_stated"  # totals given without the number of customers
    ORIGIN_UNKNOWN = "origin_unknown"  # new revenue of unknown origin makes the rate a range
    NEGATIVE_GROWTH = "negative_growth"  # what was earned, or all of it, shrank: read with care
    REPEATED_RESPONDENTS = "repeated_respondents"  # people who answered more than once
    PAIRED_ONLY = "paired_only"  # only people who answered both times
    PRIOR_ONLY = "prior_only"  # nobody answered: what is shown is the other groups
    TOO_FEW_GROUPS = "too_few_groups"  # too few groups to borrow strength: raw only
    ASSOCIATION_ONLY = "association_only"  # moves together; nothing says it causes
    NO_COMPARISON_GROUP = "no_comparison_group"  # a change that cannot be attributed
    DIVERGING_TRENDS = "diverging_trends"  # arms moved apart before the action
    FEW_CLUSTERS = "few_clusters"  # few teams: small-sample correction at its limit
    NOT_CAUSAL_SAVING = "not_causal_saving"  # not what mending the score would save
    NO_EVENTS = "no_events"  # nobody left: limits are undefined
    WEIGHTS_TRIMMED = "weights_trimmed"  # large weights were capped
    CHOSEN_AS_LARGEST = "chosen_as_largest"  # picked for its size: the interval is too narrow


class Reason(StrEnum):
    """Why a number was refused."""

    NO_ANSWERS = "no_answers"
    NOT_A_NUMBER = "not_a_number"
    NEGATIVE_COUNT = "negative_count"
    NEGATIVE_WEIGHT = "negative_weight"
    BAD_SCALE = "bad_scale"
    WRONG_SCALE = "wrong_scale"
    DIFFERENT_SCALES = "different_scales"
    DIFFERENT_LENGTHS = "different_lengths"
    POLARITY_UNKNOWN = "polarity_unknown"
    BAD_CONFIDENCE = "bad_confidence"
    BAD_PROBABILITY = "bad_probability"
    BAD_SETTING = "bad_setting"
    UNKNOWN_METHOD = "unknown_method"
    UNKNOWN_METRIC = "unknown_metric"
    IMPOSSIBLE_COUNTS = "impossible_counts"
    NO_OPENING = "no_opening"
    NO_GROWTH = "no_growth"
    NO_TARGET = "no_target"
    NO_CONVERGENCE = "no_convergence"
    TOO_FEW = "too_few"
    NO_VARIATION = "no_variation"
    NO_COMPARISON_GROUP = "no_comparison_group"
    EMPTY_CELL = "empty_cell"


class Refusal(ValueError):  # the field's word: it refuses, nothing went wrong
    """A number that cannot honestly be given: why (`reason`) and the same in words.

    >>> refusal = Refusal(Reason.NO_ANSWERS, "An NPS needs at least one answer.")
    >>> refusal.reason, str(refusal)
    (<Reason.NO_ANSWERS: 'no_answers'>, 'An NPS needs at least one answer.')
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type[Self], tuple[Reason, str]]:
        return type(self), (self.reason, str(self))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score with everything it rests on. Never rounded, never NaN.

    `n` is the base: answers counted (a float where the input is fractional). `low` and `high`
    are None for facts without sampling error, such as a closed ledger. `p_value` belongs to the
    interval shown: it is below 1 - confidence exactly when the interval excludes no-difference.
    `method` and `version` say how it was reckoned, `seed` with which random draws, if any.
    """

    value: float
    low: float | None
    high: float | None
    n: float
    method: str
    confidence: float = 0.95
    caveats: tuple[Caveat, ...] = ()
    p_value: float | None = None
    effective_n: float | None = None
    standard_error: float | None = None
    exact_p_value: float | None = None
    seed: int | None = None
    version: str = METHODS_VERSION

    @property
    def half_width(self) -> float | None:
        """Half the width of the interval, in the unit of the value; None without interval."""
        if self.low is None or self.high is None:
            return None
        return (self.high - self.low) / 2

    def excludes(self, value: float) -> bool:
        """Whether the interval rules this value out; False where there is no interval."""
        if self.low is None or self.high is None:
            return False
        return value < self.low or value > self.high


def critical_z(confidence: float) -> float:
    """The two-sided critical value of the normal distribution.

    >>> round(critical_z(0.95), 6)
    1.959964
    """
    if not 0.5 < 0.5 + confidence / 2 < 1:
        raise Refusal(Reason.BAD_CONFIDENCE, "A confidence level lies between 0 and 1.")
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def two_sided_p(statistic: float) -> float:
    """Two-sided p-value of a chi-square statistic with 1 degree of freedom.

    >>> round(two_sided_p(3.841458821), 9)
    0.05
    """
    return erfc(sqrt(statistic / 2))
