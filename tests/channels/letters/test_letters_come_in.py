"""Answers coming in, over IMAP and from a provider: into their own case, once, no other."""

import base64
import json
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.test import Client
from django.urls import reverse

from gloed.channels.letters import fetching
from gloed.channels.letters.imap import Account, Trouble
from gloed.channels.letters.models import Mailbox
from gloed.loop.cases import operations as cases
from gloed.loop.cases.models import Case, CaseEvent
from gloed.loop.cases.rules import Outcome
from gloed.loop.letters import operations
from gloed.loop.letters.models import Letter, LetterFile, Stray
from gloed.loop.letters.rules import MOST_AN_HOUR, reply_address
from tests.channels.letters.imap_house import PASSWORD, USER
from tests.channels.letters.test_reading_mail import report
from tests.conftest import NOW


@pytest.fixture
def written(office, make_case, mailbox, reply, send):
    """A case whose customer was written to."""
    case = make_case()
    reply(case)
    send()
    return Case.objects.get(pk=case.pk)


def answer_to(case, text="Dank je, dat helpt.", *, sender="Nia@Example.org", number=1, **headers):
    made = EmailMessage()
    made["From"] = f"Nia <{sender}>"
    made["To"] = reply_address("service@gloed.example", case.letter_thread.token)
    made["Subject"] = "Re: Over je antwoord"
    made["Message-ID"] = f"<{number}@example.org>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(f"{text}\n\nOp ma 2 mrt 2026 schreef Sanne:\n> Mag ik je bellen?")
    return made


def kinds(case):
    letters = Letter.objects.filter(thread__case=case).order_by("pk")
    return list(letters.values_list("kind", flat=True))


def test_an_answer_in_the_mailbox_comes_into_its_case_once(imap, fetched, written, fetch):
    imap.put(b"From: old@example.org\n\nlay here before")
    assert fetch() == {}
    imap.put(answer_to(written))
    imap.put(b"From: shop@example.org\nTo: service@gloed.example\n\nnone of ours")
    assert fetch(minutes=1) == {"placed": 1, "foreign": 1}
    assert fetch(minutes=2) == {}
    letter = Letter.objects.get(kind="answer")
    assert (letter.thread.case_id, letter.body) == (written.pk, "Dank je, dat helpt.")
    assert "> Mag ik je bellen?" in letter.quoted
    assert CaseEvent.objects.filter(case=written, kind="letter_received").count() == 1
    assert not [one for one in imap.commands if "STORE" in one or "SELECT" in one]
    bodies = [one for one in imap.commands if "BODY.PEEK[]" in one]
    assert len(bodies) == 1, "only answers to our letters are read whole"


def test_a_worker_that_died_before_it_remembered_takes_nothing_in_twice(
    imap, fetched, written, fetch
):
    fetch()
    imap.put(answer_to(written))
    fetch(minutes=1)
    Mailbox.objects.update(seen_uid=0)
    assert fetch(minutes=2) == {"repeated": 1}
    assert kinds(written) == ["reply", "answer"]


def test_a_folder_that_is_numbered_anew_begins_at_its_end(imap, fetched, written, fetch):
    fetch()
    imap.put(answer_to(written))
    imap.validity = 8
    assert fetch(minutes=1) == {}
    imap.put(answer_to(written, number=2))
    assert fetch(minutes=2) == {"placed": 1}


@pytest.mark.parametrize("place", ["LOGIN", "EXAMINE", "SEARCH", "FETCH"])
def test_a_connection_that_breaks_loses_nothing_and_the_mailbox_rests(
    imap, fetched, written, fetch, place
):
    fetch()
    imap.put(answer_to(written))
    imap.breaks_at = place
    assert fetch(minutes=1) == {}
    box = Mailbox.objects.get()
    assert box.problem
    assert box.troubles == 1
    imap.breaks_at = ""
    assert fetch(minutes=1) == {}, "it rests"
    assert fetch(minutes=9) == {"placed": 1}
    assert Mailbox.objects.get().problem == ""


def test_what_is_wrong_with_a_mailbox_is_told(imap, settings):
    def why(**changed):
        wanted = {"host": "localhost", "port": imap.port, "user": USER, "password": PASSWORD}
        return fetching.try_out(Account(**{**wanted, **changed}))

    assert why() is None
    assert why(password="wrong") is Trouble.LOGIN
    assert why(folder="Nowhere") is Trouble.FOLDER
    assert why(host="no-such-host.invalid") is Trouble.REFUSED
    assert why(host="no-such-host.invalid", port=993) is Trouble.UNKNOWN_HOST
    settings.OUTWARD_HOSTS = ()
    assert why() is Trouble.REFUSED
    assert why(host="127.0.0.1", port=993) is Trouble.REFUSED
    assert why(host="169.254.169.254", port=143) is Trouble.REFUSED


