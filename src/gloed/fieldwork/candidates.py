"""Reading what counts when people are about to be asked, for many of them at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from heapq import nsmallest
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from gloed.fieldwork.models import ContactPolicy, Invitation, Preference
from gloed.fieldwork.rules import (
    Contact,
    Disposition,
    Exemption,
    History,
    Kind,
    PastAsk,
    Policy,
    draw,
    plain_conditions,
    read_conditions,
)
from gloed.fieldwork.rules.policy import UNASKED, YEAR
from gloed.people.models import Person, Suppression
from gloed.people.rules import email_key, erased_key

ZONE_ATTRIBUTE = "time_zone"
_COLUMNS = (
    "id",
    "public_id",
    "name",
    "email",
    "phone",
    "language",
    "attributes",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be asked, as they are now."""

    id: int
    identity: str
    name: str
    email: str
    phone: str
    language: str
    attributes: dict[str, Any]

    @property
    def contacts(self) -> frozenset[Contact]:
        """How they can be reached."""
        known = {Contact.EMAIL: email_key(self.email), Contact.PHONE: self.phone.strip()}
        return frozenset(contact for contact, value in known.items() if value)

    @property
    def domain(self) -> str:
        """Where their mail lives."""
        return email_key(self.email).rpartition("@")[2]

    @property
    def traits(self) -> dict[str, Any]:
        """What conditions can look at: their attributes, language and mail domain."""
        return {"language": self.language, "domain": self.domain, **self.attributes}

    @property
    def zone(self) -> str:
        """Their own time zone where we know it, else empty."""
        return _known_zone(str(self.attributes.get(ZONE_ATTRIBUTE) or ""))


@lru_cache(maxsize=1024)
def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return ""
    return name


def policy_of(organisation_id: int) -> Policy:
    """The contact policy that holds for an organisation."""
    columns = tuple(Policy.__dataclass_fields__)
    row = ContactPolicy.objects.filter(organisation_id=organisation_id).values(*columns).first()
    if row is None:
        return Policy()
    return Policy(**{**row, "exemptions": tuple(map(read_exemption, row["exemptions"]))})


def read_exemption(stored: Mapping[str, Any]) -> Exemption:
    """An exemption from the plain values it is stored as."""
    conditions = read_conditions(stored.get("conditions", ()))
    never_by = tuple(stored.get("never_by", ()))
    return Exemption(**{**stored, "conditions": conditions, "never_by": never_by})


def plain_exemption(exemption: Exemption) -> dict[str, Any]:
    """An exemption as plain values, to be stored."""
    values = {name: getattr(exemption, name) for name in Exemption.__dataclass_fields__}
    conditions = plain_conditions(exemption.conditions)
    return {**values, "conditions": conditions, "never_by": list(exemption.never_by)}


def people_in(organisation_id: int, segment: Mapping[str, Sequence[str]]) -> QuerySet[Person]:
    """The people of an organisation whose attributes have one of the values asked for."""
    people = Person.objects.filter(organisation_id=organisation_id)
    for number, (name, values) in enumerate(segment.items()):
        alias = f"segment_{number}"
        text = Cast(KeyTextTransform(name, "attributes"), TextField())
        people = people.alias(**{alias: text}).filter(**{f"{alias}__in": list(values)})
    return people


def read(people: QuerySet[Person]) -> list[Candidate]:
    """Candidates, in the order of the rows."""
    rows = people.values_list(*_COLUMNS)
    return [Candidate(pk, str(public_id), *rest) for pk, public_id, *rest in rows]


def lock(people: Collection[int]) -> list[Candidate]:
    """The same, while nobody else may decide about them until this transaction ends."""
    return read(Person.objects.filter(pk__in=people).order_by("pk").select_for_update(no_key=True))


def read_these(people: Collection[int]) -> list[Candidate]:
    """These people as they are now."""
    return read(Person.objects.filter(pk__in=people).order_by("pk"))


def in_chunks(people: QuerySet[Person], size: int) -> Iterator[list[Candidate]]:
    """All of them, some at a time, so that memory stays flat."""
    last = 0
    while found := read(people.filter(pk__gt=last).order_by("pk")[:size]):
        yield found
        last = found[-1].id


@dataclass(frozen=True, slots=True)
class Crowd:
    """People to look at: `chunks` holds them, or a random part of them when there are very many.

    `people` is how many there are, `looked_at` how many of them are in the chunks.
    """

    people: int
    looked_at: int
    chunks: Iterator[list[Candidate]]

    @property
    def factor(self) -> float:
        """For how many people each one who is looked at stands."""
        return self.people / self.looked_at if self.looked_at else 1.0


