"""Which answer of a person is the later one."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Exists

from gloed.people.rules import PersonData
from gloed.responses.models import Response
from gloed.responses.operations import receive_many
from gloed.responses.queries import given_later
from gloed.responses.rules import GivenAnswer, IncomingAnswer

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "latest"),
    [
        ((1, 2, 3), "3"),  # in order
        ((3, 1, 2), "1"),  # the last one came in first
        ((2, 2, 1), "2"),  # two at one moment: what came in last
    ],
)
def test_the_latest_answer_of_everybody(survey, days, latest):
    given = [
        IncomingAnswer(
            (GivenAnswer(1, rating=9),),
            "csv",
            source_id=f"{who}{place}",
            row=place,
            person=PersonData(external_id=who),
            responded_at=NOW + timedelta(days=day),
        )
        for who in ("anna", "bas")
        for place, day in enumerate(days, start=1)
    ]
    for _progress in receive_many(survey, given, now=NOW):
        pass
    later = given_later(Response.objects.all())
    found = Response.objects.filter(~Exists(later)).order_by("pk")
    assert [one.key[-1] for one in found] == [latest, latest]
    assert {one.person.external_id for one in found} == {"anna", "bas"}
