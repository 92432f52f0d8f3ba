"""Reference customers: what they agreed to, how often they are used, and the end of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from gloed.base import audit
from gloed.base.models import Staff
from gloed.fieldwork import candidates
from gloed.loop.promoters.models import Reference, ReferenceUse
from gloed.loop.promoters.rules import How, is_tired
from gloed.people.models import Person

FIELDS = ("product", "sector", "languages", "note", "yearly_cap")


class Tired(Exception):
    """The reference was used as often this year as was agreed, or does not stand any more."""


def agree(
    person: Person,
    *,
    text: str,
    language: str,
    how: How,
    at: datetime,
    staff: Staff | None,
    now: datetime,
    values: Mapping[str, Any] | None = None,
) -> Reference:
    """Somebody agreed to be called, in these words, at that moment.

    Agreed again while it stands, the newest words and moment hold. `values` are columns of FIELDS.
    """
    with transaction.atomic():
        candidates.lock([person.pk])
        found = Reference.objects.filter(
            organisation=person.organisation, person=person, withdrawn_at=None
        ).first()
        one = found or Reference(
            organisation=person.organisation, person=person, noted_by=staff, noted_at=now
        )
        one.consent_text, one.consent_language = text, language
        one.consented_at, one.consent_how = at, how.value
        for name in FIELDS:
            if values and name in values:
                setattr(one, name, values[name])
        one.save()
        audit.record(
            staff,
            "promoters.reference_noted",
            "",
            {"how": how.value},
            organisation=person.organisation,
            at=now,
        )
    return one


def change(one: Reference, values: Mapping[str, Any], *, staff: Staff, now: datetime) -> None:
    """Change what a reference is good for; what was agreed stays as it was."""
    with transaction.atomic():
        for name in FIELDS:
            if name in values:
                setattr(one, name, values[name])
        one.save(update_fields=FIELDS)
        audit.record(staff, "promoters.reference_changed", "", organisation=one.organisation,
                     at=now)  # fmt: skip


def withdraw(one: Reference, *, how: How, staff: Staff | None, now: datetime) -> bool:
    """They do not want to be called any more; False when that was so already."""
    with transaction.atomic():
        ended = Reference.objects.filter(pk=one.pk, withdrawn_at=None).update(
            withdrawn_at=now, withdrawn_how=how.value
        )
        if ended:
            audit.record(
                staff,
                "promoters.reference_withdrawn",
                "",
                {"how": how.value},
                organisation=one.organisation,
                at=now,
            )
    return bool(ended)


def restore(one: Reference, *, staff: Staff, now: datetime) -> bool:
    """A colleague ended it by mistake. What somebody ended themselves only they begin again."""
    if one.withdrawn_how == How.PAGE:
        return False
    with transaction.atomic():
        candidates.lock([one.person_id])
        if Reference.objects.filter(person=one.person_id, withdrawn_at=None).exists():
            return False
        Reference.objects.filter(pk=one.pk).update(withdrawn_at=None, withdrawn_how="")
        audit.record(staff, "promoters.reference_restored", "", organisation=one.organisation,
                     at=now)  # fmt: skip
    return True


def used_in_year(one: Reference, day: date) -> int:
    """How often a reference was used in the calendar year of that day."""
    return one.uses.filter(removed_at=None, used_on__year=day.year).count()


def log_use(
    one: Reference,
    *,
    prospect: str,
    on: date,
    note: str = "",
    staff: Staff | None,
    now: datetime,
) -> ReferenceUse:
    """A prospect got this reference. Raises Tired beyond the cap of that year."""
    with transaction.atomic():
        held = Reference.objects.select_for_update().get(pk=one.pk)
        if held.withdrawn_at is not None:
            raise Tired
        if is_tired(used=used_in_year(held, on), cap=held.yearly_cap):
            raise Tired
        use = ReferenceUse.objects.create(
            reference=held, used_on=on, prospect=prospect, note=note, staff=staff, logged_at=now
        )
        audit.record(
            staff, "promoters.reference_used", prospect, organisation=one.organisation, at=now
        )
    return use


def remove_use(use: ReferenceUse, *, now: datetime) -> None:
    """It did not happen after all."""
    use.removed_at = now
    use.save(update_fields=["removed_at"])


def restore_use(use: ReferenceUse) -> None:
    """It did happen."""
    use.removed_at = None
    use.save(update_fields=["removed_at"])
