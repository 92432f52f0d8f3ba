"""Keeping triggers: made, changed, switched on and off, thrown away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.fieldwork.models import Invitation, Trigger
from gloed.fieldwork.operations.sending import withdraw
from gloed.fieldwork.rules import Skip


def keep_trigger(
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    trigger: Trigger | None = None,
    staff: Staff | None = None,
    now: datetime,
) -> Trigger:
    """Make a trigger (off, until it is switched on), or change one from the next event on."""
    kept = trigger or Trigger(organisation=organisation, made_by=staff, created_at=now)
    for name, value in values.items():
        setattr(kept, name, value)
    with transaction.atomic():
        kept.save()
        action = "trigger.changed" if trigger else "trigger.made"
        audit.record(staff, action, kept.name, organisation=organisation, at=now)
    return kept


def switch_trigger(
    trigger: Trigger, *, to: bool, staff: Staff | None = None, now: datetime
) -> bool:
    """Switch a trigger on or off; switched off, what waits to be sent is withdrawn.

    False when it was so already.
    """
    with transaction.atomic():
        changed = Trigger.objects.filter(pk=trigger.pk, is_on=not to).update(is_on=to)
        if not changed:
            return False
        if not to:
            withdraw(Invitation.objects.filter(trigger=trigger), Skip.STOPPED)
        action = "trigger.switched_on" if to else "trigger.switched_off"
        audit.record(staff, action, trigger.name, organisation=trigger.organisation, at=now)
    trigger.is_on = to
    return True


def delete_trigger(trigger: Trigger, *, staff: Staff | None = None, now: datetime) -> None:
    """Throw a trigger away; what waits is withdrawn, what it asked stays in the ledger."""
    with transaction.atomic():
        withdraw(Invitation.objects.filter(trigger=trigger), Skip.STOPPED)
        audit.record(
            staff, "trigger.deleted", trigger.name, organisation=trigger.organisation, at=now
        )
        trigger.delete()
