"""Events: something happened to a customer, and triggers may ask about it."""

from typing import Annotated, Any

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from gloed.base.keys import Scope
from gloed.base.models import Organisation
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import ReceivedEvent
from gloed.integrations.api.ids import EVENT, PERSON, id_of, read_id
from gloed.integrations.api.keys import needs
from gloed.integrations.api.paging import page_of
from gloed.integrations.api.problems import invalid, not_found
from gloed.integrations.api.resources.persons import PersonIn
from gloed.integrations.api.schemas import (
    PROBLEMS,
    After,
    Attributes,
    Body,
    Limit,
    Moment,
    Page,
    Text,
)

router = Router()
REFUSED = {
    "no_kind": ("/kind", "An event has a kind, such as “delivery”."),
    "no_key": ("/id", "An event has an id of yours, so that it counts once."),
    "no_time_zone": ("/occurred_at", "A moment needs its offset."),
    "in_the_future": ("/occurred_at", "This has not happened yet."),
    "not_plain": ("/properties", "Properties are plain JSON, together at most 20 kB."),
}


class EventIn(Body):
    """What happened, to whom and when. The same `id` again changes nothing."""

    id: Annotated[Text, Field(min_length=1, max_length=400)]
    kind: Annotated[Text, Field(min_length=1, max_length=120)]
    person: PersonIn
    occurred_at: Moment | None = None
    properties: Attributes = {}


class ReactionOut(Schema):
    """What one trigger made of it: asked, skipped (and why), not meant, or took something back."""

    trigger: str
    became: str
    skip: str
    due_at: Moment | None


class EventOut(Schema):
    """The event is on disk."""

    id: str
    is_new: bool
    reactions: list[ReactionOut]


class EventRead(Schema):
    """An event as it was told, and what triggers made of it; `person` is null once erased."""

    id: str
    key: str
    kind: str
    person: str | None
    properties: dict[str, Any]
    source: str
    occurred_at: Moment
    received_at: Moment
    reactions: list[ReactionOut]


@router.get(
    "",
    response={200: Page[EventRead], **PROBLEMS},
    auth=needs(Scope.READ_PEOPLE),
    operation_id="listEvents",
)
def list_events(
    request: Any,
    after: After,
    limit: Limit,
    kind: Annotated[str, Query("", max_length=60)],
    person: Annotated[str, Query("", max_length=60)],
    since: Annotated[Moment | None, Query(None, description="received since then")],
) -> dict[str, Any]:
    """What happened to customers, in the order it was told."""
    rows = _events(request.organisation)
    if kind:
        rows = rows.filter(kind=kind)
    if person:
        rows = rows.filter(person__public_id=read_id(PERSON, person))
    if since:
        rows = rows.filter(received_at__gte=since)
    return page_of(rows, after, limit, lambda page: [_shown(one) for one in page])


@router.get(
    "{event_id}",
    response={200: EventRead, **PROBLEMS},
    auth=needs(Scope.READ_PEOPLE),
    operation_id="getEvent",
)
def get_event(request: Any, event_id: str) -> dict[str, Any]:
    """One event."""
    found = _events(request.organisation).filter(public_id=read_id(EVENT, event_id)).first()
    if found is None:
        raise not_found()
    return _shown(found)


@router.post(
    "",
    response={200: EventOut, 201: EventOut, **PROBLEMS},
    auth=needs(Scope.WRITE_EVENTS),
    operation_id="postEvent",
)
def post_event(request: Any, data: EventIn) -> Status[Any]:
    """Tell what happened; the reply says whom it leads to being asked, and why not."""
    now = timezone.now()
    try:
        receipt = fieldwork.receive_event(
            request.organisation,
            kind=data.kind,
            person=data.person.data(),
            key=data.id,
            occurred_at=data.occurred_at or now,
            properties=data.properties,
            source="api",
            now=now,
        )
    except fieldwork.EventRefused as refusal:
        raise invalid(*REFUSED[refusal.reason]) from None
    reactions = [
        {
            "trigger": one.trigger_name,
            "became": one.became,
            "skip": one.skip,
            "due_at": one.due_at,
        }
        for one in receipt.reactions
    ]
    shown = {
        "id": id_of(EVENT, receipt.event_id),
        "is_new": receipt.is_new,
        "reactions": reactions,
    }
    return Status(201 if receipt.is_new else 200, shown)


def _events(organisation: Organisation) -> QuerySet[ReceivedEvent]:
    found = ReceivedEvent.objects.filter(organisation=organisation).select_related("person")
    return found.prefetch_related("reactions__trigger", "reactions__invitation")


def _shown(event: ReceivedEvent) -> dict[str, Any]:
    """An event as the API shows it; its reactions are prefetched."""
    return {
        "id": id_of(EVENT, event.public_id),
        "key": event.key,
        "kind": event.kind,
        "person": id_of(PERSON, event.person.public_id) if event.person else None,
        "properties": event.properties,
        "source": event.source,
        "occurred_at": event.occurred_at,
        "received_at": event.received_at,
        "reactions": [
            {
                "trigger": one.trigger.name if one.trigger else "",
                "became": one.became,
                "skip": one.skip,
                "due_at": one.invitation.due_at if one.invitation else None,
            }
            for one in sorted(event.reactions.all(), key=lambda one: one.pk)
        ],
    }
