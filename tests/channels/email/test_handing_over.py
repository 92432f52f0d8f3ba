"""Handing mails to a real server that is kind, unkind, slow or gone: at most once, nothing lost."""

from datetime import timedelta

import pytest

from gloed.base.models import Organisation
from gloed.channels.email.models import MailServer
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation, Wave
from gloed.people.models import Suppression
from tests.channels.email.post_office import NOW, free_port
from tests.record import put_person


def line_of(invitation):
    return Invitation.objects.get(pk=invitation.pk)


def test_everybody_who_is_due_gets_one_mail_over_one_connection(office, ask, send):
    asked = [ask(f"p{number}@example.org") for number in range(5)]
    assert send().fates == {"sent": 5}
    assert send(minutes=20).fates == {}
    assert sorted(office.addresses) == [f"p{number}@example.org" for number in range(5)]
    assert len(office.sessions) == 1
    for invitation in asked:
        line = line_of(invitation)
        assert (line.disposition, line.sent_at, line.leased_until) == ("sent", NOW, None)
        assert line.message_id == f"<{line.public_id.hex}.0@gloed.example>"
    assert office.mail_to("p0@example.org")["Message-ID"] == line_of(asked[0]).message_id


def test_an_address_that_does_not_exist_bounces_and_is_left_alone(office, ask, send):
    gone, fine = ask("gone@example.org"), ask("fine@example.org")
    office.at_rcpt["gone@example.org"] = "550 5.1.1 gone@example.org: no such user"
    assert send().fates == {"bounced": 1, "sent": 1}
    line = line_of(gone)
    assert (line.disposition, line.is_open, line.problem) == ("bounced", False, "550 5.1.1")
    assert Suppression.objects.get().key == "gone@example.org"
    assert line_of(fine).disposition == "sent"


@pytest.mark.parametrize("reply", ["550 5.7.1 blocked", "552 5.2.2 mailbox full"])
def test_a_refusal_that_is_not_about_the_address_suppresses_nobody(office, ask, send, reply):
    asked = ask("nia@example.org")
    office.at_rcpt["nia@example.org"] = reply
    send()
    assert line_of(asked).disposition == "failed"
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("reply", ["450 4.2.0 greylisted", "452 4.3.1 no room", None])
def test_what_fails_for_now_is_tried_again_later_and_sent_once(office, ask, send, reply):
    asked = ask("nia@example.org")
    office.at_rcpt["nia@example.org"] = reply
    assert send().fates == {"later": 1}
    assert line_of(asked).disposition == "created"
    office.at_rcpt.clear()
    assert send(seconds=30).fates == {}
    assert send(minutes=2).fates == {"sent": 1}
    assert send(minutes=40).fates == {}
    assert office.addresses == ["nia@example.org"]


def test_after_six_attempts_it_has_failed(office, ask, send):
    asked = ask("nia@example.org")
    office.at_rcpt["nia@example.org"] = "450 4.2.0 not now"
    tried = [send(hours=11 * round_).fates.total() for round_ in range(8)]
    assert tried == [1, 1, 1, 1, 1, 1, 0, 0]
    line = line_of(asked)
    assert (line.disposition, line.problem) == ("failed", "450 4.2.0")


def test_content_that_is_refused_stops_the_round_before_it_costs_everybody(office, ask, send):
    asked = [ask(f"p{number}@example.org") for number in range(8)]
    for invitation in asked:
        office.at_data[invitation.person.email] = "554 5.7.0 looks like spam"
    found = send()
    assert (found.fates, found.is_resting) == ({"refused": 3}, True)
    assert send(seconds=30).fates == {}
    office.at_data.clear()
    assert send(minutes=2).fates == {"sent": 5}
    assert not MailServer.objects.exists()


def test_a_server_silent_after_the_body_may_have_taken_it_so_it_is_not_sent_again(
    office, ask, send
):
    asked = ask("nia@example.org")
    office.keeps_then_silent.add("nia@example.org")
    assert send().fates == {"uncertain": 1}
    office.keeps_then_silent.clear()
    assert send(days=1).fates == {}
    line = line_of(asked)
    assert (line.disposition, line.problem) == ("uncertain", "uncertain")
    assert office.addresses == ["nia@example.org"]


def test_a_dead_server_loses_nothing_and_costs_no_attempt(office, ask, send, settings):
    asked = [ask(f"p{number}@example.org") for number in range(3)]
    alive, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    for hours in range(8):  # more rounds than a mail has attempts
        assert send(hours=hours).is_resting
    assert MailServer.objects.get().troubles == 8
    assert [line_of(one).attempts for one in asked] == [0, 0, 0]
    settings.EMAIL_PORT = alive
    assert send(hours=9).fates == {"sent": 3}
    assert len(office.mails) == 3


def test_a_worker_that_died_while_handing_over_leaves_an_uncertain_mail(office, ask, send):
    asked, other = ask("nia@example.org"), ask("bo@example.org")
    fieldwork.claim_due("email", limit=10, now=NOW)
    fieldwork.note_handing(asked.pk, message_id="<x@gloed.example>", now=NOW)
    assert send(minutes=5).fates == {}
    assert send(minutes=11).fates == {"uncertain": 1, "sent": 1}
    assert office.addresses == ["bo@example.org"]
    line = line_of(asked)
    assert (line.problem, line.message_id) == ("uncertain", "<x@gloed.example>")
    assert line_of(other).problem == ""


