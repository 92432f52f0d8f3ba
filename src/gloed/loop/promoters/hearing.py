"""From news in the journal: people who go, and new customers told as events."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from gloed.base.models import JournalEntry
from gloed.fieldwork.models import ReceivedEvent
from gloed.loop.promoters.operations import forgetting, referring
from gloed.loop.promoters.operations.referring import Told
from gloed.responses.operations import news

EVENT = "event.received"
KIND = "referral_converted"
"""The kind of event that tells of a new customer; its properties hold `code` and `revenue`."""
MOST = Decimal(99999999999999)


def forget_people(entries: Sequence[JournalEntry]) -> None:
    """People were erased or taken out: nothing of theirs stays. Harmless twice."""
    for organisation in {entry.organisation_id for entry in entries}:
        forgetting.forget_customers(organisation)
    for organisation in {one.organisation_id for one in entries if one.kind == news.REMOVED}:
        forgetting.tidy(organisation)


def read_events(entries: Sequence[JournalEntry]) -> None:
    """A program told of new customers: count each once. Harmless twice."""
    told = [entry.subject for entry in entries if entry.payload.get("kind") == KIND]
    events = ReceivedEvent.objects.filter(public_id__in=told).select_related(
        "organisation", "person"
    )
    for event in events.order_by("pk"):
        person, properties = event.person, event.properties
        customer = str(properties.get("customer") or "").strip()
        if not customer and person is not None:
            customer = person.external_id or person.email
        code = properties.get("code")
        if not customer or not isinstance(code, str) or not code.strip():
            continue
        referring.note_conversion(
            event.organisation,
            Told(
                code=code,
                customer=customer,
                on=_day(properties) or timezone.localdate(event.occurred_at),
                revenue=amount_in(properties.get("revenue")),
                email=person.email if person else "",
            ),
            source=referring.Source.EVENT,
            now=timezone.now(),
        )


def amount_in(value: object) -> Decimal | None:
    """An amount as a program writes it; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount <= MOST:
        return None
    return amount.quantize(Decimal("0.01"))


def _day(properties: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(properties.get("date") or "")[:10])
    except ValueError:
        return None
