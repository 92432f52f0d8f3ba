"""Reading accounts: who answered, how long they are silent, their revenue and their cases.

Accounts are few beside answers: they are read from the record, where persons belong to them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber
from django.utils.timezone import localtime

from gloed.analysis.answers import Line, lines_of
from gloed.analysis.customers.accounts.rules import Ratings, role_of
from gloed.analysis.customers.models import Customer, CustomerFile
from gloed.base.models import Membership
from gloed.base.queries import visible_teams
from gloed.loop.cases.models import Case
from gloed.loop.cases.queries import visible_cases
from gloed.people.models import Account, Person
from gloed.responses.models import Answer, Response
from gloed.surveys.models import Survey
from gloed.surveys.rules import RATING_POSITION, Metric

LATEST = 2  # ratings of each person that are laid beside each other
MOST_ANSWERS = 20  # on the page of an account
UNHAPPY_WITHIN = timedelta(days=365)
ORDERS = {
    "name": "name",
    "people": "people_count",
    "last": "last_at",
    "revenue": "revenue",
    "cases": "open_cases",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts: words in the name, silent for so many days, with a case, with somebody low.

    `silent` is a number of days, 0 for any.
    """

    search: str = ""
    silent: int = 0
    with_case: bool = False
    with_low: bool = False
    sort: str = ""

    @property
    def is_everything(self) -> bool:
        """Whether nothing is filtered."""
        return not (self.search or self.silent or self.with_case or self.with_low)


@dataclass(frozen=True, slots=True)
class Member:
    """One person of an account, with what they answered."""

    person: Person
    role: str
    last_on: date | None
    ratings: Ratings | None


def visible_accounts(membership: Membership) -> QuerySet[Account]:
    """The accounts a colleague may see: all, or those whose people answered the own teams."""
    accounts = Account.objects.filter(organisation=membership.organisation)
    teams = visible_teams(membership)
    if teams is None:
        return accounts
    answered = Response.objects.filter(person__account=OuterRef("pk"), team__in=teams)
    return accounts.filter(Exists(answered))


def list_accounts(
    membership: Membership, wanted: Wanted, file: CustomerFile | None, *, now: datetime
) -> QuerySet[Any]:
    """Accounts with people_count, answered_count, last_at, revenue and open_cases."""
    counts = _counting(membership, "people__responses__")
    cases = (
        visible_cases(membership)
        .exclude(status=Case.Status.CLOSED)
        .filter(person__account=OuterRef("pk"))
        .select_related(None)
        .order_by()
        .values("person__account")
        .annotate(n=Count("pk"))
        .values("n")
    )
    accounts = (
        visible_accounts(membership)
        .annotate(
            people_count=Count("people", distinct=True),
            answered_count=Count("people", distinct=True, filter=counts),
            last_at=Max("people__responses__responded_at", filter=counts),
        )
        .annotate(
            revenue=_revenue(file),
            open_cases=Coalesce(Subquery(cases, output_field=IntegerField()), 0),
        )
    )
    return _ordered(_filtered(accounts, membership, wanted, now), wanted.sort)


def _counting(membership: Membership, prefix: str) -> Q:
    """Answers that count and may be seen; those of colleagues about their work never."""
    counting = Q(
        **{
            f"{prefix}withdrawn_at": None,
            f"{prefix}is_suspicious": False,
            f"{prefix}survey__deleted_at": None,
        }
    )
    counting &= ~Q(**{f"{prefix}survey__metric": Metric.ENPS.value})
    counting &= Q(**{f"{prefix}pk__isnull": False})
    teams = visible_teams(membership)
    return counting if teams is None else counting & Q(**{f"{prefix}team__in": list(teams)})


def _revenue(file: CustomerFile | None) -> Any:
    if file is None:
        return Value(None, output_field=Customer._meta.get_field("revenue"))
    sums = (
        Customer.objects.filter(file=file, account=OuterRef("pk"), ended_on=None)
        .order_by()
        .values("account")
        .annotate(total=Sum("revenue"))
        .values("total")
    )
    return Subquery(sums)


def _filtered(
    accounts: QuerySet[Any], membership: Membership, wanted: Wanted, now: datetime
) -> QuerySet[Any]:
    if wanted.search:
        accounts = accounts.filter(
            Q(name__icontains=wanted.search) | Q(external_id__icontains=wanted.search)
        )
    if wanted.silent:
        since = now - timedelta(days=wanted.silent)
        accounts = accounts.filter(Q(last_at__lt=since) | Q(last_at=None))
    if wanted.with_case:
        accounts = accounts.filter(open_cases__gt=0)
    if wanted.with_low:
        low = Answer.objects.filter(
            _counting(membership, "response__"),
            response__person__account=OuterRef("pk"),
            response__responded_at__gte=now - UNHAPPY_WITHIN,
            response__survey__metric=Metric.NPS.value,
            question__position=RATING_POSITION,
            rating__lte=6,
        )
        accounts = accounts.filter(Exists(low))
    return accounts


