"""The mailbox of an organisation: tried out before it is kept, sealed, taken away and back."""

import pytest
from django.urls import reverse

from gloed.base.models import AuditEntry
from gloed.base.sealing import unseal
from gloed.channels.letters.models import Mailbox
from tests.channels.letters.imap_house import PASSWORD, USER

URL = "letterbox:settings"


def form(imap, **changed):
    given = {
        "address": "service@gloed.example",
        "way": "imap",
        "host": "localhost",
        "port": imap.port,
        "user": USER,
        "folder": "INBOX",
        "password": PASSWORD,
        "has_plus": "on",
    }
    return {**given, **changed}


def test_a_mailbox_that_opens_is_kept_and_its_password_sealed(alice, imap):
    assert alice.post(reverse(URL), form(imap)).status_code == 302
    box = Mailbox.objects.get()
    assert PASSWORD not in box.sealed_password
    assert unseal(box.sealed_password) == PASSWORD
    html = alice.get(reverse(URL)).content.decode()
    assert "service@gloed.example" in html
    assert PASSWORD not in html
    assert AuditEntry.objects.filter(action="letterbox.changed").count() == 1


def test_an_empty_password_keeps_the_one_that_was_there(alice, imap):
    alice.post(reverse(URL), form(imap))
    assert alice.post(reverse(URL), form(imap, password="", sender_name="We")).status_code == 302
    box = Mailbox.objects.get()
    assert (box.sender_name, unseal(box.sealed_password)) == ("We", PASSWORD)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"password": "wrong"}, "does not take this user and password"),
        ({"folder": "Nowhere"}, "does not know this folder"),
        ({"host": "127.0.0.1"}, "lies in a private network"),
        ({"host": ""}, "required"),
        ({"password": ""}, "required"),
        ({"address": "service+x@gloed.example"}, "without a plus"),
        ({"address": "nobody"}, "valid"),
        ({"folder": "INBOX\r\nX"}, "folder"),
    ],
)
def test_one_that_does_not_open_is_not_kept_and_the_reason_told(alice, imap, wrong, told):
    answer = alice.post(reverse(URL), form(imap, **wrong))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Mailbox.objects.exists()


def test_mail_that_a_provider_posts_needs_no_server(alice, imap, settings):
    settings.MAIL_PROVIDER = "postmark"
    given = form(imap, way="provider", host="", user="", password="")
    assert alice.post(reverse(URL), given).status_code == 302
    assert "/mail/answers/postmark/" in alice.get(reverse(URL)).content.decode()


def test_it_can_be_taken_away_and_brought_back(alice, fetched, fetch, imap):
    alice.post(reverse("letterbox:remove"))
    assert fetch() == {}
    assert imap.commands == []
    assert reverse("letterbox:restore") in alice.get(reverse(URL)).content.decode()
    alice.post(reverse("letterbox:restore"))
    fetch()
    assert imap.commands


def test_only_an_owner_sees_it(client_of, organisation):
    for role in ("manager", "analyst", "frontline", "viewer"):
        assert client_of(organisation, role).get(reverse(URL)).status_code == 403


def test_a_password_of_another_secret_key_is_asked_for_again(alice, fetched, fetch, settings):
    settings.SECRET_KEY = "another key, as after a restore without its settings"
    assert fetch() == {}
    assert Mailbox.objects.get().problem == "sealed"
