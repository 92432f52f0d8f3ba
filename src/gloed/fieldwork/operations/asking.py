"""Writing invitations and what became of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from gloed.fieldwork.models import Invitation
from gloed.people.models import Person
from gloed.surveys.models import Survey


def invite(
    survey: Survey,
    person: Person | None,
    *,
    channel: str,
    attributes: Mapping[str, Any] | None = None,
    expires_at: datetime | None = None,
    now: datetime,
) -> Invitation:
    """One ask to one person: its token makes the link personal, and its answer counted once."""
    return Invitation.objects.create(
        organisation_id=survey.organisation_id,
        survey=survey,
        person=person,
        channel=channel,
        attributes=dict(attributes or {}),
        expires_at=expires_at,
        created_at=now,
    )


def note_answer(invitation_id: int, *, is_complete: bool, now: datetime) -> None:
    """Write down that an invitation was answered; what is complete never becomes partial again."""
    disposition = Invitation.Disposition
    partial = Q(pk=invitation_id) & ~Q(disposition=disposition.COMPLETE)
    Invitation.objects.filter(partial).update(
        disposition=disposition.COMPLETE if is_complete else disposition.PARTIAL, answered_at=now
    )


def forget_person(person: Person) -> None:
    """Take the person and their attributes out of every invitation; the ask itself still counts."""
    Invitation.objects.filter(person=person).update(person=None, attributes={})
