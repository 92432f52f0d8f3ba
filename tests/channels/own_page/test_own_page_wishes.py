"""Asking less or not at all: at once, every time, by one press or by choice, and never by a GET."""

from datetime import timedelta

import pytest
from django.test import Client

from gloed.base.guests import CHANGES, STRANGERS, Limiter
from gloed.channels.own_page.rules import Wishes, read_wishes
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation, Preference
from gloed.people.models import Person, Suppression
from gloed.responses.operations import erase_person
from tests.channels.own_page.conftest import NOW

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
BOTH = ["relationship", "transactional"]
pytestmark = pytest.mark.usefixtures("clock")


def address_of(invitation):
    return f"/u/{invitation.token}/"


def wish():
    return Preference.objects.get()


def keep(guest, invitation, kinds=BOTH, *, rhythm="", pause=""):
    sent = {"do": "keep", "kinds": kinds, "rhythm": rhythm, "pause": pause}
    return guest.post(address_of(invitation), sent, follow=True)


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


def test_the_one_press_is_never_turned_away(guest, asked):
    answers = {guest.post(address_of(asked), ONE_CLICK).status_code for _ in range(CHANGES + 5)}
    assert answers == {200}


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_page_changes_nothing(guest, asked, method):
    before = Invitation.objects.values().get()
    answer = getattr(guest, method)(address_of(asked))
    assert (answer.status_code, answer.cookies) == (200, {})
    assert Invitation.objects.values().get() == before
    assert not Preference.objects.exists()
    assert not Suppression.objects.exists()


def test_nobody_indexes_keeps_frames_or_follows_the_page(guest, asked):
    headers = guest.get(address_of(asked)).headers
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]


def test_who_left_is_not_handed_to_the_channel(guest, asked):
    guest.post(address_of(asked), ONE_CLICK)
    assert fieldwork.claim_due("email", limit=9, now=NOW) == []


def test_the_page_offers_what_can_be_chosen(guest, asked):
    page = guest.get(address_of(asked)).text
    assert "Er is nog niets veranderd" in page
    assert 'value="leave"' in page
    for value in (*BOTH, "quarterly", "twice", "yearly", "1", "3", "6", "12"):
        assert f'value="{value}"' in page
    assert page.count(" checked") == 4  # both kinds, the usual rhythm, no pause


def test_the_button_stops_everything(guest, asked):
    page = guest.post(address_of(asked), {"do": "leave"}, follow=True).text
    assert "Je krijgt geen vragenlijsten" in page
    assert Suppression.objects.get().source == "page"


def test_no_more_of_this_kind(guest, asked):
    keep(guest, asked, ["transactional"])
    assert (wish().kinds_opted_out, wish().is_opted_out) == (["relationship"], False)
    line = Invitation.objects.get()
    assert (line.disposition, line.is_open) == ("opted_out", False)


def test_refusing_another_kind_leaves_this_ask_open(guest, asked):
    page = keep(guest, asked, ["relationship"]).text
    assert wish().kinds_opted_out == ["transactional"]
    assert Invitation.objects.get().is_open
    assert page.count(" checked") == 3
    keep(guest, asked, BOTH)
    assert wish().kinds_opted_out == []


def test_refusing_every_kind_is_leaving(guest, asked):
    keep(guest, asked, [])
    assert Suppression.objects.get().reason == "opt_out"
    assert not Invitation.objects.get().is_open


def test_a_pause_and_a_rhythm_are_kept_and_shown(guest, asked):
    page = keep(guest, asked, rhythm="yearly", pause="6").text
    assert (wish().pause_until, wish().rhythm_days) == (NOW + timedelta(days=182), 365)
    assert "tot 31 aug. 2026" in page
    keep(guest, asked, rhythm="yearly", pause="as_it_is")
    assert wish().pause_until == NOW + timedelta(days=182)
    keep(guest, asked, rhythm="", pause="")
    assert (wish().pause_until, wish().rhythm_days) == (None, 0)


def test_a_rhythm_of_other_days_is_not_made_faster_unasked(guest, asked):
    fieldwork.set_rhythm(asked.person, days=200, now=NOW)
    keep(guest, asked, rhythm="twice")
    assert wish().rhythm_days == 200
    assert Wishes(rhythm_days=200).rhythm == "twice"


