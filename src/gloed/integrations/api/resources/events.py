"""Events: something happened to a customer, and triggers may ask about it."""

from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from gloed.base.keys import Scope
from gloed.fieldwork import operations as fieldwork
from gloed.integrations.api.ids import EVENT, id_of
from gloed.integrations.api.keys import needs
from gloed.integrations.api.problems import invalid
from gloed.integrations.api.resources.persons import PersonIn
from gloed.integrations.api.schemas import PROBLEMS, Attributes, Body, Moment, Text

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
