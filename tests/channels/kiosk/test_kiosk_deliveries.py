"""What a kiosk brings: each once, at the time it was given, whatever happened meanwhile."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gloed.channels.kiosk import operations, tablet
from gloed.channels.kiosk.models import Kiosk
from gloed.channels.kiosk.rules import is_silent, was_open_then
from gloed.responses.models import ContactDetails, Response
from gloed.surveys import operations as surveys
from gloed.surveys.models import Survey
from tests.surveys.further import CONSENT_AT, CONTACT_AT, EVERY_KIND, REASON_AT, WISHES_AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def kiosk(organisation, make_kiosk):
    """A kiosk at the desk of Assen."""
    return make_kiosk(organisation)


@pytest.fixture
def bring(kiosk):
    """Bring answers as the tablet does: `bring(said("a", 9))`."""

    def send(*answers, sent_at=1_000_000_000, waiting=None):
        body = {"sent_at": sent_at, "waiting": len(answers), "answers": list(answers)}
        if waiting is not None:
            body["waiting"] = waiting
        return Client().post(
            f"/k/{kiosk.token}/answers/", json.dumps(body), content_type="text/plain"
        )

    return send


def said(name, rating, text=None, *, ago=0, revision=1, **more):
    """One answer of the queue, given `ago` seconds before it is brought."""
    answers = [{"position": 1, "rating": rating}]
    if text is not None:
        answers.append({"position": 2, "text": text})
    return {
        "key": name * 20,
        "at": 1_000_000_000 - ago * 1000,
        "revision": revision,
        "language": "nl",
        "is_complete": text is not None,
        "answers": answers,
        **more,
    }


def test_what_is_brought_is_on_record_with_its_place(bring, kiosk):
    told = bring(said("a", 9, "vlot")).json()
    assert (told["taken"], told["refused"]) == (["a" * 20], [])
    response = Response.objects.get()
    assert (response.channel, response.status) == ("kiosk", "complete")
    assert (response.touchpoint.name, response.team.name) == ("Balie", "Noord")
    assert response.attributes == {"kiosk": "Balie Assen"}
    kiosk.refresh_from_db()
    assert (kiosk.waiting, kiosk.refused) == (0, 0)
    assert timezone.now() - kiosk.heard_at < timedelta(minutes=1)


def test_brought_twice_is_stored_once_and_a_later_state_wins(bring):
    bring(said("a", 9, revision=1))
    bring(said("a", 9, revision=1), said("a", 3, "toch niet", revision=2))
    bring(said("a", 9, revision=1))
    response = Response.objects.get()
    assert response.answers.get(question__position=1).rating == 3
    assert response.answers.get(question__position=2).verbatim == "toch niet"


def test_an_answer_counts_at_the_moment_it_was_given_whatever_the_tablets_clock_says(bring):
    bring(said("a", 9, ago=7200))
    given = Response.objects.get().responded_at
    assert abs(timezone.now() - timedelta(hours=2) - given) < timedelta(minutes=1)


def test_a_clock_that_was_set_back_makes_nobody_answer_in_the_future(bring):
    bring(said("a", 9, ago=-7200))
    assert Response.objects.get().responded_at <= timezone.now()


def test_given_while_the_survey_was_open_counts_although_it_has_closed(bring, kiosk):
    opened_at = timezone.now() - timedelta(days=2)
    Survey.objects.filter(pk=kiosk.survey_id).update(opened_at=opened_at)
    surveys.close_survey(kiosk.survey, now=timezone.now() - timedelta(hours=3))
    told = bring(said("a", 9, ago=4 * 3600), said("b", 9, ago=3600)).json()
    assert told["taken"] == ["a" * 20]
    assert told["refused"] == [{"key": "b" * 20, "reason": "survey_closed"}]
    kiosk.refresh_from_db()
    assert (kiosk.refused, kiosk.waiting) == (1, 0)


class TestFurtherQuestions:
    @pytest.fixture
    def kiosk(self, organisation, make_kiosk):
        return make_kiosk(organisation, asked={"further": EVERY_KIND})

    def test_the_tablet_is_told_every_kind_page_by_page(self, kiosk):
        asked = tablet.settings_of(kiosk)["asked"]["nl"]
        assert asked["screens"] == [[1, 2, 3], [4, 5, 6], [7, 8]]
        reason, _ease, wishes, detail, call, reach = asked["further"]
        assert reason["text"] == "Waar lag dat aan, beste klant?"
        assert (reason["is_shuffled"], reason["options"][2]["is_fixed"]) == (True, True)
        assert reason["show_if"]["conditions"][0]["values"] == [str(step) for step in range(7)]
        assert (wishes["most"], detail["kind"]) == (2, "open")
        assert (call["purpose"], reach["fields"]) == ("contact", ["name", "email", "phone"])

    def test_what_is_said_to_them_is_on_record_once(self, bring):
        answers = [
            {"position": 1, "rating": 3},
            {"position": REASON_AT, "choices": ["other"], "text": "de wachttijd"},
            {"position": WISHES_AT, "choices": ["app", "chat"]},
            {"position": CONSENT_AT, "choices": ["yes"]},
            {"position": CONTACT_AT, "contact": {"name": "Noor", "phone": "0612345678"}},
        ]
        brought = said("a", 3) | {"answers": answers, "is_complete": True}
        assert bring(brought, brought).json()["taken"] == ["a" * 20] * 2
        response = Response.objects.get()
        kept = dict(response.answers.values_list("question__position", "choices"))
        assert (kept[REASON_AT], kept[WISHES_AT]) == ("other", "app chat")
        assert response.answers.get(question__position=REASON_AT).verbatim == "de wachttijd"
        assert ContactDetails.objects.get().phone == "0612345678"

    def test_what_a_rule_hides_meanwhile_is_taken_back(self, bring):
        chosen = {"position": REASON_AT, "choices": ["price"]}
        for rating, revision in ((3, 1), (9, 2)):
            answers = [{"position": 1, "rating": rating}, chosen]
            bring(said("a", rating, revision=revision) | {"answers": answers})
        assert not Response.objects.get().answers.filter(question__position=REASON_AT).exists()


def test_a_broken_answer_holds_up_no_other(bring):
    broken = {"key": "x" * 20, "answers": "nothing"}
    told = bring(broken, said("a", 9), said("b", 12)).json()
    assert told["taken"] == ["a" * 20]
    assert [one["reason"] for one in told["refused"]] == ["unreadable", "out_of_scale"]


def test_an_empty_delivery_says_that_it_is_alive(bring, kiosk):
    assert bring().json()["taken"] == []
    kiosk.refresh_from_db()
    assert kiosk.heard_at is not None


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"answers": 1}', '{"answers": [1]}'])
def test_nonsense_is_refused(kiosk, body):
    sent = Client().post(f"/k/{kiosk.token}/answers/", body, content_type="text/plain")
    assert sent.status_code == 422


def test_a_token_smuggled_in_answers_for_nobody(bring):
    bring(said("a", 9, token="somebody-elses-token", attributes={"x": 1}))
    response = Response.objects.get()
    assert response.invitation_id is None
    assert response.attributes == {"kiosk": "Balie Assen"}


def test_a_kiosk_that_was_taken_away_or_has_a_new_link_is_not_found(bring, kiosk):
    operations.delete_kiosk(kiosk, by=None, now=timezone.now())
    assert bring(said("a", 9)).status_code == 404
    operations.restore_kiosk(kiosk, by=None, now=timezone.now())
    assert bring(said("a", 9)).status_code == 200
    operations.renew_link(kiosk, by=None, now=timezone.now())
    other = Client().get(f"/k/{Kiosk.objects.get().token}/")
    assert other.status_code == 200


def test_the_page_holds_everything_and_tells_no_code_and_no_band(organisation, make_kiosk):
    kiosk = make_kiosk(organisation, pin="8264")
    shown = Client().get(f"/k/{kiosk.token}/")
    assert re.findall(r'(?:src|href)="(?!data:|/k/)[^"]+"', shown.text) == []
    assert "8264" not in shown.text
    for band in ("promoter", "detractor"):
        assert band not in shown.text
    policy = shown.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert len(shown.content) < 40_000


def test_the_tag_changes_when_what_is_shown_changes(bring, kiosk):
    before = bring().json()["tag"]
    assert bring().json()["tag"] == before
    operations.change_kiosk(kiosk, {"idle_seconds": 45}, by=None, now=timezone.now())
    assert bring().json()["tag"] != before


def test_silence_is_told_after_a_while():
    now = timezone.now()
    assert not is_silent(None, now=now)
    assert not is_silent(now - timedelta(minutes=9), now=now)
    assert is_silent(now - timedelta(minutes=11), now=now)


def test_a_survey_was_open_between_its_two_moments():
    now = timezone.now()
    span = {"opened_at": now - timedelta(days=2), "closed_at": now - timedelta(days=1)}
    assert was_open_then(is_open=False, given_at=now - timedelta(hours=36), **span)
    assert not was_open_then(is_open=False, given_at=now - timedelta(hours=72), **span)
    assert not was_open_then(is_open=False, given_at=now, **span)
    assert was_open_then(is_open=True, given_at=now, **span)
