"""The bulk door: counts, updates in place, whom a row is about, and undoing it all."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import CASCADE

from gloed.base import bulk
from gloed.base.models import JournalEntry
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import ReceivedEvent
from gloed.integrations.delighted.models import Note
from gloed.people.models import Person
from gloed.people.rules import PersonData
from gloed.responses.models import Answer, Response
from gloed.responses.operations import (
    Progress,
    check_many,
    correct_answer,
    receive_checked,
    receive_many,
    remove_batch,
    withdraw_answer,
)
from gloed.responses.rules import GivenAnswer, IncomingAnswer, Reason
from gloed.surveys import operations as surveys
from gloed.surveys.queries import get_asked

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def row(number, rating=9, why="snel", *, person=None, **kwargs):
    answers = (GivenAnswer(1, rating=rating), GivenAnswer(2, verbatim=why))
    kwargs.setdefault("responded_at", NOW - timedelta(days=number))
    return IncomingAnswer(
        answers, "csv", source_id=str(number), row=number, person=person, **kwargs
    )


def bring(survey, answers, **kwargs):
    """Deliver all of it and return the last progress."""
    return [Progress(), *receive_many(survey, answers, now=NOW, **kwargs)][-1]


def counts(progress):
    return progress.new, progress.updated, progress.unchanged, progress.refused


def test_many_rows_come_in_with_everything_they_bring(survey):
    batch = uuid4()
    person = PersonData(external_id="c1", name="Anna", email="A@example.org", phone="06")
    incoming = row(
        40,
        person=person,
        attributes={"regio": "Noord", "leeg": ""},
        touchpoint="Factuur",
        team="Zuid",
        language="nl",
        channel="email",
        device="phone",
        tags=("vip",),
        precision="day",
        written_zone="+01:00",
        is_complete=False,
    )
    assert counts(bring(survey, [incoming], batch=batch)) == (1, 0, 0, 0)
    response = Response.objects.get()
    assert response.responded_at == NOW - timedelta(days=40)
    assert (response.batch, response.row, response.source) == (batch, 40, "csv")
    assert (response.touchpoint.name, response.team.name) == ("Factuur", "Zuid")
    assert (response.language, response.channel, response.device) == ("nl", "email", "phone")
    assert (response.responded_precision, response.written_zone) == ("day", "+01:00")
    assert (response.status, response.tags) == ("partial", ["vip"])
    assert response.attributes == {"regio": "Noord", "leeg": ""}
    assert (response.person.name, response.person.email) == ("Anna", "A@example.org")
    assert list(
        response.answers.order_by("question__position").values_list("rating", "verbatim")
    ) == [
        (9, ""),
        (None, "snel"),
    ]


def test_a_second_delivery_of_the_same_rows_changes_nothing(survey):
    people = [PersonData(external_id=f"c{n % 3}", name=f"N{n % 3}") for n in range(10)]
    rows = [row(n, rating=n, person=people[n], attributes={"n": n}) for n in range(10)]
    assert counts(bring(survey, rows, chunk=4)) == (10, 0, 0, 0)
    told = JournalEntry.objects.count()
    before = list(Response.objects.order_by("pk").values())
    assert counts(bring(survey, rows, chunk=3)) == (0, 0, 10, 0)
    assert list(Response.objects.order_by("pk").values()) == before
    assert (Person.objects.count(), Answer.objects.count()) == (3, 20)
    assert JournalEntry.objects.count() == told


def test_a_newer_row_is_the_whole_truth_about_its_response(survey):
    bring(survey, [row(1, rating=9, why="snel", attributes={"a": 1})])
    first = Response.objects.get()
    moved = row(1, rating=2, why="", attributes={"a": 2}, responded_at=NOW - timedelta(days=90))
    assert counts(bring(survey, [moved])) == (0, 1, 0, 0)
    again = Response.objects.get()
    assert (again.pk, again.public_id) == (first.pk, first.public_id)
    assert list(again.answers.values_list("rating", "verbatim")) == [(2, "")]
    assert again.attributes == {"a": 2}
    entry = JournalEntry.objects.filter(kind="responses.imported").latest("pk")
    assert entry.payload["months"] == ["2025-12", "2026-03"]


def test_undated_rows_are_kept_and_told_as_such(survey):
    bring(survey, [row(1, responded_at=None)])
    assert Response.objects.get().responded_at is None
    entry = JournalEntry.objects.get(kind="responses.imported")
    assert entry.payload == {"months": ["undated"], "survey": str(survey.public_id)}


def test_one_journal_entry_a_chunk(survey):
    batch = uuid4()
    steps = list(receive_many(survey, (row(n) for n in range(10)), batch=batch, now=NOW, chunk=4))
    assert [step.done for step in steps] == [4, 8, 10]
    assert (
        list(
            JournalEntry.objects.filter(kind="responses.imported").values_list("subject", flat=True)
        )
        == [str(batch)] * 3
    )


def test_rows_that_do_not_fit_are_refused_alone(survey):
    rows = [
        row(1),
        row(2, rating=11),
        IncomingAnswer((GivenAnswer(1),), "csv", source_id="3", row=3),
        IncomingAnswer((GivenAnswer(1, rating=5),), "csv", row=4),
        IncomingAnswer((GivenAnswer(9, rating=5),), "csv", source_id="5", row=5),
        IncomingAnswer((GivenAnswer(1, rating=5),), "csv", token="t", row=6),
    ]
    progress = bring(survey, rows)
    assert counts(progress) == (1, 0, 0, 5)
    assert [(refused.row, refused.reason) for refused in progress.refused_rows] == [
        (2, Reason.OUT_OF_SCALE),
        (3, Reason.NOTHING_ANSWERED),
        (4, Reason.NO_KEY),
        (5, Reason.UNKNOWN_QUESTION),
        (6, Reason.UNKNOWN_INVITATION),
    ]


def test_a_text_that_was_no_rating_is_kept_raw(survey):
    answers = (GivenAnswer(1, raw="7,5"), GivenAnswer(2, verbatim="gaat wel"))
    bring(survey, [IncomingAnswer(answers, "csv", source_id="1")])
    assert Answer.objects.get(question__position=1).raw == "7,5"


def test_the_last_of_a_repeated_key_wins(survey):
    assert counts(bring(survey, [row(1, rating=3), row(1, rating=8)])) == (1, 0, 1, 0)
    assert Answer.objects.get(question__position=1).rating == 8


def test_rows_taken_for_new_that_were_there_are_looked_up_after_all(survey):
    nameless = PersonData(name="Anna")
    first = check_many(get_asked(survey.pk), [row(1, person=nameless), row(2)])
    again = check_many(get_asked(survey.pk), [row(1, rating=3, person=nameless), row(2), row(3)])

    assert counts(receive_checked(first, now=NOW, all_new=True)) == (2, 0, 0, 0)
    assert counts(receive_checked(again, now=NOW, all_new=True)) == (1, 1, 1, 0)

    assert (Response.objects.count(), Person.objects.count()) == (3, 1)
    assert Answer.objects.get(response__row=1, question__position=1).rating == 3


def test_an_unpublished_survey_refuses_every_row(organisation):
    content = surveys.usual_content(organisation, "nps")
    draft = surveys.create_survey(organisation, title="x", content=content, now=NOW)
    progress = bring(draft, [row(1)])
    assert progress.refused_rows[0].reason is Reason.NOT_PUBLISHED


def test_a_closed_survey_takes_an_import(survey):
    surveys.close_survey(survey, now=NOW)
    assert counts(bring(survey, [row(1)])) == (1, 0, 0, 0)


def test_the_same_number_in_another_survey_is_another_answer(survey, organisation):
    content = surveys.usual_content(organisation, "nps")
    other = surveys.create_survey(organisation, title="y", content=content, now=NOW)
    surveys.publish(other, now=NOW)
    bring(survey, [row(1)])
    assert counts(bring(other, [row(1)])) == (1, 0, 0, 0)


def test_what_staff_corrected_or_withdrew_stays(survey, organisation):
    bring(survey, [row(1), row(2)])
    first, second = Response.objects.order_by("row")
    correct_answer(organisation, first.public_id, position=1, rating=4, now=NOW)
    withdraw_answer(organisation, second.public_id, now=NOW)
    assert counts(bring(survey, [row(1), row(2, rating=0)])) == (0, 0, 2, 0)
    assert first.answers.get(question__position=1).rating == 4
    second.refresh_from_db()
    assert second.withdrawn_at == NOW


@pytest.mark.parametrize("attributes", [{"x": float("nan")}, {"x": "a\x00b"}, {"x": {"y": [1]}}])
def test_strange_attributes_stop_nothing(survey, attributes):
    assert counts(bring(survey, [row(1, attributes=attributes)])) == (1, 0, 0, 0)


class TestUndo:
    def test_an_import_leaves_with_everything_only_it_brought(self, survey, organisation):
        first, second = uuid4(), uuid4()
        anna, bram = PersonData(external_id="anna"), PersonData(external_id="bram")
        bring(survey, [row(1, person=anna)], batch=first)
        bring(survey, [row(2, person=anna), row(3, person=bram)], batch=second)
        *_, end = remove_batch(organisation, second, now=NOW, chunk=1)
        assert (end.responses, end.people) == (2, 1)
        assert list(Response.objects.values_list("row", flat=True)) == [1]
        assert list(Person.objects.values_list("external_id", flat=True)) == ["anna"]
        assert Answer.objects.count() == 2
        entries = JournalEntry.objects.filter(kind="responses.removed")
        assert {entry.subject for entry in entries} == {str(second)}

    def test_a_person_who_answered_elsewhere_stays(self, survey, organisation):
        first, second = uuid4(), uuid4()
        anna = PersonData(external_id="anna")
        bring(survey, [row(1, person=anna)], batch=first)
        bring(survey, [row(2, person=anna)], batch=second)
        *_, end = remove_batch(organisation, first, now=NOW)
        assert (end.responses, end.people) == (1, 0)
        assert Person.objects.count() == 1

    def test_a_person_goes_whose_case_had_us_ask_nothing_meanwhile(self, survey, organisation):
        batch = uuid4()
        names = ("quarantined", "paused", "event")
        bring(survey, [row(n, person=PersonData(external_id=x)) for n, x in enumerate(names)],
              batch=batch)  # fmt: skip
        quarantined, paused, told = Person.objects.order_by("pk")
        fieldwork.quarantine(quarantined, now=NOW)
        fieldwork.pause(paused, until=NOW + timedelta(days=30), now=NOW)  # their own wish
        ReceivedEvent.objects.create(
            organisation=organisation, key="e1", kind="bought", person=told,
            occurred_at=NOW, received_at=NOW,
        )  # fmt: skip
        *_, end = remove_batch(organisation, batch, now=NOW)
        assert (end.responses, end.people) == (3, 1)
        assert set(Person.objects.values_list("external_id", flat=True)) == {"paused", "event"}

    def test_notes_that_a_program_hung_on_the_answers_go_along(self, survey, organisation):
        batch = uuid4()
        bring(survey, [row(1)], batch=batch)
        Note.objects.create(response=Response.objects.get(), text="called", created_at=NOW)
        *_, end = remove_batch(organisation, batch, now=NOW)
        assert (end.responses, Note.objects.count()) == (1, 0)

    def test_what_the_database_holds_to_an_answer_may_go_with_it(self):
        for model, column in bulk.held_by(Response):
            [key] = [one for one in model._meta.concrete_fields if one.column == column]
            assert key.remote_field.on_delete is CASCADE, f"{model._meta.label} would be lost"

    def test_another_organisation_cannot_undo_it(self, survey, other_organisation):
        batch = uuid4()
        bring(survey, [row(1)], batch=batch)
        *_, end = remove_batch(other_organisation, batch, now=NOW)
        assert (end.responses, Response.objects.count()) == (0, 1)

    def test_undoing_twice_is_harmless(self, survey, organisation):
        batch = uuid4()
        bring(survey, [row(1)], batch=batch)
        list(remove_batch(organisation, batch, now=NOW))
        *_, end = remove_batch(organisation, batch, now=NOW)
        assert (end.responses, end.people) == (0, 0)
