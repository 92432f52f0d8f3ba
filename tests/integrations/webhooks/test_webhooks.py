"""News reaches the address that wants it: signed, once, again when nobody answers."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from gloed.base import operations as base
from gloed.base.keys import Scope
from gloed.base.models import JournalEntry, Membership, Organisation, Staff
from gloed.base.worker import run_until_idle
from gloed.fieldwork import operations as fieldwork
from gloed.integrations.delighted import operations as delighted
from gloed.integrations.delighted.hooks import DIALECT, EVENTS, signature_of
from gloed.integrations.due import next_due
from gloed.integrations.webhooks import operations, sending
from gloed.integrations.webhooks.models import Delivery, Endpoint
from gloed.integrations.webhooks.rules import DELAYS, Wish, judge
from gloed.people.models import Person
from gloed.people.rules import PersonData
from gloed.responses import operations as responses
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys import operations as surveys
from gloed.surveys.queries import get_asked
from tests.conftest import NOW
from tests.integrations.webhooks.receiver import serve


@pytest.fixture
def receiver(settings):
    found, server = serve()
    settings.OUTWARD_HOSTS = (found.address.removeprefix("http://").partition("/")[0],)
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def organisation(db):
    return Organisation.objects.create(name="Noorderlicht Energie", created_at=NOW)


@pytest.fixture
def survey(organisation):
    content = surveys.usual_content(organisation, "nps")
    made = surveys.create_survey(organisation, title="After a visit", content=content, now=NOW)
    surveys.open_survey(made, now=NOW)
    return made


def answer(survey, rating, key="1", text="te laat", source="api"):
    given = IncomingAnswer(
        answers=(GivenAnswer(1, rating=rating), GivenAnswer(2, verbatim=text)),
        source=source,
        source_id=key,
        person=PersonData(email="anna@example.org", name="Anna", attributes={"plan": "zon"}),
    )
    return responses.receive_answer(given, survey=get_asked(survey.pk), now=timezone.now())


def endpoint_of(organisation, receiver, *news, **more):
    wish = more.pop("wish", Wish(frozenset(news)))
    return operations.make_endpoint(
        organisation, receiver.address, wish=wish, now=timezone.now(), **more
    )


def test_the_standard_vector_is_signed_as_the_standard_signs():
    # conventions.md section 1, made with the reference library of Standard Webhooks
    secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    body = (
        '{"type":"response.created","timestamp":"2026-03-01T09:30:00Z",'
        '"data":{"id":"resp_01","score":0}}'
    )
    at = datetime.fromtimestamp(1_772_357_401, UTC)
    signature = Webhook(secret).sign("msg_2b7c1f0e", at, body)
    assert signature == "v1,T0XwBWT2kK8DxaHg9d58MwiaPC+zk3zy3fjFqIAXZIE="


def test_an_answer_is_told_signed_and_without_the_person(organisation, survey, receiver):
    endpoint = endpoint_of(organisation, receiver, "response.created")
    receipt = answer(survey, 0)
    run_until_idle()
    (headers, body) = receiver.came[0]
    [secret] = operations.secrets_of(endpoint, now=timezone.now())
    told = Webhook(secret).verify(body, headers)
    assert told["type"] == "response.created"
    assert told["data"]["id"] == f"ans_{receipt.response_id.replace('-', '')}"
    assert (told["data"]["rating"], told["data"]["group"]) == (0, "detractor")
    assert "Anna" not in body.decode()
    assert "zon" not in body.decode()
    assert Delivery.objects.get().state == "delivered"
    assert "token=abc" not in Endpoint.objects.values_list("url", flat=True).get()


def test_the_same_news_told_twice_goes_out_once(organisation, survey, receiver):
    endpoint_of(organisation, receiver)
    answer(survey, 9)
    run_until_idle()
    JournalEntry.objects.update(delivered_at=None)
    run_until_idle()
    assert len(receiver.came) == 1


def test_an_endpoint_hears_only_what_it_wants(organisation, survey, receiver):
    wish = Wish(frozenset({"response.created"}), frozenset({"promoter"}))
    endpoint_of(organisation, receiver, wish=wish, with_person=True, shape="flat")
    for key, rating in (("1", 3), ("2", 8), ("3", 10)):
        answer(survey, rating, key)
    run_until_idle()
    [(_headers, body)] = receiver.came
    told = json.loads(body)
    assert (told["rating"], told["person_email"]) == (10, "anna@example.org")
    assert told["id"].startswith("msg_")
    assert told["attributes_plan"] == "zon"


def test_another_organisation_hears_nothing(organisation, survey, receiver):
    stranger = Organisation.objects.create(name="Zuid", created_at=NOW)
    endpoint_of(stranger, receiver)
    answer(survey, 3)
    run_until_idle()
    assert receiver.came == []


def test_who_wants_no_more_surveys_is_told(organisation, survey, receiver):
    endpoint_of(organisation, receiver, "person.unsubscribed")
    answer(survey, 3)
    fieldwork.opt_out_person(Person.objects.get(), how="page", now=timezone.now())
    run_until_idle()
    told = json.loads(receiver.came[0][1])
    assert (told["type"], told["data"]["email"]) == ("person.unsubscribed", "anna@example.org")


def test_what_is_not_taken_is_sent_again_with_the_same_id(organisation, survey, receiver):
    endpoint = endpoint_of(organisation, receiver)
    receiver.answers = [(500, {}), (302, {"Location": "http://127.0.0.1/"}), (200, {})]
    answer(survey, 3)
    run_until_idle()
    now = timezone.now()
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.status, waiting.attempts) == ("waiting", 500, 1)
    assert sending.deliver_due(endpoint, now=now + timedelta(minutes=1)) == 1
    assert Delivery.objects.get().status == 302
    assert sending.deliver_due(endpoint, now=now + timedelta(hours=1)) == 1
    assert Delivery.objects.get().state == "delivered"
    assert len({headers["webhook-id"] for headers, _body in receiver.came}) == 1
    assert len({body for _headers, body in receiver.came}) == 1


def test_an_endpoint_that_is_gone_is_switched_off_and_the_owner_is_told(
    organisation, survey, receiver, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    staff = Staff.objects.create_user("alice@example.org", "a long enough password")
    Membership.objects.create(organisation=organisation, staff=staff, role="owner")
    endpoint = endpoint_of(organisation, receiver)
    receiver.answers = [(410, {})]
    answer(survey, 3)
    run_until_idle()
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.ended_because) == (False, "gone")
    assert mail.outbox[0].to == ["alice@example.org"]
    answer(survey, 4, "2")
    run_until_idle()
    assert len(receiver.came) == 1


def test_a_dead_receiver_is_tried_ten_times_over_days_and_no_more(organisation, survey, receiver):
    endpoint = endpoint_of(organisation, receiver)
    receiver.answers = [(503, {})]
    answer(survey, 3)
    run_until_idle()
    now = timezone.now()
    for _ in range(20):
        due = next_due(endpoint.deliveries.all())
        if due is None:
            break
        now = due
        sending.deliver_due(endpoint, now=now)
        endpoint.refresh_from_db()
    assert Delivery.objects.get().state == "given_up"
    assert len(receiver.came) == len(DELAYS)
    assert now - timezone.now() > timedelta(days=3)
    assert endpoint.ended_because == "silent"


def test_a_receiver_that_asks_for_rest_gets_it():
    later = judge(429, attempts=1, retry_after="120", now=NOW, draw=None).next_at
    assert later == NOW + timedelta(seconds=120)
    assert judge(200, attempts=1, now=NOW, draw=None).is_delivered
    assert judge(301, attempts=1, now=NOW, draw=None).next_at is not None
    assert judge(None, attempts=len(DELAYS), now=NOW, draw=None).ends_endpoint


def test_a_private_address_is_not_called(organisation, settings):
    settings.OUTWARD_HOSTS = ()
    for url in ("http://example.org/", "https://127.0.0.1/", "https://169.254.169.254/", "x"):
        with pytest.raises(operations.CannotCall):
            operations.make_endpoint(organisation, url, now=NOW)


def test_a_new_secret_and_the_old_one_sign_for_a_day(organisation, survey, receiver):
    endpoint = endpoint_of(organisation, receiver)
    [old] = operations.secrets_of(endpoint, now=timezone.now())
    new = operations.rotate_secret(endpoint, by=None, now=timezone.now())
    answer(survey, 3)
    run_until_idle()
    headers, body = receiver.came[0]
    for secret in (old, new):
        assert Webhook(secret).verify(body, headers)
    later = timezone.now() + timedelta(days=2)
    assert operations.secrets_of(endpoint, now=later) == [new]


def test_delighteds_receivers_get_the_old_envelope_and_signature(organisation, receiver):
    # delighted-api.md section 9, our test vector
    assert signature_of("testkey", b'{"a":1}').endswith(
        "447507f615c3fb5b234434c2ae31ecfd9c83a7610e1ab4a002459d856223dabc"
    )
    project = delighted.make_project(organisation, "Retail", "nps", by=None, now=NOW)
    _key, text = delighted.make_project_key(project, by=None, now=NOW)
    endpoint_of(
        organisation,
        receiver,
        wish=Wish(frozenset(EVENTS)),
        dialect=DIALECT,
        reference=str(project.public_id),
        with_person=True,
    )
    receipt = answer(project.survey, 9)
    responses.correct_answer(
        organisation, receipt.response_id, position=2, verbatim="fijn", now=timezone.now()
    )
    fieldwork.opt_out_person(Person.objects.get(), how="api", now=timezone.now())
    run_until_idle()
    told = [json.loads(body) for _headers, body in receiver.came]
    assert [one["event_type"] for one in told] == [
        "survey_response.created",
        "survey_response.updated",
        "unsubscribe.created",
    ]
    assert told[0]["event_data"]["person"]["email"] == "anna@example.org"
    assert len(told[0]["event_id"]) == 64
    for headers, body in receiver.came:
        assert headers["X-Delighted-Webhook-Signature"] == signature_of(text, body)
        assert headers["webhook-signature"].startswith("v1,")


@pytest.fixture
def owner(organisation):
    staff = Staff.objects.create_user("alice@example.org", "a long enough password")
    Membership.objects.create(organisation=organisation, staff=staff, role="owner")
    client = Client()
    client.force_login(staff)
    return client


def test_an_endpoint_is_made_tried_and_taken_away_by_hand(owner, organisation, receiver):
    page = reverse("webhooks:list")
    assert "Nobody is told yet" in owner.get(page).text
    refused = owner.post(
        page, {"url": "https://10.0.0.1/", "news": ["response.created"], "shape": "full"}
    )
    assert "url" in refused.context["form"].errors
    told = {"url": receiver.address, "news": ["response.created"], "shape": "full"}
    made = owner.post(page, told, follow=True)
    endpoint = Endpoint.objects.get()
    here = reverse("webhooks:detail", args=[endpoint.public_id])
    assert "Send a test" in made.text
    owner.post(reverse("webhooks:act", args=[endpoint.public_id, "test"]))
    run_until_idle()
    assert json.loads(receiver.came[0][1])["data"]["rating"] == 3
    shown = owner.get(here).text
    assert "delivered" in shown
    assert "whsec_" not in shown
    assert "whsec_" in owner.get(f"{here}?secret=1").text
    delivery = Delivery.objects.get()
    owner.post(reverse("webhooks:replay", args=[delivery.public_id]))
    run_until_idle()
    assert [headers["webhook-id"] for headers, _body in receiver.came] == [delivery.message_id] * 2
    owner.post(reverse("webhooks:act", args=[endpoint.public_id, "remove"]))
    assert owner.get(here).status_code == 404
    owner.post(reverse("webhooks:restore", args=[endpoint.public_id]))
    assert owner.get(here).status_code == 200


def test_a_machine_subscribes_and_leaves(organisation, survey, receiver):
    _key, text = base.make_key(organisation, "zapier", scopes=Scope, by=None, at=NOW)
    told = {"Authorization": f"Bearer {text}"}
    client = Client()

    def call(method, path, body=None):
        data = json.dumps(body or {}).encode() if body is not None else b""
        kind = "application/json" if body is not None else "text/plain"
        return client.generic(method, f"/api/v1/{path}", data, kind, headers=told)

    body = {"url": receiver.address, "events": ["response.created"], "format": "flat"}
    made = call("POST", "hooks", body | {"filter": {"group": "detractor"}})
    assert made.status_code == 201
    hook = made.json()
    assert hook["secret"].startswith("whsec_")
    assert call("GET", "hooks").json()["data"][0]["secret"] is None
    answer(survey, 9, "1")
    answer(survey, 2, "2")
    run_until_idle()
    [(headers, sent)] = receiver.came
    assert Webhook(hook["secret"]).verify(sent, headers)["rating"] == 2
    samples = call("GET", "hooks/samples?type=response.created").json()
    assert len(samples) == 3
    for _ in range(2):
        assert call("DELETE", f"hooks/{hook['id']}").status_code == 204
    answer(survey, 1, "3")
    run_until_idle()
    assert len(receiver.came) == 1
    assert call("POST", "hooks", {"url": "http://10.0.0.1/"}).status_code == 422


def test_what_becomes_of_an_invitation_is_told_once(organisation, survey, receiver):
    news = ("invitation.sent", "invitation.bounced")
    endpoint_of(organisation, receiver, *news, with_person=True)
    address = "anna@example.org"
    person = Person.objects.create(
        organisation=organisation, email=address, email_key=address, name="Anna", created_at=NOW
    )
    survey.refresh_from_db()
    asked = fieldwork.ask_one(survey, person, channel="email", now=NOW)
    assert asked.skip is None
    [due] = fieldwork.claim_due("email", limit=5, now=NOW)
    for _again in range(2):
        fieldwork.note_sent(due.id, message_id="m1", now=NOW)
        fieldwork.note_event(fieldwork.Event.BOUNCED, token=due.token, now=NOW)
    run_until_idle()
    told = [json.loads(body) for _headers, body in receiver.came]
    assert [one["type"] for one in told] == list(news)
    assert told[1]["data"]["disposition"] == "bounced"
    assert told[0]["data"]["person"]["email"] == "anna@example.org"
    assert due.token not in json.dumps(told)
