"""The pages of telling back, and the public page of what was changed."""

from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse
from django.utils import timezone

from gloed.channels.told_back import operations
from gloed.channels.told_back.models import PublicChange, PublicPage, Telling
from gloed.loop.improvements.operations import create_improvement
from tests.channels.email.post_office import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def get(client, name, *args, status=200, query="", language="en"):
    answer = client.get(
        reverse(f"told_back:{name}", args=args) + query, headers={"accept-language": language}
    )
    assert answer.status_code == status
    return answer.content.decode()


def words_of(telling):
    found = {}
    for one in telling.wordings.all():
        name = f"{one.language}_{one.group}"
        found |= {f"subject_{name}": one.subject, f"body_{name}": one.body}
    return found


def test_everybody_who_raised_it_is_listed_and_can_be_left_out(alice, say, finished):
    anna, bert = say("anna@example.org", "x y"), say("bert@example.org", "x y", name="Bert")
    improvement = finished([anna, bert])
    assert "2 people raised it." in get(alice, "of_improvement", improvement.public_id)
    assert not Telling.objects.exists()  # looking makes nothing
    text = get(alice, "tell", improvement.public_id)
    assert "2 people raised it" in text
    assert "Tell 2 people" in text
    assert "Je vertelde het ons" in text
    there = reverse("told_back:leave_out", args=[improvement.public_id])
    alice.post(there, {"out": anna.person.public_id})
    text = get(alice, "tell", improvement.public_id)
    assert "Tell 1 person" in text
    assert "Put back" in text
    alice.post(there, {"in": anna.person.public_id})
    assert "Tell 2 people" in get(alice, "tell", improvement.public_id)
    alice.post(there, {"out": "rubbish"})
    assert "Tell 2 people" in get(alice, "tell", improvement.public_id)


def test_words_are_kept_and_an_empty_message_is_not(alice, say, finished):
    improvement = finished([say("anna@example.org", "x y")])
    telling = operations.telling_of(improvement, now=NOW)
    there = reverse("told_back:words", args=[improvement.public_id])
    values = {**words_of(telling), "since": "2026-01-01", "ask_after_days": "20"}
    assert alice.post(there, {**values, "subject_nl_words": "Kijk eens"}).status_code == 302
    telling.refresh_from_db()
    assert (telling.ask_after_days, telling.survey) == (20, None)
    assert "Kijk eens" in get(alice, "tell", improvement.public_id)
    assert alice.post(there, {**values, "body_nl_words": ""}).status_code == 422


def test_it_goes_once_and_then_shows_how_far_it_is(alice, office, say, finished, work):
    improvement = finished([say("anna@example.org", "x y"), say("", "x y", name="Nobody")])
    there = reverse("told_back:send", args=[improvement.public_id])
    for _ in range(2):
        assert alice.post(there).status_code == 302
    work()
    assert office.addresses == ["anna@example.org"]
    text = get(alice, "tell", improvement.public_id)
    assert "1 was told." in text
    assert "1 was left alone: no address 1." in text
    assert "1 will be asked again." in text
    assert "1 of 2 who raised it was told." in get(alice, "of_improvement", improvement.public_id)
    ledger = alice.get(reverse("notices:list"), headers={"accept-language": "en"})
    assert "not sent: no address" in ledger.content.decode()
    part = alice.get(
        reverse("told_back:progress", args=[improvement.public_id]),
        headers={"hx-request": "true", "accept-language": "en"},
    )
    assert "2 of 2" in part.content.decode()


def test_what_is_not_finished_is_written_ahead_and_not_sent(alice, organisation, say):
    made = create_improvement(
        organisation, {"title": "Later"}, by=None, now=NOW, responses=[say("a@example.org", "x")]
    )
    text = get(alice, "tell", made.public_id)
    assert "Write ahead" in text
    assert "Tell 1 person" not in text
    alice.post(reverse("told_back:send", args=[made.public_id]))
    assert Telling.objects.get().started_at is None


def test_only_managers_tell_and_charlie_finds_nothing(client_of, organisation, charlie, finished):
    improvement = finished()
    get(client_of(organisation, "analyst"), "tell", improvement.public_id, status=403)
    get(charlie, "tell", improvement.public_id, status=404)
    get(charlie, "of_improvement", improvement.public_id, status=404)


