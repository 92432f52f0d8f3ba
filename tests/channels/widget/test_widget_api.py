"""What websites and apps ask and send: who is let in, what is kept, what is refused and how."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gloed.base.guests import GUESTS
from gloed.channels.widget import operations, queries
from gloed.channels.widget.rules import sign_person
from gloed.fieldwork.models import Invitation
from gloed.people.models import Person
from gloed.responses.models import Response
from gloed.surveys import operations as surveys

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(widget):
    """What a website says of its visitor: `signed(id="42")`."""

    def sign(at=None, secret=None, **person):
        secret = secret or operations.secret_of(widget)
        return sign_person(person, secret, now=at or timezone.now())

    return sign


def counts(widget):
    return queries.counts_of([widget], until=timezone.localdate()).get(widget.pk)


def test_a_page_is_told_what_to_show_in_its_language(page):
    dutch, english = page.get(l="nl").json(), page.get(l="en-GB").json()
    assert (dutch["language"], english["language"]) == ("nl", "en")
    assert (dutch["rating"]["minimum"], dutch["rating"]["maximum"]) == (0, 10)
    assert english["words"]["send"] == "Send"
    assert dutch["words"]["send"] == "Verstuur"
    assert dutch["is_on"]
    assert dutch["rest_days"] == 90
    assert (dutch["pages"], dutch["screens"]) == ([], [[1, 2]])


def test_the_words_go_by_rating_and_no_band_is_told(page):
    found = page.get(l="en")
    open_question = found.json()["open"]
    assert len(open_question["by_rating"]) == 11
    assert len(set(open_question["by_rating"])) > 1
    assert max(open_question["by_rating"]) < len(open_question["texts"])
    for band in ("promoter", "detractor", "passive"):
        assert band not in found.text


def test_only_the_listed_sites_are_answered(widget, page_of):
    for origin in ("https://example.nl", "https://www.example.nl.evil.example", "null"):
        refused = page_of(widget, origin).get()
        assert refused.status_code == 403
        assert "Access-Control-Allow-Origin" not in refused.headers
        assert page_of(widget, origin).answer(9).status_code == 403
    assert not Response.objects.exists()
    let_in = page_of(widget).get()
    assert let_in.headers["Access-Control-Allow-Origin"] == "https://www.example.nl"
    assert "Origin" in let_in.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in let_in.headers


def test_an_app_without_a_page_is_let_in(widget, page_of):
    assert page_of(widget, "").answer(9).status_code == 200


def test_a_browser_may_ask_first_whether_it_may_send_json(page):
    told = page.client.options(f"{page.address}answers/")
    assert told.status_code == 204
    assert told.headers["Access-Control-Allow-Headers"] == "Content-Type"
    sent = page.post(
        "answers",
        {"key": "k" * 20, "answers": [{"position": 1, "rating": 9}]},
        content_type="application/json",
    )
    assert sent.status_code == 200


def test_an_answer_is_kept_at_once_and_only_once(page, widget):
    first = page.answer(9, revision=1)
    assert first.json()["outcome"] == "new"
    assert page.answer(9, revision=1).json()["outcome"] == "unchanged"
    assert page.answer(7, "prima", revision=2).json()["outcome"] == "updated"
    assert page.answer(9, revision=1).json()["outcome"] == "unchanged"  # it came too late
    response = Response.objects.get()
    assert response.answers.get(question__position=1).rating == 7
    assert response.answers.get(question__position=2).verbatim == "prima"
    assert (response.source, response.channel, response.status) == ("widget", "widget", "complete")
    assert counts(widget).answered == 1


def test_the_page_and_its_attributes_go_along_within_bounds(page):
    attributes = {"plan": "pro", "long": "x" * 201, "list": [1], **{f"n{i}": i for i in range(40)}}
    page.answer(9, attributes=attributes, page="https://www.example.nl/cart?mail=a@b.nl#x")
    kept = Response.objects.get().attributes
    assert kept["plan"] == "pro"
    assert kept["page"] == "https://www.example.nl/cart"
    assert "long" not in kept
    assert "list" not in kept
    assert len(kept) == 21


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ("no json", "body"),
        ("[]", "body"),
        ({"answers": [{"position": 1, "rating": 9}]}, "key"),
        ({"key": "short", "answers": [{"position": 1, "rating": 9}]}, "key"),
        ({"key": "k" * 20}, "answers"),
        ({"key": "k" * 20, "answers": [9]}, "answers"),
        ({"key": "k" * 20, "answers": [{"position": "1"}]}, "position"),
        ({"key": "k" * 20, "answers": [{"position": 1, "rating": "9"}]}, "rating"),
        ({"key": "k" * 20, "answers": [{"position": 1, "rating": True}]}, "rating"),
        ({"key": "k" * 20, "answers": [{"position": 1}], "is_complete": "yes"}, "is_complete"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(page, sent, field):
    refused = page.post("answers", sent)
    assert refused.status_code == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert (refused.json()["reason"], refused.json()["field"]) == ("unreadable", field)


def test_what_the_survey_did_not_ask_is_refused_with_the_reason(page):
    assert page.answer(11).json()["reason"] == "out_of_scale"
    unknown = page.post("answers", {"key": "k" * 20, "answers": [{"position": 9, "rating": 1}]})
    assert unknown.json()["reason"] == "unknown_question"


def test_too_large_a_body_and_another_kind_are_turned_away(page):
    assert page.post("answers", {"key": "x" * 70_000}).status_code == 413
    assert page.post("answers", "key=1", content_type="text/html").status_code == 415
    assert page.client.get(f"{page.address}answers/").status_code == 405


def test_a_script_that_went_wild_is_slowed_down(page, monkeypatch):
    monkeypatch.setattr("gloed.channels.widget.api.PER_MINUTE", 3)
    GUESTS.forget()
    found = [page.answer(9).status_code for _ in range(5)]
    assert found.count(429) == 2
    assert page.answer(9).headers["Retry-After"] == "60"
    GUESTS.forget()


def test_a_closed_survey_is_told_kindly_and_shows_nothing(page, survey):
    surveys.close_survey(survey, now=timezone.now() - timedelta(hours=2))
    assert not page.get().json()["is_on"]
    refused = page.answer(9)
    assert (refused.status_code, refused.json()["reason"]) == (410, "survey_closed")


def test_off_is_off_and_gone_is_gone(page, widget):
    operations.switch(widget, is_on=False, by=None, now=timezone.now())
    assert not page.get().json()["is_on"]
    operations.delete_widget(widget, by=None, now=timezone.now())
    assert page.get().status_code == 404
    operations.restore_widget(widget, by=None, now=timezone.now())
    assert page.get().status_code == 200


def test_what_happened_is_counted_and_nobody_is_known(page, widget):
    for what in ("seen", "seen", "opened", "closed"):
        assert page.post("happened", {"what": what}).status_code == 204
    found = counts(widget)
    assert (found.seen, found.opened, found.closed) == (2, 1, 1)
    assert page.post("happened", {"what": "answered"}).status_code == 422


def test_a_known_visitor_is_asked_by_the_contact_policy_once(page, signed):
    person = signed(id="42", email="noor@example.org", name="Noor")
    first = page.post("asking", {"person": person}).json()
    assert first["ask"]
    assert page.post("asking", {"person": person}).json() == first  # another tab, the same ask
    page.post("happened", {"what": "seen", "token": first["token"]})
    assert page.post("asking", {"person": person}).json() == {"ask": False}
    line = Invitation.objects.get()
    assert (line.channel, line.disposition, line.person.name) == ("widget", "opened", "Noor")


def test_their_answer_ends_the_invitation_and_is_theirs(page, signed):
    found = page.post("asking", {"person": signed(id="42")}).json()
    assert page.answer(9, "vlot", token=found["token"]).json()["outcome"] == "new"
    response = Response.objects.get()
    assert response.person.external_id == "42"
    assert response.channel == "widget"
    assert Invitation.objects.get().disposition == "complete"


def test_who_was_asked_by_mail_last_week_is_left_alone(page, signed, survey, organisation):
    person = Person.objects.create(
        organisation=organisation, external_id="42", created_at=timezone.now()
    )
    Invitation.objects.create(
        organisation=organisation,
        survey=survey,
        person=person,
        channel="email",
        created_at=timezone.now() - timedelta(days=7),
        sent_at=timezone.now() - timedelta(days=7),
        disposition="sent",
    )
    for _ in range(3):  # three pages, one line in the ledger
        assert page.post("asking", {"person": signed(id="42")}).json() == {"ask": False}
    line = Invitation.objects.get(channel="widget")
    assert (line.disposition, line.skip) == ("skipped", "resting")


def test_nobody_can_ask_about_somebody_else(page, signed):
    good = signed(id="42")
    forged = [
        signed(id="42", secret="guessed"),
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        "x." + good.partition(".")[2],
        good.partition(".")[0],
        signed(id="42", at=timezone.now() - timedelta(hours=25)),
        signed(name="nobody in particular"),
        "é" * 50,
    ]
    for person in forged:
        refused = page.post("asking", {"person": person})
        assert (refused.status_code, refused.json()["reason"]) == (403, "not_signed")
        assert page.answer(9, person=person).status_code == 403
    assert not Person.objects.exists()
    assert not Response.objects.exists()


def test_a_new_secret_makes_the_old_one_worthless(page, widget, signed):
    old = signed(id="42")
    operations.renew_secret(widget, by=None, now=timezone.now())
    assert page.post("asking", {"person": old}).status_code == 403


def test_a_visitor_who_opened_it_by_hand_answers_under_their_name(page, signed):
    page.answer(8, person=signed(id="42", attributes={"plan": "pro"}))
    response = Response.objects.get()
    assert response.person.external_id == "42"
    assert response.attributes["plan"] == "pro"
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("sent", "seconds", "signals", "is_apart"),
    [
        ({"took": 42_900}, 42, "", False),
        ({"took": 900}, 0, "fast", False),  # alone it says little
        ({"took": 42_900, "extra": "https://spam.example"}, 42, "trap_filled", True),
        ({"took": 10**9}, None, "", False),  # it lay open over lunch
        ({}, None, "", False),  # an app that tells neither is not suspected
    ],
)
def test_a_machine_is_set_apart_and_how_long_it_took_is_measured(
    page, sent, seconds, signals, is_apart
):
    assert page.answer(9, "vlot", **sent).status_code == 200
    response = Response.objects.get()
    assert (response.seconds, response.signals) == (seconds, signals)
    assert response.is_suspicious is is_apart
    assert page.answer(9, "vlot", key="b" * 20, took="x").json()["field"] == "took"


def test_the_script_is_small_kept_by_browsers_and_the_same_for_all(client):
    packed = client.get("/w/v1/gloed.js", headers={"accept-encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) <= 10_000  # the limit is 20 KB
    assert "max-age=3600" in packed.headers["Cache-Control"]
    assert packed.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    again = client.get("/w/v1/gloed.js", headers={"if-none-match": packed.headers["ETag"]})
    assert again.status_code == 304
    plain = client.get("/w/v1/gloed.js").text
    for word in ("eval(", "innerHTML", "document.cookie", "new Function", 'setAttribute("style'):
        assert word not in plain


def test_the_frame_may_only_stand_on_the_listed_sites(client, widget, survey):
    shown = client.get(f"/w/v1/{widget.key}/page/")
    policy = shown.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://www.example.nl" in policy
    assert "X-Frame-Options" not in shown.headers
    assert f'action="/w/v1/{widget.key}/page/"' in shown.text
    assert f'action="/s/{survey.slug}/"' not in shown.text


def test_the_frame_goes_on_after_what_was_sent_and_records_nothing_by_itself(page, client, widget):
    unknown = client.get(f"/w/v1/{widget.key}/page/?key={'q' * 32}&rating=9")
    assert (
        'name="rating"' in unknown.text
    )  # nothing was sent under this key: it begins at the start
    assert not Response.objects.exists()
    page.answer(9, "vlot", key="q" * 32)
    later = client.get(f"/w/v1/{widget.key}/page/?key={'q' * 32}&l=en")
    assert "Thank you" in later.text  # no further question is asked
    assert "vlot" in later.text
    other = client.get(f"/w/v1/{widget.key}/page/?key={'r' * 32}&l=en")
    assert "vlot" not in other.text