def test_a_slip_can_be_taken_back(guest, asked):
    left = guest.post(address_of(asked), {"do": "leave"}, follow=True)
    assert 'value="again"' in left.text
    guest.post(address_of(asked), {"do": "again"})
    assert not wish().is_opted_out
    assert not Suppression.objects.exists()


def test_somebody_without_an_address_can_leave_and_come_back(guest, organisation, survey):
    person = Person.objects.create(organisation=organisation, phone="0612345678", created_at=NOW)
    token = fieldwork.ask_one(survey, person, channel="link", now=NOW).token
    guest.post(f"/u/{token}/", {"do": "leave"})
    assert wish().is_opted_out
    assert "Je krijgt geen vragenlijsten" in guest.get(f"/u/{token}/").text
    guest.post(f"/u/{token}/", {"do": "again"})
    assert not wish().is_opted_out


def test_the_language_is_a_link_and_stays(guest, asked):
    page = guest.get(address_of(asked) + "?l=en")
    assert "Nothing has changed yet" in page.text
    assert page.headers["Content-Language"] == "en"
    answer = guest.post(address_of(asked), {"do": "leave", "l": "en"})
    assert answer.headers["Location"].endswith("?done=left&l=en")


@pytest.mark.parametrize("sent", [{}, {"do": "fly"}, {"List-Unsubscribe": "Two-Click"}])
def test_what_was_not_meant_does_nothing(guest, asked, sent):
    assert guest.post(address_of(asked), sent).status_code == 303
    assert not Preference.objects.exists()


def test_an_unknown_link_says_so_kindly(guest, db):
    for answer in (guest.get("/u/made-up/"), guest.post("/u/made-up/", ONE_CLICK)):
        assert answer.status_code == 404
        assert "Deze link kennen we niet" in answer.text


def test_a_line_that_was_never_an_ask_opens_nothing(guest, asked, survey):
    line = fieldwork.ask_one(survey, asked.person, channel="email", now=NOW)
    assert line.skip is not None
    assert guest.get(f"/u/{line.token}/").status_code == 404


def test_the_example_shows_the_page_and_keeps_nothing(guest, db):
    assert "voorbeeld" in guest.get("/u/example/").text
    for sent in (ONE_CLICK, {"do": "leave"}, {"do": "keep"}, {"do": "ask", "what": "erase"}):
        assert guest.post("/u/example/", sent, follow=True).status_code == 200
    assert not Suppression.objects.exists()


def test_it_still_answers_when_the_person_is_gone(guest, asked):
    erase_person(asked.person, now=NOW)
    for sent in (ONE_CLICK, {"do": "keep"}, {"do": "again"}):
        assert guest.post(address_of(asked), sent, follow=True).status_code == 200
    assert "hoort bij niemand meer" in guest.get(address_of(asked)).text


def test_who_leans_on_the_page_is_asked_to_wait(guest, asked):
    answers = [guest.post(address_of(asked), {}) for _ in range(CHANGES + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {303}
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"] == "60"
    assert "bewaard" in answers[-1].text
    assert Client().get(address_of(asked)).status_code == 200  # opening it still works


def test_who_tries_tokens_is_asked_to_wait(guest, db):
    codes = [guest.get(f"/u/made-up-{number}/").status_code for number in range(STRANGERS + 1)]
    assert codes == [404] * STRANGERS + [429]


def test_a_limit_ends_with_its_minute_and_forgets_the_oldest():
    now = [0.0]
    limiter = Limiter(lambda: now[0])
    assert [limiter.allows("a", 2) for _ in range(3)] == [True, True, False]
    now[0] = 60.0
    assert limiter.allows("a", 2)
    for number in range(10_001):
        limiter.allows(str(number), 1)
    assert limiter.allows("a", 1)


def test_a_form_that_cannot_be_read_changes_no_rhythm_and_no_pause():
    before = Wishes(rhythm_days=200, pause_until=NOW)
    chosen = read_wishes(BOTH, "hourly", "as_it_is", before=before, now=NOW)
    assert (chosen.rhythm_days, chosen.pause_until) == (200, NOW)
    assert read_wishes(BOTH, "", "99", before=before, now=NOW).pause_until is None