def test_a_certificate_of_somebody_else_is_not_trusted(imap, monkeypatch):
    import ssl

    from gloed.channels.letters import imap as client

    plain = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    monkeypatch.setattr(client.ssl, "create_default_context", lambda: plain)
    account = Account("localhost", imap.port, USER, PASSWORD)
    assert fetching.try_out(account) is Trouble.NOT_TRUSTED


def test_another_address_never_comes_into_the_case(imap, fetched, written, make_case, fetch):
    fetch()
    imap.put(answer_to(written, sender="eve@example.org"))
    assert fetch(minutes=1) == {"stray": 1}
    assert kinds(written) == ["reply"]
    stray = Stray.objects.get()
    assert (stray.sender, stray.body) == ("eve@example.org", "Dank je, dat helpt.")


def test_somebody_elses_word_with_the_own_address_leads_nowhere_else(
    imap, fetched, written, make_case, reply, send, fetch
):
    other = make_case("bob@example.org", name="Bob")
    reply(other, key="bob")
    send(minutes=5)
    fetch()
    imap.put(answer_to(other, sender="nia@example.org"))
    assert fetch(minutes=1) == {"stray": 1}
    assert kinds(other) == kinds(written) == ["reply"]


def test_the_mailbox_of_one_organisation_opens_no_case_of_another(
    imap, fetched, written, other_organisation, fetch
):
    fetch()
    Mailbox.objects.update(organisation=other_organisation)
    imap.put(answer_to(written))
    assert fetch(minutes=1) == {"foreign": 1}
    assert (kinds(written), Stray.objects.count()) == (["reply"], 0)


def test_an_automatic_reply_is_noted_and_opens_nothing(imap, fetched, written, fetch):
    cases.close_case(written, Outcome.SOLVED, staff=None, now=NOW)
    fetch()
    imap.put(answer_to(written, Auto_Submitted="auto-replied"))
    assert fetch(minutes=1) == {"noted": 1}
    assert kinds(written)[-1] == "auto_reply"
    assert not Case.objects.get(pk=written.pk).is_open


def test_a_customer_who_writes_back_takes_a_closed_case_up_again(imap, fetched, written, fetch):
    cases.close_case(written, Outcome.SOLVED, staff=None, now=NOW)
    fetch()
    imap.put(answer_to(written, "Toch niet."))
    fetch(minutes=1)
    assert Case.objects.get(pk=written.pk).is_open


def test_where_another_case_is_open_by_then_the_old_one_stays_closed(imap, fetched, written, fetch):
    cases.close_case(written, Outcome.SOLVED, staff=None, now=NOW)
    cases.open_for_person(written.person, because=[], now=NOW)
    fetch()
    imap.put(answer_to(written))
    assert fetch(minutes=1) == {"placed": 1}
    assert not Case.objects.get(pk=written.pk).is_open


def test_a_letter_that_bounced_is_marked(imap, fetched, written, fetch):
    letter = Letter.objects.get(kind="reply")
    fetch()
    imap.put(report(letter.message_id, action="delayed"))
    imap.put(report(letter.message_id))
    assert fetch(minutes=1) == {"foreign": 1, "noted": 1}
    letter.refresh_from_db()
    assert (letter.state, letter.problem) == ("bounced", "5.1.1")


def test_a_machine_that_never_stops_is_cut_off(written, mailbox):
    from gloed.channels.letters.rules import read_mail

    for number in range(MOST_AN_HOUR + 3):
        mail = answer_to(written, number=number).as_bytes()
        became = operations.receive(read_mail(mail), now=NOW)
    assert became == "flood"
    assert kinds(written).count("answer") == MOST_AN_HOUR


def test_what_came_with_a_letter_is_listed_and_small_pictures_are_kept(
    imap, fetched, written, fetch
):
    fetch()
    made = answer_to(written)
    made.add_attachment(
        b"\x89PNG\r\n\x1a\n0", maintype="image", subtype="png", filename="meter.png"
    )
    made.add_attachment(b"MZ", maintype="application", subtype="x-dos", filename="run.exe")
    imap.put(made)
    fetch(minutes=1)
    letter = Letter.objects.get(kind="answer")
    assert [one["name"] for one in letter.parcels] == ["meter.png", "run.exe"]
    assert [bytes(one.data)[:4] for one in LetterFile.objects.all()] == [b"\x89PNG"]


