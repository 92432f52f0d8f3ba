"""Keys for programs: shown once, kept as a digest, ended at once."""

from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from gloed.base import operations, sealing
from gloed.base.keys import KeyKind, Scope
from gloed.base.models import ApiKey, AuditEntry, Membership, Organisation, Staff
from gloed.base.queries import find_key
from tests.conftest import NOW


@pytest.fixture
def organisation(db):
    return Organisation.objects.create(name="Noorderlicht Energie", created_at=NOW)


@pytest.fixture
def manager(organisation):
    staff = Staff.objects.create_user("alice@example.org", "a long enough password")
    Membership.objects.create(organisation=organisation, staff=staff, role="manager")
    client = Client()
    client.force_login(staff)
    return client


def test_a_key_is_found_by_its_text_and_kept_as_a_digest(organisation):
    key, text = operations.make_key(
        organisation, "Checkout", scopes=[Scope.READ_SCORES], by=None, at=NOW
    )
    assert text.startswith("gloed_")
    assert find_key(text, KeyKind.API) == key
    assert find_key(text, KeyKind.DELIGHTED) is None
    assert find_key(text[:-1], KeyKind.API) is None
    kept = ApiKey.objects.values().get()
    assert text not in str(kept)
    assert key.sealed == ""


def test_a_key_that_signs_is_sealed_with_the_secret_of_the_installation(organisation):
    key, text = operations.make_key(
        organisation, "Old scripts", kind=KeyKind.DELIGHTED, by=None, at=NOW
    )
    assert len(text) == 32
    assert text.isalnum()
    assert text not in key.sealed
    assert sealing.unseal(key.sealed) == text
    with override_settings(SECRET_KEY="another"), pytest.raises(sealing.CannotOpen):
        sealing.unseal(key.sealed)


def test_an_ended_key_opens_nothing_and_the_trail_tells_who_ended_it(organisation):
    key, text = operations.make_key(organisation, "Checkout", by=None, at=NOW)
    for _ in range(2):
        operations.revoke_key(key, by=None, at=NOW)
    assert find_key(text, KeyKind.API) is None
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == [
        "key.made",
        "key.revoked",
    ]


def test_the_last_use_is_noted_to_the_minute(organisation, django_assert_num_queries):
    key, _text = operations.make_key(organisation, "Checkout", by=None, at=NOW)
    operations.note_use(key, "curl/8\n\x1b[31m", at=NOW)
    assert ApiKey.objects.get().last_client == "curl/8[31m"
    with django_assert_num_queries(0):
        operations.note_use(key, "curl/8[31m", at=NOW + timedelta(seconds=50))
    operations.note_use(key, "curl/8[31m", at=NOW + timedelta(seconds=70))
    assert ApiKey.objects.get().last_used_at == NOW + timedelta(seconds=70)


def test_a_key_is_shown_in_the_answer_that_made_it_and_never_again(manager):
    page = reverse("base:key_list")
    assert "No key yet" in manager.get(page).text
    answer = manager.post(page, {"name": "Checkout", "scopes": ["answers:write"]})
    key = ApiKey.objects.get()
    text = answer.context["made"]
    assert find_key(text, KeyKind.API) == key
    assert key.scopes == ["answers:write"]
    assert text in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert text not in manager.get(page).text
    ended = manager.post(reverse("base:key_revoke", args=[key.public_id]), follow=True)
    assert "opens nothing any more" in ended.text
    assert find_key(text, KeyKind.API) is None


def test_a_key_without_a_name_or_a_right_is_not_made(manager):
    answer = manager.post(reverse("base:key_list"), {"name": ""})
    assert answer.context["form"].errors.keys() == {"name", "scopes"}
    assert not ApiKey.objects.exists()
