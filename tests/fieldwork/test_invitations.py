"""Invitations: personal, unguessable, and honest about what became of them."""

from datetime import UTC, datetime

import pytest

from gloed.fieldwork import operations
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.queries import find_invitation
from gloed.people.models import Person
from gloed.surveys import operations as surveys

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def person(organisation):
    return Person.objects.create(
        organisation=organisation,
        external_id="c1",
        language="nl",
        attributes={"regio": "Noord", "segment": "klein"},
        created_at=NOW,
    )


@pytest.fixture
def invitation(organisation, person):
    content = surveys.usual_content(organisation, "nps")
    survey = surveys.create_survey(organisation, title="x", content=content, now=NOW)
    return operations.invite(
        survey, person, channel="email", attributes={"segment": "groot"}, now=NOW
    )


def test_tokens_are_long_and_never_the_same(invitation, person):
    tokens = {
        operations.invite(invitation.survey, person, channel="email", now=NOW).token
        for _ in range(50)
    }
    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 22


def test_it_is_found_with_what_is_known_of_its_person_now(invitation, person):
    found = find_invitation(invitation.token)
    assert (found.person_id, found.channel, found.language) == (person.pk, "email", "nl")
    assert found.attributes == {"regio": "Noord", "segment": "groot"}
    assert find_invitation("made-up") is None


def test_it_outlives_its_person(invitation, person):
    operations.forget_person(person)
    person.delete()
    found = find_invitation(invitation.token)
    assert (found.person_id, found.language, found.attributes) == (None, "", {})


def test_complete_never_becomes_partial_again(invitation):
    for is_complete, disposition in ((False, "partial"), (True, "complete"), (False, "complete")):
        operations.note_answer(invitation.pk, is_complete=is_complete, now=NOW)
        assert Invitation.objects.get().disposition == disposition
