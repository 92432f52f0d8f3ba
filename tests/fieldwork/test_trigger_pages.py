"""The pages of triggers and of the log of events, through the real door."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from gloed.fieldwork import operations
from gloed.fieldwork.models import Invitation, ReceivedEvent, Trigger
from gloed.people.rules import PersonData
from tests.fieldwork.conftest import MAIL
from tests.fieldwork.test_fieldwork_pages import text_of

FORM = {
    "name": "Na een storing",
    "kind": "Ticket solved",
    "channel": MAIL.name,
    "delay": 2,
    "delay_unit": "hours",
    "opens": "09:00",
    "closes": "17:00",
    "within": 3,
    "within_unit": "days",
    "cancelled_by": "ticket reopened; Back again",
    "match_on": "ticket",
    "sampling_share": 50,
    "reminders": 0,
    "reminder_days": 5,
    "conditions-TOTAL_FORMS": 3,
    "conditions-INITIAL_FORMS": 0,
    "conditions-0-name": "amount",
    "conditions-0-where": "event",
    "conditions-0-relation": "at_least",
    "conditions-0-values": "100",
    "conditions-1-name": "",
    "conditions-1-where": "person",
    "conditions-1-relation": "is",
    "conditions-2-name": "regio",
    "conditions-2-where": "person",
    "conditions-2-relation": "is",
    "conditions-2-values": "Noord; Oost",
}


@pytest.fixture
def tell(organisation):
    def tell(key, *, ago=timedelta(), who="c0", kind="ticket_solved", **properties):
        at = timezone.now() - ago
        return operations.receive_event(
            organisation,
            kind=kind,
            person=PersonData(external_id=who, email=f"{who}@example.org"),
            key=key,
            occurred_at=at,
            properties=properties,
            now=at,
        )

    return tell


def test_a_trigger_is_made_read_as_a_sentence_changed_switched_and_thrown_away(alice, service):
    assert "Ask at the moment that counts" in text_of(alice.get("/fieldwork/triggers/"))
    answer = alice.post("/fieldwork/triggers/new/", {**FORM, "survey": service.pk})
    trigger = Trigger.objects.get()
    assert answer.url == f"/fieldwork/triggers/{trigger.public_id}/"
    assert (trigger.kind, trigger.delay_minutes, trigger.within_minutes) == (
        "ticket_solved", 120, 4320,
    )  # fmt: skip
    assert trigger.cancelled_by == ["ticket_reopened", "back_again"]
    assert [one["name"] for one in trigger.conditions] == ["amount", "regio"]
    page = text_of(alice.get(answer.url))
    assert (
        "After “ticket solved”, where amount (of the event) is at least “100” and regio is "
        "“Noord” or “Oost”: ask “Service”, 2 hours later (Mail). Not more than 3 days after it "
        "happened. “ticket reopened” or “back again” with the same ticket takes it back. "
        "50% of them, drawn at random." in page
    )
    edit = alice.get(f"{answer.url}edit/").content.decode()
    assert 'value="Noord; Oost"' in edit
    assert 'value="ticket reopened; back again"' in edit
    alice.post(f"{answer.url}edit/", {**FORM, "survey": service.pk, "delay": 0, "within": ""})
    trigger.refresh_from_db()
    assert (trigger.delay_minutes, trigger.within_minutes, trigger.is_on) == (0, None, False)
    for to, is_on in (("on", True), ("off", False), ("moon", False)):
        alice.post(f"{answer.url}change/", {"to": to})
        trigger.refresh_from_db()
        assert trigger.is_on is is_on
    alice.post(f"{answer.url}change/", {"to": "delete"})
    assert not Trigger.objects.exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "!"}, "Give it a name of letters."),
        ({"closes": "09:00"}, "Choose an hour after the first one."),
        ({"cancelled_by": "ticket solved"}, "The same event cannot take back what it asks."),
        ({"delay": 400, "delay_unit": "days"}, "Choose at most a year."),
        ({"conditions-0-values": "many"}, "Give a number."),
        ({"conditions-2-values": " "}, "Compared with what?"),
    ],
)
def test_a_trigger_that_cannot_be_says_what_to_do(alice, service, values, words):
    answer = alice.post("/fieldwork/triggers/new/", {**FORM, "survey": service.pk, **values})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not Trigger.objects.exists()


def test_trying_a_trigger_tells_when_and_why_and_writes_nothing(
    alice, make_trigger, make_people, tell
):
    make_people(1)
    large = {"where": "event", "name": "amount", "relation": "at_least", "values": ["100"]}
    trigger = make_trigger(conditions=[large])
    url = f"/fieldwork/triggers/{trigger.public_id}/try/"
    asked = {"who": "C0@example.org", "property_0": "150"}
    assert "Yes, Klant 0 would be asked on" in text_of(alice.get(url, asked))
    small = text_of(alice.get(url, {**asked, "property_0": "15"}))
    assert "it must hold that amount (of the event) is at least “100”" in small
    assert "Nobody is known as “c9”" in text_of(alice.get(url, {"who": "c9"}))
    assert not Invitation.objects.exists()
    tell("1", amount=100)
    Invitation.objects.update(is_open=False, disposition="complete", sent_at=timezone.now())
    again = text_of(alice.get(url, asked))
    assert re.search(r"asked not long ago; possible from \w+ \d+ \w+ \d{4}", again)


def test_the_preview_plays_the_last_month_again(alice, make_trigger, make_people, tell):
    make_people(20)
    small = {"where": "event", "name": "amount", "relation": "at_least", "values": ["100"]}
    trigger = make_trigger(is_on=False, conditions=[small])
    url = f"/fieldwork/triggers/{trigger.public_id}/preview/"
    assert "nothing to play again" in text_of(alice.get(url))
    for n in range(20):
        tell(f"{n}", ago=timedelta(days=20, hours=n), who=f"c{n % 10}", amount=100 * (n % 4 > 0))
    tell("old", ago=timedelta(days=40), amount=100)
    page = text_of(alice.get(url))
    # fifteen are large enough, of ten people; five of them come a second time within the rest
    assert "Of 20 events in the last 30 days 15 fit, and 10 led to an invitation." in page
    assert "asked not long ago 5" in page
    assert "about 4 people a week" in page  # ten in twenty days
    assert not Invitation.objects.exists()


def test_the_log_tells_what_became_of_each_event(alice, make_trigger, make_people, tell):
    make_people(2)
    make_trigger()
    tell("1", ticket=7)
    tell("2", who="c1", kind="phone_rang")
    page = text_of(alice.get("/fieldwork/triggers/events/"))
    assert re.search(r"ticket solved .* ticket: 7 Klant 0 waits until \w+ \d", page)
    assert "phone rang" in page
    assert "no trigger listens to it" in page
    only = text_of(alice.get("/fieldwork/triggers/events/", {"kind": "phone_rang"}))
    assert "1–1 of 1 events" in only
    none = text_of(alice.get("/fieldwork/triggers/events/", {"became": "withdrew"}))
    assert "Take a filter away" in none


def test_who_may_not_see_people_sees_no_names_and_no_properties(
    client_of, organisation, make_trigger, make_people, tell
):
    make_people(1)
    trigger = make_trigger()
    tell("1", ticket="geheim")
    viewer = client_of(organisation, "viewer")
    page = text_of(viewer.get(f"/fieldwork/triggers/{trigger.public_id}/"))
    assert "ticket solved" in page
    assert "Klant 0" not in page
    assert "geheim" not in page
    assert viewer.get("/fieldwork/triggers/events/").status_code == 403
    assert viewer.get("/fieldwork/triggers/new/").status_code == 403


@pytest.mark.parametrize(
    ("path", "most"), [("triggers/", 11), ("triggers/events/", 12), ("triggers/{trigger}/", 19)]
)
def test_a_page_asks_the_database_as_often_for_three_events_as_for_one(
    path, most, make_trigger, make_people, tell, count_queries
):
    make_people(3)
    trigger = make_trigger()
    path = f"/fieldwork/{path.format(trigger=trigger.public_id)}"
    tell("1", ticket=1)
    one = count_queries(path)
    for n in range(2, 5):
        tell(f"{n}", who=f"c{n - 2}", ticket=n)
    if "{" not in path:
        make_trigger(name="Een tweede", kind="delivery")
    assert ReceivedEvent.objects.count() == 4
    assert count_queries(path) == one <= most
