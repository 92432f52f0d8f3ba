"""Who is asked no more, and whose mail came back."""

from typing import Any

from gloed.fieldwork import operations as fieldwork
from gloed.integrations.delighted import operations
from gloed.integrations.delighted.endpoints.asked import MOST, USUAL, Asked, Reply
from gloed.integrations.delighted.endpoints.people import address_in, between, find_by_address
from gloed.integrations.delighted.requests import unprocessable, whole
from gloed.integrations.delighted.rules import unix
from gloed.people.models import Person, Suppression

FURTHEST = 1_000_000


def unsubscribe(asked: Asked) -> Reply:
    """Ask this address no more, whether we knew it or not."""
    email = address_in(asked, "person_email")
    if not email:
        raise unprocessable("person_email", "can't be blank")
    person = find_by_address(asked.project, email)
    if person is None:
        try:
            person, _is_new = operations.keep_person(
                asked.project, email=email, phone="", name="", language="", now=asked.now
            )
        except operations.Forgotten:
            return Reply({"ok": True}, 201)  # who was erased is asked no more anyway
    fieldwork.opt_out_person(person, how="api", now=asked.now)
    return Reply({"ok": True}, 201)


def unsubscribes(asked: Asked) -> Reply:
    """Who unsubscribed, by the moment, the first ones first."""
    return _listed(asked, Suppression.Reason.OPT_OUT, "unsubscribed_at")


def bounces(asked: Asked) -> Reply:
    """Whose mail came back."""
    return _listed(asked, Suppression.Reason.BOUNCE, "bounced_at")


def _listed(asked: Asked, reason: str, moment: str) -> Reply:
    size = whole(asked.parameters, "per_page", default=USUAL, most=MOST)
    page = whole(asked.parameters, "page", default=1, most=FURTHEST)
    house = asked.project.organisation
    rows = between(
        Suppression.objects.filter(organisation=house, reason=reason), asked, "at"
    ).order_by("at", "pk")
    found = list(rows[(page - 1) * size : page * size])
    people: dict[str, Person] = {}
    keys = [one.key for one in found]
    for person in Person.objects.filter(organisation=house, email_key__in=keys).order_by("-pk"):
        people[person.email_key] = person
    return Reply([_line(one, people.get(one.key), moment) for one in found])


def _line(one: Suppression, person: Person | None, moment: str) -> dict[str, Any]:
    return {
        "person_id": str(person.pk) if person else f"unknown-{one.pk}",
        "email": person.email if person else one.key,
        "name": (person.name or None) if person else None,
        moment: unix(one.at),
    }
