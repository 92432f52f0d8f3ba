"""How many answered, told by the room above that knows.

Surveys stand below answers and may not look at them. `gloed.responses` says here how to count, so
that a page of surveys shows a number without a script too; without it nothing is told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gloed.surveys.rules import Duration, PublishedVersion

Counts = Mapping[int, int]
Counter = Callable[[Sequence[int]], Counts]


@dataclass(slots=True)
class _Ways:
    by_survey: Counter | None = None
    by_version: Callable[[int], Counts] | None = None
    duration: Callable[[int, PublishedVersion, str], Duration] | None = None


_ways = _Ways()


def tell(
    *,
    by_survey: Counter,
    by_version: Callable[[int], Counts],
    duration: Callable[[int, PublishedVersion, str], Duration],
) -> None:
    """Say how answers are counted (by keys of surveys and versions) and how long they took."""
    _ways.by_survey, _ways.by_version, _ways.duration = by_survey, by_version, duration


def count_by_survey(surveys: Sequence[int]) -> Counts:
    """How many answers count, by the survey's key; a survey without any may be left out."""
    return _ways.by_survey(surveys) if _ways.by_survey and surveys else {}


def count_by_version(survey: int) -> Counts:
    """How many answers to a survey count, by the key of the version they were given to."""
    return _ways.by_version(survey) if _ways.by_version else {}


def typical_duration(survey: int, version: PublishedVersion, language: str) -> Duration | None:
    """How long a survey takes; None where nobody can tell."""
    return _ways.duration(survey, version, language) if _ways.duration else None
