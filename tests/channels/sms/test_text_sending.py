"""Handing messages to a provider that is refused, silent, gone or killed: each at most once."""

import logging
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from gloed.base.outward.providers import plugin_of
from gloed.channels.sms import gateway, operations
from gloed.channels.sms.models import ShortLink, TextHours, TextProvider, TextWords
from gloed.channels.sms.rules import BadProvider, Fate, Problem, length_of
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation
from gloed.people.models import Person
from gloed.responses.operations import erase_person
from tests.channels.sms.gateway_double import NOW, FakeProvider

SCRIPT = Path(__file__).parent / "mortal_texter.py"


def line(invitation):
    return Invitation.objects.get(pk=invitation.pk)


def test_a_message_arrives_with_name_link_and_the_way_out(ask, provider, double, send):
    asked = ask("06-12345678")
    assert send().fates == {Fate.SENT: 1}
    [(number, text)] = double.messages
    code = ShortLink.objects.get().code
    assert number == "+31612345678"
    assert f"https://vraag.example/q/{code}" in text
    assert "Antwoord STOP" in text
    assert length_of(text).parts == 1
    assert (line(asked).disposition, line(asked).sent_at) == ("sent", NOW)
    assert send(minutes=1).fates == {}


def test_own_words_are_filled_in_and_never_go_without_a_way_out(
    ask, provider, double, survey, send
):
    TextWords.objects.create(survey=survey, language="nl", text="Hoi {first_name}, {city|daar}?")
    TextProvider.objects.update(takes_replies=False)
    ask("0612345678", city="Delft")
    send()
    [(_number, text)] = double.messages
    code = ShortLink.objects.get().code
    assert text.startswith("Hoi Noor, Delft?")
    assert f"/q/{code}" in text
    assert f"https://vraag.example/x/{code}" in text


def test_a_message_speaks_the_language_of_whoever_gets_it(ask, provider, double, send):
    ask("0612345678", language="en")
    send()
    assert "Reply STOP" in double.messages[0][1]


def test_a_reminder_has_its_own_words_and_leads_to_the_same_place(wave, provider, double, send):
    assert send().fates == {Fate.SENT: 1}
    assert send(days=7).fates == {Fate.SENT: 1}
    [(_first, asked), (_second, reminded)] = double.messages
    assert asked != reminded
    assert f"/q/{ShortLink.objects.get().code}" in reminded


@pytest.mark.parametrize(
    ("answer", "disposition", "problem"),
    [(400, "failed", "http 400"), (404, "failed", "http 404")],
)
def test_a_number_the_provider_refuses_is_not_tried_again(
    ask, provider, double, send, answer, disposition, problem
):
    asked = ask("0612345678")
    double.says["+31612345678"] = answer
    assert send().fates == {Fate.REFUSED: 1}
    assert (line(asked).disposition, line(asked).problem) == (disposition, problem)
    double.says.clear()
    assert send(days=1).fates == {}


@pytest.mark.parametrize("answer", [401, 429, 503])
def test_what_was_not_taken_is_sent_later_and_the_provider_rests(
    ask, provider, double, send, answer
):
    asked, other = ask("0612345678"), ask("0687654321")
    double.says["+31612345678"] = answer
    found = send()
    assert (found.fates, found.waiting) == ({Fate.LATER: 1}, 1)
    assert double.numbers == []
    provider.refresh_from_db()
    assert (provider.problem, provider.resting_until) == (
        f"http {answer}",
        NOW + timedelta(minutes=1),
    )
    double.says.clear()
    assert send(minutes=2).fates == {Fate.SENT: 2}
    assert Counter(double.numbers) == {"+31612345678": 1, "+31687654321": 1}
    assert line(asked).disposition == line(other).disposition == "sent"
    provider.refresh_from_db()
    assert (provider.problem, provider.troubles) == ("", 0)


