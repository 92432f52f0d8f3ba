"""Events: taken in once, asked about by triggers, and taken back when something cancels them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from gloed.base.models import AuditEntry, JournalEntry
from gloed.fieldwork import operations
from gloed.fieldwork.models import ContactPolicy, Invitation, Reaction, ReceivedEvent
from gloed.fieldwork.operations import EventRefused, receive_event
from gloed.people import operations as people
from gloed.people.models import Person
from gloed.people.rules import PersonData
from tests.fieldwork.conftest import MAIL, NOW

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ANNA = PersonData(external_id="k1", name="Anna", email="anna@example.org")


@pytest.fixture
def tell(organisation):
    def tell(kind="ticket_solved", key="e1", at=NOW, now=None, person=ANNA, **properties):
        return receive_event(
            organisation,
            kind=kind,
            person=person,
            key=key,
            occurred_at=at,
            properties=properties,
            source="api",
            now=now or at,
        )

    return tell


def outcome(receipt):
    return [(one.became, one.skip) for one in receipt.reactions]


def claim(now):
    return operations.claim_due(MAIL.name, limit=10, now=now)


def test_an_event_leads_to_an_ask_after_the_delay(make_trigger, tell):
    make_trigger()
    receipt = tell("Ticket Solved", ticket=12, tags=["a"])
    assert outcome(receipt) == [("asked", "")]
    assert receipt.reactions[0].due_at == NOW + HOUR
    event = ReceivedEvent.objects.get()
    assert (event.kind, event.person.name) == ("ticket_solved", "Anna")
    assert event.properties == {"ticket": 12, "tags": ["a"]}
    assert JournalEntry.objects.get(kind="event.received").subject == str(event.public_id)
    assert claim(NOW) == []
    (due,) = claim(NOW + HOUR)
    assert (due.email, due.attributes) == ("anna@example.org", {"ticket": 12})


def test_the_same_key_changes_nothing_and_gives_the_same_receipt(make_trigger, tell):
    make_trigger()
    first = tell(ticket=1)
    again = tell(ticket=2, person=PersonData(email="bob@example.org"), now=NOW + DAY)
    assert first.is_new
    assert not again.is_new
    assert (again.event_id, again.reactions) == (first.event_id, first.reactions)
    assert Invitation.objects.count() == Person.objects.count() == 1
    assert JournalEntry.objects.filter(kind="event.received").count() == 1


def test_a_key_of_any_length_is_one_key(tell):
    assert tell(key="x" * 500).is_new
    assert not tell(key=" " + "x" * 500).is_new
    assert tell(key="x" * 501).is_new


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"kind": " !"}, "no_kind"),
        ({"key": " "}, "no_key"),
        ({"at": NOW + 2 * DAY, "now": NOW}, "in_the_future"),
        ({"at": NOW.replace(tzinfo=None), "now": NOW}, "no_time_zone"),
        ({"text": "x" * 30_000}, "not_plain"),
        ({"text": "\ud800"}, "not_plain"),
    ],
)
def test_what_cannot_be_taken_in_says_why_and_writes_nothing(tell, values, reason):
    with pytest.raises(EventRefused, match=reason):
        tell(**values)
    assert not ReceivedEvent.objects.exists()
    assert not Person.objects.exists()


def test_only_a_trigger_that_is_on_and_listens_to_this_kind_asks(make_trigger, tell):
    make_trigger(is_on=False)
    make_trigger(kind="delivery")
    assert outcome(tell()) == []
    assert not Invitation.objects.exists()


def test_conditions_look_at_the_event_and_at_the_person(make_trigger, tell):
    large = {"where": "event", "name": "amount", "relation": "at_least", "values": ["100"]}
    key = {"where": "person", "name": "soort", "relation": "is_not", "values": ["test"]}
    make_trigger(conditions=[large, key])
    test_person = PersonData(external_id="k2", attributes={"soort": "Test"})
    assert outcome(tell(key="1", amount=99)) == [("unfit", "")]
    assert Reaction.objects.get().failed == large
    assert outcome(tell(key="2", amount=100, person=test_person)) == [("unfit", "")]
    assert outcome(tell(key="3", amount=100)) == [("asked", "")]


def test_an_old_event_is_skipped_and_so_is_an_ask_that_comes_too_late(make_trigger, tell):
    make_trigger(within_minutes=24 * 60)
    assert outcome(tell(key="1", now=NOW + 2 * DAY)) == [("skipped", "too_old")]
    assert outcome(tell(key="2", now=NOW)) == [("asked", "")]
    assert claim(NOW + 25 * HOUR) == []
    assert list(Invitation.objects.values_list("skip", flat=True)) == ["too_old", "too_old"]


def test_in_working_hours_means_those_of_the_person(make_trigger, tell, organisation):
    make_trigger(in_working_hours=True)
    evening = NOW + 9 * HOUR  # Monday 19:30 in Amsterdam, 13:30 in New York
    there = PersonData(email="ny@example.org", attributes={"time_zone": "America/New_York"})
    here = tell(key="1", at=evening).reactions[0].due_at.astimezone(ZoneInfo("Europe/Amsterdam"))
    assert f"{here:%a %H:%M}" == "Tue 09:00"
    assert tell(key="2", at=evening, person=there).reactions[0].due_at == evening + HOUR


def test_reopening_withdraws_what_waits(make_trigger, tell):
    make_trigger()
    tell(ticket=7)
    later = tell("ticket_reopened", key="e2", at=NOW + HOUR / 2, ticket="7")
    assert outcome(later) == [("withdrew", "")]
    line = Invitation.objects.get()
    assert (line.disposition, line.skip, line.is_open) == ("withdrawn", "withdrawn", False)
    assert claim(NOW + DAY) == []
    # it was never sent, so it starts no rest
    assert outcome(tell(key="e3", at=NOW + 2 * HOUR, ticket=7)) == [("asked", "")]


def test_reopening_takes_back_what_was_sent_and_not_answered(make_trigger, tell):
    make_trigger()
    tell(ticket=7)
    (due,) = claim(NOW + HOUR)
    operations.note_handing(due.id, message_id="<1>", now=NOW + HOUR)
    operations.note_sent(due.id, message_id="<1>", now=NOW + HOUR)
    tell("ticket_reopened", key="e2", at=NOW + 2 * HOUR, ticket=7)
    line = Invitation.objects.get()
    assert (line.disposition, line.is_open) == ("withdrawn", False)
    assert line.expires_at == NOW + 2 * HOUR  # its link thanks kindly and takes nothing
    # somebody did read it, so it counts as an ask
    assert outcome(tell(key="e3", at=NOW + DAY, ticket=7)) == [("skipped", "resting")]


def test_what_is_being_handed_over_still_tells_that_it_went_out(make_trigger, tell):
    make_trigger()
    tell(ticket=7)
    (due,) = claim(NOW + HOUR)
    operations.note_handing(due.id, message_id="<1>", now=NOW + HOUR)
    tell("ticket_reopened", key="e2", at=NOW + HOUR, ticket=7)
    assert operations.note_sent(due.id, message_id="<1>", now=NOW + HOUR)
    line = Invitation.objects.get()
    assert (line.disposition, line.sent_at) == ("withdrawn", NOW + HOUR)


@pytest.mark.parametrize(
    ("ticket", "at", "person"),
    [
        (8, NOW + HOUR, ANNA),  # another ticket
        (7, NOW - HOUR, ANNA),  # reopened before it was solved
        (7, NOW + HOUR, PersonData(email="bob@example.org")),  # somebody else's
    ],
)
def test_what_is_about_something_else_takes_nothing_back(make_trigger, tell, ticket, at, person):
    make_trigger()
    tell(ticket=7)
    later = tell("ticket_reopened", key="e2", at=at, now=NOW + HOUR, ticket=ticket, person=person)
    assert outcome(later) == []
    assert Invitation.objects.get().is_open


def test_events_that_come_in_the_wrong_order_end_the_same(make_trigger, tell):
    make_trigger()
    tell("ticket_reopened", key="e2", at=NOW + HOUR, ticket=7)
    late = tell(key="e1", at=NOW, now=NOW + 2 * HOUR, ticket=7)
    assert outcome(late) == [("skipped", "withdrawn")]


def test_two_triggers_on_one_event_leave_one_ask(make_trigger, make_survey, tell):
    make_trigger()
    make_trigger(name="Een andere", survey=make_survey(title="Anders", kind="transactional"))
    assert outcome(tell()) == [("asked", ""), ("skipped", "open_invitation")]


def test_what_nobody_can_be_asked_about_stands_in_the_ledger(make_trigger, tell, organisation):
    make_trigger()
    assert outcome(tell(key="1", person=PersonData())) == [("skipped", "no_address")]
    tell(key="2")
    people.erase(Person.objects.get(), now=NOW)
    assert outcome(tell(key="3")) == [("skipped", "erased")]
    assert ReceivedEvent.objects.filter(person=None).count() == 3


def test_forgetting_somebody_empties_what_was_told_of_them(make_trigger, tell):
    make_trigger()
    tell(ticket=7, note="Anna was boos")
    person = Person.objects.get()
    operations.forget_person(person)
    event = ReceivedEvent.objects.get()
    assert (event.person, event.properties, event.key) == (None, {}, f"erased {event.pk}")


def test_a_share_of_events_is_asked_about(make_trigger, tell):
    make_trigger(sampling_share=30)
    told = [
        tell(key=f"{n}", person=PersonData(email=f"p{n}@example.org")).reactions[0]
        for n in range(200)
    ]
    asked = sum(one.became == "asked" for one in told)
    assert 35 <= asked <= 85
    assert {one.skip for one in told} == {"", "not_sampled"}


def test_an_exemption_changes_rest_and_share_for_those_it_fits(make_trigger, tell, organisation):
    make_trigger(delay_minutes=0)
    key = [{"where": "person", "name": "key", "relation": "is", "values": ["ja"]}]
    ContactPolicy.objects.create(
        organisation=organisation,
        exemptions=[{"id": "1", "conditions": key, "never_by": [MAIL.name]}],
    )
    fits = PersonData(email="k@example.org", attributes={"key": "ja"})
    assert outcome(tell(key="1", person=fits)) == [("skipped", "exception")]
    assert outcome(tell(key="2")) == [("asked", "")]


def test_switched_off_what_waits_is_withdrawn(make_trigger, tell):
    trigger = make_trigger()
    tell()
    assert operations.switch_trigger(trigger, to=False, now=NOW)
    assert not operations.switch_trigger(trigger, to=False, now=NOW)
    assert Invitation.objects.get().skip == "stopped"
    operations.delete_trigger(trigger, now=NOW)
    assert Invitation.objects.get().trigger is None
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {
        "trigger.made", "trigger.switched_on", "trigger.switched_off", "trigger.deleted",
    }  # fmt: skip


def test_a_trigger_may_remind_like_a_wave(make_trigger, tell):
    make_trigger(reminders=1, reminder_days=3, delay_minutes=0)
    tell()
    (due,) = claim(NOW)
    operations.note_handing(due.id, message_id="<1>", now=NOW)
    operations.note_sent(due.id, message_id="<1>", now=NOW)
    assert operations.due_reminders(MAIL.name, limit=5, now=NOW + 2 * DAY) == []
    (again,) = operations.due_reminders(MAIL.name, limit=5, now=NOW + 3 * DAY)
    assert (again.id, again.reminder) == (due.id, 1)
