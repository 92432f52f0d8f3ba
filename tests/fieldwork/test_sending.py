"""Between the ledger and a channel: claimed once, looked at again, and never sent twice."""

from datetime import timedelta

import pytest

from gloed.fieldwork import operations
from gloed.fieldwork.models import ContactPolicy, Invitation
from gloed.fieldwork.operations import Event
from gloed.fieldwork.operations.sending import BACK_OFF, LEASE
from gloed.people import operations as people
from gloed.people.models import Suppression
from gloed.surveys import operations as surveys
from tests.fieldwork.conftest import MAIL, NOW

DAY = timedelta(days=1)


def claim(now=NOW, limit=100):
    return operations.claim_due(MAIL.name, limit=limit, now=now)


@pytest.fixture
def line(survey, person):
    """An open invitation that is due."""
    asked = operations.ask_one(
        survey, person, channel=MAIL.name, now=NOW, attributes={"regio": "Oost"}
    )
    return asked.invitation_id


def state(line):
    return Invitation.objects.get(pk=line)


def send(line, now=NOW):
    claim(now)
    assert operations.note_handing(line, message_id="<1@gloed>", now=now)
    assert operations.note_sent(line, message_id="<1@gloed>", now=now)


def test_a_due_invitation_is_handed_out_once_with_what_a_channel_needs(line):
    assert claim(NOW - DAY) == []
    (due,) = claim()
    assert (due.id, due.email, due.language, due.reminder) == (line, "c0@example.org", "nl", 0)
    assert due.attributes == {"regio": "Oost"}
    assert (due.attempts, due.handed_at) == (1, None)
    assert claim() == []
    assert [again.attempts for again in claim(NOW + LEASE)] == [2]


def test_what_may_have_gone_out_says_so_when_it_comes_again(line):
    claim()
    operations.note_handing(line, message_id="<1@gloed>", now=NOW)
    (again,) = claim(NOW + LEASE)
    assert (again.handed_at, again.message_id) == (NOW, "<1@gloed>")


def test_sent_is_sent_once(line):
    send(line)
    assert not operations.note_sent(line, message_id="<1@gloed>", now=NOW + DAY)
    assert claim(NOW + DAY) == []
    sent = state(line)
    assert (sent.disposition, sent.sent_at, sent.reminders) == ("sent", NOW, 0)


def test_a_lease_that_ran_out_hands_nothing_over(line):
    claim()
    assert not operations.note_handing(line, message_id="x", now=NOW + LEASE)


def test_a_lease_given_back_counts_no_attempt(line):
    claim()
    assert operations.release([line]) == 1
    assert [due.attempts for due in claim()] == [1]


def test_what_fails_is_tried_again_ever_later_and_then_no_more(line):
    now = NOW
    for wait in BACK_OFF:
        assert len(claim(now)) == 1
        again = operations.note_failed(line, is_permanent=False, problem="451", now=now)
        assert again == now + wait
        assert claim(again - timedelta(seconds=1)) == []
        now = again
    claim(now)
    assert operations.note_failed(line, is_permanent=False, problem="451", now=now) is None
    assert (state(line).disposition, state(line).problem, state(line).is_open) == (
        "failed",
        "451",
        False,
    )


def test_what_fails_for_good_ends_and_starts_no_rest(line, survey, person):
    claim()
    assert operations.note_failed(line, is_permanent=True, problem="550", now=NOW) is None
    assert state(line).disposition == "failed"
    assert operations.note_failed(line, is_permanent=True, problem="550", now=NOW) is None
    again = operations.ask_one(survey, person, channel=MAIL.name, now=NOW)
    assert again.skip is None


def test_the_policy_is_looked_at_again_right_before(line, organisation):
    people.suppress(organisation, "c0@example.org", reason="bounce", source="x", now=NOW)
    assert claim() == []
    assert (state(line).disposition, state(line).skip) == ("skipped", "bounced")


def test_a_survey_closed_meanwhile_is_not_asked(line, survey):
    surveys.close_survey(survey, now=NOW)
    assert claim() == []
    assert state(line).skip == "survey_closed"


def test_what_is_over_before_it_left_is_not_sent(line):
    assert claim(NOW + 21 * DAY) == []
    assert (state(line).disposition, state(line).is_open) == ("expired", False)


def test_over_the_cap_of_a_mail_domain_waits_for_the_next_working_day(
    organisation, survey, make_people
):
    ContactPolicy.objects.create(organisation=organisation, domain_daily_cap=3)
    friday = NOW + 4 * DAY
    for person in make_people(7):
        operations.ask_one(survey, person, channel=MAIL.name, now=friday)
    first = claim(friday, limit=2)
    second = claim(friday, limit=5)
    assert (len(first), len(second)) == (2, 1)
    for due in first + second:
        operations.note_sent(due.id, message_id=str(due.id), now=friday)
    assert claim(friday + timedelta(hours=5)) == []
    monday = NOW + 7 * DAY
    assert claim(monday.replace(hour=7)) == []
    assert len(claim(monday.replace(hour=8))) == 3


