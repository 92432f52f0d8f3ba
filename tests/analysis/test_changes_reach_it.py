"""What staff change in the record reaches the projection by itself, through the worker."""

from datetime import UTC, datetime, timedelta

import pytest
from pyarrow.parquet import ParquetFile

from gloed.analysis import manifest, projection, store
from gloed.analysis.queries import Query, run
from gloed.base.worker import run_until_idle
from gloed.people.models import Person
from gloed.people.rules import PersonData
from gloed.responses.models import Response
from gloed.responses.operations import (
    correct_answer,
    erase_person,
    receive_many,
    undo_withdraw,
    withdraw_answer,
)
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys import operations as surveys
from gloed.surveys.rules import Metric

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def delivered(organisation):
    """Three answers of two persons in two months, projected."""
    content = surveys.usual_content(organisation, Metric.NPS)
    survey = surveys.create_survey(organisation, title="Service", content=content, now=NOW)
    surveys.open_survey(survey, now=NOW)
    answers = [
        IncomingAnswer(
            answers=(GivenAnswer(1, rating=rating), GivenAnswer(2, verbatim="words")),
            source="import",
            source_id=str(number),
            responded_at=NOW - timedelta(days=20 * number),
            person=PersonData(f"K-{number % 2}", attributes={"street": f"Unmistakable {number}"}),
        )
        for number, rating in enumerate((2, 7, 9))
    ]
    list(receive_many(survey, answers, now=NOW))
    run_until_idle()
    assert ratings(organisation) == {2: 1, 7: 1, 9: 1}
    return {response.key[-1]: response for response in Response.objects.all()}


def ratings(organisation):
    """How often each rating counts, as a page would read it."""
    merged = run(store.projection_of(organisation), Query()).merged()
    return {rating: count for rating, count in enumerate(merged.counts) if count} if merged else {}


def test_a_correction_and_a_withdrawal_and_its_undo(organisation, delivered):
    first, last = delivered["0"].public_id, delivered["2"].public_id
    correct_answer(organisation, first, position=1, rating=10, now=NOW)
    run_until_idle()
    assert ratings(organisation) == {7: 1, 9: 1, 10: 1}
    withdraw_answer(organisation, last, now=NOW)
    run_until_idle()
    assert ratings(organisation) == {7: 1, 10: 1}
    undo_withdraw(organisation, last, now=NOW)
    run_until_idle()
    assert ratings(organisation) == {7: 1, 9: 1, 10: 1}


def test_an_erased_person_keeps_the_ratings_and_leaves_every_file(organisation, delivered):
    erased, other = Person.objects.order_by("external_id").values_list("pk", flat=True)
    assert erase_person(Person.objects.get(pk=erased), now=NOW) == 2
    run_until_idle()
    projection.sweep(organisation, now=datetime.now(UTC) + 2 * manifest.GRACE)
    assert ratings(organisation) == {2: 1, 7: 1, 9: 1}
    files = list(projection.folder_of(organisation).rglob("*.parquet"))
    rows = [row for file in files for row in ParquetFile(file).read().to_pylist()]
    assert {row.get("person") for row in rows} == {None, other}
    held = str(rows)
    assert "Unmistakable 1" in held
    assert "Unmistakable 0" not in held
    assert "Unmistakable 2" not in held


def test_changes_that_come_together_are_all_projected(organisation, delivered):
    correct_answer(organisation, delivered["1"].public_id, position=1, rating=0, now=NOW)
    withdraw_answer(organisation, delivered["0"].public_id, now=NOW)
    erase_person(Person.objects.get(external_id="K-0"), now=NOW)
    run_until_idle()
    assert ratings(organisation) == {0: 1, 9: 1}
