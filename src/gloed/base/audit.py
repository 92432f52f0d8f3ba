"""The audit trail: who did what, for whoever has to answer for it.

Everything that changes rights, settings or data is recorded in the transaction that changes it.
A subject names a thing ("Team Zuid", "colleague@example.org"), never a customer: an erased person
must not live on here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise

from gloed.base import wording
from gloed.base.models import AuditEntry, Organisation, Staff
from gloed.base.rules import Role

Words = Mapping[str, str | Promise]

_names: dict[str, str | Promise] = dict(wording.ACTIONS)
_details: dict[str, str | Promise] = dict(wording.DETAILS)
_values: dict[str, dict[str, str | Promise]] = {}


def record(
    who: HttpRequest | Staff | None,
    action: str,
    subject: object = "",
    detail: Mapping[str, Any] | None = None,
    *,
    organisation: Organisation | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """Write down one deed.

    `who` is the request of a colleague (its organisation is taken), the colleague, or None for the
    command line and the worker; the last two name the organisation. `detail` holds plain values;
    a change is written as ``{"role": ["viewer", "manager"]}``. Raises ValueError without an
    organisation.
    """
    staff = who if isinstance(who, Staff) else None
    if isinstance(who, HttpRequest):
        staff = who.user if isinstance(who.user, Staff) else None
        organisation = organisation or getattr(who, "organisation", None)
    if organisation is None:
        raise ValueError("an audit entry belongs to an organisation")
    return AuditEntry.objects.create(
        organisation=organisation,
        staff=staff,
        action=action,
        subject=str(subject)[:120],
        detail=dict(detail or {}),
        at=at or timezone.now(),
    )


def record_everywhere(staff: Staff, action: str, *, at: datetime | None = None) -> None:
    """Write a deed on the own account into every organisation the colleague works in."""
    places = Organisation.objects.filter(memberships__staff=staff, memberships__deactivated_at=None)
    for organisation in places:
        record(staff, action, staff.email, organisation=organisation, at=at)


def name_actions(names: Words) -> None:
    """Say in words what a room's actions are; called from a room's AppConfig.ready."""
    _names.update(names)


def name_details(names: Words, *, values: Mapping[str, Words] | None = None) -> None:
    """Say in words what a room's details are, and the values of those that stand for something.

    Called from a room's AppConfig.ready; `values` are by the name of the detail.
    """
    _details.update(names)
    for name, words in (values or {}).items():
        _values.setdefault(name, {}).update(words)


def action_name(action: str) -> str:
    """An action in words; its own code where no room has named it."""
    return str(_names.get(action, action))


def has_name(detail: str) -> bool:
    """Whether a detail is called something on the page, or is not spoken of."""
    return detail in _details or detail in wording.UNSPOKEN


def detail_words(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The detail of an entry as pairs of label and words; a change reads "before → after"."""
    return [
        (str(_details.get(name, name)), _words(name, value))
        for name, value in detail.items()
        if name not in wording.UNSPOKEN
    ]


def _words(name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        parts = [_words(name, part) for part in value]
        return f"{parts[0]} → {parts[1]}" if len(parts) == 2 else ", ".join(parts)
    if isinstance(value, bool):
        return str(wording.YES if value else wording.NO)
    if isinstance(value, str) and value in set(Role):
        return str(wording.ROLES[Role(value)])
    return str(_values.get(name, {}).get(str(value), value))
