"""Undoing a whole import."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gloed.base import bulk
from gloed.base.models import Organisation
from gloed.fieldwork.models import Invitation
from gloed.people import operations as people
from gloed.people.models import Person
from gloed.responses.models import Answer, Consent, ContactDetails, InvitationSignal, Response
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
    and this one updated keep their newer content. Persons stay who answered otherwise or hold an
    invitation. Running it again after a crash goes on where it stopped.
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


def remove_everything(organisation: Organisation) -> None:
    """Delete every response of a sample organisation, with all that hangs on it; tells nobody."""
    if not organisation.is_sample:
        raise ValueError("only what a sample organisation was told is ever deleted at once")
    responses = Response.objects.filter(organisation=organisation)
    _delete(list(responses.values_list("pk", flat=True)))
    InvitationSignal.objects.filter(invitation__organisation=organisation).delete()


def _delete(ids: list[int]) -> None:
    for model in (Answer, Consent, ContactDetails):
        bulk.delete_rows(model, "response_id", ids)
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
    used: set[int | None] = set()
    for model in (Response, Invitation):
        where = f'"person_id" {bulk.one_of()}'
        used |= {row[0] for row in bulk.select_rows(model, ["person_id"], where, [bulk.many(ids)])}
    return ids[-1], people.remove_people_of(batch, [pk for pk in ids if pk not in used])