def _ordered(accounts: QuerySet[Any], sort: str) -> QuerySet[Any]:
    """Silent longest first unless asked otherwise; what is not known comes last."""
    column = ORDERS.get(sort.removeprefix("-"))
    if column is None:
        return accounts.order_by(F("last_at").asc(nulls_first=True), "name", "pk")
    order = F(column)
    way = order.desc(nulls_last=True) if sort.startswith("-") else order.asc(nulls_last=True)
    return accounts.order_by(way, "name", "pk")


def rated_surveys(membership: Membership) -> list[int]:
    """Whose ratings stand with an account: NPS about the relationship, without one any NPS."""
    surveys = Survey.objects.filter(
        organisation=membership.organisation, deleted_at=None, metric=Metric.NPS.value
    )
    own = list(surveys.values_list("pk", "kind"))
    relationship = [pk for pk, kind in own if kind == Survey.Kind.RELATIONSHIP]
    return relationship or [pk for pk, _kind in own]


def ratings_of(membership: Membership, accounts: Sequence[int]) -> dict[int, dict[int, Ratings]]:
    """The latest rating of each person of these accounts, and the one before it."""
    newest = [F("response__responded_at").desc(nulls_last=True), F("response_id").desc()]
    rows = (
        Answer.objects.filter(
            _counting(membership, "response__"),
            response__person__account__in=accounts,
            response__survey__in=rated_surveys(membership),
            question__position=RATING_POSITION,
            rating__isnull=False,
        )
        .annotate(
            place=Window(RowNumber(), partition_by="response__person_id", order_by=newest)
        )
        .filter(place__lte=LATEST)
        .order_by("response__person_id", "place")
        .values_list(
            "response__person__account_id", "response__person_id", "rating",
            "response__responded_at",
        )
    )  # fmt: skip
    found: defaultdict[int, dict[int, Ratings]] = defaultdict(dict)
    for account, person, rating, at in rows:
        if account is None or person is None or rating is None:
            continue  # the filters have left none of these
        held = found[account].get(person)
        if held is None:
            on = localtime(at).date() if at else None
            found[account][person] = Ratings(rating, None, on)
        else:
            found[account][person] = Ratings(held.latest, rating, held.on)
    return found


def list_members(membership: Membership, account: Account) -> list[Member]:
    """The persons of an account: who answered last comes first, then by name."""
    counting = _counting(membership, "responses__")
    people = Person.objects.filter(account=account).annotate(
        last_at=Max("responses__responded_at", filter=counting)
    )
    ratings = ratings_of(membership, [account.pk]).get(account.pk, {})
    members = [
        Member(
            person,
            role_of(person.attributes),
            localtime(person.last_at).date() if person.last_at else None,
            ratings.get(person.pk),
        )
        for person in people
    ]
    return sorted(
        members,
        key=lambda one: (one.last_on is None, -(one.last_on or date.min).toordinal(),
                         str(one.person).casefold()),
    )  # fmt: skip


def history_of(membership: Membership, account: Account) -> list[tuple[datetime, int, str]]:
    """Moment, rating and person of every rating that counts, oldest first."""
    rows = Answer.objects.filter(
        _counting(membership, "response__"),
        response__person__account=account,
        response__survey__in=rated_surveys(membership),
        response__responded_at__isnull=False,
        question__position=RATING_POSITION,
        rating__isnull=False,
    ).select_related("response__person")
    return [
        (one.response.responded_at, one.rating, str(one.response.person))
        for one in rows.order_by("response__responded_at", "response_id")
        if one.response.responded_at is not None and one.rating is not None
    ]


def latest_answers(membership: Membership, account: Account) -> list[Line]:
    """The latest answers of an account, newest first."""
    keys = list(
        Response.objects.filter(_counting(membership, ""), person__account=account)
        .order_by(F("responded_at").desc(nulls_last=True), "-pk")
        .values_list("pk", flat=True)[:MOST_ANSWERS]
    )
    lines = lines_of(membership.organisation, keys)
    return [lines[key] for key in keys if key in lines]


def open_cases_of(membership: Membership, account: Account) -> list[Case]:
    """The open cases of everybody of an account, the most urgent first."""
    cases = visible_cases(membership).exclude(status=Case.Status.CLOSED)
    return list(cases.filter(person__account=account).order_by("-priority", "due_at", "pk"))


def value_of(account: Account, file: CustomerFile | None) -> tuple[Decimal | None, date | None]:
    """Revenue of an account in a file, and since when it is a customer."""
    if file is None:
        return None, None
    rows = list(Customer.objects.filter(file=file, account=account))
    known = [one.revenue for one in rows if one.revenue is not None and one.ended_on is None]
    since = min((one.started_on for one in rows), default=None)
    return (sum(known, Decimal(0)) if known else None), since
