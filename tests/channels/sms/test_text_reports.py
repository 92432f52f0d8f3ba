"""What providers tell afterwards: what arrived, what did not, each in their own tongue."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from gloed.channels.sms.models import ShortLink
from gloed.channels.sms.rules import Arrival, given_id, read_reports
from gloed.channels.sms.settings_words import reply_address
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation, Preference
from gloed.people.models import Suppression
from gloed.responses.operations import erase_person
from tests.channels.sms.gateway_double import NOW

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def tell(provider):
    """Tell what a provider tells: a dict goes as JSON, a text as a form, `by="get"` as a query."""
    where = reply_address(provider).removeprefix("https://vraag.example")
    guest = Client(enforce_csrf_checks=True)

    def say(said, *, by="post"):
        if by == "get":
            return guest.get(f"{where}?{said}").status_code
        if isinstance(said, str):
            return guest.post(where, data=said, content_type=FORM).status_code
        return guest.post(where, data=json.dumps(said), content_type="application/json").status_code

    return say


def line(invitation):
    return Invitation.objects.get(pk=invitation.pk)


# --- how the providers we name speak, by their documentation


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        ({"account_sid": "AC1", "sid": "SM2", "status": "queued"}, "SM2"),  # Twilio
        ({"api_id": "a", "message_uuid": ["u-1"]}, "u-1"),  # Plivo
        ({"bulkId": "b", "messages": [{"messageId": "i-1", "to": "316"}]}, "i-1"),  # Infobip
        ({"message-count": "1", "messages": [{"message-id": "0A", "status": "0"}]}, "0A"),  # Vonage
        ({"data": {"id": "t-1", "to": [{"status": "queued"}]}}, "t-1"),  # Telnyx
        ([{"id": "7", "type": "SENT", "status": {"id": "ACCEPTED.null"}}], "7"),  # BulkSMS
        ({"messages": [{"id": "wamid.1"}], "contacts": [{"wa_id": "316"}]}, "wamid.1"),  # WhatsApp
        ({"timestamp": "1"}, ""),  # Signal
        ([], ""),
    ],
)
def test_a_message_is_called_what_its_provider_calls_it(reply, name):
    assert given_id(json.dumps(reply).encode()) == name


@pytest.mark.parametrize("reply", [b"", b"<MessageId>1</MessageId>", b"\xff", b"{", b"[" * 9000])
def test_an_answer_that_says_nothing_we_know_gives_no_name(reply):
    assert given_id(reply) == ""


WHATSAPP = {
    "entry": [{"changes": [{"value": {"statuses": [{"id": "w", "status": "read"}]}}]}],
    "object": "whatsapp_business_account",
}
TELNYX = {
    "data": {
        "event_type": "message.finalized",
        "id": "an event",
        "payload": {"id": "t", "to": [{"phone_number": "+316", "status": "delivery_failed"}]},
    }
}


@pytest.mark.parametrize(
    ("said", "name", "arrival"),
    [
        ("MessageSid=SM2&MessageStatus=delivered&To=%2B316", "SM2", Arrival.ARRIVED),
        ("MessageSid=SM2&MessageStatus=undelivered", "SM2", Arrival.LOST),
        ("MessageUUID=u&Status=failed", "u", Arrival.LOST),
        ("msisdn=316&messageId=0A&status=expired&err-code=1", "0A", Arrival.LOST),
        ("id=b&status=delivery_failed&recipient=316", "b", Arrival.LOST),
        (WHATSAPP, "w", Arrival.ARRIVED),
        (TELNYX, "t", Arrival.LOST),
        ({"webhook_event": "dlr", "data": {"msg_id": "s", "status": "NOTDELIVERED"}}, "s",
         Arrival.LOST),
        ({"type": "message.phone.delivered", "data": {"id": "h"}}, "h", Arrival.ARRIVED),
        ({"results": [{"messageId": "i", "status": {"groupName": "DELIVERED", "id": 5}}]}, "i",
         Arrival.ARRIVED),
        ({"results": [{"messageId": "i", "status": {"groupName": "UNDELIVERABLE"}}]}, "i",
         Arrival.LOST),
    ],
)  # fmt: skip
def test_reports_are_understood_as_providers_send_them(said, name, arrival):
    body = said if isinstance(said, str) else json.dumps(said)
    [report] = read_reports(body.encode(), "")
    assert name in report.ids
    assert report.arrival is arrival


@pytest.mark.parametrize(
    "said",
    [
        "MessageSid=SM2&MessageStatus=sent",
        "SmsMessageSid=SM2&SmsStatus=received&From=%2B316&Body=delivered",
        '{"results": [{"messageId": "i", "status": {"groupName": "PENDING"}}]}',
        '{"id": "x"}',
        "",
        "{",
    ],
)
def test_what_is_on_its_way_or_about_something_else_is_no_report(said):
    assert read_reports(said.encode(), "") == []


def test_several_reports_in_one_are_told_apart():
    told = {"results": [{"id": "a", "status": "delivered"}, {"id": "b", "status": "failed"}]}
    found = read_reports(json.dumps(told).encode(), "application/json")
    assert [(one.ids, one.arrival) for one in found] == [
        (("a",), Arrival.ARRIVED),
        (("b",), Arrival.LOST),
    ]


# --- and what follows


def test_the_ledger_says_what_arrived_and_what_did_not(ask, provider, double, send, tell):
    good, bad, unheard = ask("0612345678"), ask("0687654321"), ask("0611111111")
    send()
    names = dict(ShortLink.objects.values_list("invitation_id", "given_id"))
    assert tell(f"MessageSid={names[good.pk]}&MessageStatus=delivered") == 204
    assert tell({"id": names[bad.pk], "status": "failed"}) == 204
    assert [line(one).disposition for one in (good, bad, unheard)] == [
        "delivered",
        "bounced",
        "sent",
    ]
    assert line(good).delivered_at is not None
    assert not line(bad).is_open
    tell({"id": names[good.pk], "status": "expired"})  # late, and wrong
    tell({"id": "somebody else’s", "status": "failed"})
    assert (line(good).disposition, line(unheard).disposition) == ("delivered", "sent")


def test_a_number_out_of_reach_says_nothing_of_the_mailbox(ask, provider, double, send, tell):
    asked = ask("0612345678")
    asked.person.email = "noor@example.org"
    asked.person.save()
    send()
    tell(f"id={ShortLink.objects.get().given_id}&status=undelivered", by="get")
    assert line(asked).disposition == "bounced"
    assert not Suppression.objects.exists()


def test_a_provider_that_gives_no_names_is_understood_by_the_number(
    ask, provider, double, send, tell
):
    double.gives_id = False
    asked = ask("0612345678", now=NOW - timedelta(days=9))
    fresh = ask("06 12 34 56 78", name="Bo")
    send()
    ShortLink.objects.update(made_at=fresh.created_at - timedelta(days=365))
    tell("to=31612345678&status=delivered")
    assert line(fresh).disposition == "sent"  # all of them too long ago
    ShortLink.objects.filter(invitation=fresh).update(made_at="2999-01-01T00:00Z")
    tell("to=31612345678&status=delivered")
    assert (line(fresh).disposition, line(asked).disposition) == ("delivered", "sent")


def test_a_reminder_that_is_lost_leaves_what_arrived(ask, provider, double, send, tell):
    asked = ask("0612345678")
    send()
    fieldwork.note_event(fieldwork.Event.DELIVERED, token=asked.token, now=NOW)
    tell({"id": ShortLink.objects.get().given_id, "status": "failed"})
    assert (line(asked).disposition, line(asked).is_open) == ("delivered", True)


def test_replies_come_by_the_same_address_and_are_no_reports(ask, provider, double, send, tell):
    asked = ask("0612345678")
    send()
    name = ShortLink.objects.get().given_id
    tell(f"From=%2B31612345678&Body=9+prima&original_message_id={name}&SmsStatus=received")
    assert line(asked).disposition == "sent"
    tell("originator=31612345678&payload=STOP", by="get")
    assert line(asked).disposition == "opted_out"
    assert Preference.objects.get().is_opted_out


def test_nothing_told_about_an_erased_person_harms(ask, provider, double, send, tell):
    asked = ask("0612345678")
    send()
    name = ShortLink.objects.get().given_id
    erase_person(asked.person, now=NOW)
    assert tell({"id": name, "status": "delivered"}) == 204


def test_nobody_tells_anything_without_the_secret(provider):
    guest = Client()
    assert guest.get(f"/texts/in/{provider.public_id}/no/?id=1&status=failed").status_code == 404
    address = reply_address(provider).removeprefix("https://vraag.example")
    assert (guest.head(address).status_code, guest.get(address).status_code) == (204, 204)
