"""What people write back to what they were told: kept with them, and it opens nothing by itself."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from gloed.base import jobs
from gloed.base.models import Job, JournalEntry
from gloed.base.sealing import seal
from gloed.channels.letters import fetching, provider_mail
from gloed.channels.letters import imap as client
from gloed.channels.letters.models import Mailbox
from gloed.channels.letters.rules import read_mail
from gloed.channels.told_back import replies, tasks
from gloed.channels.told_back.models import Reply, Told
from gloed.channels.told_back.rules import message_id, notices_in, reply_address
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.notices.models import Notice
from gloed.loop.cases import operations as cases
from gloed.loop.cases.rules import Outcome, Status
from gloed.loop.letters.rules import MOST_AN_HOUR
from gloed.people.models import Suppression
from gloed.responses.dossier import dossier_of
from gloed.responses.operations import erase_person
from tests.channels.email.post_office import NOW
from tests.channels.letters.imap_house import PASSWORD, USER, ImapHouse
from tests.channels.letters.test_reading_mail import report

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def mailbox(organisation):
    """Where answers come in, by the mail provider."""
    return Mailbox.objects.create(
        organisation=organisation,
        address="service@gloed.example",
        way=Mailbox.Way.PROVIDER,
        changed_at=NOW,
    )


@pytest.fixture
def told(office, mailbox, say, finished, tell, work, alice, organisation):
    """Anna was told about an improvement of Alice's."""
    owner = organisation.memberships.get(role="owner")
    tell(finished([say("anna@example.org", "Nobody called")], owner=owner))
    work()
    return Told.objects.select_related("notice", "person", "telling__improvement").get()


def written_back(told, text="Fijn, dank je wel!", *, sender="Anna@Example.org", number=1, **heads):
    made = EmailMessage()
    made["From"] = f"Anna <{sender}>"
    made["To"] = "service@gloed.example"
    made["Subject"] = "Re: Het is beter"
    made["Message-ID"] = f"<{number}@example.org>"
    made["In-Reply-To"] = message_id(told.notice.public_id, "gloed.example")
    for name, value in heads.items():
        made[name.replace("_", "-")] = value
    made.set_content(f"{text}\n\nOp ma 2 mrt 2026 schreef Noorderlicht:\n> Het is klaar.")
    return made


def take(told, *args, now=LATER, **kwargs):
    incoming = read_mail(written_back(told, *args, **kwargs).as_bytes())
    return replies.take(incoming, told.notice.organisation, now=now).value


def waiting_mails():
    return Job.objects.filter(kind=replies.TELL_OWNER, state="waiting")


def test_the_mail_can_be_answered_and_says_so(office, told):
    mail = office.mail_to("anna@example.org")
    assert notices_in([mail["Reply-To"]]) == (told.notice.public_id,)
    assert mail["Reply-To"].endswith(
        f"<{reply_address('service@gloed.example', told.notice.public_id)}>"
    )
    assert "een mens leest het" in mail.get_body(("plain",)).get_content()


def test_without_a_mailbox_it_promises_nothing(office, say, finished, tell, work):
    tell(finished([say("anna@example.org", "Nobody called")]))
    work()
    mail = office.mail_to("anna@example.org")
    assert mail["Reply-To"] is None
    assert "een mens leest het" not in mail.get_body(("plain",)).get_content()


def test_it_comes_in_over_imap_and_from_a_provider_once(
    told, mailbox, tmp_path, settings, monkeypatch
):
    house = ImapHouse(tmp_path)
    try:
        settings.OUTWARD_HOSTS = (f"localhost:{house.port}",)
        trusting = house.trusting()
        monkeypatch.setattr(client.ssl, "create_default_context", lambda: trusting)
        mailbox.way, mailbox.host, mailbox.port = "imap", "localhost", house.port
        mailbox.user, mailbox.sealed_password = USER, seal(PASSWORD)
        mailbox.save()
        assert fetching.fetch_all(now=lambda: LATER) == {}
        house.put(written_back(told))
        house.put(b"From: x@example.org\nTo: service@gloed.example\n\nnone of ours")
        assert fetching.fetch_all(now=lambda: LATER) == {"placed": 1, "foreign": 1}
    finally:
        house.stop()
    reply = Reply.objects.get()
    assert (reply.told_id, reply.body, reply.is_theirs) == (told.pk, "Fijn, dank je wel!", True)
    assert "Het is klaar" in reply.quoted
    mailbox.way = Mailbox.Way.PROVIDER
    mailbox.save()
    for number in (1, 2):  # the first was here before
        event = type("Event", (), {"message": _posted(written_back(told, number=number))})()
        provider_mail.hear(event=event)
    assert Reply.objects.count() == 2


