"""Asking less or not at all: at once, every time, by one press or by choice, and never by a GET."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gloed.fieldwork.models import Invitation, Preference
from gloed.people.models import Suppression
from gloed.responses.operations import erase_person
from tests.channels.email.post_office import NOW

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def asked(ask):
    return ask("nia@example.org", name="Nia")


@pytest.fixture
def guest():
    """A mail program or a browser without any cookie; forged requests are checked for."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "nl"})


def address_of(invitation):
    return f"/u/{invitation.token}/"


def wish():
    return Preference.objects.get()


@pytest.mark.parametrize("kind", ["form", "multipart"])
def test_one_press_of_a_mail_program_is_enough(guest, asked, kind):
    if kind == "form":
        answer = guest.post(
            address_of(asked),
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
    else:
        answer = guest.post(address_of(asked), ONE_CLICK)
    assert (answer.status_code, answer.cookies) == (200, {})
    kept = Suppression.objects.get()
    assert (kept.key, kept.reason, kept.source) == ("nia@example.org", "opt_out", "one_click")
    line = Invitation.objects.get()
    assert (line.disposition, line.is_open) == ("opted_out", False)


def test_pressing_it_again_changes_nothing(guest, asked):
    guest.post(address_of(asked), ONE_CLICK)
    before = Suppression.objects.values().get(), Invitation.objects.values().get()
    assert guest.post(address_of(asked), ONE_CLICK).status_code == 200
    assert (Suppression.objects.values().get(), Invitation.objects.values().get()) == before


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_page_changes_nothing(guest, asked, method):
    before = Invitation.objects.values().get()
    answer = getattr(guest, method)(address_of(asked))
    assert (answer.status_code, answer.cookies) == (200, {})
    assert Invitation.objects.values().get() == before
    assert not Preference.objects.exists()
    assert not Suppression.objects.exists()


def test_who_left_is_not_sent_what_was_due(guest, asked, office, send):
    guest.post(address_of(asked), ONE_CLICK)
    assert send().fates == {}
    assert office.mails == []


def test_the_page_offers_what_can_be_chosen(guest, asked):
    page = guest.get(address_of(asked)).text
    assert "Er is nog niets veranderd" in page
    for choice in ("all", "kind", "pause", "twice", "yearly"):
        assert f'value="{choice}"' in page


def test_no_more_of_this_kind(guest, asked):
    assert "Dat is geregeld" in guest.post(address_of(asked), {"choice": "kind"}).text
    assert (wish().kinds_opted_out, wish().is_opted_out) == (["relationship"], False)


def test_a_pause_and_a_rhythm_are_kept(guest, asked):
    guest.post(address_of(asked), {"choice": "pause"})
    half_a_year = timezone.now() + timedelta(days=182)
    assert abs(wish().pause_until - half_a_year) < timedelta(minutes=1)
    guest.post(address_of(asked), {"choice": "yearly"})
    assert wish().rhythm_days == 365


def test_a_slip_can_be_taken_back(guest, asked):
    left = guest.post(address_of(asked), {"choice": "all"})
    assert 'value="again"' in left.text
    guest.post(address_of(asked), {"choice": "again"})
    assert not wish().is_opted_out
    assert not Suppression.objects.exists()


def test_switching_the_language_does_nothing_else(guest, asked):
    page = guest.post(address_of(asked), {"choice": "all", "look": "en"}).text
    assert "Nothing has changed yet" in page
    assert not Preference.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"choice": "fly"}, {"List-Unsubscribe": "Two-Click"}])
def test_what_was_not_meant_does_nothing(guest, asked, sent):
    assert guest.post(address_of(asked), sent).status_code == 200
    assert not Preference.objects.exists()


def test_an_unknown_link_says_so_kindly(guest, db):
    for answer in (guest.get("/u/made-up/"), guest.post("/u/made-up/", ONE_CLICK)):
        assert answer.status_code == 404
        assert "Deze link kennen we niet" in answer.text


def test_the_example_shows_the_page_and_keeps_nothing(guest, db):
    assert "voorbeeld" in guest.get("/u/example/").text
    for sent in (ONE_CLICK, {"choice": "all"}, {"choice": "pause"}):
        assert guest.post("/u/example/", sent).status_code == 200
    assert not Suppression.objects.exists()


def test_it_still_answers_when_the_person_is_gone(guest, asked):
    erase_person(asked.person, now=NOW)
    for sent in (ONE_CLICK, {"choice": "pause"}, {"choice": "again"}):
        assert guest.post(address_of(asked), sent).status_code == 200
