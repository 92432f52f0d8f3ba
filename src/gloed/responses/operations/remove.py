"""Undoing a whole import."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from gloed.base import audit, bulk
from gloed.base.models import Organisation
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Preference
from gloed.people import operations as people
from gloed.people.models import Person
from gloed.responses.models import InvitationSignal, Response
from gloed.responses.operations import news

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Removal:
    """How far an undo is: responses and persons removed so far."""

    responses: int = 0
    people: int = 0


def remove_batch(
    organisation: Organisation, batch: UUID, *, now: datetime, chunk: int = CHUNK
) -> Iterator[Removal]:
    """Remove the responses an import brought, then the persons that only it brought.

    A transaction per chunk; yields the counts so far. Responses that an earlier import brought
    and this one updated keep their newer content. Persons stay who answered otherwise, hold an
    invitation, or told us how they want to be asked: whatever the database holds to them. Running
    it again after a crash goes on where it stopped.
    """
    responses = removed = 0
    while ids := _remove_responses(organisation, batch, chunk, now):
        responses += ids
        yield Removal(responses, removed)
    last = 0
    while found := _remove_people(organisation, batch, last, chunk):
        last, count = found
        removed += count
        yield Removal(responses, removed)
    yield Removal(responses, removed)


@transaction.atomic
def delete_person(person: Person, *, now: datetime) -> int:
    """Delete somebody with every answer they gave, as their own system tells us to.

    Unlike `erase_person` nothing is remembered: they may come in again as somebody new, and what
    they gave counts no more. Returns how many responses went.
    """
    rows = Response.objects.filter(person=person)
    found = list(rows.values_list("pk", "responded_at"))
    organisation, subject = person.organisation, person.public_id
    _delete([pk for pk, _moment in found])
    fieldwork.forget_person(person)
    people.delete(person)
    news.tell(
        news.REMOVED,
        organisation=organisation.pk,
        subject=subject,
        moments=[moment for _pk, moment in found] or [None],
        now=now,
    )
    audit.record(
        None,
        "people.delete",
        subject,
        {"responses": len(found)},
        organisation=organisation,
        at=now,
    )
    return len(found)


def remove_everything(organisation: Organisation) -> None:
    """Delete every response of a sample organisation, with all that hangs on it; tells nobody."""
    if not organisation.is_sample:
        raise ValueError("only what a sample organisation was told is ever deleted at once")
    responses = Response.objects.filter(organisation=organisation)
    _delete(list(responses.values_list("pk", flat=True)))
    InvitationSignal.objects.filter(invitation__organisation=organisation).delete()


def _delete(ids: list[int]) -> None:
    for model, column in bulk.held_by(Response):
        bulk.delete_rows(model, column, ids)
    bulk.delete_rows(Response, "id", ids)


@transaction.atomic
def _remove_responses(organisation: Organisation, batch: UUID, chunk: int, now: datetime) -> int:
    found = list(
        Response.objects.filter(organisation=organisation, batch=batch)
        .order_by("pk")
        .values_list("pk", "responded_at")[:chunk]
    )
    if not found:
        return 0
    ids = [pk for pk, _ in found]
    _delete(ids)
    news.tell(
        news.REMOVED,
        organisation=organisation.pk,
        subject=batch,
        moments=[moment for _, moment in found],
        now=now,
    )
    return len(ids)


@transaction.atomic
def _remove_people(
    organisation: Organisation, batch: UUID, after: int, chunk: int
) -> tuple[int, int] | None:
    ids = list(
        Person.objects.filter(organisation=organisation, batch=batch, pk__gt=after)
        .order_by("pk")
        .values_list("pk", flat=True)[:chunk]
    )
    if not ids:
        return None
    free = _held_by_none(ids, but=Preference)
    fieldwork.forget_quarantines(free)
    return ids[-1], people.remove_people_of(batch, _held_by_none(free))


def _held_by_none(ids: list[int], *, but: type[Model] | None = None) -> list[int]:
    """Those of these persons to whom the database holds nothing."""
    held: set[int] = set()
    for model, column in bulk.held_by(Person):
        if model is not but:
            where = f'"{column}" {bulk.one_of()}'
            held |= {row[0] for row in bulk.select_rows(model, [column], where, [bulk.many(ids)])}
    return [pk for pk in ids if pk not in held]
