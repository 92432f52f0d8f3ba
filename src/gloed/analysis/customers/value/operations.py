"""Bringing a file of customers in, keeping it, and taking it back whole."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from gloed.analysis.customers.models import Customer, CustomerFile
from gloed.analysis.customers.value.cells import DayOrder, Mark
from gloed.analysis.customers.value.columns import Understood, What, guess_columns, understand
from gloed.analysis.customers.value.tables import Table, read_table
from gloed.base import audit, bulk, jobs
from gloed.base.models import Job, Organisation, Staff
from gloed.people.models import Account, Person
from gloed.people.rules import email_key

KEEP = "customers.keep"
LARGEST_BYTES = 10_000_000
AT_ONCE = 2_000
"""So many customers are kept while the page waits; more of them by the worker."""
CHUNK = 1_000
State = CustomerFile.State
Item = TypeVar("Item")


def upload(
    organisation: Organisation, *, name: str, content: bytes, by: Staff, today: date, now: datetime
) -> CustomerFile:
    """Take a file in and guess which column holds what; nothing of it counts yet.

    Raises UnreadableTable.
    """
    table = read_table(content)
    columns = guess_columns(table.heads)
    last = _remembered(organisation, table)
    return CustomerFile.objects.create(
        organisation=organisation,
        file_name=bulk.clean(name.strip())[:255] or "customers.csv",
        content=zlib.compress(content, 6),
        headers=list(table.heads),
        columns=last or {what.value: place for what, place in columns.items()},
        as_of=today,
        created_by=by,
        created_at=now,
    )


def table_of(file: CustomerFile) -> Table:
    """The table of a file that is not kept yet."""
    return read_table(zlib.decompress(bytes(file.content or b"")))


def understood(file: CustomerFile, table: Table) -> Understood:
    """What a file holds with the columns and notations chosen."""
    columns = {What(what): int(place) for what, place in file.columns.items()}
    order, mark = file.options.get("order"), file.options.get("mark")
    return understand(
        table,
        columns,
        as_of=file.as_of,
        order=DayOrder(order) if order else None,
        mark=Mark(mark) if mark else None,
    )


def decide(file: CustomerFile, *, columns: dict[str, int], options: dict[str, str],
           as_of: date, currency: str) -> None:  # fmt: skip
    """Take over what was chosen on the page."""
    file.columns, file.options, file.as_of, file.currency = columns, options, as_of, currency
    file.save(update_fields=["columns", "options", "as_of", "currency"])


def keep(file: CustomerFile, *, count: int, by: Staff, now: datetime) -> None:
    """Let the customers of a file count: at once where there are few, else by the worker."""
    if file.state != State.UNDERSTOOD:
        return
    with transaction.atomic():
        file.state = State.KEEPING
        if count > AT_ONCE:
            jobs.enqueue(
                KEEP,
                {"file": str(file.public_id)},
                now=now,
                organisation=file.organisation_id,
                key=_key_of(file),
            )
        file.save(update_fields=["state"])
        audit.record(
            by, "customers.keep", file.file_name, {"customers": count},
            organisation=file.organisation, at=now,
        )  # fmt: skip
    if count <= AT_ONCE:
        write(file, now=now)


def job_of(file: CustomerFile) -> Job | None:
    """The work that keeps a large file, to show how far it is."""
    return Job.objects.filter(key=_key_of(file)).order_by("-pk").first()


def _key_of(file: CustomerFile) -> str:
    return f"{KEEP}:{file.pk}"


def write(
    file: CustomerFile, *, now: datetime, report: Callable[[int, int], None] | None = None
) -> None:
    """Put the customers of a file in the record, a piece at a time; harmless to repeat."""
    if file.state != State.KEEPING:
        return
    found = understood(file, table_of(file))
    done = 0
    for piece in _pieces(found.customers, CHUNK):
        rows = [
            Customer(
                file=file, row=one.row, key=one.key, name=one.name, email_key=email_key(one.email),
                started_on=one.started_on, ended_on=one.ended_on, revenue=one.revenue,
                revenue_before=one.before, origin=one.origin,
            )
            for one in piece
        ]  # fmt: skip
        _match(file.organisation_id, rows)
        with transaction.atomic():
            Customer.objects.bulk_create(rows, ignore_conflicts=True)
        done += len(piece)
        if report is not None:
            report(done, len(found.customers))
    with transaction.atomic():
        file.state, file.kept_at, file.content = State.KEPT, now, None
        file.counts = {
            "customers": len(found.customers),
            "merged": found.merged,
            **{flaw.value: n for flaw, n in found.flaws.items()},
        }
        file.save(update_fields=["state", "kept_at", "content", "counts"])


def undo(file: CustomerFile, *, by: Staff, now: datetime) -> bool:
    """Take a kept file back whole: none of it counts any more. Its rows wait to be kept again."""
    return _turn(file, State.KEPT, State.UNDONE, "customers.undo", by=by, now=now)


def redo(file: CustomerFile, *, by: Staff, now: datetime) -> bool:
    """Let a file count again that was taken back."""
    return _turn(file, State.UNDONE, State.KEPT, "customers.redo", by=by, now=now)


def discard(file: CustomerFile, *, by: Staff, now: datetime) -> bool:
    """Throw a file away for good, with all its rows; only one that does not count."""
    if file.state not in (State.UNDERSTOOD, State.UNDONE):
        return False
    with transaction.atomic():
        if file.state == State.UNDONE:
            audit.record(by, "customers.discard", file.file_name,
                         organisation=file.organisation, at=now)  # fmt: skip
        file.delete()
    return True


def file_in_use(organisation: Organisation | int) -> CustomerFile | None:
    """The file that counts: of those kept, the one that knows most of late."""
    kept = CustomerFile.objects.filter(organisation=organisation, state=State.KEPT)
    return kept.order_by("-as_of", "-kept_at", "-pk").defer("content").first()


def match_again(file: CustomerFile) -> int:
    """Look once more for the people and firms of rows that stand alone; how many were found."""
    people = Person.objects.filter(organisation=file.organisation_id).values("pk")
    alone = file.customers.filter(Q(person=None) | ~Q(person__in=people), account=None)
    found = 0
    for piece in _pieces(list(alone.values_list("pk", flat=True)), CHUNK):
        rows = list(Customer.objects.filter(pk__in=piece))
        for row in rows:
            row.person_id = None
        _match(file.organisation_id, rows)
        known = [row for row in rows if row.person_id or row.account_id]
        Customer.objects.bulk_update(known, ["person", "account"])
        found += len(known)
    # who was known already may belong to a firm by now
    firm = Person.objects.filter(pk=OuterRef("person_id")).values("account_id")[:1]
    file.customers.filter(account=None, person__account__isnull=False).update(
        account_id=Subquery(firm)
    )
    return found


def _turn(
    file: CustomerFile, present: str, becomes: str, action: str, *, by: Staff, now: datetime
) -> bool:
    with transaction.atomic():
        turned = CustomerFile.objects.filter(pk=file.pk, state=present).update(state=becomes)
        if turned:
            audit.record(by, action, file.file_name, organisation=file.organisation, at=now)
    return bool(turned)


def _pieces(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    source = iter(items)
    while piece := tuple(islice(source, size)):
        yield piece


def _remembered(organisation: Organisation, table: Table) -> dict[str, int]:
    """The columns of the last file with these heads, as they were chosen then."""
    files = CustomerFile.objects.filter(organisation=organisation).exclude(state=State.UNDERSTOOD)
    for columns, headers in files.values_list("columns", "headers")[:20]:
        if headers == list(table.heads):
            return dict(columns)
    return {}


def _match(organisation: int, rows: Sequence[Customer]) -> None:
    """Find whom the rows are about: by number, then address; firms by number, then name."""
    people = Person.objects.filter(organisation=organisation)
    accounts = Account.objects.filter(organisation=organisation)
    keys, addresses = {row.key for row in rows} - {""}, {row.email_key for row in rows} - {""}
    names = {row.name for row in rows} - {""}
    by_key = _firsts(people.filter(external_id__in=keys), "external_id")
    by_address = _firsts(people.filter(email_key__in=addresses), "email_key")
    firms = _firsts(accounts.filter(external_id__in=keys), "external_id")
    by_name = _firsts(accounts.filter(name__in=names), "name")
    firm_of = dict(
        people.filter(pk__in={*by_key.values(), *by_address.values()}, account__isnull=False)
        .values_list("pk", "account_id")
    )  # fmt: skip
    for row in rows:
        firm = firms.get(row.key)
        row.person_id = by_key.get(row.key) or (None if firm else by_address.get(row.email_key))
        own = firm_of.get(row.person_id) if row.person_id else None
        row.account_id = firm or own or by_name.get(row.name)
        if row.person_id is None and row.account_id is None:
            row.person_id = by_address.get(row.email_key)


def _firsts(rows: QuerySet[Any], column: str) -> dict[str, int]:
    """The key of the oldest row by the value of a column."""
    found: dict[str, int] = {}
    for pk, value in rows.order_by("pk").values_list("pk", column):
        found.setdefault(value, pk)
    return found


def names_of(customers: Iterable[Customer]) -> dict[int, str]:
    """How each of these customers is called, by key; those of people as the person is now."""
    return {
        one.pk: str(one.person or one.account or "") or one.name or one.key for one in customers
    }
