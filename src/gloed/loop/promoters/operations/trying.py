"""Early access: lists with places, who takes part, and what they say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.loop.promoters.models import EarlyAccess, Remark, Trial
from gloed.loop.promoters.operations.asking import NO_WORDS, Words, note_ask
from gloed.loop.promoters.rules import AskKind, How, Place, may_join
from gloed.people.models import Person


class Full(Exception):
    """Every place is taken, or the list is closed."""


def keep_list(
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    early_access: EarlyAccess | None = None,
    staff: Staff | None,
    now: datetime,
) -> EarlyAccess:
    """Make a list, or change one; `values` are title, text and places."""
    made = early_access or EarlyAccess(organisation=organisation, created_at=now, created_by=staff)
    for name, value in values.items():
        setattr(made, name, value)
    action = "promoters.list_changed" if made.pk else "promoters.list_made"
    with transaction.atomic():
        made.save()
        audit.record(staff, action, made.title, organisation=organisation, at=now)
    return made


def close_list(early_access: EarlyAccess, *, is_closed: bool, now: datetime) -> None:
    """Nobody can join any more, or they can again; who takes part stays."""
    early_access.closed_at = now if is_closed else None
    early_access.save(update_fields=["closed_at"])


def remove_list(early_access: EarlyAccess, *, staff: Staff, now: datetime) -> None:
    """Take a list away; it can come back whole."""
    _removed(early_access, now, "promoters.list_removed", staff=staff, now=now)


def restore_list(early_access: EarlyAccess, *, staff: Staff, now: datetime) -> None:
    """Bring a list back."""
    _removed(early_access, None, "promoters.list_restored", staff=staff, now=now)


def _removed(
    early_access: EarlyAccess,
    removed_at: datetime | None,
    action: str,
    *,
    staff: Staff,
    now: datetime,
) -> None:
    early_access.removed_at = removed_at
    with transaction.atomic():
        early_access.save(update_fields=["removed_at"])
        audit.record(
            staff, action, early_access.title, organisation=early_access.organisation, at=now
        )


def invite(
    early_access: EarlyAccess,
    person: Person,
    *,
    how: How,
    staff: Staff | None,
    now: datetime,
    words: Words = NO_WORDS,
) -> Trial:
    """Ask somebody whether they want to try it; asked before, nothing is sent.

    Raises NotNow while they are left alone,
    and Full when there is nothing to offer.
    """
    with transaction.atomic():
        _check(early_access)
        trial = Trial.objects.filter(early_access=early_access, person=person).first()
        if trial is not None:
            return trial
        note_ask(
            person,
            AskKind.EARLY_ACCESS,
            how=how,
            staff=staff,
            about=early_access.public_id,
            now=now,
            words=words,
        )
        return Trial.objects.create(
            early_access=early_access, person=person, invited_at=now, invited_by=staff
        )


def accept(trial: Trial, *, now: datetime) -> None:
    """They take part. Raises Full when the last place went to somebody else."""
    with transaction.atomic():
        held = EarlyAccess.objects.select_for_update().get(pk=trial.early_access_id)
        trial.refresh_from_db()
        if trial.status == Place.ACCEPTED:
            return
        _check(held)
        _set(trial, Place.ACCEPTED, now=now)


def decline(trial: Trial, *, now: datetime) -> None:
    """They would rather not."""
    _set(trial, Place.DECLINED, now=now)


def leave(trial: Trial, *, now: datetime) -> None:
    """They stop; their place is free again."""
    trial.left_at = now
    trial.status = Place.LEFT
    trial.save(update_fields=["left_at", "status"])


def note_remark(trial: Trial, text: str, *, staff: Staff | None, now: datetime) -> Remark:
    """Keep what they said about it."""
    return Remark.objects.create(trial=trial, text=text, staff=staff, at=now)


def count_taken(early_access: EarlyAccess) -> int:
    """How many places are taken."""
    return early_access.trials.filter(status=Place.ACCEPTED).count()


def _check(early_access: EarlyAccess) -> None:
    is_open = early_access.closed_at is None and early_access.removed_at is None
    if not may_join(places=early_access.places, taken=count_taken(early_access), is_open=is_open):
        raise Full


def _set(trial: Trial, status: Place, *, now: datetime) -> None:
    trial.status, trial.decided_at, trial.left_at = status, now, None
    trial.save(update_fields=["status", "decided_at", "left_at"])
