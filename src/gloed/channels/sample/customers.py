"""Customers of the sample: the firms its persons belong to, and a list of who stayed and paid."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from gloed.analysis.customers.models import Customer, CustomerFile
from gloed.base.models import Organisation
from gloed.channels.sample import values
from gloed.people.models import Account, Person

YEAR = timedelta(days=365)
CHUNK = 2_000
NAMES = {"nl": "klanten.csv"}
ROLES = {
    "nl": ("Functie", "Inkoper", "Facilitair manager", "Directeur", "Administratie"),
    "en": ("Job title", "Buyer", "Facility manager", "Managing director", "Accounts payable"),
}
"""The attribute that says it, and the roles at a firm, one after the other."""


def add_customers(
    organisation: Organisation,
    sample: values.SampleOrganisation,
    *,
    person_ids: Mapping[UUID, int],
    language: str,
    now: datetime,
) -> CustomerFile:
    """Let persons belong to firms, and keep a list of customers as if it had come from a file."""
    accounts = _accounts(organisation, sample, person_ids)
    as_of = sample.ends_on - timedelta(days=1)
    file = CustomerFile.objects.create(
        organisation=organisation,
        file_name=NAMES.get(language, "customers.csv"),
        as_of=as_of,
        state=CustomerFile.State.KEPT,
        created_at=now,
        kept_at=now,
    )
    rows = list(_customers(file, sample, accounts, person_ids, as_of))
    Customer.objects.bulk_create(rows, batch_size=CHUNK)
    file.counts = {"customers": len(rows), "merged": 0}
    file.save(update_fields=["counts"])
    return file


def give_roles(
    organisation: Organisation,
    sample: values.SampleOrganisation,
    *,
    person_ids: Mapping[UUID, int],
    language: str,
) -> None:
    """Say what everybody of a firm does there; their answers were given without it."""
    name, *roles = ROLES.get(language, ROLES["en"])
    places: Counter[UUID] = Counter()
    wanted = {}
    for person in sample.persons:
        if person.account_id is not None and person.public_id in person_ids:
            wanted[person_ids[person.public_id]] = roles[places[person.account_id] % len(roles)]
            places[person.account_id] += 1
    people = list(Person.objects.filter(organisation=organisation, pk__in=wanted))
    for one in people:
        one.attributes = {**one.attributes, name: wanted[one.pk]}
    Person.objects.bulk_update(people, ["attributes"])


def clear_customers(organisation: Organisation) -> None:
    """Take them out again."""
    CustomerFile.objects.filter(organisation=organisation).delete()
    Account.objects.filter(organisation=organisation).delete()


def _accounts(
    organisation: Organisation,
    sample: values.SampleOrganisation,
    person_ids: Mapping[UUID, int],
) -> dict[UUID, Account]:
    made = {
        one.public_id: Account(
            organisation=organisation, name=one.name, external_id=f"ZA-{one.public_id.hex[:8]}"
        )
        for one in sample.accounts
    }
    Account.objects.bulk_create(made.values())
    members: dict[UUID, list[int]] = {}
    for person in sample.persons:
        if person.account_id is not None and person.public_id in person_ids:
            members.setdefault(person.account_id, []).append(person_ids[person.public_id])
    for account, people in members.items():
        Person.objects.filter(pk__in=people).update(account=made[account])
    return made


def _customers(
    file: CustomerFile,
    sample: values.SampleOrganisation,
    accounts: Mapping[UUID, Account],
    person_ids: Mapping[UUID, int],
    as_of: date,
) -> Iterator[Customer]:
    """A row for each firm and for everybody who belongs to none."""
    since = _since(sample)
    row = 1
    for one in sample.accounts:
        row += 1
        account = accounts[one.public_id]
        yield _row(
            file, row, one.public_id, account.external_id, one.name,
            (since.get(one.public_id, sample.starts_on), None), Decimal(one.yearly_revenue), as_of,
            account=account,
        )  # fmt: skip
    for person in sample.persons:
        if person.account_id is not None or person.public_id not in person_ids:
            continue
        if person.customer_since > as_of:
            continue
        row += 1
        left = person.left_on if person.left_on and person.left_on <= as_of else None
        yearly = Decimal(900 + person.public_id.int % 1_700)
        yield _row(
            file, row, person.public_id, f"ZW-{person.public_id.hex[:10]}", person.name,
            (person.customer_since, left), yearly, as_of, person_id=person_ids[person.public_id],
        )  # fmt: skip


def _since(sample: values.SampleOrganisation) -> dict[UUID, date]:
    """Since when each firm is a customer: as long as the first of its persons."""
    found: dict[UUID, date] = {}
    for person in sample.persons:
        if person.account_id is not None:
            known = found.get(person.account_id, person.customer_since)
            found[person.account_id] = min(known, person.customer_since)
    return found


def _row(
    file: CustomerFile,
    row: int,
    identity: UUID,
    key: str,
    name: str,
    days: tuple[date, date | None],
    yearly: Decimal,
    as_of: date,
    *,
    account: Account | None = None,
    person_id: int | None = None,
) -> Customer:
    start, end = days
    known = identity.int
    before = (yearly * (90 + known % 18) / 100).quantize(Decimal(1))
    is_new = start > as_of - YEAR
    origin = ("earned", "bought", "bought", "")[known % 4] if is_new else ""
    return Customer(
        file=file,
        row=row,
        key=key,
        name=name,
        person_id=person_id,
        account=account,
        started_on=start,
        ended_on=end,
        revenue=_part(yearly, max(start, as_of - YEAR), end or as_of),
        revenue_before=None
        if is_new
        else _part(before, max(start, as_of - 2 * YEAR), min(end or as_of, as_of - YEAR)),
        origin=origin,
    )


def _part(yearly: Decimal, start: date, end: date) -> Decimal:
    """What a year's amount comes to over a part of it."""
    share = Decimal(max(0, min((end - start).days, YEAR.days))) / YEAR.days
    return (yearly * share).quantize(Decimal(1))
