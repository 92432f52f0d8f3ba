"""Everything the page of retention and value says, kept while file and answers stay the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from gloed.analysis import queries
from gloed.analysis.changes.subjects import Subject
from gloed.analysis.customers.models import CustomerFile
from gloed.analysis.customers.value.held import Held, year_before
from gloed.analysis.customers.value.history import held_customers, recommended_in
from gloed.analysis.customers.value.rules import (
    AtRisk,
    Growth,
    Kept,
    Staying,
    at_risk,
    growth_in_year,
    happy_who_left,
    kept_in_year,
    staying,
    unhappy_who_stayed,
)
from gloed.analysis.queries import ALL_TIME, Query, Selection
from gloed.analysis.store import Source
from gloed.loop.promoters.referrals import last_change
from gloed.surveys.rules import Scale


@dataclass(frozen=True)
class ValueReport:
    """What a file of customers says, together with what they answered.

    `start` and `end` are the two days between which a year of customers is followed; the lists
    hold keys of customers.
    """

    start: date
    end: date
    customers: int
    with_answers: int
    kept: Kept | None
    growth: Growth | None
    staying: Staying
    risk: AtRisk | None
    referred: int  # new customers who came by a referral link
    left: tuple[int, ...]  # happy, and gone
    stayed: tuple[int, ...]  # unhappy, and still there


def value_report(
    file: CustomerFile, source: Source, subject: Subject | None, *, minimum: int
) -> ValueReport:
    """The report of a file that is kept, with the answers of a subject; without, of the file."""
    selection, scale = Selection(surveys=("none",)), None
    if subject is not None:
        selection = subject.selection(ALL_TIME, ())
        scale = queries.run(source, Query(selection)).scale
    matched = file.customers.exclude(person=None, account=None).count()
    referrals = last_change(file.organisation_id)
    shape = _Shape(file.pk, file.kept_at, matched, referrals, selection, scale, minimum)
    return _report(shape, source)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a report depends on besides the answers."""

    file: int
    kept_at: datetime | None
    matched: int
    referrals: tuple[object, ...]
    selection: Selection
    scale: Scale | None
    minimum: int


@lru_cache(maxsize=8)
def _report(shape: _Shape, source: Source) -> ValueReport:
    file = CustomerFile.objects.defer("content").get(pk=shape.file)
    customers = held_customers(file, source, shape.selection, shape.scale)
    end = file.as_of
    start = year_before(end)
    return ValueReport(
        start=start,
        end=end,
        customers=len(customers),
        with_answers=sum(bool(one.answers) for one in customers),
        kept=kept_in_year(customers, start=start, end=end),
        growth=growth_in_year(customers, start=start, end=end),
        staying=staying(customers, until=end, minimum=shape.minimum),
        risk=at_risk(customers, start=start, end=end, minimum=shape.minimum),
        referred=_referred(file, customers, start),
        left=tuple(one.key for one in happy_who_left(customers, until=end)),
        stayed=tuple(one.key for one in unhappy_who_stayed(customers, until=end)),
    )


def _referred(file: CustomerFile, customers: Sequence[Held], start: date) -> int:
    """Customers of after `start` who came by a referral link, whatever the file says of them."""
    recommended = recommended_in(file)
    return sum(one.key in recommended and one.started_on > start for one in customers)
