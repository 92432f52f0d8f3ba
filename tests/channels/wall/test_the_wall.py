"""The wall for everybody: there when it is switched on, with those alone who agreed to it."""

import json

import pytest
from django.urls import reverse

from gloed.channels.embedded import packed
from gloed.channels.wall import operations
from gloed.channels.wall.models import Wall
from gloed.channels.wall.rules import Order
from gloed.channels.wall.views.public import SCRIPT
from gloed.loop.testimonials.operations import withdraw
from gloed.loop.testimonials.rules import Place, Shown
from tests.channels.email.post_office import NOW
from tests.channels.wall.conftest import LATER

pytestmark = pytest.mark.django_db


def feed_of(client, wall, query=""):
    answer = client.get(f"/customers-say/{wall.slug}/feed.json{query}")
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_it_is_not_there_until_somebody_switches_it_on(client, organisation, quote):
    quote(on_wall=True)
    kept = operations.keep_wall(organisation, is_on=False, by=None, now=NOW)
    assert len(kept.slug) == 16  # nobody guesses it
    for part in ("", "feed.json", "frame/"):
        assert client.get(f"/customers-say/{kept.slug}/{part}").status_code == 404


def test_only_who_agreed_to_the_wall_stands_on_it(client, quote, wall):
    quote("Op de muur", on_wall=True)
    quote("Alleen gevraagd")
    quote("Toegestaan", agreed=True)
    quote("Alleen op de site", agreed=True, places=[Place.SITE])
    [found] = feed_of(client, wall)["quotes"]
    assert found["words"] == "Op de muur"
    assert found["name"] == "Anna de Vries"
    assert found["agreed_on"] == "2026-03-02"
    assert set(found) == {"id", "words", "name", "language", "agreed_on"}


def test_no_score_and_no_claim_stands_there(client, quote, wall):
    quote(on_wall=True)
    text = client.get(f"/customers-say/{wall.slug}/", headers={"accept-language": "en"}).text
    assert "agreed to be quoted. They are not a measure of what all customers think." in text
    feed = feed_of(client, wall, "?l=en")
    assert feed["statement"] == "These customers of Noorderlicht Energie agreed to be quoted."
    assert not {"score", "rating", "nps", "stars"} & set(json.dumps(feed).lower().split('"'))


def test_a_copy_asks_again_before_it_is_shown(client, quote, wall):
    one = quote(on_wall=True)
    address = f"/customers-say/{wall.slug}/feed.json"
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    known = {"if-none-match": first.headers["ETag"]}
    again = client.get(address, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    withdraw(one, now=LATER)
    changed = client.get(address, headers=known)
    assert changed.status_code == 200
    assert json.loads(changed.content)["quotes"] == []


def test_nothing_but_reading_is_answered(client, quote, wall):
    quote(on_wall=True)
    for part in ("", "feed.json", "frame/"):
        assert client.post(f"/customers-say/{wall.slug}/{part}").status_code == 405


def test_order_and_languages_are_chosen(client, organisation, quote, wall):
    quote("Eerst", on_wall=True)
    quote("Second", on_wall=True, language="en")
    words = lambda query="": [one["words"] for one in feed_of(client, wall, query)["quotes"]]  # noqa: E731 - read twice below
    assert words() == ["Second", "Eerst"]
    assert words("?only=nl") == ["Eerst"]
    operations.keep_wall(
        organisation, is_on=True, slug=wall.slug, languages=["nl"], order=Order.NEWEST,
        by=None, now=NOW,
    )  # fmt: skip
    assert words() == ["Eerst"]
    assert words("?only=en") == []


def test_nobodys_name_is_a_customer_in_the_words_language(client, quote, wall):
    quote("Great", on_wall=True, language="en", shown=Shown.ANONYMOUS)
    quote("Fijn", on_wall=True, shown=Shown.ANONYMOUS)
    assert [one["name"] for one in feed_of(client, wall)["quotes"]] == ["Een klant", "A customer"]


def test_the_page_keeps_itself_apart_and_the_frame_may_be_framed(client, quote, wall):
    quote(on_wall=True)
    page = client.get(f"/customers-say/{wall.slug}/")
    framed = client.get(f"/customers-say/{wall.slug}/frame/")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    for answer in (page, framed):
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert not answer.cookies
        assert len(answer.content) < 30_000


def test_the_script_is_small_and_comes_from_a_cache(client):
    answer = client.get("/customers-say/embed.js", headers={"accept-encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) == len(packed(SCRIPT).packed) < 2_000
    again = client.get("/customers-say/embed.js", headers={"if-none-match": answer.headers["ETag"]})
    assert again.status_code == 304
    source = packed(SCRIPT).plain.decode()
    assert "cookie" not in source.replace("No cookie", "")
    assert "innerHTML" not in source


class TestSettings:
    def test_it_is_switched_on_with_a_name_of_its_own(self, alice, quote):
        quote(on_wall=True)
        there = reverse("wall:settings")
        sent = {
            "is_on": "on",
            "slug": "onze-klanten",
            "order": "own",
            "intro_nl": "Zij zeggen het.",
        }
        assert alice.post(there, sent).status_code == 302
        text = alice.get(there, headers={"accept-language": "en"}).text
        assert "data-gloed-wall=&quot;onze-klanten&quot;" in text
        assert "Zij zeggen het." in alice.get("/customers-say/onze-klanten/?l=nl").text

    def test_a_name_that_is_taken_is_refused(self, alice, other_organisation):
        operations.keep_wall(other_organisation, is_on=True, slug="taken", by=None, now=NOW)
        answer = alice.post(reverse("wall:settings"), {"slug": "taken", "order": "own"})
        assert answer.status_code == 422
        assert Wall.objects.count() == 1

    @pytest.mark.parametrize("slug", ["a b", "ab", "-x-", "ünï"])
    def test_a_name_that_fits_no_address_is_refused(self, alice, slug):
        answer = alice.post(reverse("wall:settings"), {"slug": slug, "order": "own"})
        assert answer.status_code == 422

    def test_what_stands_there_is_moved(self, alice, organisation, quote, wall):
        first = quote("Eerst", on_wall=True)
        quote("Later", on_wall=True)
        alice.post(reverse("wall:move", args=[first.public_id]), {"to": "up"})
        found = [one["words"] for one in feed_of(alice, wall)["quotes"]]
        assert found == ["Eerst", "Later"]

    def test_another_organisation_moves_nothing_here(self, charlie, quote):
        one = quote(on_wall=True)
        there = reverse("wall:move", args=[one.public_id])
        assert charlie.post(there, {"to": "up"}).status_code == 404

    def test_only_managers_arrange_it(self, client_of, organisation):
        assert client_of(organisation, "frontline").get(reverse("wall:settings")).status_code == 403