def test_the_public_page_is_there_only_when_it_is_on(alice, client, organisation, finished):
    improvement = finished()
    assert "Nothing yet" in get(alice, "page")
    query = f"?improvement={improvement.public_id}"
    assert "We call back within an hour." in get(alice, "new_change", query=query)
    new = reverse("told_back:new_change") + query
    assert alice.post(new, {"title_nl": "", "title_en": ""}).status_code == 422
    told = {"title_nl": "Bellen <b>terug</b>", "text_nl": "Binnen een uur.\nEcht."}
    assert alice.post(new, told).status_code == 302
    alice.post(reverse("told_back:page"), {"intro_nl": "Zo gaat dat."})
    slug = PublicPage.objects.get().slug
    get(client, "public", slug, status=404)
    alice.post(reverse("told_back:page"), {"is_on": "on", "intro_nl": "Zo gaat dat."})
    answer = client.get(reverse("told_back:public", args=[slug]), headers={"accept-language": "nl"})
    text = answer.content.decode()
    assert "Jij zei het, wij veranderden het" in text
    assert "Zo gaat dat." in text
    assert "Bellen &lt;b&gt;terug" in text
    assert "Binnen een uur.<br>Echt." in text
    assert len(answer.content) < 30_000
    assert answer.cookies == {}
    assert "script" not in answer.headers["Content-Security-Policy"]
    english = get(client, "public", slug, query="?l=en")
    assert 'lang="nl"' in english  # only written in Dutch, and told so to a screen reader
    assert slug == "noorderlicht-energie"


def test_the_page_stays_small_with_many_changes(client, organisation):
    operations.keep_page(organisation, is_on=True, intros={}, by=None, now=NOW)
    words = {"nl": {"title": "We bellen terug " * 4, "text": "Binnen een uur, en anders. " * 12}}
    for _ in range(60):
        operations.publish(organisation, words, by=None, now=NOW)
    slug = PublicPage.objects.get().slug
    assert len(get(client, "public", slug).encode()) < 30_000


def test_the_feed_tells_the_same_in_one_language(client, organisation):
    operations.keep_page(organisation, is_on=True, intros={}, by=None, now=NOW)
    words = {"nl": {"title": "We bellen terug & meer", "text": "Binnen een uur."}}
    made = operations.publish(organisation, words, by=None, now=NOW)
    slug = PublicPage.objects.get().slug
    answer = client.get(reverse("told_back:feed", args=[slug, "nl"]))
    assert answer.headers["Content-Type"].startswith("application/rss+xml")
    [item] = ET.fromstring(answer.content).iter("item")
    assert item.findtext("title") == "We bellen terug & meer"
    assert item.findtext("guid") == str(made.public_id)
    get(client, "feed", slug, "xx", status=404)


def test_a_change_is_taken_off_and_comes_back(alice, organisation):
    words = {"nl": {"title": "We bellen terug", "text": ""}}
    made = operations.publish(organisation, words, by=None, now=NOW)
    get(alice, "edit_change", made.public_id)
    there = reverse("told_back:edit_change", args=[made.public_id])
    alice.post(there, {"title_nl": "We bellen echt terug"})
    alice.post(reverse("told_back:take_off", args=[made.public_id]))
    text = get(alice, "page")
    assert "We bellen echt terug" not in text
    assert reverse("told_back:put_back", args=[made.public_id]) in text
    alice.post(reverse("told_back:put_back", args=[made.public_id]))
    assert PublicChange.objects.get().removed_at is None


def test_two_organisations_of_one_name_have_pages_of_their_own(organisation, other_organisation):
    other_organisation.name = organisation.name
    pages = [
        operations.keep_page(one, is_on=True, intros={}, by=None, now=NOW)
        for one in (organisation, other_organisation)
    ]
    assert [page.slug for page in pages] == ["noorderlicht-energie", "noorderlicht-energie-2"]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_the_same_at_one_row_and_at_thirty(
    alice, say, finished, django_assert_num_queries, rows
):
    improvement = finished([say(f"p{n}@example.org", "x y") for n in range(rows)])
    get(alice, "tell", improvement.public_id)
    with django_assert_num_queries(15):
        assert get(alice, "tell", improvement.public_id).count("Leave out") == rows