def crowd(people: QuerySet[Person], *, size: int, most: int | None, seed: str = "") -> Crowd:
    """Everybody, `size` at a time; of more than `most` only so many, drawn at random.

    The same people are drawn each time for one seed. Memory stays flat however many there are.
    """
    count = people.count()
    if most is None or count <= most:
        return Crowd(count, count, in_chunks(people, size))
    ids = people.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=5000)
    drawn = sorted(nsmallest(most, ids, key=lambda pk: draw(seed, str(pk))))
    parts = (drawn[first : first + size] for first in range(0, len(drawn), size))
    return Crowd(count, len(drawn), (read_these(part) for part in parts))


def histories(
    organisation_id: int,
    candidates: Sequence[Candidate],
    *,
    policy: Policy,
    now: datetime,
    without: Collection[int] = (),
) -> dict[int, History]:
    """What counts for each candidate; the invitations in `without` are looked past."""
    ids = [candidate.id for candidate in candidates]
    reasons = _suppressions(organisation_id, candidates)
    wishes = {row.person_id: row for row in Preference.objects.filter(person__in=ids)}
    asks, is_open = _asks(ids, wishes.values(), policy=policy, now=now, without=without)
    found = {}
    for candidate in candidates:
        why = reasons.get(email_key(candidate.email), frozenset())
        wish = wishes.get(candidate.id) or Preference()
        found[candidate.id] = History(
            contacts=candidate.contacts,
            is_opted_out=wish.is_opted_out or Suppression.Reason.OPT_OUT in why,
            kinds_opted_out=frozenset(wish.kinds_opted_out),
            is_suppressed=Suppression.Reason.ERASED in why,
            is_bounced=Suppression.Reason.BOUNCE in why,
            pause_until=wish.pause_until,
            quarantine_until=wish.quarantine_until,
            offered_at=wish.offered_at,
            rhythm_days=wish.rhythm_days,
            has_open_invitation=candidate.id in is_open,
            asks=tuple(asks.get(candidate.id, ())),
            traits=candidate.traits,
        )
    return found


def _asks(
    ids: Sequence[int],
    wishes: Iterable[Preference],
    *,
    policy: Policy,
    now: datetime,
    without: Collection[int],
) -> tuple[dict[int, list[PastAsk]], set[int]]:
    """The asks of each person that may still count, and who has an open one."""
    rests = [wish.rhythm_days for wish in wishes]
    holding: list[Policy | Exemption] = [policy, *policy.exemptions]
    for one in holding:
        rests += [one.relationship_rest_days or 0, one.transactional_rest_days or 0]
        rests += [YEAR.days] if one.survey_cap else []
    reach = timedelta(days=max(rests))
    rows = Invitation.objects.filter(person_id__in=ids).exclude(disposition__in=UNASKED)
    # what was taken back after it had been sent did take up somebody's time
    rows = rows.exclude(disposition=Disposition.WITHDRAWN, sent_at=None)
    if without:
        rows = rows.exclude(pk__in=without)
    columns = ("person_id", "survey_id", "survey__kind", "is_open")
    asks: dict[int, list[PastAsk]] = {}
    is_open: set[int] = set()
    earliest = now - reach
    for person, survey, kind, still, sent, due, created in rows.values_list(
        *columns, "sent_at", "due_at", "created_at"
    ).iterator(chunk_size=5000):
        at = sent or due or created
        if still:
            is_open.add(person)
        if at > earliest:
            asks.setdefault(person, []).append(PastAsk(at, Kind(kind), survey))
    return asks, is_open


def _suppressions(
    organisation_id: int, candidates: Sequence[Candidate]
) -> dict[str, frozenset[str]]:
    """Why addresses must not be asked, by address."""
    if not Suppression.objects.filter(organisation_id=organisation_id).exists():
        return {}
    addresses: dict[str, str] = {}
    for candidate in candidates:
        if key := email_key(candidate.email):
            addresses[key] = key
            addresses[erased_key(organisation_id, "email", key)] = key
    found: dict[str, set[str]] = {}
    rows = Suppression.objects.filter(organisation_id=organisation_id, key__in=list(addresses))
    for key, reason in rows.values_list("key", "reason"):
        found.setdefault(addresses[key], set()).add(reason)
    return {address: frozenset(reasons) for address, reasons in found.items()}
