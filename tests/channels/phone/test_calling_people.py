"""One caller for each person, policy before dialling, and every outcome in the ledger."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from gloed.base.models import AuditEntry
from gloed.channels.phone import operations
from gloed.channels.phone.models import Call
from gloed.channels.phone.rules import HELD, MOST_TRIES, Outcome, dialled, next_try
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.rules import Skip
from gloed.responses.models import Answer, Response
from gloed.responses.rules import AnswerRefused, GivenAnswer
from tests.channels.phone.conftest import NOW


def line(call):
    return Invitation.objects.get(pk=call.invitation_id)


def test_two_callers_never_get_the_same_person(wave, caller, other_caller):
    mine = operations.next_person(wave, caller, now=NOW)
    theirs = operations.next_person(wave, other_caller, now=NOW)
    assert mine.invitation_id != theirs.invitation_id
    assert operations.next_person(wave, caller, now=NOW) == mine  # still on the screen


@pytest.mark.django_db(transaction=True)
def test_many_callers_at_the_same_instant_share_a_list(wave, make_staff, organisation):
    callers = [make_staff(organisation, "frontline", email=f"c{n}@example.org") for n in range(6)]
    start, found = Barrier(len(callers)), []

    def take(one):
        start.wait(60)
        try:
            found.append(operations.next_person(wave, one, now=NOW))
        finally:
            connection.close()

    threads = [Thread(target=take, args=(one,)) for one in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    taken = [call.invitation_id for call in found if call is not None]
    assert len(found) == 6
    assert len(taken) == len(set(taken)) == 3


def test_a_person_is_let_go_after_a_time_and_the_next_caller_sees_it(wave, caller, other_caller):
    mine = operations.next_person(wave, caller, now=NOW)
    operations.note_dialling(mine, now=NOW)
    later = NOW + HELD + timedelta(minutes=1)
    got = {operations.next_person(wave, other_caller, now=later).invitation_id}
    assert got == {mine.invitation_id}
    mine.refresh_from_db()
    assert not operations.keeps(mine, caller, now=later)


def test_a_long_call_keeps_its_person_where_nobody_took_over(wave, caller):
    mine = operations.next_person(wave, caller, now=NOW)
    assert operations.keeps(mine, caller, now=NOW + timedelta(hours=1))


def test_an_answer_comes_in_by_the_one_door(wave, caller, survey):
    call = operations.next_person(wave, caller, now=NOW)
    operations.note_dialling(call, now=NOW)
    given = [GivenAnswer(1, rating=9), GivenAnswer(2, verbatim="Vriendelijk geholpen")]
    operations.keep_answer(call, given, version=1, language="nl", now=NOW)
    response = Response.objects.get()
    assert (response.source, response.channel, response.language) == ("phone", "phone", "nl")
    assert response.invitation_id == call.invitation_id
    assert sorted(Answer.objects.values_list("rating", flat=True), key=str) == [9, None]
    assert (line(call).disposition, line(call).sent_at) == ("complete", NOW)
    call.refresh_from_db()
    assert (call.outcome, call.held_until) == ("answered", None)


def test_what_is_refused_keeps_nothing(wave, caller):
    call = operations.next_person(wave, caller, now=NOW)
    with pytest.raises(AnswerRefused):
        operations.keep_answer(call, [GivenAnswer(1, rating=11)], version=1, language="nl", now=NOW)
    assert line(call).sent_at is None
    assert not Response.objects.exists()


def test_nobody_picks_up_a_few_times_and_then_it_ends(wave, caller):
    now = NOW
    first = operations.next_person(wave, caller, now=now)
    for tries in range(1, MOST_TRIES + 1):
        call = Call.objects.get(pk=first.pk)
        operations.note_outcome(call, Outcome.NO_ANSWER, by=caller, now=now)
        assert Call.objects.get(pk=first.pk).tries == tries
        if tries < MOST_TRIES:
            again = next_try(tries, now=now)
            assert line(first).leased_until == again
            now = again + timedelta(seconds=1)
            assert fieldwork.hold(first.invitation_id, until=now + HELD, now=now)
    assert (line(first).disposition, line(first).is_open) == ("no_contact", False)


@pytest.mark.parametrize(
    ("outcome", "disposition"),
    [(Outcome.REFUSED, "refused"), (Outcome.WRONG_NUMBER, "no_contact")],
)
def test_what_ends_a_call_stands_in_the_ledger(wave, caller, outcome, disposition):
    call = operations.next_person(wave, caller, now=NOW)
    operations.note_outcome(call, outcome, by=caller, now=NOW)
    assert (line(call).disposition, line(call).problem) == (disposition, outcome.value)
    assert not line(call).is_open


def test_no_surveys_any_more_holds_for_every_channel(wave, caller, survey):
    call = operations.next_person(wave, caller, now=NOW)
    operations.note_outcome(call, Outcome.NO_MORE, by=caller, now=NOW)
    assert line(call).disposition == "opted_out"
    person = line(call).person
    later = NOW + timedelta(days=400)
    assert fieldwork.ask_one(survey, person, channel="phone", now=later).skip is Skip.OPTED_OUT
    assert AuditEntry.objects.filter(action="phone.no_more", staff=caller).count() == 1


def test_calling_back_waits_for_its_moment(wave, caller):
    call = operations.next_person(wave, caller, now=NOW)
    at = NOW + timedelta(hours=5)
    operations.note_outcome(call, Outcome.CALL_BACK, by=caller, now=NOW, again_at=at)
    for _ in range(2):
        got = operations.next_person(wave, caller, now=NOW)
        assert got.invitation_id != call.invitation_id
        operations.note_outcome(got, Outcome.REFUSED, by=caller, now=NOW)
    assert operations.next_person(wave, caller, now=NOW) is None
    assert operations.next_person(wave, caller, now=at).invitation_id == call.invitation_id


def test_who_was_asked_not_long_ago_is_not_called(survey, make_person, caller):
    person = make_person("Dina")
    assert isinstance(operations.call_person(survey, person, caller, now=NOW), Call)
    call = Call.objects.get()
    operations.note_outcome(call, Outcome.REFUSED, by=caller, now=NOW)
    later = NOW + timedelta(days=2)
    assert operations.call_person(survey, person, caller, now=later) is Skip.RESTING


def test_one_person_is_on_one_screen(survey, make_person, caller, other_caller):
    person = make_person("Dina")
    mine = operations.call_person(survey, person, caller, now=NOW)
    assert operations.call_person(survey, person, other_caller, now=NOW) is None
    assert operations.call_person(survey, person, caller, now=NOW) == mine


def test_who_opted_out_on_the_way_is_not_dialled(wave, caller):
    call = operations.next_person(wave, caller, now=NOW)
    fieldwork.opt_out(line(call).token, scope="all", how="page", now=NOW)
    assert not operations.note_dialling(call, now=NOW)


def test_a_number_is_dialled_as_digits():
    assert dialled("06 - 12 34 56 78") == "0612345678"
    assert dialled("+31 (0)20 123 4567") == "+31201234567"


# --- the pages


@pytest.fixture
def clock(monkeypatch):
    from gloed.channels.phone import views

    monkeypatch.setattr(views.timezone, "now", lambda: NOW)


@pytest.fixture
def desk(caller, clock):
    client = Client(headers={"accept-language": "en"})
    client.force_login(caller)
    return client


def test_a_call_from_the_list_to_the_next(desk, wave):
    assert "3 people wait, 3 to be called now" in desk.get("/phone/").content.decode()
    sheet = desk.post(f"/phone/list/{wave.public_id}/next/").headers["Location"]
    page = desk.get(sheet).content.decode()
    assert 'href="tel:0612345670"' in page
    assert "Spreek ik met Anna?" in page  # read aloud in the language of whoever listens
    assert "Mag ik u één korte vraag stellen?" in page
    assert "Keys 0 to 9, and t for 10." in page
    assert "Is that Anna?" in desk.get(sheet + "?l=en").content.decode()
    desk.post(sheet + "dial/")
    assert "Dialled at 10:30." in desk.get(sheet).content.decode()
    missing = desk.post(sheet, {"q2": "Vriendelijk"})
    assert missing.status_code == 422
    assert "Vriendelijk" in missing.content.decode()
    done = desk.post(sheet, {"q1": "10", "q2": "Vriendelijk"})
    assert done.headers["Location"] == f"/phone/?list={wave.public_id}"
    assert Answer.objects.filter(rating=10).exists()
    assert "autofocus" in desk.get(done.headers["Location"]).content.decode()
    assert desk.post(sheet, {"q1": "1"}).headers["Location"] == "/phone/"
    assert Answer.objects.filter(rating=10).exists()


def test_finding_or_adding_somebody_and_being_told_not_to_call(desk, survey, make_person):
    person = make_person("Dina", "020 1234567")
    where = f"/phone/?survey={survey.public_id}"
    assert "Dina" in desk.get(f"{where}&q=0201234567").content.decode()
    assert "at least three" in desk.get(f"{where}&q=D").content.decode()
    start = f"/phone/call/{survey.public_id}/{person.public_id}/"
    sheet = desk.post(start).headers["Location"]
    desk.post(f"{sheet}became/", {"outcome": "refused"})
    told = desk.post(start, follow=True).content.decode()
    assert "Do not call: asked not long ago" in told
    new = f"/phone/new/{survey.public_id}/"
    assert desk.post(new, {"name": "Eva", "phone": "12", "language": "nl"}).status_code == 422
    sheet = desk.post(new, {"name": "Eva", "phone": "0687654321", "language": "en"})
    assert "Is that Eva?" in desk.get(sheet.headers["Location"]).content.decode()


def test_a_strange_outcome_and_another_organisation_change_nothing(desk, wave, charlie):
    sheet = desk.post(f"/phone/list/{wave.public_id}/next/").headers["Location"]
    assert desk.post(f"{sheet}became/", {"outcome": "fly"}).headers["Location"] == sheet
    desk.post(f"{sheet}became/", {"outcome": "answered"})
    assert Call.objects.get().outcome == ""
    assert charlie.get(sheet).status_code == 404
    assert charlie.post(f"/phone/list/{wave.public_id}/next/").status_code == 404
    back = {"outcome": "call_back", "again_at": "2026-03-02T15:00"}
    desk.post(f"{sheet}became/", back)
    assert Invitation.objects.get(call__isnull=False).leased_until.hour == 14  # UTC


def test_viewers_do_not_call(client_of, organisation):
    assert client_of(organisation, "viewer").get("/phone/").status_code == 403
