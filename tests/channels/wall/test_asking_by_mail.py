"""Asking by mail, through a real mail server: once, under the contact policy, with a way out."""

import re

import pytest
from django.test import Client

from gloed.base import jobs
from gloed.base.models import Staff
from gloed.channels.wall import tasks
from gloed.fieldwork.notices.models import Notice
from gloed.loop.testimonials import operations
from tests.channels.email.post_office import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def work():
    """The worker's part, now."""
    return lambda: tasks.send(jobs.JobRun(job=None, now=lambda: NOW))


def test_the_mail_leads_to_their_own_page(office, work, quote):
    staff = Staff.objects.create_user("rik@example.org", "a long enough password", name="Rik")
    one = quote(asked=False)
    operations.ask(one, by_mail=True, note="Wat een mooi antwoord!", by=staff, now=NOW)
    work()
    work()
    [address] = office.addresses
    mail = office.mail_to(one.person.email)
    assert address == one.person.email
    assert mail["Subject"] == "Mag Noorderlicht Energie je citeren?"
    text = mail.get_body(("plain",)).get_content()
    assert "Snel geholpen" in text
    assert "Wat een mooi antwoord!" in text
    assert "Rik" in text
    [there] = re.findall(r"/your-words/[\w-]+/", text)
    assert Client().get(there).status_code == 200
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Notice.objects.get().became == "sent"
    one.refresh_from_db()
    assert one.state == "asked"


def test_what_was_taken_back_meanwhile_is_not_mailed(office, work, quote):
    taken, removed = quote(asked=False), quote(asked=False)
    for one in (taken, removed):
        operations.ask(one, by_mail=True, by=None, now=NOW)
    operations.take_ask_back(taken, by=None, now=NOW)
    operations.remove(removed, by=None, now=NOW)
    work()
    assert office.mails == []


def test_the_sample_writes_to_nobody(office, work, quote, organisation):
    organisation.is_sample = True
    organisation.save()
    operations.ask(quote(asked=False), by_mail=True, by=None, now=NOW)
    work()
    assert office.mails == []
    assert Notice.objects.get().problem == "sample"
