"""A case opens once per answer, one at a time per person."""

from datetime import UTC, datetime, timedelta

from gloed.base.models import JournalEntry
from gloed.fieldwork.models import Preference
from gloed.loop.cases import operations
from gloed.loop.cases.models import Case, CaseAnswer
from gloed.loop.cases.rules import Because, Outcome, Priority, Reason

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def told(kind):
    return [entry.payload for entry in JournalEntry.objects.filter(kind=kind).order_by("pk")]


def test_an_answer_opens_one_case_however_often_it_is_told(answer):
    response = answer(3)
    first = operations.open_case(response, now=NOW)
    again = operations.open_case(response, now=NOW + timedelta(hours=1))
    assert first == again
    assert Case.objects.count() == 1
    assert first.number == 1
    assert [one["response"] for one in told("case.opened")] == [str(response.public_id)]


def test_a_later_answer_of_the_same_person_joins_and_can_only_make_it_more_urgent(
    answer, make_person
):
    person = make_person()
    case = operations.open_case(answer(3, person=person), now=NOW)
    later = answer(0, person=person, at=NOW + timedelta(hours=1))
    joined = operations.open_case(
        later,
        because=[Reason(Because.WORDS, "advocaat")],
        priority=Priority.URGENT,
        now=NOW + timedelta(hours=1),
    )
    assert joined == case
    case.refresh_from_db()
    assert case.priority == Priority.URGENT
    # two working hours from 11:30 Amsterdam time
    assert case.due_at == datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
    assert CaseAnswer.objects.filter(case=case).count() == 2


def test_after_closing_a_new_answer_opens_a_new_case(answer, make_person):
    person = make_person()
    case = operations.open_case(answer(3, person=person), now=NOW)
    assert operations.close_case(case, Outcome.SOLVED, staff=None, now=NOW)
    assert not operations.close_case(case, Outcome.PARTLY, staff=None, now=NOW)
    second = operations.open_case(answer(2, person=person), now=NOW + timedelta(days=9))
    assert second.number == 2
    assert case.outcome == Outcome.SOLVED


def test_nobody_is_asked_while_their_case_is_open(answer, make_person):
    person = make_person()
    case = operations.open_case(answer(3, person=person), now=NOW)
    until = Preference.objects.get(person=person).quarantine_until
    assert until > NOW + timedelta(days=300)
    operations.close_case(case, Outcome.SOLVED, staff=None, now=NOW)
    assert Preference.objects.get(person=person).quarantine_until == NOW + timedelta(days=30)
