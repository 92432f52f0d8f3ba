"""Erasing a person empties their case; removing answers leaves nothing dangling."""

from datetime import UTC, datetime
from uuid import uuid4

from gloed.base.models import JournalEntry
from gloed.loop.cases import operations, tasks
from gloed.loop.cases.models import Case, CaseAnswer, CaseEvent
from gloed.loop.cases.rules import Because, Gesture, Reason
from gloed.responses import dossier
from gloed.responses import operations as responses
from gloed.responses.models import Response

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def hear(kind):
    tasks.hear(list(JournalEntry.objects.filter(kind=kind)))


def test_what_was_written_about_an_erased_person_is_gone(
    answer, make_person, make_staff, organisation
):
    bob = make_staff(organisation, "manager")
    person = make_person()
    said = [Reason(Because.WORDS, "advocaat"), Reason(Because.BAND, "detractor")]
    case = operations.open_case(answer(2, "Mijn advocaat", person=person), because=said, now=NOW)
    operations.write_note(case, "Sanne is boos", staff=bob, now=NOW)
    operations.use_gesture(case, Gesture.THANK, staff=bob, now=NOW)
    operations.add_task(case, "Sanne bellen", staff=bob, now=NOW)
    operations.edit_case(case, {"done": "Sanne gebeld"}, read=1, staff=bob, now=NOW)
    responses.erase_person(person, now=NOW)
    hear("person.erased")
    hear("person.erased")
    case = Case.objects.get()
    assert (case.person_id, case.person_key, case.done) == (None, None, "")
    assert case.erased_at is not None
    assert not case.is_open  # nobody can be reached any more
    everything = " ".join(f"{event.text} {event.detail}" for event in CaseEvent.objects.all())
    assert "Sanne" not in everything
    assert "advocaat" not in str(case.opened_because)
    assert "thank" in everything  # a gesture still counts
    assert case.tasks.get().title == ""


def test_who_asks_to_see_everything_sees_their_cases(answer, make_person, make_staff, organisation):
    person = make_person()
    case = operations.open_case(answer(2, person=person), now=NOW)
    operations.write_note(
        case, "Belt liever niet", staff=make_staff(organisation, "owner"), now=NOW
    )
    [told] = dossier.dossier_of(person, now=NOW)["cases"]
    assert told["case"] == 1
    assert "Belt liever niet" in [line["text"] for line in told["story"]]


def test_a_person_deleted_with_all_answers_leaves_a_case_that_can_be_read(
    alice, answer, make_person
):
    person = make_person()
    operations.open_case(answer(2, "Weg ermee", person=person), now=NOW)
    responses.delete_person(person, now=NOW)
    hear("responses.removed")
    case = Case.objects.get()
    assert not CaseAnswer.objects.exists()
    assert not case.is_open
    shown = alice.get(f"/cases/{case.public_id}/").content.decode()
    assert "Somebody without a name" in shown
    assert "Somebody without a name" in alice.get("/cases/?show=closed").content.decode()


def test_a_case_that_later_answers_joined_by_themselves_closes_with_the_last_of_them(
    answer, make_person, organisation
):
    person, said = make_person(), [Reason(Because.BAND, "detractor")]
    one, two = answer(2, person=person), answer(1, person=person)
    case = operations.open_case(one, because=said, now=NOW)
    assert operations.open_case(two, because=said, now=NOW) == case
    Response.objects.update(batch=(batch := uuid4()))
    list(responses.remove_batch(organisation, batch, now=NOW))
    hear("responses.removed")
    case.refresh_from_db()
    assert (case.status, case.outcome) == ("closed", "nothing_to_do")
