"""Reading responses, as far as this room itself needs it; scores are read in analysis."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from django.db.models import Count, OuterRef, Q, QuerySet

from gloed.responses.models import Answer, ContactDetails, Response
from gloed.responses.rules import ContactData, GivenAnswer
from gloed.surveys.rules import (
    ENOUGH,
    LONGEST,
    OPEN_POSITION,
    RATING_POSITION,
    Duration,
    PublishedVersion,
    estimated,
)

LATEST = 1_000
"""Answers from whose duration the median is taken: the newest."""


@dataclass(frozen=True, slots=True)
class GivenBefore:
    """What somebody answered the last time they were here, by position."""

    answers: Mapping[int, GivenAnswer] = field(default_factory=dict)

    @property
    def rating(self) -> int | None:
        """The score they gave."""
        found = self.answers.get(RATING_POSITION)
        return found.rating if found else None

    @property
    def why(self) -> str:
        """The words they wrote."""
        found = self.answers.get(OPEN_POSITION)
        return found.verbatim if found else ""


def has_any(survey_id: int) -> bool:
    """Whether anything was ever answered to a survey, withdrawn and erased included."""
    return Response.objects.filter(survey=survey_id).exists()


def given_before(invitation_id: int, *, version: int | None = None) -> GivenBefore:
    """What is on record for an invitation; empty when nothing is, or when it was taken back.

    Of further questions only those of the version with this key, which may be others by now.
    """
    rows = Answer.objects.filter(
        response__invitation_id=invitation_id,
        response__withdrawn_at=None,
        response__erased_at=None,
    ).values_list("question__position", "rating", "verbatim", "choices", "response__version_id")
    found = {
        position: GivenAnswer(position, rating, verbatim, choices=tuple(choices.split()))
        for position, rating, verbatim, choices, answered in rows
        if position <= OPEN_POSITION or answered == version
    }
    if any(position > OPEN_POSITION for position in found):
        found |= _contact_of(invitation_id)
    return GivenBefore(found)


def _contact_of(invitation_id: int) -> dict[int, GivenAnswer]:
    rows = ContactDetails.objects.filter(response__invitation_id=invitation_id)
    return {
        position: GivenAnswer(position, contact=ContactData(name, email, phone))
        for position, name, email, phone in rows.values_list(
            "question__position", "name", "email", "phone"
        )
    }


def typical_duration(survey: int, version: PublishedVersion, language: str) -> Duration:
    """How long a version takes: the median of its newest complete answers, from page seen to sent.

    Answers that were set apart or lay open for over an hour stay out. Until twenty people have
    finished it, an estimate from what is asked.
    """
    times = list(
        Response.objects.filter(
            survey=survey,
            version=version.id,
            seconds__isnull=False,
            seconds__lte=LONGEST,
            status=Response.Status.COMPLETE,
            is_suspicious=False,
            withdrawn_at=None,
        )
        .order_by("-responded_at", "-pk")
        .values_list("seconds", flat=True)[:LATEST]
    )
    known = [seconds for seconds in times if seconds is not None]
    if len(known) < ENOUGH:
        return estimated(version, language)
    return Duration(round(median(known)), is_measured=True, n=len(known))


def given_later(responses: "QuerySet[Response]") -> "QuerySet[Response]":
    """Those of `responses` that the person of an outer response gave after it, for an Exists.

    Of two at the same moment the one that came in last is the later.
    """
    return responses.filter(
        Q(responded_at__gt=OuterRef("responded_at"))
        | Q(responded_at=OuterRef("responded_at"), pk__gt=OuterRef("pk")),
        person=OuterRef("person"),
    )


def count_by_survey(surveys: Sequence[int]) -> dict[int, int]:
    """Responses that count (not withdrawn, not set apart), by the survey's key.

    Counted in indexes alone.
    """
    counted: Counter[int] = Counter()
    all_of_them = Response.objects.filter(survey_id__in=surveys)
    for rows, sign in (
        (all_of_them, 1),
        (all_of_them.filter(withdrawn_at__isnull=False), -1),
        (all_of_them.filter(is_suspicious=True, withdrawn_at__isnull=True), -1),
    ):
        for survey, number in rows.values_list("survey_id").annotate(Count("id")).order_by():
            counted[survey] += sign * number
    return dict(counted)


def count_by_version(survey: int) -> dict[int, int]:
    """Responses to a survey that count, by the key of the version they were given to."""
    counted = Response.objects.filter(survey=survey, withdrawn_at=None, is_suspicious=False)
    return dict(counted.values_list("version_id").annotate(Count("id")).order_by())


def count_set_apart(
    surveys: Sequence[int], start: datetime | None = None, end: datetime | None = None
) -> dict[int, int]:
    """Responses that look like a machine's and count nowhere, by the survey's key.

    Those from `start` up to, not including, `end`; the undated only where both are open.
    """
    apart = Response.objects.filter(
        survey_id__in=surveys, is_suspicious=True, withdrawn_at__isnull=True
    )
    if start is not None:
        apart = apart.filter(responded_at__gte=start)
    if end is not None:
        apart = apart.filter(responded_at__lt=end)
    return dict(apart.values_list("survey_id").annotate(Count("id")).order_by())


def count_by_person(people: Sequence[int]) -> dict[int, int]:
    """Responses that count (not withdrawn, not set apart), by the person's key."""
    counted = Response.objects.filter(person_id__in=people, withdrawn_at=None, is_suspicious=False)
    return dict(counted.values_list("person_id").annotate(Count("id")).order_by())
