"""Reading responses, as far as this room itself needs it; scores are read in analysis."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from gloed.responses.models import Answer, Response
from gloed.surveys.rules import OPEN_POSITION, RATING_POSITION


@dataclass(frozen=True, slots=True)
class GivenBefore:
    """What somebody answered the last time they were here."""

    rating: int | None = None
    why: str = ""


def given_before(invitation_id: int) -> GivenBefore:
    """What is on record for an invitation; empty when nothing is, or when it was taken back."""
    rows = Answer.objects.filter(
        response__invitation_id=invitation_id,
        response__withdrawn_at=None,
        response__erased_at=None,
    ).values_list("question__position", "rating", "verbatim")
    found = {position: (rating, verbatim) for position, rating, verbatim in rows}
    return GivenBefore(
        rating=found.get(RATING_POSITION, (None, ""))[0],
        why=found.get(OPEN_POSITION, (None, ""))[1],
    )


def count_by_survey(surveys: Sequence[int]) -> dict[int, int]:
    """Responses that count (not withdrawn), by the survey's key; counted in indexes alone."""
    counted: Counter[int] = Counter()
    all_of_them = Response.objects.filter(survey_id__in=surveys)
    for rows, sign in ((all_of_them, 1), (all_of_them.filter(withdrawn_at__isnull=False), -1)):
        for survey, number in rows.values_list("survey_id").annotate(Count("id")).order_by():
            counted[survey] += sign * number
    return dict(counted)


def count_by_person(people: Sequence[int]) -> dict[int, int]:
    """Responses that count (not withdrawn), by the person's key."""
    counted = Response.objects.filter(person_id__in=people, withdrawn_at=None)
    return dict(counted.values_list("person_id").annotate(Count("id")).order_by())
