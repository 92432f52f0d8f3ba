"""News arrives in a chat as a sentence: once, harmless, again when nobody answers."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from gloed.base import journal
from gloed.base.models import JournalEntry
from gloed.base.worker import run_until_idle
from gloed.integrations.chat.rules import harmless, mailbox_of
from gloed.integrations.connectors import operations, sending
from gloed.integrations.connectors.models import Connection, Dispatch
from gloed.integrations.webhooks.rules import DELAYS, Wish
from gloed.loop.cases import operations as cases
from gloed.loop.cases.rules import Because, Outcome, Reason
from gloed.responses.models import Response
from tests.conftest import NOW

TOKEN = "abcdefghij1234567890abcdef"


def connect(organisation, address, *news, language="en", **more):
    organisation.language = language
    organisation.save()
    wish = Wish(frozenset(news), frozenset(more.pop("bands", ())))
    return operations.connect(
        organisation, "chat", {"address": address}, name="Team", wish=wish, by=None, now=NOW, **more
    )


def room(side):
    """A room of a Mattermost on this machine; in plain http, because it is named in settings."""
    return f"mmost://{side.host}/{TOKEN}"


def said(side):
    return [asked.json["text"] for asked in side.came]


def test_a_detractor_is_told_as_a_sentence_without_a_name(organisation, give, side):
    side.usual = (200, b"ok", {})
    connect(organisation, room(side), "response.created", bands=["detractor"])
    give(9, "1")
    give(2, "2", text="te laat, bel 06-12345678 @here <!channel>")
    run_until_idle()
    [text] = said(side)
    assert text.startswith("A detractor answered: 2")
    assert "After a visit" in text
    assert "[phone]" not in text  # square brackets make links
    assert "(phone)" in text
    assert "12345678" not in text
    assert "@here" not in text
    assert "<!" not in text
    assert "Anna" not in text
    assert "/people/" in text
    [row] = Dispatch.objects.all()
    assert (row.state, row.status) == ("delivered", 200)
    assert TOKEN not in Connection.objects.values_list("secrets", flat=True).get()


def test_the_words_and_the_name_are_told_where_that_was_chosen(organisation, give, side):
    side.usual = (200, b"ok", {})
    connect(organisation, room(side), "response.created", with_words=False, with_person=True)
    give(2)
    run_until_idle()
    [text] = said(side)
    assert "Anna de Vries" in text
    assert "te laat" not in text


def test_the_same_news_is_told_once(organisation, give, side):
    side.usual = (200, b"ok", {})
    connect(organisation, room(side), "response.created")
    give(2)
    run_until_idle()
    JournalEntry.objects.update(delivered_at=None)
    run_until_idle()
    assert len(side.came) == 1


def test_an_alarm_and_an_import_are_told_in_the_language_of_the_house(organisation, side):
    side.usual = (200, b"ok", {})
    connect(organisation, room(side), "alert.raised", "import.finished", language="nl")
    alarm = {"name": "Zuid", "label": "NPS", "is_up": False, "value": -12.0, "low": -24.0}
    alarm |= {"high": 1.0, "aim": 18.0, "unit": "points", "n": 1430, "path": "/alarms/rung/1/"}
    journal.append("alarm.raised", organisation=organisation, subject="1", at=NOW, payload=alarm)
    done = {"file": "antwoorden.csv", "imported": 1626}
    journal.append("import.finished", organisation=organisation, subject="2", at=NOW, payload=done)
    run_until_idle()
    alarm_text, import_text = said(side)
    assert "NPS daalde: Zuid" in alarm_text
    assert "−12 (−24 tot 1)" in alarm_text
    assert "1.430" in alarm_text
    assert "/alarms/rung/1/" in alarm_text
    assert "antwoorden.csv" in import_text
    assert "1.626 antwoorden" in import_text


def test_a_mailbox_is_an_address_too(organisation, give):
    connect(organisation, "team@example.org", "response.created")
    give(2)
    run_until_idle()
    [letter] = mail.outbox
    assert letter.to == ["team@example.org"]
    assert letter.subject == "A detractor answered: 2"


def test_who_never_answers_is_tried_for_days_and_then_left(organisation, give, side, make_staff):
    side.usual = (503, b"busy", {})
    make_staff(organisation, "owner")
    connection = connect(organisation, room(side), "response.created")
    give(2)
    run_until_idle()
    row = Dispatch.objects.get()
    assert (row.state, row.attempts, row.status) == ("waiting", 1, 503)
    now = timezone.now()
    for _try in DELAYS[1:]:
        now += timedelta(days=3)
        sending.deliver_due(connection, now=now)
    connection.refresh_from_db()
    row.refresh_from_db()
    assert (row.state, connection.is_active) == ("given_up", False)
    assert "Team" in mail.outbox[0].subject
    operations.switch(connection, is_active=True, by=None, now=now)
    side.usual = (200, b"ok", {})
    operations.send_again(row, now=now)
    sending.deliver_due(connection, now=now)
    row.refresh_from_db()
    assert row.state == "delivered"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://example.org/hook",
        "slack://only-one-part",
        "mailto:team@example.org?cc=all@example.org",
        "json://127.0.0.1/x",
        "syslog://",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_is_none_is_refused_with_words(alice, address):
    page = reverse("connectors:add") + "?kind=chat"
    answer = alice.post(
        page, {"name": "Team", "set_address": address, "news": ["response.created"]}
    )
    assert "set_address" in answer.context["form"].errors
    assert not Connection.objects.exists()


def test_the_private_network_is_not_called(organisation, give, side, settings):
    connect(organisation, room(side), "response.created")
    settings.OUTWARD_HOSTS = ()
    give(2)
    run_until_idle()
    assert side.came == []
    assert Dispatch.objects.get().reply == "refused"


def test_a_strangers_words_are_harmless():
    assert mailbox_of("team@example.org, all@example.org") == ""
    assert "@" not in harmless("@channel").replace("@\u200b", "")
    assert len(harmless("lang " * 900)) <= 600


def test_a_chat_is_connected_tried_changed_and_removed_by_hand(alice, organisation, side):
    side.usual = (200, b"ok", {})
    organisation.language = "en"
    organisation.save()
    home = reverse("connectors:home")
    assert "Nothing is connected yet" in alice.get(home).text
    told = {"name": "Team", "set_address": room(side), "news": ["alert.raised"]}
    made = alice.post(reverse("connectors:add") + "?kind=chat", told, follow=True)
    connection = Connection.objects.get()
    assert "Mattermost" in made.text
    assert TOKEN not in made.text
    here = made.redirect_chain[-1][0]
    alice.post(reverse("connectors:act", args=[connection.public_id, "test"]))
    run_until_idle()
    assert "Gloed is connected" in said(side)[0]
    assert "delivered" in alice.get(here).text
    changed = {**told, "set_address": "", "name": "Service"}
    alice.post(reverse("connectors:change", args=[connection.public_id]), changed)
    connection.refresh_from_db()
    assert connection.name == "Service"
    assert operations.access_of(connection).get("address") == room(side)
    alice.post(reverse("connectors:again", args=[Dispatch.objects.get().public_id]))
    run_until_idle()
    assert len(side.came) == 2
    alice.post(reverse("connectors:act", args=[connection.public_id, "off"]))
    assert not Connection.objects.get().is_active
    alice.post(reverse("connectors:act", args=[connection.public_id, "remove"]))
    assert alice.get(here).status_code == 404
    alice.post(reverse("connectors:restore", args=[connection.public_id]))
    assert alice.get(here).status_code == 200


def test_strangers_and_lesser_roles_see_nothing(organisation, side, charlie, client_of):
    connection = connect(organisation, room(side), "alert.raised")
    here = reverse("connectors:detail", args=[connection.public_id])
    assert charlie.get(here).status_code == 404
    assert client_of(organisation, "analyst").get(here).status_code == 403


def test_a_case_is_told_when_it_opens_and_closes(organisation, give, side):
    side.usual = (200, b"ok", {})
    connect(organisation, room(side), "case.opened", "case.closed")
    receipt = give(2)
    response = Response.objects.get(public_id=receipt.response_id)
    case = cases.open_case(response, because=[Reason(Because.BY_HAND)], now=timezone.now())
    cases.close_case(case, Outcome.SOLVED, staff=None, now=timezone.now())
    run_until_idle()
    assert [text.splitlines()[0] for text in said(side)] == [
        f"Case #{case.number} is opened",
        f"Case #{case.number} is closed",
    ]
    assert "Anna" not in "".join(said(side))