@pytest.mark.parametrize(
    ("kinds", "disposition"),
    [
        ([Event.DELIVERED], "delivered"),
        ([Event.OPENED, Event.DELIVERED], "opened"),
        ([Event.STARTED, Event.OPENED, Event.STARTED], "started"),
        ([Event.DELIVERED, Event.BOUNCED], "bounced"),
        ([Event.BOUNCED, Event.DELIVERED], "bounced"),
        ([Event.COMPLAINED], "opted_out"),
    ],
)
def test_events_in_any_order_move_it_onward(line, kinds, disposition):
    send(line)
    for hours, kind in enumerate(kinds):
        now = NOW + timedelta(hours=hours)
        assert operations.note_event(kind, message_id="<1@gloed>", now=now)
    assert state(line).disposition == disposition


def test_the_first_moment_of_an_event_is_kept(line):
    send(line)
    for days in (1, 2):
        operations.note_event(Event.OPENED, message_id="<1@gloed>", now=NOW + days * DAY)
    assert state(line).opened_at == NOW + DAY


def test_an_event_of_nobody_is_told(db):
    assert not operations.note_event(Event.OPENED, message_id="", now=NOW)
    assert not operations.note_event(Event.OPENED, token="made-up", now=NOW)
    assert not operations.opt_out("made-up", scope="all", how="page", now=NOW)


def test_a_bounce_suppresses_the_address(line):
    send(line)
    operations.note_event(Event.BOUNCED, message_id="<1@gloed>", now=NOW)
    assert Suppression.objects.get().reason == "bounce"


def test_opting_out_suppresses_at_once_and_stops_what_is_on_its_way(line, person, survey):
    claim()
    token = state(line).token
    assert operations.opt_out(token, scope="all", how="one_click", now=NOW)
    assert not operations.note_handing(line, message_id="x", now=NOW)
    assert (state(line).disposition, state(line).opted_out_at) == ("opted_out", NOW)
    assert Suppression.objects.get().source == "one_click"
    assert operations.ask_one(survey, person, channel=MAIL.name, now=NOW + DAY).skip == "opted_out"
    operations.opt_in(person, now=NOW)
    assert operations.ask_one(survey, person, channel=MAIL.name, now=NOW + 90 * DAY).skip is None


def test_opting_out_of_one_kind_leaves_the_other(line, person, survey, make_survey):
    send(line)
    operations.opt_out(state(line).token, scope="relationship", how="page", now=NOW)
    later = NOW + 100 * DAY
    assert operations.ask_one(survey, person, channel=MAIL.name, now=later).skip == "opted_out"
    other = make_survey("Storing", kind="transactional")
    assert operations.ask_one(other, person, channel=MAIL.name, now=later).skip is None
    with pytest.raises(ValueError, match="scope"):
        operations.opt_out("x", scope="cookies", how="page", now=NOW)


def test_who_opted_out_after_answering_stays_answered(line):
    send(line)
    operations.note_answer(line, is_complete=True, now=NOW)
    operations.opt_out(state(line).token, scope="all", how="page", now=NOW)
    assert state(line).disposition == "complete"


def test_time_runs_out_for_what_nobody_answered(line):
    send(line)
    assert operations.expire_due(NOW + 20 * DAY) == 0
    assert operations.expire_due(NOW + 21 * DAY) == 1
    assert (state(line).disposition, state(line).is_open) == ("expired", False)


def test_what_may_have_gone_out_is_never_skipped_even_when_the_survey_closed(line, survey):
    claim()
    operations.note_handing(line, message_id="<1@gloed>", now=NOW)
    surveys.close_survey(survey, now=NOW)
    (again,) = claim(NOW + LEASE)
    assert again.handed_at == NOW
    assert operations.note_uncertain(line, message_id="<1@gloed>", now=NOW + LEASE)
    found = state(line)
    assert (found.disposition, found.problem) == ("uncertain", "uncertain")
    assert (found.sent_at, found.is_open) == (NOW + LEASE, True)
    assert claim(NOW + DAY) == []
    assert not operations.note_uncertain(line, message_id="<1@gloed>", now=NOW + DAY)


def test_what_is_heard_later_takes_the_place_of_perhaps(line):
    claim()
    operations.note_handing(line, message_id="<1@gloed>", now=NOW)
    operations.note_uncertain(line, message_id="<1@gloed>", now=NOW)
    operations.note_event(Event.DELIVERED, message_id="<1@gloed>", now=NOW)
    assert state(line).disposition == "delivered"
