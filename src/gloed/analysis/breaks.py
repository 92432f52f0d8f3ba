"""Where a trend is broken: the day from which the measured question was asked otherwise.

Broken by other words of the rating question, another scale or another drawing of it, in a language
that both versions ask in; not by anything else a new version changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils.translation import gettext as _

from gloed.analysis import words
from gloed.surveys import queries
from gloed.surveys.models import Survey, SurveyVersion
from gloed.surveys.rules import Change, VersionChange


@dataclass(frozen=True, slots=True)
class Break:
    """The first day of a version that asks the rating otherwise, in the organisation's time."""

    on: date
    number: int
    changes: tuple[Change, ...]

    @property
    def label(self) -> str:
        """What changed, in two words."""
        if Change.SCALE in self.changes:
            return _("new scale")
        if Change.RATING_WORDS in self.changes:
            return _("new wording")
        return _("drawn otherwise")

    @property
    def says(self) -> str:
        """The same as a sentence."""
        facts = {"day": words.day(self.on), "number": self.number}
        if Change.SCALE in self.changes:
            return _("Since %(day)s it is asked on another scale (version %(number)d).") % facts
        if Change.RATING_WORDS in self.changes:
            return _("Since %(day)s it is asked in other words (version %(number)d).") % facts
        return _("Since %(day)s its scale is drawn otherwise (version %(number)d).") % facts


class Starting(Protocol):
    """A period, known by its first day."""

    @property
    def start(self) -> date:
        """Its first day."""


def breaks_of(survey: Survey) -> tuple[Break, ...]:
    """All breaks in the trend of a survey, the oldest first."""
    published = SurveyVersion.objects.filter(survey=survey, published_at__isnull=False)
    last = published.aggregate(last=Max("number"))["last"] or 0
    if last < 2:
        return ()
    zone = ZoneInfo(survey.organisation.time_zone)
    return tuple(
        Break(one.published_at.astimezone(zone).date(), one.number, one.changes)
        for one in _changes(survey.slug, last)
        if one.is_break
    )


@lru_cache(maxsize=256)
def _changes(slug: str, _last: int) -> tuple[VersionChange, ...]:
    """What published versions changed: they never do again, so it is found once."""
    return tuple(queries.list_changes(Survey.objects.get(slug=slug)))


def within(breaks: Sequence[Break], points: Sequence[Starting]) -> list[tuple[int, Break]]:
    """The breaks between the first and the last of these periods, in order, with their place.

    The place is that of the period they fall in; one before the first period breaks nothing here.
    """
    starts = [point.start for point in points]
    found = []
    for one in sorted(breaks, key=lambda one: one.on):
        place = sum(start <= one.on for start in starts) - 1
        if place > 0 or (place == 0 and one.on > starts[0]):
            found.append((place, one))
    return found
