"""Pages of text messages: a key goes in and never comes out; links and replies do what they say."""

import pytest
from django.test import Client
from django.urls import reverse

from gloed.base.guests import STRANGERS
from gloed.base.models import AuditEntry
from gloed.channels.sms.models import ShortLink, TextHours, TextProvider, TextWords
from gloed.channels.sms.settings_words import reply_address
from gloed.fieldwork.models import Invitation, Preference
from tests.channels.sms.gateway_double import SENDER

SECRET = "b" * 32
ADDRESS = f"twilio://AC{32 * 'a'}:{SECRET}@{SENDER}"
ENGLISH = {"accept-language": "en"}


def page(client, path="/texts/"):
    return client.get(path, headers=ENGLISH).content.decode()


@pytest.fixture
def added(alice):
    sent = {"name": "Ours", "address": ADDRESS, "takes_replies": "on", "per_minute": "30"}
    assert alice.post("/texts/providers/", sent).status_code == 302
    return TextProvider.objects.get()


def test_a_key_goes_in_and_never_comes_out(alice, added):
    assert SECRET not in added.sealed_address
    assert added.is_default
    shown = page(alice)
    assert "Twilio ••••030" in shown
    assert SECRET not in shown
    assert SECRET not in str(list(AuditEntry.objects.values_list("subject", "detail")))


def test_what_cannot_be_used_says_why_and_is_not_repeated(alice):
    sent = {"name": "x", "address": "telegram://secret-key/1", "per_minute": "30"}
    answer = alice.post("/texts/providers/", sent, headers=ENGLISH)
    assert answer.status_code == 422
    assert "is not known here" in answer.content.decode()
    assert "secret-key" not in answer.content.decode()
    assert not TextProvider.objects.exists()


def test_a_test_goes_to_a_telephone_and_tells_what_became_of_it(alice, provider, double):
    where = reverse("sms:test", args=[provider.public_id])
    assert alice.post(where, {"number": "020 1234567"}).status_code == 422
    alice.post(where, {"number": "06 12345678"})
    assert double.numbers == ["+31612345678"]
    assert "on its way" in page(alice)
    double.says["+31612345678"] = 401
    alice.post(where, {"number": "06 12345678"})
    assert "does not accept the key" in page(alice)


def test_the_usual_provider_is_chosen_and_removing_can_be_undone(alice, added):
    sent = {"name": "Second", "address": ADDRESS, "per_minute": "30"}
    alice.post("/texts/providers/", sent)
    second = TextProvider.objects.get(name="Second")
    alice.post(reverse("sms:choose", args=[second.public_id]))
    alice.post(reverse("sms:remove", args=[second.public_id]))
    assert TextProvider.objects.get(is_default=True) == added
    assert "Second" in page(alice)  # the way back
    alice.post(reverse("sms:restore", args=[second.public_id]))
    assert TextProvider.objects.filter(removed_at=None).count() == 2


def test_hours_must_open(alice, organisation):
    answer = alice.post("/texts/hours/", {"opens": "20:00", "closes": "09:00", "country": "NL"})
    assert answer.status_code == 422
    alice.post("/texts/hours/", {"opens": "10:00", "closes": "18:00", "country": "BE"})
    kept = TextHours.objects.get()
    assert (kept.opens.hour, kept.country, kept.rests_on_sundays) == (10, "BE", False)


def test_words_are_counted_while_they_are_written_and_kept_on_request(alice, survey):
    where = reverse("sms:survey", args=[survey.public_id])
    assert "1 message, " in page(alice, where + "?language=en")
    counted = alice.post(
        where + "?language=en",
        {"text": "Zoë?", "reminder": ""},
        headers=ENGLISH | {"hx-request": "true", "hx-target": "lengths"},
    ).content.decode()
    assert "of 134 characters" in counted  # one odd sign, and two messages
    assert ": ë" in counted
    assert "<html" not in counted
    assert not TextWords.objects.exists()
    alice.post(where + "?language=en", {"text": "Hi {first_name}: {link} {stop}", "reminder": ""})
    assert TextWords.objects.get().language == "en"
    assert "Hi Noor:" in page(alice, where + "?language=en")


def test_short_links_lead_on_and_change_nothing(ask, provider, send):
    asked = ask("0612345678")
    send()
    code = ShortLink.objects.get().code
    before = Invitation.objects.values().get()
    guest = Client()
    to_survey, to_own = guest.get(f"/q/{code}"), guest.get(f"/x/{code}")
    assert to_survey.headers["Location"] == f"/s/{asked.survey.slug}/{asked.token}/"
    assert to_own.headers["Location"] == f"/u/{asked.token}/"
    assert to_survey.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert guest.post(f"/x/{code}").status_code == 405
    assert Invitation.objects.values().get() == before
    codes = [guest.get("/q/made-up").status_code for _ in range(STRANGERS + 1)]
    assert codes == [404] * STRANGERS + [429]


def test_a_reply_stops_only_with_the_secret_of_the_provider(ask, provider, send, alice):
    ask("0612345678")
    send()
    form = "application/x-www-form-urlencoded"
    reply = {"data": "From=%2B31612345678&Body=Stop", "content_type": form}
    where = reply_address(provider).removeprefix("https://vraag.example")
    guest = Client(enforce_csrf_checks=True)
    assert guest.post(f"/texts/in/{provider.public_id}/wrong/", **reply).status_code == 404
    assert not Preference.objects.exists()
    assert where in page(alice)
    assert guest.post(where, **reply).status_code == 204
    assert Preference.objects.get().is_opted_out
    alice.post(reverse("sms:renew", args=[provider.public_id]))
    assert guest.post(where, **reply).status_code == 404


def test_only_owners_settle_providers(client_of, organisation, survey):
    manager = client_of(organisation, "manager")
    assert manager.get("/texts/").status_code == 403
    assert manager.get(reverse("sms:survey", args=[survey.public_id])).status_code == 200
