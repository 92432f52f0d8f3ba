"""Keys for programs: made once, shown once, ended at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from gloed.base import audit
from gloed.base.keys import KeyKind, Scope, digest_of, new_key_text
from gloed.base.models import ApiKey, Organisation, Staff
from gloed.base.sealing import seal

SHOWN = 10  # characters of a key by which people know it again
BETWEEN_NOTES = timedelta(minutes=1)  # how exactly we know when a key was last used


@transaction.atomic
def make_key(
    organisation: Organisation,
    name: str,
    *,
    scopes: Iterable[Scope] = (),
    kind: KeyKind = KeyKind.API,
    by: Staff | None,
    at: datetime,
) -> tuple[ApiKey, str]:
    """Make a key; returns it with its text, which nobody can read again.

    An API key begins with ``gloed_``; a Delighted one is 32 letters and digits, as they were.
    """
    text = new_key_text(kind)
    key = ApiKey.objects.create(
        organisation=organisation,
        kind=kind,
        name=name,
        prefix=text[:SHOWN],
        digest=digest_of(text),
        sealed=seal(text) if kind is KeyKind.DELIGHTED else "",
        scopes=sorted(set(scopes)),
        made_by=by,
        created_at=at,
    )
    audit.record(by, "key.made", key, {"scopes": key.scopes}, organisation=organisation, at=at)
    return key, text


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Staff | None, at: datetime) -> None:
    """End a key for good; from the next request on it opens nothing."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at):
        audit.record(by, "key.revoked", key, organisation=key.organisation, at=at)


def note_use(key: ApiKey, client: str, *, at: datetime) -> None:
    """Remember when a key was last used and by which program, to the minute."""
    client = "".join(sign for sign in client if sign.isprintable())[:200]
    recent = key.last_used_at is not None and at - key.last_used_at < BETWEEN_NOTES
    if recent and client == key.last_client:
        return
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=at, last_client=client)
    key.last_used_at, key.last_client = at, client