def test_who_opts_out_while_the_batch_is_under_way_gets_nothing(office, ask, send):
    ask("first@example.org")
    second = ask("second@example.org")

    def opt_out_second(done):
        if done == 1:
            fieldwork.opt_out(second.token, scope="all", how="page", now=NOW)

    assert send(progress=opt_out_second).fates == {"sent": 1}
    assert send(minutes=30).fates == {}
    assert office.addresses == ["first@example.org"]
    assert line_of(second).disposition == "opted_out"


def test_a_worker_that_is_told_to_stop_gives_the_rest_back(office, ask, send):
    asked = [ask(f"p{number}@example.org") for number in range(4)]

    def stop(done):
        if done == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        send(progress=stop)
    assert [line_of(one).leased_until for one in asked] == [None] * 4
    assert send().fates == {"sent": 2}
    assert len(set(office.addresses)) == len(office.addresses) == 4


def test_a_domain_gets_no_more_in_a_minute_than_is_set(office, ask, send, settings):
    settings.MAIL_PER_MINUTE = 2
    for number in range(5):
        ask(f"p{number}@big.example")
    ask("one@small.example")
    assert send().fates == {"sent": 3}
    assert send(seconds=20).fates == {}
    assert send(minutes=1).fates == {"sent": 2}
    assert send(minutes=2).fates == {"sent": 1}
    assert len(set(office.addresses)) == 6


def test_the_sample_organisation_sends_no_mail(office, ask, send):
    asked = ask("nia@example.org")
    Organisation.objects.update(is_sample=True)
    send()
    assert (office.mails, line_of(asked).problem) == ([], "sample")


def test_without_a_mail_server_invitations_wait(ask, send, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    asked = ask("nia@example.org")
    assert send().is_resting
    assert line_of(asked).disposition == "created"


def test_an_address_no_server_can_be_told_is_refused_and_the_others_go(office, ask, send):
    strange, fine = ask("zoë@example.org"), ask("fine@example.org")
    send()
    assert line_of(fine).disposition == "sent"
    assert line_of(strange).disposition in ("failed", "sent")


class TestReminders:
    @pytest.fixture
    def wave(self, survey, organisation, ask):
        made = Wave.objects.create(
            organisation=organisation,
            survey=survey,
            name="Voorjaar",
            channel="email",
            reminders=1,
            reminder_days=3,
            created_at=NOW,
        )
        fieldwork.start_wave(made, now=NOW)
        return made

    @pytest.fixture
    def people(self, organisation):

        return [
            put_person(organisation, f"{name}@example.org", now=NOW)
            for name in ("answers", "silent")
        ]

    def test_they_go_once_and_never_to_who_answered(self, office, people, wave, send):
        fieldwork.write_wave(wave.pk, now=NOW)
        assert send().fates == {"sent": 2}
        answered = Invitation.objects.get(person=people[0])
        fieldwork.note_answer(answered.pk, is_complete=True, now=NOW + timedelta(hours=1))
        assert send(days=2).fates == {}
        assert send(days=3, hours=1).fates == {"sent": 1}
        assert send(days=8).fates == {}
        first, reminder = (mail for to, mail in office.mails if to == "silent@example.org")
        assert office.addresses.count("answers@example.org") == 1
        assert reminder["Subject"].startswith("Nog steeds welkom")
        line = Invitation.objects.get(person=people[1])
        assert first["Message-ID"] == f"<{line.public_id.hex}.0@gloed.example>"
        assert (
            reminder["Message-ID"] == line.message_id == f"<{line.public_id.hex}.1@gloed.example>"
        )
        assert (line.reminders, line.sent_at) == (1, NOW)
        assert (first["In-Reply-To"], first["References"]) == (None, None)
        assert reminder["In-Reply-To"] == reminder["References"] == first["Message-ID"]

    def test_a_second_one_stands_under_both(self, office, people, wave, send):
        Wave.objects.update(reminders=2)
        fieldwork.write_wave(wave.pk, now=NOW)
        for days in (0, 3, 7, 14, 20):
            send(days=days, hours=1)
        mails = [mail for to, mail in office.mails if to == "silent@example.org"]
        own = [mail["Message-ID"] for mail in mails]
        assert len(set(own)) == 3
        assert mails[2]["References"].split() == own[:2]
        assert mails[2]["In-Reply-To"] == own[1]

    def test_who_opted_out_gets_none(self, office, people, wave, send):
        fieldwork.write_wave(wave.pk, now=NOW)
        send()
        for invitation in Invitation.objects.all():
            fieldwork.opt_out(invitation.token, scope="all", how="page", now=NOW)
        assert send(days=3, hours=1).fates == {}

    def test_one_that_fails_for_now_keeps_its_place_in_the_thread(self, office, people, wave, send):
        fieldwork.write_wave(wave.pk, now=NOW)
        send()
        office.at_rcpt["silent@example.org"] = "451 4.3.0 later"
        assert send(days=3, hours=1).fates == {"sent": 1, "later": 1}
        office.at_rcpt.clear()
        assert send(days=3, hours=2).fates == {"sent": 1}
        first, reminder = (mail for to, mail in office.mails if to == "silent@example.org")
        assert reminder["In-Reply-To"] == first["Message-ID"] != reminder["Message-ID"]
