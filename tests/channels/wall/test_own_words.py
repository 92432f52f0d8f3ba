"""The customer's own page: nothing by opening it, everything by a press, and back at any moment."""

import re

import pytest
from django.test import Client

from gloed.loop.testimonials import operations
from gloed.loop.testimonials.models import Agreement
from gloed.loop.testimonials.operations import Wanted
from gloed.loop.testimonials.rules import Place, Shown
from gloed.responses.operations import erase_person
from tests.channels.wall.conftest import LATER

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest():
    """Somebody with the address of a page: no log-in, no cookie, CSRF checked."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "nl"})


def address_of(one) -> str:
    return f"/your-words/{one.token}/"


def whole(one, **changed):
    """Everything a consent needs, as the page sends it."""
    sent = {
        "do": "agree", "version": one.version, "words": one.words, "shown": one.shown,
        "places": ["wall"], "name": "Anna de Vries", "l": "nl",
    }  # fmt: skip
    return sent | changed


def test_it_shows_exactly_what_would_be_shown_and_every_change(guest, quote):
    one = quote("Snel geholpen door [name]", original="Snel geholpen door Jan")
    text = guest.get(address_of(one)).text
    assert '<blockquote lang="nl">Snel geholpen door [name]</blockquote>' in text
    assert "<del>Jan</del>" in text
    assert re.search(r"<ins>\[name\]</ins>|<ins>\[</ins>name<ins>\]</ins>", text)
    assert "Mag Noorderlicht Energie je citeren?" in text


def test_nothing_is_ticked_beforehand_and_only_asked_places_are_there(guest, quote):
    text = guest.get(address_of(quote())).text
    boxes = re.findall(r'<input type="checkbox"[^>]*>', text)
    assert len(boxes) == 2
    assert not any("checked" in box for box in boxes)
    assert 'value="social"' not in text


def test_a_look_changes_nothing_ever(guest, quote):
    one = quote()
    for query in ("", "?do=agree&places=wall&name=A&version=1", "?done=withdrawn", "?do=decline"):
        assert guest.get(address_of(one) + query).status_code == 200
        guest.head(address_of(one) + query)
    one.refresh_from_db()
    assert one.state == "asked"
    assert Agreement.objects.count() == 0


def test_agreeing_is_kept_and_shown_to_the_letter(guest, quote):
    one = quote()
    answer = guest.post(address_of(one), whole(one, words="Heel snel geholpen", shown="initials"))
    assert answer.status_code == 303
    text = guest.get(answer.url).text
    held = Agreement.objects.get()
    assert (held.words, held.name_text, held.places) == ("Heel snel geholpen", "A.V.", ["wall"])
    assert (held.signed_name, held.language) == ("Anna de Vries", "nl")
    for sentence in held.text.split("\n"):
        assert sentence in text
    assert "Heel snel geholpen" in text
    assert "Dank je wel" in text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"places": []}, "Kruis minstens één plek aan"),
        ({"name": " "}, "Typ je naam"),
        ({"words": ""}, "Er staan nog geen woorden"),
        ({"shown": "queen"}, "Kies hoe je naam erbij staat"),
        ({"words": "x" * 1001}, "langer dan past"),
        ({"version": "0"}, "intussen gewijzigd"),
        ({"version": "²"}, "intussen gewijzigd"),
    ],
)
def test_half_a_consent_is_none(guest, quote, changed, says):
    one = quote()
    answer = guest.post(address_of(one), whole(one, **changed))
    assert answer.status_code == 422
    assert says in answer.text
    assert Agreement.objects.count() == 0


def test_what_changed_while_it_was_read_is_read_again(guest, quote):
    one = quote()
    read = whole(one)
    operations.change(one, Wanted("Anders", Shown.FULL, [Place.WALL]), by=None, now=LATER)
    answer = guest.post(address_of(one), read)
    assert answer.status_code == 422
    assert '<blockquote lang="nl">Anders</blockquote>' in answer.text
    assert Agreement.objects.count() == 0


def test_declining_ends_it_and_nobody_asks_again(guest, quote):
    one = quote()
    text = guest.get(guest.post(address_of(one), {"do": "decline", "l": "nl"}).url).text
    assert "Je wordt niet geciteerd" in text
    one.refresh_from_db()
    assert one.state == "declined"
    # and who wants to after all still can
    assert guest.post(address_of(one), whole(one)).status_code == 303
    one.refresh_from_db()
    assert one.state == "agreed"


def test_taking_back_works_on_the_same_page_and_reaches_everywhere_at_once(guest, quote, wall):
    one = quote(on_wall=True)
    everywhere = [f"/customers-say/{wall.slug}/{part}" for part in ("", "feed.json", "frame/")]
    assert all("Snel geholpen" in guest.get(address).text for address in everywhere)
    answer = guest.post(address_of(one), {"do": "withdraw", "l": "nl"})
    assert not any("Snel geholpen" in guest.get(address).text for address in everywhere)
    assert "Je trok het in" in guest.get(answer.url).text
    again = guest.post(address_of(one), {"do": "withdraw"})
    assert again.status_code == 303


def test_words_of_a_stranger_are_marked_as_ours(guest, quote):
    one = quote("Fijne club", original="")
    assert "Deze woorden stelt Noorderlicht Energie voor" in guest.get(address_of(one)).text


def test_a_customer_can_be_asked_to_write_it(guest, quote):
    one = quote("", original="")
    assert "Je woorden" in guest.get(address_of(one)).text
    guest.post(address_of(one), whole(one, words="Prima club"))
    assert Agreement.objects.get().words == "Prima club"


def test_what_they_type_is_never_a_page_of_theirs(guest, quote, wall):
    one = quote()
    guest.post(address_of(one), whole(one, words="<script>alert(1)</script>"))
    operations.put_on_wall(one, by=None, now=LATER)
    for address in (address_of(one), f"/customers-say/{wall.slug}/"):
        assert "<script" not in guest.get(address).text


def test_after_erasing_the_page_knows_nothing_any_more(guest, quote):
    one = quote(on_wall=True)
    erase_person(one.person, now=LATER)
    answer = guest.get(address_of(one))
    assert answer.status_code == 410
    assert "Anna" not in answer.text
    assert "Snel" not in answer.text
    assert guest.post(address_of(one), whole(one)).status_code == 410


@pytest.mark.parametrize("asked", [True, False])
def test_what_was_not_asked_or_taken_away_asks_nothing(guest, quote, asked):
    one = quote(asked=asked)
    if asked:
        operations.remove(one, by=None, now=LATER)
    answer = guest.get(address_of(one))
    assert answer.status_code == 410
    assert "Hier valt niets te beslissen" in answer.text


def test_what_we_took_off_our_list_can_still_be_taken_back(guest, quote):
    one = quote(agreed=True)
    operations.remove(one, by=None, now=LATER)
    assert "Trek het in" in guest.get(address_of(one)).text
    guest.post(address_of(one), {"do": "withdraw"})
    assert Agreement.objects.get().ended_because == "customer"


def test_an_unknown_address_says_nothing_about_anybody(guest):
    answer = guest.get("/your-words/made-up/")
    assert answer.status_code == 404
    assert "Deze link kennen we niet" in answer.text


def test_it_is_theirs_alone(guest, quote):
    answer = guest.get(address_of(quote()))
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert not answer.cookies
    assert "<script" not in answer.text


def test_a_page_that_is_hammered_rests(guest, quote):
    one = quote()
    codes = [guest.get(address_of(one)).status_code for _number in range(121)]
    assert (codes[0], codes[-1]) == (200, 429)


def test_it_speaks_english_too(guest, quote):
    text = guest.get(address_of(quote(language="en")), headers={"accept-language": "en"}).text
    assert "May Noorderlicht Energie quote you?" in text