def _posted(made):
    made.envelope_recipient = "service@gloed.example"
    return made


def test_the_address_alone_finds_it_too(told):
    made = written_back(told)
    del made["In-Reply-To"], made["To"]
    made["To"] = reply_address("service@gloed.example", told.notice.public_id)
    incoming = read_mail(made.as_bytes())
    assert replies.take(incoming, told.notice.organisation, now=LATER) == "placed"


def test_another_organisation_never_gets_it(told, other_organisation):
    incoming = read_mail(written_back(told).as_bytes())
    assert replies.take(incoming, other_organisation, now=LATER) == "foreign"
    strange = EmailMessage()
    strange["In-Reply-To"] = "<" + "0" * 32 + ".told@gloed.example>"
    assert replies.owner_of([strange["In-Reply-To"]]) is None
    assert not Reply.objects.exists()


def test_it_opens_nothing_again(office, mailbox, organisation, say, finished, tell, work):
    response = say("anna@example.org", "Nobody called")
    case = cases.open_case(response, now=NOW)
    cases.close_case(case, Outcome.SOLVED, staff=None, now=NOW)
    tell(finished([response], cases=[case]))
    work()
    assert take(Told.objects.get(), "Het is helemaal niet beter!") == "placed"
    case.refresh_from_db()
    assert case.status == Status.CLOSED
    assert not Invitation.objects.exists()


def test_what_a_machine_answers_is_let_go_and_a_flood_is_stopped(told):
    assert take(told, Auto_Submitted="auto-replied") == "noted"
    assert not Reply.objects.exists()
    became = [take(told, number=number) for number in range(10, 10 + MOST_AN_HOUR + 2)]
    assert became == ["placed"] * MOST_AN_HOUR + ["flood"] * 2
    assert take(told, number=99, now=LATER + timedelta(hours=2)) == "placed"


def test_a_message_that_did_not_arrive_is_no_message_told(told):
    incoming = read_mail(report(message_id(told.notice.public_id, "gloed.example")))
    for _ in range(2):
        replies.take(incoming, told.notice.organisation, now=LATER)
    told.notice.refresh_from_db()
    assert told.notice.became == Notice.Became.BOUNCED
    assert Suppression.objects.get().key == "anna@example.org"


def test_its_owner_hears_once_and_sees_it_at_the_improvement(told, alice, office, client_of):
    take(told)
    take(told, "En nog iets.", number=2, sender="elsewhere@example.net")
    [job] = waiting_mails()
    tasks.tell_owner(jobs.JobRun(job=job, now=lambda: LATER))
    _address, mail = office.mails[-1]
    improvement = told.telling.improvement
    assert improvement.title in mail["Subject"]
    assert f"/improvements/{improvement.public_id}/#told" in mail.get_content()
    assert "dank je wel" not in mail.get_content()  # what was said stays inside
    short = f"/told-back/{improvement.public_id}/short/"
    bob = client_of(told.notice.organisation, "manager")
    assert "2 answers came back" in bob.get(short, headers={"accept-language": "en"}).text
    assert replies.unseen_of(improvement).count() == 2  # only the owner's look counts
    shown = alice.get(short, headers={"accept-language": "nl"}).text
    assert '<p class="answer__text" lang="nl">Fijn, dank je wel!</p>' in shown
    assert "elsewhere@example.net" in shown
    assert not replies.unseen_of(improvement).exists()
    assert "En nog iets." in alice.get(f"/told-back/{improvement.public_id}/").text


def test_it_stays_with_the_person_and_goes_with_them(told, alice, charlie):
    take(told)
    person = told.person
    shown = alice.get(f"/told-back/of/{person.public_id}/")
    assert "Fijn, dank je wel!" in shown.text
    assert charlie.get(f"/told-back/of/{person.public_id}/").status_code == 404
    assert "Fijn, dank je wel!" in str(dossier_of(person, now=LATER))
    erase_person(person, now=LATER)
    replies.forget_people(JournalEntry.objects.filter(kind="person.erased"))
    assert not Reply.objects.exists()
    told.refresh_from_db()
    assert take(Told.objects.select_related("notice").get()) == "noted"  # nothing is kept again
    assert not Reply.objects.exists()
