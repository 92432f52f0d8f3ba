"""Writing persons: found again by external id, then by address; made when unknown; erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.db import IntegrityError, transaction

from gloed.base import audit, bulk
from gloed.base.models import Organisation, Staff
from gloed.people import queries
from gloed.people.models import Account, Person, Suppression
from gloed.people.rules import PersonData, email_key, erased_key, may_lift, phone_key, short_id

Identity: TypeAlias = tuple[str, str] | None
ERASED = -1  # somebody who asked to be forgotten: what comes in again stays without person

_READ = ("id", "external_id", "email_key", "name", "email", "phone", "language", "attributes")
_WRITTEN = (*_READ, "public_id", "organisation_id", "batch", "created_at")
_CHANGED = ("external_id", "email_key", "name", "email", "phone", "language", "attributes")


@dataclass(slots=True)
class _Known:
    """A person of this chunk: read, or new (no id yet)."""

    id: int | None
    external_id: str | None
    email_key: str
    name: str
    email: str
    phone: str
    language: str
    attributes: dict[str, Any]
    is_changed: bool = False

    def learn(self, data: PersonData, external_id: str, key: str) -> None:
        """Take over what a delivery knows better; what it does not tell stays."""
        if external_id and self.external_id != external_id:
            self.external_id, self.is_changed = external_id, True
        if key:
            address = data.email.strip()[:254]
            if self.email_key != key or self.email != address:
                self.email_key, self.email, self.is_changed = key, address, True
        if data.name and (name := bulk.clean(data.name.strip())[:200]) and name != self.name:
            self.name, self.is_changed = name, True
        if data.phone and (phone := bulk.clean(data.phone.strip())[:40]) and phone != self.phone:
            self.phone, self.is_changed = phone, True
        if data.language and (language := data.language[:8]) != self.language:
            self.language, self.is_changed = language, True
        if data.attributes and not (data.attributes.items() <= self.attributes.items()):
            self.attributes = {**self.attributes, **data.attributes}
            self.is_changed = True


def find_or_make_person(
    organisation_id: int, data: PersonData, *, now: datetime
) -> tuple[int | None, dict[str, Any]]:
    """The person a delivery is about, made or brought up to date, with the attributes of now.

    No person for an empty or erased one. Call inside a transaction.
    """
    for attempt in (1, 2):
        try:
            with transaction.atomic():
                identity = identity_of(data)
                known = _match(organisation_id, [data], [identity], batch=None, now=now)[0]
        except IntegrityError:  # somebody else made the same person just now
            if attempt == 2:
                raise
        else:
            break
    if known is None or isinstance(known, int):
        return None, {}
    return known.id, known.attributes


def match_people(
    organisation_id: int,
    people: Sequence[PersonData | None],
    *,
    identities: Sequence[Identity] | None = None,
    batch: UUID | None,
    now: datetime,
) -> list[int | None]:
    """The keys of many persons in the order given: found, brought up to date, or made.

    `identities` spares working out again who each is, by `identity_of`. External id first, then
    the address; an address never joins two external ids. Nothing known: None; a name alone makes a
    person of its own each time; erased before: ERASED. Call inside a transaction; a unique
    violation means that another writer was first: repeat the transaction.
    """
    if identities is None:
        identities = list(map(identity_of, people))
    found = _match(organisation_id, people, identities, batch=batch, now=now)
    return [item if item is None or isinstance(item, int) else item.id for item in found]


def _match(
    organisation_id: int,
    people: Sequence[PersonData | None],
    keys: Sequence[Identity],
    *,
    batch: UUID | None,
    now: datetime,
) -> list[_Known | int | None]:
    if not any(keys):
        return [None] * len(people)
    erased = queries.erased_keys(organisation_id)
    by_id, by_email = _read(organisation_id, keys)
    touched: dict[int, _Known] = {}
    result: list[_Known | int | None] = []
    for data, key in zip(people, keys, strict=True):
        if data is None or key is None:
            result.append(None)
            continue
        external_id, address = key
        if erased and _is_erased(organisation_id, data, external_id, address, erased):
            result.append(ERASED)
            continue
        known = _find(by_id, by_email, external_id, address)
        known.learn(data, external_id, address)
        if external_id:
            by_id[external_id] = known
        if address:
            by_email.setdefault(address, known)
        if known.is_changed:
            touched[id(known)] = known
        result.append(known)
    _store(organisation_id, list(touched.values()), batch=batch, now=now)
    return result


def identity_of(data: PersonData | None) -> Identity:
    """External id and address as they are compared; nothing for somebody without any trait."""
    if data is None:
        return None
    external_id = bulk.clean(short_id(data.external_id)) if data.external_id else ""
    address = email_key(data.email) if data.email else ""
    if external_id or address or data.name.strip() or data.phone.strip():
        return external_id, address
    return None


def _is_erased(
    organisation_id: int,
    data: PersonData,
    external_id: str,
    address: str,
    erased: frozenset[str],
) -> bool:
    """A number is looked at where it is all there is: a household may share one."""
    known = [("email", address), ("id", external_id)]
    if not (address or external_id):
        known = [("phone", phone_key(data.phone))]
    return any(
        value and erased_key(organisation_id, kind, value) in erased for kind, value in known
    )


def _read(
    organisation_id: int, keys: Sequence[Identity]
) -> tuple[dict[str, _Known], dict[str, _Known]]:
    ids = {key[0] for key in keys if key and key[0]}
    addresses = {key[1] for key in keys if key and key[1]}
    by_pk: dict[int, _Known] = {}
    for column, values in (("external_id", ids), ("email_key", addresses)):
        if not values:
            continue
        where = f'"organisation_id" = %s AND "{column}" {bulk.one_of()}'
        parameters = [organisation_id, bulk.many(values)]
        for row in bulk.select_rows(Person, _READ, where, parameters):
            by_pk[row[0]] = _known(row)
    by_id: dict[str, _Known] = {}
    by_email: dict[str, _Known] = {}
    for _, known in sorted(by_pk.items()):  # the oldest answers to an address
        if known.external_id:
            by_id[known.external_id] = known
        if known.email_key:
            by_email.setdefault(known.email_key, known)
    return by_id, by_email


def _known(row: tuple[Any, ...]) -> _Known:
    known = _Known(*row)
    known.attributes = bulk.from_json(known.attributes)
    return known


def _find(
    by_id: dict[str, _Known], by_email: dict[str, _Known], external_id: str, address: str
) -> _Known:
    known = by_id.get(external_id) if external_id else None
    if known is None and address:
        known = by_email.get(address)
        if known is not None and external_id and known.external_id:
            known = None  # two customers with one address
    return known or _Known(None, None, "", "", "", "", "", {}, is_changed=True)


def _store(
    organisation_id: int, people: list[_Known], *, batch: UUID | None, now: datetime
) -> None:
    new = [known for known in people if known.id is None]
    old = [known for known in people if known.id is not None]
    bulk.update_rows(Person, _CHANGED, [(*_values(known), known.id) for known in old])
    if not new:
        return
    created_at = bulk.moment(now)
    rows = []
    identities = zip(new, bulk.reserve_ids(Person, len(new)), bulk.new_uuids(len(new)), strict=True)
    for known, key, public_id in identities:
        known.id = key
        rows.append(
            (
                key,
                *_values(known),
                public_id,
                organisation_id,
                batch.hex if batch else None,
                created_at,
            )
        )
    bulk.insert_rows(Person, _WRITTEN, rows)


def _values(known: _Known) -> tuple[Any, ...]:
    return (
        known.external_id,
        known.email_key,
        known.name,
        known.email,
        known.phone,
        known.language,
        bulk.as_json(known.attributes),
    )


def erase(person: Person, *, now: datetime) -> None:
    """Forget a person: the row goes, a digest of address, number and external id stays.

    The digests keep the person from being asked, and from coming back with the next import. What
    hangs on the person in higher rooms is erased there first (`responses.operations`).
    """
    kept = [
        ("email", person.email_key),
        ("phone", phone_key(person.phone)),
        ("id", person.external_id or ""),
    ]
    for kind, value in kept:
        if value:
            Suppression.objects.get_or_create(
                organisation_id=person.organisation_id,
                key=erased_key(person.organisation_id, kind, value),
                reason=Suppression.Reason.ERASED,
                defaults={"source": "erasure", "at": now},
            )
    person.delete()


def delete(person: Person) -> None:
    """Delete somebody, and what stood against asking their address; nothing is remembered."""
    if person.email_key:
        Suppression.objects.filter(
            organisation_id=person.organisation_id, key=person.email_key
        ).delete()
    person.delete()


def suppress(
    organisation: Organisation, address: str, *, reason: str, source: str, now: datetime
) -> bool:
    """Never ask this address again; False for what is no address."""
    key = email_key(address)
    if not key:
        return False
    Suppression.objects.get_or_create(
        organisation=organisation, key=key, reason=reason, defaults={"source": source, "at": now}
    )
    return True


@transaction.atomic
def opt_out(person: Person, *, source: str, by: Staff, now: datetime) -> bool:
    """Send this person's address no more surveys; False without an address.

    `source` is the code of how they told (`forms.WAYS`). Doing it twice keeps the first moment.
    """
    reason = Suppression.Reason.OPT_OUT
    if not suppress(person.organisation, person.email, reason=reason, source=source, now=now):
        return False
    _audit(person, "people.suppressed", by, reason, now)
    return True


@transaction.atomic
def lift_suppression(
    person: Person, *, reason: str, by: Staff, now: datetime
) -> Suppression | None:
    """Let an address be asked again; what was lifted, None where nothing may be (`may_lift`)."""
    found = Suppression.objects.filter(
        organisation=person.organisation, key=person.email_key, reason=reason
    ).first()
    if found is None or not person.email_key or not may_lift(found.reason, found.source):
        return None
    Suppression.objects.filter(pk=found.pk).delete()
    _audit(person, "people.unsuppressed", by, reason, now)
    return found


def _audit(person: Person, action: str, by: Staff, reason: str, now: datetime) -> None:
    """The trail knows a person by the public id alone."""
    audit.record(
        by,
        action,
        person.public_id,
        {"reason": str(reason)},
        organisation=person.organisation,
        at=now,
    )


def remove_people_of(batch: UUID, people: Sequence[int]) -> int:
    """Delete those of `people` that this import brought; the caller knows they are unused."""
    ids = list(Person.objects.filter(batch=batch, pk__in=people).values_list("pk", flat=True))
    return bulk.delete_rows(Person, "id", ids)


class AddressTaken(Exception):
    """Somebody else of the organisation has this address."""


@transaction.atomic
def change_person(
    person: Person, values: Mapping[str, str], *, attributes: Mapping[str, Any] | None = None
) -> None:
    """Set what is given (name, email, phone, language), empty takes it away; the rest stays.

    An attribute that is None goes. Raises AddressTaken, and ValueError for any other field.
    """
    if not values.keys() <= {"name", "email", "phone", "language"}:
        raise ValueError(f"unknown fields: {sorted(values)}")
    person = Person.objects.select_for_update().get(pk=person.pk)
    for name, value in values.items():
        setattr(person, name, bulk.clean(value.strip()))
    if "email" in values:
        person.email_key = email_key(values["email"])
        others = Person.objects.filter(
            organisation_id=person.organisation_id, email_key=person.email_key
        ).exclude(pk=person.pk)
        if person.email_key and others.exists():
            raise AddressTaken
    given = {**person.attributes, **(attributes or {})}
    person.attributes = {name: value for name, value in given.items() if value is not None}
    person.save(update_fields=[*values, "email_key", "attributes"])


@transaction.atomic
def place_at_account(person: Person, name: str) -> None:
    """Say which firm somebody belongs to, made when unknown; empty: to none."""
    name = bulk.clean(name.strip())[:200]
    account = None
    if name:
        account, _is_new = Account.objects.get_or_create(
            organisation_id=person.organisation_id, name=name
        )
    if person.account != account:
        person.account = account
        person.save(update_fields=["account"])


class NameTaken(Exception):
    """Another account of the organisation has this name."""


def find_or_make_account(
    organisation: Organisation, name: str, *, external_id: str = ""
) -> tuple[Account, bool]:
    """The account of this name, and whether it is new; an external id that is given is kept."""
    account, is_new = Account.objects.get_or_create(
        organisation=organisation, name=name, defaults={"external_id": external_id}
    )
    if external_id and account.external_id != external_id:
        account.external_id = external_id
        account.save(update_fields=["external_id"])
    return account, is_new


def change_account(account: Account, name: str, *, external_id: str = "") -> None:
    """Give an account another name, and an external id where one is given. Raises NameTaken."""
    account.name = name
    account.external_id = external_id or account.external_id
    try:
        with transaction.atomic():
            account.save(update_fields=["name", "external_id"])
    except IntegrityError:
        raise NameTaken from None