def test_an_answer_keeps_its_thread_in_our_next_letter(
    imap, fetched, written, fetch, reply, send, office
):
    fetch()
    imap.put(answer_to(written))
    fetch(minutes=1)
    reply(written, "Fijn!", key="two")
    send(minutes=5)
    mail = office.mails[-1][1]
    assert mail["In-Reply-To"] == "<1@example.org>"
    assert len(mail["References"].split()) == 2
    assert "> Dank je, dat helpt." in mail.get_body(("plain",)).get_content()


def test_a_person_places_what_was_set_apart(imap, fetched, written, fetch, sanne):
    fetch()
    imap.put(answer_to(written, sender="partner@example.org"))
    fetch(minutes=1)
    stray = Stray.objects.get()
    assert operations.place(stray, by=sanne, now=NOW)
    assert operations.place(stray, by=sanne, now=NOW) is None
    assert kinds(written) == ["reply", "answer"]
    assert operations.tidy(now=NOW + timedelta(days=60)) == 0


def test_erasing_a_person_takes_every_letter_along(written, sanne, run_journal):
    from gloed.responses.operations import erase_person

    erase_person(written.person, staff=sanne, now=NOW)
    run_journal()
    assert not Letter.objects.exists()


# --- from a provider

PASSWORD_OF_POSTS = "gloed:a-long-enough-password"


@pytest.fixture
def post(settings):
    """What Postmark posts for a mail that came in (shape after its documentation)."""
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": PASSWORD_OF_POSTS}

    def deliver(case, *, password=PASSWORD_OF_POSTS, sender="nia@example.org", provider="postmark"):
        to = reply_address("service@gloed.example", case.letter_thread.token)
        body = {
            "From": sender,
            "FromFull": {"Email": sender, "Name": "Nia", "MailboxHash": ""},
            "To": to,
            "ToFull": [{"Email": to, "Name": "", "MailboxHash": ""}],
            "OriginalRecipient": to,
            "Subject": "Re: Over je antwoord",
            "MessageID": "22c74902-a0c1-4511-804f-341342852c90",
            "Date": "Mon, 2 Mar 2026 10:00:00 +0100",
            "TextBody": "Het werkt weer!\n\n> Mag ik je bellen?",
            "HtmlBody": "",
            "Headers": [{"Name": "Message-ID", "Value": "<9@example.org>"}],
            "Attachments": [],
        }
        login = "Basic " + base64.b64encode(password.encode()).decode()
        return Client(enforce_csrf_checks=True).post(
            reverse("letterbox:posts", args=[provider]),
            json.dumps(body),
            content_type="application/json",
            headers={"authorization": login},
        )

    return deliver


def test_mail_that_a_provider_posts_comes_into_its_case_once(written, post):
    assert post(written).status_code == 200
    assert post(written).status_code == 200
    assert Letter.objects.get(kind="answer").body == "Het werkt weer!"


def test_a_post_without_the_password_is_refused(written, post):
    assert post(written, password="wrong:password-of-nobody").status_code == 400
    assert kinds(written) == ["reply"]


def test_a_post_of_a_provider_that_is_not_set_up_finds_nothing(written, post):
    assert post(written, provider="mailgun").status_code == 404


def test_a_post_for_an_organisation_that_fetches_itself_is_let_go(written, post):
    Mailbox.objects.update(way="imap")
    assert post(written).status_code == 200
    assert kinds(written) == ["reply"]


def test_a_bounce_that_the_provider_tells_of_later_marks_the_letter(written, post):
    letter = Letter.objects.get(kind="reply")
    news = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Email": "nia@example.org",
        "BouncedAt": "2026-03-02T09:31:00Z",
        "Metadata": {"gloed": letter.message_id.strip("<>")},
    }
    login = "Basic " + base64.b64encode(PASSWORD_OF_POSTS.encode()).decode()
    for _time in range(2):
        answer = Client().post(
            reverse("email:events", args=["postmark"]),
            json.dumps(news),
            content_type="application/json",
            headers={"authorization": login},
        )
        assert answer.status_code == 200
    letter.refresh_from_db()
    assert letter.state == "bounced"
    assert CaseEvent.objects.filter(kind="letter_bounced").count() == 1
