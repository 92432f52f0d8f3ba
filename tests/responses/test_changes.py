"""Correcting, withdrawing and erasing what is on record."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from gloed.base.models import AuditEntry, JournalEntry
from gloed.fieldwork import operations as fieldwork
from gloed.people.models import Person, Suppression
from gloed.people.queries import is_suppressed
from gloed.people.rules import PersonData
from gloed.responses.models import Answer, Response
from gloed.responses.operations import (
    NotThere,
    correct_answer,
    erase_person,
    receive_many,
    undo_withdraw,
    withdraw_answer,
)
from gloed.responses.rules import AnswerRefused, GivenAnswer, IncomingAnswer, Outcome
from gloed.surveys import operations as surveys

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=40)


def test_a_correction_is_told_audited_and_stays(receive, organisation):
    receipt = receive(9, "snel")
    assert correct_answer(organisation, receipt.response_id, position=1, rating=2, now=LATER)
    assert Answer.objects.get(question__position=1).rating == 2
    assert receive(9, "snel", now=LATER).outcome is Outcome.UNCHANGED
    assert Answer.objects.get(question__position=1).rating == 2
    assert JournalEntry.objects.get(kind="response.updated").payload["months"] == ["2026-03"]
    assert AuditEntry.objects.get().action == "responses.correct"


def test_correcting_to_the_same_changes_nothing(receive, organisation):
    receipt = receive(9)
    assert not correct_answer(organisation, receipt.response_id, position=1, rating=9, now=LATER)
    assert not correct_answer(organisation, receipt.response_id, position=2, verbatim="", now=LATER)
    assert not JournalEntry.objects.filter(kind="response.updated").exists()


def test_words_can_be_taken_back_by_correction(receive, organisation):
    receipt = receive(9, "een naam die er niet hoort")
    assert correct_answer(organisation, receipt.response_id, position=2, verbatim="", now=LATER)
    assert Answer.objects.count() == 1


def test_a_correction_outside_the_scale_is_refused(receive, organisation):
    receipt = receive(9)
    with pytest.raises(AnswerRefused):
        correct_answer(organisation, receipt.response_id, position=1, rating=12, now=LATER)


def test_withdrawing_and_its_undo(receive, organisation):
    receipt = receive(9)
    assert withdraw_answer(organisation, receipt.response_id, now=LATER)
    assert not withdraw_answer(organisation, receipt.response_id, now=LATER)
    assert Response.objects.get().withdrawn_at == LATER
    assert JournalEntry.objects.get(kind="response.withdrawn").payload["months"] == ["2026-03"]
    assert undo_withdraw(organisation, receipt.response_id, now=LATER)
    assert not undo_withdraw(organisation, receipt.response_id, now=LATER)
    assert Response.objects.get().withdrawn_at is None
    assert JournalEntry.objects.filter(kind="response.updated").count() == 1


@pytest.mark.parametrize("change", [withdraw_answer, undo_withdraw])
def test_another_organisations_response_is_not_there(receive, other_organisation, change):
    receipt = receive(9)
    with pytest.raises(NotThere):
        change(other_organisation, receipt.response_id, now=NOW)
    with pytest.raises(NotThere):
        change(other_organisation, uuid4(), now=NOW)


class TestErasing:
    @pytest.fixture
    def bring(self, survey):
        def deliver(number, rating=9, why="ik ben Anna"):
            answer = IncomingAnswer(
                (GivenAnswer(1, rating=rating), GivenAnswer(2, verbatim=why)),
                "csv",
                source_id=str(number),
                person=PersonData(
                    external_id="c1", name="Anna", email="Anna@example.org", attributes={"a": 1}
                ),
                responded_at=NOW - timedelta(days=31 * number),
                attributes={"b": 2},
                device="phone",
                tags=("vip",),
            )
            return list(receive_many(survey, [answer], now=NOW))[-1]

        return deliver

    def test_the_rating_stays_and_the_person_goes(self, bring, survey, organisation):
        bring(0)
        bring(2)
        person = Person.objects.get()
        invitation = fieldwork.invite(survey, person, channel="email", attributes={"a": 1}, now=NOW)
        assert erase_person(person, now=LATER) == 2
        assert not Person.objects.exists()
        assert list(Answer.objects.values_list("rating", "verbatim", "raw")) == [(9, "", "")] * 2
        for response in Response.objects.all():
            assert (response.person, response.attributes, response.tags) == (None, {}, [])
            assert (response.device, response.erased_at) == ("", LATER)
        invitation.refresh_from_db()
        assert (invitation.person, invitation.attributes) == (None, {})
        entry = JournalEntry.objects.get(kind="person.erased")
        assert (entry.subject, entry.payload) == (
            str(person.public_id),
            {"months": ["2025-12", "2026-03"]},
        )
        assert "Anna" not in str(list(AuditEntry.objects.values()))

    def test_neither_address_nor_id_can_be_read_afterwards(self, bring, organisation):
        bring(0)
        erase_person(Person.objects.get(), now=LATER)
        keys = Suppression.objects.values_list("key", flat=True)
        assert len(keys) == 2
        assert all(key.startswith("sha256:") for key in keys)
        assert is_suppressed(organisation, "ANNA@example.org")
        assert not is_suppressed(organisation, "bram@example.org")

    def test_the_same_import_does_not_bring_them_back(self, bring):
        bring(0)
        erase_person(Person.objects.get(), now=LATER)
        assert bring(0).unchanged == 1
        assert bring(1).new == 1  # a row that had not come before
        assert not Person.objects.exists()
        assert not Answer.objects.exclude(verbatim="").exists()
        assert Response.objects.filter(attributes={}, person=None).count() == 2

    def test_an_erased_respondent_cannot_fill_the_answer_again(self, receive, survey, organisation):
        person = Person.objects.create(organisation=organisation, external_id="x", created_at=NOW)
        token = fieldwork.invite(survey, person, channel="email", now=NOW).token
        receive(9, "ik ben Anna", token=token)
        erase_person(person, now=LATER)
        assert receive(9, "ik ben Anna", token=token).outcome is Outcome.UNCHANGED
        assert not Answer.objects.exclude(verbatim="").exists()

    def test_somebody_who_never_answered_can_be_erased(self, organisation):
        person = Person.objects.create(organisation=organisation, created_at=NOW)
        assert erase_person(person, now=NOW) == 0
        assert JournalEntry.objects.get(kind="person.erased").payload == {"months": ["undated"]}


def test_erasing_survives_a_survey_that_was_closed(receive, survey, organisation):
    receive(9, "x", person=PersonData(external_id="c"))
    surveys.close_survey(survey, now=NOW)
    assert erase_person(Person.objects.get(), now=NOW) == 1
