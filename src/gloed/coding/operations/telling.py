"""Telling higher rooms whose themes changed: by the journal, like all news."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from gloed.base import journal
from gloed.base.models import Organisation
from gloed.coding.models import ChangedMonth
from gloed.responses.models import Response
from gloed.responses.rules import month_of

ONE, MANY = "response.coded", "responses.coded"
FEW = 100
"""So many responses are told one by one; of more, their months."""


def note_changed(
    organisation: Organisation, responses: Iterable[int], *, now: datetime, few: int = FEW
) -> None:
    """Tell that the themes of these responses changed, inside the transaction that changed them.

    Of more than a few, the months are kept until `tell_months`: a month is projected as a whole,
    which is quick for much history and slow for a few of its answers.
    """
    keys = sorted(set(responses))
    if not keys:
        return
    rows = Response.objects.filter(pk__in=keys).values_list("public_id", "responded_at")
    if len(keys) <= few:
        subjects = [public_id for public_id, _at in rows]
        journal.append_many(ONE, organisation=organisation, subjects=subjects, at=now)
        return
    months = sorted({month_of(at) for _public_id, at in rows})
    ChangedMonth.objects.bulk_create(
        [ChangedMonth(organisation=organisation, month=month) for month in months],
        ignore_conflicts=True,
    )


@transaction.atomic
def tell_months(organisation: Organisation, *, now: datetime) -> None:
    """Tell the months that were kept; nothing where there are none."""
    kept = ChangedMonth.objects.select_for_update().filter(organisation=organisation)
    months = sorted(kept.values_list("month", flat=True))
    if months:
        journal.append(
            MANY,
            organisation=organisation,
            subject=organisation.public_id,
            at=now,
            payload={"months": months},
        )
        ChangedMonth.objects.filter(organisation=organisation, month__in=months).delete()
