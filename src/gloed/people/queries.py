"""Reading persons, and whom not to ask."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from gloed.base.models import Organisation
from gloed.people.models import Person, Suppression
from gloed.people.rules import email_key, erased_key

PAGE = 50
ORDERS = {"name": "name", "email": "email_key", "id": "external_id"}
"""What a list can be sorted by, and the column; anything else is newest first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which persons: words in name, address or external id; only those who get no surveys."""

    search: str = ""
    is_opted_out: bool = False
    sort: str = ""

    @property
    def is_everybody(self) -> bool:
        """Whether nothing is filtered."""
        return not (self.search or self.is_opted_out)


def list_people(
    organisation: Organisation, wanted: Wanted, *, after: UUID | None = None
) -> tuple[list[Person], bool]:
    """A page of persons, and whether there are more.

    `after` is the public id of the last one seen; somebody who is gone by now starts it anew. The
    place in the list is found by key, so that a late page costs what the first one costs.
    """
    people = _wanted(organisation, wanted).select_related("account")
    column, is_descending = _order(wanted.sort)
    sign = "-" if is_descending else ""
    people = people.order_by(*dict.fromkeys([f"{sign}{column}", f"{sign}pk"]))
    if column == "external_id":  # those without one do not stand in this order
        people = people.filter(external_id__isnull=False)
    last = after and Person.objects.filter(organisation=organisation, public_id=after).first()
    if last:
        people = people.filter(_beyond(column, last, is_descending=is_descending))
    found = list(people[: PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def count_people(organisation: Organisation, wanted: Wanted) -> int:
    """How many there are."""
    return _wanted(organisation, wanted).count()


def _order(sort: str) -> tuple[str, bool]:
    column = ORDERS.get(sort.removeprefix("-"))
    return (column, sort.startswith("-")) if column else ("pk", True)


def _beyond(column: str, last: Person, *, is_descending: bool) -> Q:
    way = "lt" if is_descending else "gt"
    further = Q(**{f"pk__{way}": last.pk})
    if column == "pk":
        return further
    value = getattr(last, column)
    return Q(**{f"{column}__{way}": value}) | (Q(**{column: value}) & further)


def _wanted(organisation: Organisation, wanted: Wanted) -> QuerySet[Person]:
    people = Person.objects.filter(organisation=organisation)
    if wanted.search:
        people = people.filter(
            Q(name__icontains=wanted.search)
            | Q(email_key__contains=wanted.search.lower())
            | Q(external_id__icontains=wanted.search)
        )
    if wanted.is_opted_out:
        stopped = Suppression.objects.filter(organisation=organisation, key=OuterRef("email_key"))
        people = people.filter(Exists(stopped)).exclude(email_key="")
    return people


def suppressions_of(
    organisation: Organisation, people: Sequence[Person]
) -> dict[int, list[Suppression]]:
    """By the person's key: why they get no surveys, oldest first; nothing for most."""
    by_address: dict[str, list[Suppression]] = defaultdict(list)
    keys = {person.email_key for person in people if person.email_key}
    rows = Suppression.objects.filter(organisation=organisation, key__in=keys)
    for suppression in rows.order_by("at", "pk"):
        by_address[suppression.key].append(suppression)
    return {person.pk: by_address.get(person.email_key, []) for person in people}


def everything_about(person: Person) -> dict[str, Any]:
    """What this room holds of a person, as plain values."""
    stopped = suppressions_of(person.organisation, [person])[person.pk]
    return {
        "person": {
            "id": str(person.public_id),
            "external_id": person.external_id,
            "name": person.name,
            "email": person.email,
            "telephone": person.phone,
            "language": person.language,
            "account": person.account.name if person.account else None,
            "attributes": person.attributes,
            "known_since": person.created_at,
        },
        "no_surveys": [
            {"reason": one.reason, "source": one.source, "since": one.at} for one in stopped
        ],
    }


def erased_keys(organisation_id: int) -> frozenset[str]:
    """The digests of everybody who was erased on request."""
    return frozenset(
        Suppression.objects.filter(
            organisation_id=organisation_id, reason=Suppression.Reason.ERASED
        ).values_list("key", flat=True)
    )


def is_suppressed(organisation: Organisation, address: str) -> bool:
    """Whether an address must not be asked, for whatever reason."""
    key = email_key(address)
    if not key:
        return True
    return Suppression.objects.filter(
        organisation=organisation, key__in=[key, erased_key(organisation.pk, "email", key)]
    ).exists()
