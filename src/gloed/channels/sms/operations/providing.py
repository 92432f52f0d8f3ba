"""Providers of an organisation: kept sealed, tried out, one of them the usual one."""

from datetime import datetime

from django.db import transaction

from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.base.sealing import CannotOpen, seal, unseal
from gloed.channels.sms import gateway
from gloed.channels.sms.models import TextProvider, new_nonce
from gloed.channels.sms.rules import Fate, Outcome, hint_of, read_provider


def add_provider(
    organisation: Organisation,
    *,
    name: str,
    address: str,
    takes_replies: bool,
    per_minute: int,
    by: Staff,
    now: datetime,
) -> TextProvider:
    """Keep a provider; the first one is the usual one. Raises BadProvider and keeps nothing."""
    gateway.check(address)
    scheme, kept = read_provider(address)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        others = TextProvider.objects.filter(organisation=organisation, removed_at=None)
        made = TextProvider.objects.create(
            organisation=organisation,
            name=name,
            scheme=scheme,
            sealed_address=seal(kept),
            hint=hint_of(kept),
            takes_replies=takes_replies,
            per_minute=per_minute,
            is_default=not others.exists(),
            created_at=now,
        )
        audit.record(by, "sms.provider_added", made.name, organisation=organisation, at=now)
    return made


@transaction.atomic
def make_default(provider: TextProvider, *, by: Staff, now: datetime) -> None:
    """Send by this one from now on."""
    Organisation.objects.select_for_update().get(pk=provider.organisation_id)
    own = TextProvider.objects.filter(organisation=provider.organisation)
    own.filter(is_default=True).update(is_default=False)
    own.filter(pk=provider.pk, removed_at=None).update(
        is_default=True, resting_until=None, troubles=0, problem=""
    )
    _record("sms.provider_chosen", provider, by, now)


@transaction.atomic
def remove_provider(provider: TextProvider, *, by: Staff, now: datetime) -> None:
    """Send nothing by it any more; the oldest that is left becomes the usual one."""
    Organisation.objects.select_for_update().get(pk=provider.organisation_id)
    own = TextProvider.objects.filter(organisation=provider.organisation)
    own.filter(pk=provider.pk).update(removed_at=now, is_default=False)
    left = own.filter(removed_at=None)
    if not left.filter(is_default=True).exists() and (first := left.first()):
        left.filter(pk=first.pk).update(is_default=True)
    _record("sms.provider_removed", provider, by, now)


@transaction.atomic
def restore_provider(provider: TextProvider, *, by: Staff, now: datetime) -> None:
    """Take the removal back."""
    Organisation.objects.select_for_update().get(pk=provider.organisation_id)
    own = TextProvider.objects.filter(organisation=provider.organisation)
    is_alone = not own.filter(is_default=True).exists()
    own.filter(pk=provider.pk).update(removed_at=None, is_default=is_alone)
    _record("sms.provider_restored", provider, by, now)


@transaction.atomic
def renew_replies(provider: TextProvider, *, by: Staff, now: datetime) -> None:
    """Give another address for replies; the old one hears nothing any more."""
    TextProvider.objects.filter(pk=provider.pk).update(reply_nonce=new_nonce())
    _record("sms.replies_renewed", provider, by, now)


def send_test(
    provider: TextProvider, number: str, text: str, *, by: Staff, now: datetime
) -> Outcome:
    """Send one message to a colleague's own telephone."""
    try:
        address = unseal(provider.sealed_address)
    except CannotOpen:
        return Outcome(Fate.LATER, "sealed", is_ours=True)
    outcome = gateway.hand_over(address, number, text)
    with transaction.atomic():
        if outcome.fate is Fate.SENT:
            TextProvider.objects.filter(pk=provider.pk).update(
                tested_at=now, troubles=0, resting_until=None, problem=""
            )
        _record("sms.test_sent", provider, by, now)
    return outcome


def _record(action: str, provider: TextProvider, by: Staff, now: datetime) -> None:
    audit.record(by, action, provider.name, organisation=provider.organisation, at=now)
