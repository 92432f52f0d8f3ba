"""The one door in: what is kept, what a second delivery changes, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from gloed.base.models import JournalEntry, Team
from gloed.fieldwork import operations as fieldwork
from gloed.people.models import Person
from gloed.people.rules import PersonData
from gloed.responses.models import Answer, Response
from gloed.responses.operations import receive_answer, withdraw_answer
from gloed.responses.rules import (
    AnswerRefused,
    GivenAnswer,
    IncomingAnswer,
    Outcome,
    Reason,
)
from gloed.surveys import operations as surveys
from gloed.surveys.queries import get_asked

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def stored():
    """Rating and verbatim of the one response there is."""
    response = Response.objects.get()
    found = dict(response.answers.values_list("question__position", "rating"))
    words = dict(response.answers.values_list("question__position", "verbatim"))
    return found.get(1), words.get(2, "")


def refused(deliver, *args, **kwargs):
    with pytest.raises(AnswerRefused) as refusal:
        deliver(*args, **kwargs)
    return refusal.value.reason


def test_an_answer_is_kept_and_told_about_in_the_same_breath(receive, survey):
    receipt = receive(9, "snel geholpen")
    response = Response.objects.get()
    assert receipt.outcome is Outcome.NEW
    assert receipt.response_id == str(response.public_id)
    assert stored() == (9, "snel geholpen")
    assert (response.status, response.responded_at, response.source) == ("complete", NOW, "link")
    entry = JournalEntry.objects.get(kind="response.recorded")
    assert entry.subject == receipt.response_id
    assert entry.payload == {"months": ["2026-03"], "survey": str(survey.public_id)}


def test_a_repeated_delivery_changes_nothing(receive):
    first = receive(9, "snel")
    again = receive(9, "snel", now=NOW + timedelta(minutes=5))
    assert again.outcome is Outcome.UNCHANGED
    assert again.response_id == first.response_id
    assert Response.objects.get().updated_at == NOW
    assert JournalEntry.objects.filter(kind__startswith="response.").count() == 1


def test_another_rating_is_a_change_of_mind(receive):
    receive(9)
    assert receive(3).outcome is Outcome.UPDATED
    assert stored() == (3, "")
    assert JournalEntry.objects.get(kind="response.updated").payload["months"] == ["2026-03"]


def test_a_rating_alone_leaves_the_words_as_they_are_and_empty_words_take_them_back(receive):
    receive(9, "snel")
    receive(8)
    assert stored() == (8, "snel")
    receive(8, "")
    assert stored() == (8, "")


def test_partial_becomes_complete_and_never_partial_again(receive):
    receive(9, is_complete=False)
    assert Response.objects.get().status == "partial"
    assert receive(9, is_complete=True).outcome is Outcome.UPDATED
    assert receive(9, is_complete=False).outcome is Outcome.UNCHANGED
    assert Response.objects.get().status == "complete"


def test_a_delivery_that_was_overtaken_changes_nothing(receive):
    receive(3, revision=200)
    assert receive(9, revision=100).outcome is Outcome.UNCHANGED
    assert stored() == (3, "")
    assert receive(9, revision=300).outcome is Outcome.UPDATED


def test_zero_is_a_rating(receive):
    receive(0)
    assert stored() == (0, "")


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ((GivenAnswer(1, rating=11),), Reason.OUT_OF_SCALE),
        ((GivenAnswer(1, rating=-1),), Reason.OUT_OF_SCALE),
        ((GivenAnswer(1, rating=True),), Reason.OUT_OF_SCALE),
        ((GivenAnswer(2, rating=5),), Reason.NOT_A_RATING),
        ((GivenAnswer(7, rating=5),), Reason.UNKNOWN_QUESTION),
        ((GivenAnswer(1, rating=5), GivenAnswer(1, rating=6)), Reason.ASKED_TWICE),
        ((GivenAnswer(1, rating=5), GivenAnswer(2, verbatim="x" * 20_001)), Reason.TOO_LONG),
        ((GivenAnswer(1),), Reason.NOTHING_ANSWERED),
        ((), Reason.NOTHING_ANSWERED),
    ],
)
def test_what_the_version_did_not_ask_is_refused_with_its_reason(survey, answers, reason):
    answer = IncomingAnswer(answers, "link", client_key="k" * 22)
    with pytest.raises(AnswerRefused) as refusal:
        receive_answer(answer, survey=get_asked(survey.pk), now=NOW)
    assert refusal.value.reason is reason
    assert not Response.objects.exists()
    assert not JournalEntry.objects.filter(kind__startswith="response").exists()


def test_an_answer_without_a_key_is_refused(receive):
    assert refused(receive, 5, key="") is Reason.NO_KEY


def test_a_version_that_was_never_published_is_refused(receive):
    assert refused(receive, 5, version=9) is Reason.UNKNOWN_VERSION


def test_a_draft_takes_nothing(organisation):
    draft = surveys.create_survey(
        organisation, title="x", content=surveys.usual_content(organisation, "ces"), now=NOW
    )
    answer = IncomingAnswer((GivenAnswer(1, rating=5),), "link", client_key="k" * 22)
    with pytest.raises(AnswerRefused) as refusal:
        receive_answer(answer, survey=get_asked(draft.pk), now=NOW)
    assert refusal.value.reason is Reason.NOT_PUBLISHED


def test_a_closed_survey_takes_only_what_was_begun_for_an_hour_more(receive, survey):
    receive(9, key="begun" * 5)
    surveys.close_survey(survey, now=NOW)
    assert refused(receive, 9, key="new00" * 5) is Reason.SURVEY_CLOSED
    half_an_hour, two_hours = NOW + timedelta(minutes=30), NOW + timedelta(hours=2)
    assert receive(2, key="begun" * 5, now=half_an_hour).outcome is Outcome.UPDATED
    assert refused(receive, 5, key="begun" * 5, now=two_hours) is Reason.SURVEY_CLOSED


def test_an_old_version_may_still_be_answered_and_keeps_its_words(receive, survey, organisation):
    content = surveys.usual_content(organisation, "nps", rating_text="Nieuwe vraag?")
    surveys.edit_survey(survey, title=survey.title, content=content, kind=survey.kind)
    surveys.publish(survey, now=NOW)
    receive(9, version=1)
    assert Response.objects.get().version.number == 1
    receive(8, key="x" * 22)
    assert Response.objects.get(key__contains="xxx").version.number == 2


def test_going_on_in_a_newer_version_leaves_no_answer_behind(receive, survey, organisation):
    receive(9, "eerst", version=1)
    content = surveys.usual_content(organisation, "nps", rating_text="Nieuwe vraag?")
    surveys.edit_survey(survey, title=survey.title, content=content, kind=survey.kind)
    surveys.publish(survey, now=NOW)
    receive(4, "later", version=2)
    assert stored() == (4, "later")
    assert Answer.objects.count() == 2


class TestInvited:
    @pytest.fixture
    def person(self, organisation):
        return Person.objects.create(
            organisation=organisation,
            external_id="c1",
            language="nl",
            attributes={"regio": "Noord", "segment": "klein"},
            created_at=NOW,
        )

    @pytest.fixture
    def invitation(self, survey, person):
        return fieldwork.invite(
            survey, person, channel="email", attributes={"segment": "groot"}, now=NOW
        )

    def test_person_and_attributes_are_kept_as_they_were_then(self, receive, person, invitation):
        receive(9, token=invitation.token)
        person.attributes = {"regio": "Zuid"}
        person.save()
        response = Response.objects.get()
        assert (response.person, response.invitation) == (person, invitation)
        assert response.attributes == {"regio": "Noord", "segment": "groot"}
        assert response.channel == "email"

    def test_the_invitation_learns_what_became_of_it(self, receive, invitation):
        receive(9, token=invitation.token, is_complete=False)
        invitation.refresh_from_db()
        assert (invitation.disposition, invitation.answered_at) == ("partial", NOW)
        receive(9, "snel", token=invitation.token)
        receive(8, token=invitation.token, is_complete=False)
        invitation.refresh_from_db()
        assert invitation.disposition == "complete"

    def test_one_invitation_is_one_response(self, receive, invitation):
        receive(9, token=invitation.token)
        receive(2, token=invitation.token)
        assert stored() == (2, "")

    def test_an_unknown_token_is_refused(self, receive):
        assert refused(receive, 9, token="nobody") is Reason.UNKNOWN_INVITATION

    def test_a_token_of_another_survey_is_refused(self, receive, organisation, person):
        content = surveys.usual_content(organisation, "ces")
        other = surveys.create_survey(organisation, title="y", content=content, now=NOW)
        token = fieldwork.invite(other, person, channel="email", now=NOW).token
        assert refused(receive, 9, token=token) is Reason.UNKNOWN_INVITATION

    def test_an_expired_invitation_takes_no_new_answer(self, receive, survey, person):
        token = fieldwork.invite(survey, person, channel="email", expires_at=NOW, now=NOW).token
        assert refused(receive, 9, token=token) is Reason.INVITATION_EXPIRED


def test_a_delivery_may_bring_its_person_team_and_touchpoint(receive, organisation):
    person = PersonData(external_id="c7", email="Anna@Example.org", attributes={"regio": "Oost"})
    receive(9, person=person, team="Zuid", touchpoint="Factuur", attributes={"product": "gas"})
    response = Response.objects.get()
    assert response.person.email_key == "anna@example.org"
    assert response.attributes == {"regio": "Oost", "product": "gas"}
    assert response.team == Team.objects.get(organisation=organisation, name="Zuid")
    assert response.touchpoint.name == "Factuur"


def test_a_withdrawn_answer_does_not_come_back_by_itself(receive, organisation):
    receipt = receive(9)
    withdraw_answer(organisation, receipt.response_id, now=NOW)
    assert refused(receive, 8) is Reason.WITHDRAWN


def test_words_that_a_database_cannot_keep_are_cleaned(receive):
    receive(9, "fijn\x00\ud800 gedaan é😀", attributes={"a": "x\x00y"})
    assert stored() == (9, "fijn gedaan é😀")
    assert Response.objects.get().attributes == {"a": "xy"}


def test_a_new_answer_costs_few_queries(receive, django_assert_num_queries):
    receive(5, key="w" * 22)  # the version is in memory from here on
    with django_assert_num_queries(6):  # survey, begin, response, answers, journal, commit
        receive(9, "snel", key="q" * 22)
