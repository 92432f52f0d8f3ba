"""The address of a calendar is made, renewed and ended."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from gloed.base import audit
from gloed.base.models import Membership
from gloed.integrations.calendar.models import Feed, new_nonce

BETWEEN_NOTES = timedelta(minutes=10)


@transaction.atomic
def make(membership: Membership, *, now: datetime) -> Feed:
    """The feed of a colleague, made where there is none; else with a new address."""
    feed, is_new = Feed.objects.update_or_create(
        membership=membership,
        defaults={"nonce": new_nonce()},
        create_defaults={"created_at": now},
    )
    action = "calendar.made" if is_new else "calendar.renewed"
    audit.record(membership.staff, action, membership, organisation=membership.organisation, at=now)
    return feed


@transaction.atomic
def end(membership: Membership, *, now: datetime) -> None:
    """From this moment the address shows nothing."""
    if Feed.objects.filter(membership=membership).delete()[0]:
        audit.record(
            membership.staff,
            "calendar.ended",
            membership,
            organisation=membership.organisation,
            at=now,
        )


def note_read(feed: Feed, *, now: datetime) -> None:
    """Remember when a calendar last looked, to ten minutes."""
    if feed.read_at is None or now - feed.read_at > BETWEEN_NOTES:
        Feed.objects.filter(pk=feed.pk).update(read_at=now)


def address_of(feed: Feed) -> str:
    """Where a calendar looks; whoever knows it may."""
    path = reverse("calendars:feed", args=[feed.public_id, token_of(feed)])
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def token_of(feed: Feed) -> str:
    """The secret end of the address."""
    value = f"{feed.public_id}:{feed.nonce}"
    return salted_hmac("gloed.calendars", value, algorithm="sha256").hexdigest()[:40]


def is_token_of(feed: Feed, token: str) -> bool:
    """Whether this is the secret end."""
    return constant_time_compare(token, token_of(feed))
