"""What stays when a person or an answer is gone, and what is told of somebody who asks."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from gloed.analysis.passives.models import FollowUp, Line, Offer
from gloed.analysis.passives.rules import Outcome
from gloed.people.models import Person
from gloed.responses.models import Response


def forget(organisation: int, person_key: str, *, now: datetime) -> None:
    """Empty what was written about somebody who was erased; moments, costs and outcomes stay."""
    own = FollowUp.objects.filter(organisation=organisation, person_key=person_key)
    Line.objects.filter(follow_up__in=own).update(text="")
    own.filter(ended_at=None).update(ended_at=now, outcome=Outcome.NOT_LIFTED)
    own.update(person=None, person_key=None, erased_at=now)
    Offer.objects.filter(organisation=organisation, person_key=person_key).update(
        person=None, person_key=None, what=""
    )


def tidy(organisation: int, *, now: datetime) -> None:
    """Persons or answers were removed: let go of what is not there any more."""
    gone = ~Exists(Person.objects.filter(pk=OuterRef("person_id")))
    for model in (FollowUp, Offer):
        rows: Any = model._default_manager.filter(
            gone, organisation=organisation, person__isnull=False
        )
        for key in list(rows.values_list("person_key", flat=True)):
            forget(organisation, str(key), now=now)
    lost = ~Exists(Response.objects.filter(pk=OuterRef("response_id")))
    FollowUp.objects.filter(lost, organisation=organisation, response__isnull=False).update(
        response=None
    )


def everything_about(person: Person) -> list[dict[str, Any]]:
    """What is held of a person here, as plain values: for their right to see it."""
    found: list[dict[str, Any]] = [
        {
            "taken_up_at": one.taken_at,
            "contacted_at": one.contacted_at,
            "ended_at": one.ended_at,
            "outcome": one.outcome,
            "lines": [
                {"what": line.kind, "at": line.at, "text": line.text} for line in one.lines.all()
            ],
        }
        for one in FollowUp.objects.filter(person=person).prefetch_related("lines").order_by("pk")
    ]
    offers = Offer.objects.filter(person=person).order_by("pk")
    found += [
        {
            "offer": one.kind,
            "what": one.what,
            "cost": str(one.cost) if one.cost is not None else "",
            "given_at": one.given_at,
            "removed_at": one.removed_at,
        }
        for one in offers
    ]
    return found