@pytest.mark.parametrize("answer", [None, "drop", 502])
def test_what_may_have_been_taken_is_never_sent_twice(ask, provider, double, send, answer):
    asked = ask("0612345678")
    double.says["+31612345678"] = answer
    assert send().fates == {Fate.UNCERTAIN: 1}
    double.says.clear()
    for hours in (1, 3, 24):
        send(hours=hours)
    assert double.numbers == ["+31612345678"]
    assert (line(asked).disposition, line(asked).is_open) == ("uncertain", True)


def test_a_dead_provider_loses_nothing(ask, provider, double, send, settings):
    asked = ask("0612345678")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    address = f"signal://127.0.0.1:{port}/+31970102030"
    settings.OUTWARD_HOSTS += (f"127.0.0.1:{port}",)
    good = provider.sealed_address
    provider.sealed_address = gateway_seal(address)
    provider.save()
    assert send().fates == {Fate.LATER: 1}
    provider.sealed_address = good
    provider.save()
    send(minutes=2)
    assert (double.numbers, line(asked).disposition) == (["+31612345678"], "sent")


def gateway_seal(address):
    from gloed.base.sealing import seal

    return seal(address)


def test_a_private_host_that_is_not_allowed_is_never_called(ask, provider, double, send, settings):
    ask("0612345678")
    settings.OUTWARD_HOSTS = ()
    assert send().fates == {Fate.LATER: 1}
    assert double.numbers == []
    provider.refresh_from_db()
    assert provider.problem == "refused"


def test_without_a_provider_messages_wait(ask, survey, send):
    asked = ask("0612345678")
    assert send().waiting == 1
    assert line(asked).sent_at is None
    assert send(minutes=5).waiting == 0  # looked at again after a quarter of an hour
    assert send(minutes=16).waiting == 1


def test_what_is_no_number_fails_and_says_so(ask, provider, double, send):
    asked = ask("020 1234567")
    assert send().fates == {Fate.REFUSED: 1}
    assert (line(asked).disposition, line(asked).problem) == ("failed", "number")
    assert double.numbers == []


def test_night_and_sunday_are_quiet_on_the_clock_of_the_recipient(ask, provider, double, send):
    ask("0612345678", time_zone="America/Los_Angeles")  # 01:30 there
    assert send().waiting == 1
    assert send(hours=7).waiting == 0  # 08:30: not looked at before it opens
    assert send(hours=8).fates == {Fate.SENT: 1}


def test_hours_can_be_chosen(ask, provider, double, send, organisation):
    TextHours.objects.create(organisation=organisation, opens="12:00", closes="13:00")
    ask("0612345678")
    assert send().waiting == 1
    assert send(hours=2).fates == {Fate.SENT: 1}


def test_a_minute_holds_no_more_than_agreed(ask, provider, double, send):
    TextProvider.objects.update(per_minute=2)
    for number in range(5):
        ask(f"061234567{number}")
    found = send()
    assert (found.fates, found.waiting) == ({Fate.SENT: 2}, 3)
    assert send().fates == {}
    send(minutes=1)
    send(minutes=2)
    assert len(double.numbers) == len(set(double.numbers)) == 5


def test_who_opted_out_meanwhile_gets_nothing(ask, provider, double, send):
    asked = ask("0612345678")
    fieldwork.opt_out(asked.token, scope="all", how="page", now=NOW)
    assert send().fates == {}
    assert double.numbers == []


def test_stop_stops_everybody_who_was_asked_at_that_number(ask, provider, double, send):
    first, second = ask("0612345678"), ask("06 12 34 56 78", name="Bo")
    send()
    moved = operations.take_reply(provider, "31612345678", "Stop!", now=NOW)
    assert moved == 2
    assert {line(first).disposition, line(second).disposition} == {"opted_out"}
    assert operations.take_reply(provider, "+31612345678", "9, prima", now=NOW) == 0
    assert operations.take_reply(provider, "+31600000000", "STOP", now=NOW) == 0
    operations.take_reply(provider, "+31612345678", "START", now=NOW)
    assert not Person.objects.filter(preference__is_opted_out=True).exists()


