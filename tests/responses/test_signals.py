"""Answers that look like a machine's: noted, set apart, never thrown away, set right by hand."""

from datetime import timedelta

import pytest

from gloed.base.models import AuditEntry, JournalEntry
from gloed.fieldwork import operations as fieldwork
from gloed.people.models import Person
from gloed.responses.models import Response
from gloed.responses.operations import judge_real, note_signal, undo_judge_real
from gloed.responses.queries import count_by_survey, count_set_apart
from gloed.responses.rules import Signal, is_suspicious

from .conftest import NOW

SOON = NOW + timedelta(minutes=4)
LATE = NOW + timedelta(minutes=6)
BOTH = frozenset({Signal.NO_SCRIPT, Signal.ALL_LINKS})


@pytest.fixture
def invitation(survey, organisation):
    """Somebody who was asked."""
    person = Person.objects.create(organisation=organisation, created_at=NOW)
    return fieldwork.invite(survey, person, channel="email", now=NOW)


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ((), False),
        ((Signal.NO_SCRIPT,), False),
        ((Signal.FAST,), False),
        ((Signal.ALL_LINKS,), False),
        ((Signal.NO_SCRIPT, Signal.FAST), False),
        ((Signal.ALL_LINKS, Signal.FAST), True),
        ((Signal.TRAP_FILLED,), True),
    ],
)
def test_one_weak_signal_alone_sets_nothing_apart(signals, expected):
    assert is_suspicious(signals) is expected


def test_an_answer_set_apart_is_kept_and_counted_apart(receive, survey):
    receive(9, signals=BOTH)
    response = Response.objects.get()
    assert response.is_suspicious
    assert response.signals == "all_links no_script"
    assert count_by_survey([survey.pk]) == {survey.pk: 0}
    assert count_set_apart([survey.pk]) == {survey.pk: 1}


def test_what_a_person_sends_after_a_machine_counts(receive):
    receive(9, signals=BOTH)
    receive(3, "te laat", signals=frozenset({Signal.NO_SCRIPT}), now=SOON)
    assert not Response.objects.get().is_suspicious
    receive(2, "te laat", signals=frozenset({Signal.TRAP_FILLED}), now=SOON)
    receive(3, "te laat", now=SOON)
    assert Response.objects.get().is_suspicious


@pytest.mark.parametrize(("seen_at", "expected"), [(SOON, True), (LATE, False)])
@pytest.mark.parametrize("is_before", [True, False])
def test_links_all_followed_weigh_only_close_to_the_answer(
    receive, invitation, seen_at, expected, is_before
):
    token, quick = invitation.token, frozenset({Signal.FAST})
    if is_before:
        assert note_signal(Signal.ALL_LINKS, token=token, now=NOW)
        receive(9, token=token, signals=quick, now=seen_at)
    else:
        receive(9, token=token, signals=quick, now=NOW)
        assert note_signal(Signal.ALL_LINKS, token=token, now=seen_at)
        note_signal(Signal.ALL_LINKS, token=token, now=seen_at)
    assert Response.objects.get().is_suspicious is expected


def test_a_signal_of_nothing_known_is_none_of_ours(db):
    assert not note_signal(Signal.ALL_LINKS, token="unknown", now=NOW)
    assert not note_signal(Signal.FAST, now=NOW)


def test_a_signal_may_be_noted_on_an_answer_itself(receive):
    receive(9, signals=frozenset({Signal.ALL_LINKS}))
    public_id = Response.objects.get().public_id
    assert note_signal(Signal.NO_SCRIPT, response=public_id, now=SOON)
    assert Response.objects.get().is_suspicious
    assert JournalEntry.objects.filter(kind="response.updated").count() == 1


def test_a_colleague_lets_it_count_and_takes_that_back(receive, organisation, survey, make_staff):
    receive(9, signals=BOTH)
    public_id = Response.objects.get().public_id
    assert judge_real(organisation, public_id, staff=make_staff(organisation, "owner"), now=SOON)
    assert not judge_real(organisation, public_id, now=SOON)
    assert count_by_survey([survey.pk]) == {survey.pk: 1}
    receive(8, signals=BOTH, now=SOON)
    assert not Response.objects.get().is_suspicious
    assert undo_judge_real(organisation, public_id, now=SOON)
    assert not undo_judge_real(organisation, public_id, now=SOON)
    assert count_set_apart([survey.pk]) == {survey.pk: 1}
    assert AuditEntry.objects.filter(action="responses.judge_real").exists()
