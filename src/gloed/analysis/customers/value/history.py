"""What each customer answered, and when: the answers of the people behind the rows of a file."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Min
from django.utils.timezone import localtime

from gloed.analysis.customers.models import Customer, CustomerFile
from gloed.analysis.customers.value.held import Held
from gloed.analysis.measures import bands_of
from gloed.analysis.queries import Selection
from gloed.analysis.queries.rows import rows_of
from gloed.analysis.store import Source, engine
from gloed.fieldwork.models import Invitation
from gloed.loop.promoters.referrals import recommended
from gloed.people.models import Person
from gloed.surveys.rules import Band, Metric, Scale


def held_customers(
    file: CustomerFile, source: Source, selection: Selection, scale: Scale | None
) -> list[Held]:
    """The customers of a file with their answers on one scale, and when they were first asked."""
    rows = list(
        file.customers.values_list(
            "pk", "person_id", "account_id", "started_on", "ended_on", "revenue",
            "revenue_before", "origin",
        )
    )  # fmt: skip
    referred = recommended_in(file)
    firms = {row[2] for row in rows if row[2] and not row[1]}
    members: defaultdict[int, list[int]] = defaultdict(list)
    if firms:
        own = Person.objects.filter(organisation=file.organisation_id, account__isnull=False)
        for person, account in own.values_list("pk", "account_id"):
            if account in firms:
                members[account].append(person)
    people = {row[1] for row in rows if row[1]}.union(*members.values())
    answers = _answers_of(people, source, selection, scale) if scale and people else {}
    asked = _asked(file.organisation_id) if people else {}
    found = []
    for pk, person, account, started, ended, revenue, before, origin in rows:
        own_people = [person] if person else members.get(account, [])
        given = sorted(pair for one in own_people for pair in answers.get(one, ()))
        days = [asked[one] for one in own_people if one in asked]
        found.append(
            Held(
                pk, started, ended, revenue, before,
                Customer.Origin.EARNED.value if pk in referred else origin,
                tuple(given), min(days, default=None),
            )
        )  # fmt: skip
    return found


def recommended_in(file: CustomerFile) -> set[int]:
    """The customers of a file who came by a referral link: what the file says of them gives way."""
    told = recommended(file.organisation_id)
    if not told.keys and not told.emails:
        return set()
    rows = file.customers.values_list(
        "pk", "key", "email_key", "person__external_id", "person__email_key"
    )
    return {
        pk
        for pk, key, email, number, address in rows
        if told.holds(key, (email, address or "")) or told.holds(number or "", ())
    }


def _answers_of(
    people: set[int], source: Source, selection: Selection, scale: Scale
) -> dict[int, list[tuple[date, Band]]]:
    """Day and band of every answer of these people, read as columns and never as rows."""
    rows = rows_of(source, selection)
    chosen = rows.filter(
        rows.person.notnull(),
        rows.rating.notnull(),
        rows.local_date.notnull(),
        rows.scale_minimum == scale.minimum,
        rows.scale_maximum == scale.maximum,
    )
    table = engine().run(source, chosen.select("person", "local_date", "rating", "responded_at"))
    table = table.sort_by([("responded_at", "ascending")])
    bands = bands_of(Metric.NPS, scale)
    found: defaultdict[int, list[tuple[date, Band]]] = defaultdict(list)
    columns = (table.column(name).to_pylist() for name in ("person", "local_date", "rating"))
    for person, day, rating in zip(*columns, strict=True):
        if person in people and rating in bands:
            found[person].append((day, bands[rating]))
    return found


def _asked(organisation: int) -> dict[int, date]:
    """The day on which each person was first asked, of those who were."""
    sent: Iterable[Any] = (
        Invitation.objects.filter(organisation=organisation, sent_at__isnull=False, person__gt=0)
        .values_list("person_id")
        .annotate(first=Min("sent_at"))
        .order_by()
    )
    return {person: localtime(first).date() for person, first in sent}
