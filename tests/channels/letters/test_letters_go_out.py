"""Letters on their way out, to a real mail server: threaded, once, and taken back in time."""

from datetime import timedelta

import pytest

from gloed.base.models import Organisation
from gloed.loop.cases.models import Case, CaseEvent
from gloed.loop.letters import operations
from gloed.loop.letters.models import Letter
from gloed.loop.letters.operations import delivering
from gloed.loop.letters.rules import tokens_in
from tests.conftest import NOW


def state_of(letter):
    return Letter.objects.get(pk=letter.pk).state


def test_a_reply_leaves_after_a_moment_and_an_answer_would_find_its_case(
    office, make_case, mailbox, reply, send, sanne
):
    case = make_case()
    letter = reply(case, "Beste Nia,\n\nMag ik je bellen?\nOf mailen?", gestures=["thank"])
    assert send(seconds=10) == {}
    assert state_of(letter) == "waiting"
    assert send() == {"sent": 1}
    assert send(minutes=30) == {}
    mail = office.mail_to("nia@example.org")
    assert mail["From"] == "Sanne van Noorderlicht <vraag@gloed.example>"
    token = case.letter_thread.token
    assert tokens_in(mail["Reply-To"]) == (token,)
    assert mail["Reply-To"].endswith(f"<service+gl-{token}@gloed.example>")
    assert tokens_in(mail["Message-ID"]) == (token,)
    assert mail["Auto-Submitted"] is None
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.startswith("Beste Nia,\n\nMag ik je bellen?\nOf mailen?\n\nSanne\n")
    assert "Mag ik je bellen?<br>" in mail.get_body(("html",)).get_content()
    case = Case.objects.get(pk=case.pk)
    assert (case.status, case.contacted_at) == ("contacted", NOW + timedelta(minutes=1))
    lines = list(CaseEvent.objects.filter(case=case).values_list("kind", flat=True))
    assert lines[-2:] == ["letter_sent", "gesture"]


def test_the_same_press_twice_sends_one_letter(office, make_case, reply, send):
    case = make_case()
    assert reply(case).pk == reply(case).pk
    send()
    reply(case)
    send(minutes=20)
    assert office.addresses == ["nia@example.org"]


def test_a_letter_can_be_taken_back_until_it_leaves(office, make_case, reply, send, sanne):
    letter = reply(make_case())
    assert operations.withdraw(letter, by=sanne, now=NOW)
    assert send() == {}
    assert state_of(letter) == "draft"
    assert reply(letter.thread.case).state == "waiting"
    send()
    assert not operations.withdraw(letter, by=sanne, now=NOW + timedelta(minutes=2))
    assert state_of(letter) == "sent"


def test_a_second_letter_stands_under_the_first(office, make_case, mailbox, reply, send):
    case = make_case()
    reply(case, "Een")
    send()
    reply(case, "Twee", key="two")
    send(minutes=5)
    first, second = (mail for _to, mail in office.mails)
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]


def test_without_a_mailbox_answers_go_to_the_sender(office, make_case, reply, send):
    reply(make_case())
    send()
    assert office.mail_to("nia@example.org")["Reply-To"].endswith("<vraag@gloed.example>")


def test_a_mailbox_without_plus_keeps_its_own_address(office, make_case, mailbox, reply, send):
    mailbox.has_plus = False
    mailbox.save()
    reply(make_case())
    send()
    assert office.mail_to("nia@example.org")["Reply-To"].endswith("<service@gloed.example>")


def test_names_cannot_write_headers(office, make_case, mailbox, sanne, reply, send):
    sanne.name = "Sanne\r\nBcc: all@example.org"
    sanne.save()
    reply(make_case(), subject="Hi\r\nBcc: all@example.org")
    assert send() == {"sent": 1}
    mail = office.mail_to("nia@example.org")
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Hi Bcc: all@example.org"


@pytest.mark.parametrize(
    ("answer", "state"),
    [("550 5.1.1 unknown", "failed"), ("552 5.2.2 full", "failed"), ("450 4.2.0 later", "waiting")],
)
def test_what_the_server_refuses_is_told_or_tried_again(
    office, make_case, reply, send, answer, state
):
    letter = reply(make_case())
    office.at_rcpt["nia@example.org"] = answer
    send()
    assert state_of(letter) == state
    assert Case.objects.get(pk=letter.thread.case_id).contacted_at is None
    office.at_rcpt.clear()
    send(minutes=4)
    assert len(office.mails) == (state == "waiting")


def test_a_failed_letter_can_be_sent_again_once(office, make_case, reply, send, sanne):
    letter = reply(make_case())
    office.at_rcpt["nia@example.org"] = "550 5.7.1 blocked"
    send()
    office.at_rcpt.clear()
    letter.refresh_from_db()
    again = operations.send_again(letter, by=sanne, now=NOW)
    assert operations.send_again(letter, by=sanne, now=NOW).pk == again.pk
    send(minutes=5)
    assert len(office.mails) == 1


def test_a_server_that_keeps_a_letter_and_falls_silent_gets_no_second(
    office, make_case, reply, send
):
    office.keeps_then_silent.add("nia@example.org")
    letter = reply(make_case())
    assert send() == {"uncertain": 1}
    assert send(minutes=30) == {}
    assert state_of(letter) == "uncertain"
    assert len(office.mails) == 1


def test_a_worker_that_died_while_handing_over_leaves_an_uncertain_letter(
    office, make_case, reply, send
):
    letter = reply(make_case())
    moment = NOW + timedelta(minutes=1)
    [due] = operations.claim_due(limit=5, now=moment)
    assert operations.note_handing(due.id, domain="gloed.example", now=moment)
    assert not operations.note_handing(due.id, domain="gloed.example", now=moment)
    assert send(minutes=2) == {}
    assert send(minutes=12) == {"uncertain": 1}
    assert state_of(letter) == "uncertain"
    assert office.mails == []


def test_two_workers_never_hold_the_same_letter(make_case, reply):
    reply(make_case())
    moment = NOW + timedelta(minutes=1)
    assert len(operations.claim_due(limit=5, now=moment)) == 1
    assert operations.claim_due(limit=5, now=moment) == []
    assert len(operations.claim_due(limit=5, now=moment + delivering.LEASE)) == 1


def test_nobody_of_the_sample_is_written_to(office, make_case, reply, send):
    case = make_case()
    Organisation.objects.update(is_sample=True)
    letter = reply(case)
    send()
    assert (state_of(letter), office.mails) == ("failed", [])


def test_a_letter_needs_words_and_an_address(make_case, reply):
    case = make_case()
    with pytest.raises(ValueError, match="words"):
        reply(case, "  ")
    with pytest.raises(operations.NoAddress):
        reply(make_case(""))


def test_a_key_belongs_to_one_case(make_case, reply):
    reply(make_case())
    with pytest.raises(ValueError, match="another case"):
        reply(make_case("else@example.org"))
