"""What people are worth a year by the list of customers in use; also for rooms below."""

from collections.abc import Sequence

from django.db.models import Sum

from gloed.analysis.customers.models import Customer, CustomerFile
from gloed.analysis.customers.value.operations import file_in_use
from gloed.base.models import Organisation
from gloed.loop.cases.worth import Source, Worth
from gloed.people.models import Person


def worth_of(organisation: int, people: Sequence[Person]) -> dict[int, Worth]:
    """Revenue by the key of a person: of their whole firm, or their own where they have none.

    Who left counts for nothing; who stands in no list, or without revenue, is left out.
    """
    file = file_in_use(organisation)
    if file is None:
        return {}
    firms = _sums(file, "account", {one.account_id for one in people if one.account_id})
    own = _sums(file, "person", {one.pk for one in people})
    found = {one.pk: firms.get(one.account_id or 0) or own.get(one.pk) for one in people}
    return {person: worth for person, worth in found.items() if worth is not None}


def currency_of(organisation: Organisation) -> str:
    """The currency of the list in use; "" without one."""
    file = file_in_use(organisation)
    return file.currency if file is not None else ""


def _sums(file: CustomerFile, column: str, keys: set[int]) -> dict[int, Worth]:
    rows = Customer.objects.filter(
        file=file, ended_on=None, revenue__isnull=False, **{f"{column}__in": keys}
    )
    sums = rows.order_by().values_list(column).annotate(total=Sum("revenue"))
    return {key: Worth(total, file.currency) for key, total in sums}


SOURCE = Source(worth_of, currency_of)