def test_the_number_of_an_erased_person_is_forgotten(ask, provider, double, send):
    asked = ask("0612345678")
    send()
    erase_person(asked.person, now=NOW)
    operations.forget_erased([])
    assert ShortLink.objects.get().number == ""
    assert operations.take_reply(provider, "+31612345678", "STOP", now=NOW) == 0


def test_the_sample_sends_nothing(ask, provider, double, send, organisation):
    organisation.is_sample = True
    organisation.save()
    ask("0612345678")
    assert send().fates == {Fate.REFUSED: 1}
    assert double.numbers == []


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("twilio://nonsense", Problem.INCOMPLETE),
        ("msgbird://" + 25 * "a", Problem.INCOMPLETE),  # no sender
        ("signal://127.0.0.1:9000/+31970102030/+31612345678", Problem.HAS_RECIPIENT),
        ("tgram://123456789:abcdefghijklmnopqrstuvwxyz/1", Problem.UNKNOWN),
    ],
)
def test_an_address_that_is_not_whole_is_not_kept(address, problem):
    with pytest.raises(BadProvider) as refusal:
        gateway.check(address)
    assert refusal.value.problem is problem


@pytest.mark.parametrize(
    "address",
    [
        f"twilio://AC{32 * 'a'}:{32 * 'b'}@+31970102030",
        f"msgbird://{25 * 'a'}/+31970102030",
        f"vonage://{8 * 'a'}:{16 * 'b'}@+31970102030",
        "bulksms://tokid:toksecret@",
        "sns://AKIAIOSFODNN7EXAMPLE/wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY/eu-west-1",
        "smseagle://token@sms.intranet",
        "whatsapp://token@123456789012345",
    ],
)
def test_addresses_of_the_providers_we_name_are_whole(address):
    gateway.check(address)


def test_nothing_goes_out_beside_a_message_and_no_log_tells_a_key(caplog, double):
    caplog.set_level(logging.DEBUG)
    outcome = gateway.hand_over(
        f"smseagle://very-secret-token@127.0.0.1:{double.port}", "+31612345678", "private words"
    )
    assert outcome.fate is not Fate.SENT  # this double speaks another tongue
    assert "very-secret-token" not in caplog.text
    assert "private words" not in caplog.text
    plugin = plugin_of(f"{double.address}/+31612345678")
    assert plugin.send(body="x", title="") is False
    assert double.numbers == []


class Deadly(FakeProvider):
    """Kills its guest right after it has taken so many messages, before it says so."""

    def __init__(self, deaths):
        super().__init__()
        self.deaths, self.guest, self.undecided = set(deaths), None, []
        self.after = self._kill

    def _kill(self, number):
        if len(self.messages) in self.deaths:
            self.deaths.discard(len(self.messages))
            self.undecided.append(number)
            self.guest.send_signal(signal.SIGKILL)
            self.guest.wait()


def test_a_sender_killed_twice_sends_each_message_once(tmp_path):
    double = Deadly(deaths=[4, 9])
    environment = {
        **os.environ,
        "GLOED_DATA": str(tmp_path),
        "DATABASE_URL": "",
        "GLOED_OUTWARD_HOSTS": f"127.0.0.1:{double.port}",
        "LATER": "0",
    }

    def start(*words):
        command = [sys.executable, *map(str, words)]
        return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)

    try:
        assert start("-m", "gloed.project.cli", "prepare").wait(400) == 0
        assert start(SCRIPT, "prepare", double.port, 15).wait(400) == 0
        for death in range(8):
            environment["LATER"] = str(60 * death)
            double.guest = start(SCRIPT, "work")
            if double.guest.wait(400) == 0:
                break
    finally:
        double.close()
    assert len(double.undecided) == 2
    assert len(double.numbers) == len(set(double.numbers)) == 15
    with sqlite3.connect(tmp_path / "gloed.sqlite3") as database:
        rows = database.execute(
            "SELECT disposition, count(*) FROM fieldwork_invitation GROUP BY 1"
        ).fetchall()
    database.close()
    assert dict(rows) == {"sent": 13, "uncertain": 2}
