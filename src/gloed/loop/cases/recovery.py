"""Whether customers came back after their case, beside how far they would have come by themselves.

Who gives a low score gives a higher one next time, on average, with no action at all: part of a low
answer is a bad day. How much is told by people without a case who answered more than once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from gloed.base.models import Membership, Organisation
from gloed.loop.cases.models import Case, CaseEvent
from gloed.loop.cases.queries import visible_cases
from gloed.responses.models import Answer
from gloed.stats import (
    Estimate,
    NetCounts,
    Refusal,
    Transitions,
    nps,
    paired_change,
    regression_to_mean,
    spread_between,
)
from gloed.surveys.rules import RATING_POSITION, Metric

WINDOW = timedelta(days=730)
MOST_PEOPLE = 20_000
LEAST_PAIRS = 10
"""Fewer people than this came back and told: their score would be about single persons."""
LEAST_REPEATED = 30
"""With fewer people who answered twice, nobody knows what a second answer is like by itself."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """The same people before and after their case, in points.

    `expected` is what regression to the mean alone makes of `before`; None where too few people
    without a case answered twice. `verdict` is one of more, less, same, unknown.
    """

    before: float
    after: Estimate
    change: Estimate
    expected: float | None
    reliability: float | None
    people: int

    @property
    def verdict(self) -> str:
        """How the later score stands to what was to be expected with no action at all."""
        if self.expected is None or self.after.low is None or self.after.high is None:
            return "unknown"
        if self.after.low > self.expected:
            return "more"
        return "less" if self.after.high < self.expected else "same"


@dataclass(frozen=True, slots=True)
class Pairs:
    """How many closed cases were followed by another answer, and by how many there could be one."""

    transitions: Transitions
    closed: int


def recovery_of(membership: Membership, *, now: datetime) -> tuple[Recovery | None, Pairs]:
    """Recovery over the last two years; None while fewer than LEAST_PAIRS people answered again."""
    pairs = pairs_of(visible_cases(membership), since=now - WINDOW)
    table = pairs.transitions
    if table.n < LEAST_PAIRS:
        return None, pairs
    before = nps(table.before).value
    expected = _expected(membership.organisation, before, now=now)
    return (
        Recovery(
            before=before,
            after=nps(table.after),
            change=paired_change(table),
            expected=expected[0] if expected else None,
            reliability=expected[1] if expected else None,
            people=int(table.n),
        ),
        pairs,
    )


def pairs_of(cases: QuerySet[Case], *, since: datetime) -> Pairs:
    """The answer a case began with, and the first one of the same person after it was closed.

    Both on a scale of recommending; one case of a person counts, the newest.
    """
    closed = cases.filter(closed_at__gte=since, person__isnull=False).order_by("closed_at", "pk")
    later = (
        _ratings()
        .filter(
            response__person=OuterRef("person"),
            response__responded_at__gt=OuterRef("closed_at"),
        )
        .order_by("response__responded_at", "pk")
        .values("rating")[:1]
    )
    first = _ratings().filter(response=OuterRef("response")).values("rating")[:1]
    rows = closed.annotate(first=Subquery(first), later=Subquery(later)).values_list(
        "person_id", "first", "later"
    )
    newest: dict[int, tuple[int, int]] = {}
    number = 0
    for person, one, two in rows:
        number += one is not None
        if one is not None and two is not None:
            newest[person] = (one, two)
    return Pairs(
        Transitions.from_scores(
            [one for one, _two in newest.values()], [two for _one, two in newest.values()]
        ),
        number,
    )


def count_room(cases: QuerySet[Case], *, since: datetime) -> tuple[int, int]:
    """Cases since then, and in how many of them somebody had no room to solve it."""
    counted = cases.filter(opened_at__gte=since).aggregate(
        n=Count("pk"), none=Count("pk", filter=Q(no_room_at__isnull=False))
    )
    return counted["n"], counted["none"]


def list_causes(cases: QuerySet[Case], *, since: datetime) -> list[tuple[str, int]]:
    """Root causes of cases since then, the most frequent first; "" for none named."""
    rows = cases.filter(opened_at__gte=since).order_by().values_list("cause__name")
    counted = rows.annotate(n=Count("pk")).order_by("-n", F("cause__name").asc(nulls_last=True))
    return [(name or "", number) for name, number in counted]


def list_no_room(cases: QuerySet[Case], *, since: datetime) -> list[CaseEvent]:
    """What colleagues said would have solved it, newest first."""
    events = CaseEvent.objects.filter(kind="no_room", at__gte=since, case__in=cases.order_by())
    return list(events.exclude(text="").select_related("staff", "case").order_by("-at")[:20])


def _expected(
    organisation: Organisation, observed: float, *, now: datetime
) -> tuple[float, float] | None:
    """What the group would score next with no action, and how reliable one answer is."""
    groups = list(_repeated(organisation, since=now - WINDOW))
    if len(groups) < LEAST_REPEATED:
        return None
    pooled = sum(groups[1:], start=groups[0])
    mean = (pooled.promoters - pooled.detractors) / pooled.n
    single = (pooled.promoters + pooled.detractors) / pooled.n - mean**2
    try:
        between = max(spread_between(groups), 0.0)
    except Refusal:
        return None
    back = regression_to_mean(
        observed=observed,
        mean=100 * mean,
        n=1,  # each person was picked by one answer
        answer_variance=max(single - between / 1e4, 0.0),
        spread_variance=between,
    )
    return back.expected, back.reliability


def _repeated(organisation: Organisation, *, since: datetime) -> Iterable[NetCounts]:
    """Per person without a case who answered at least twice: how often in which class."""
    had_case = Case.objects.filter(person=OuterRef("response__person"))
    rows = (
        _ratings()
        .filter(
            response__organisation=organisation,
            response__responded_at__gte=since,
            response__person__isnull=False,
        )
        .exclude(Exists(had_case))
        .values("response__person")
        .annotate(
            n=Count("pk"),
            promoters=Count("pk", filter=Q(rating__gte=9)),
            passives=Count("pk", filter=Q(rating__range=(7, 8))),
        )
        .filter(n__gte=2)
        .order_by("-response__person")[:MOST_PEOPLE]
    )
    for row in rows:
        low = row["n"] - row["promoters"] - row["passives"]
        yield NetCounts(row["promoters"], row["passives"], low)


def _ratings() -> QuerySet[Answer]:
    """Ratings of recommending that count."""
    return Answer.objects.filter(
        question__position=RATING_POSITION,
        rating__isnull=False,
        response__withdrawn_at=None,
        response__is_suspicious=False,
        response__survey__metric=Metric.NPS,
    )
