"""Reading referrals: visits and new customers of each link, and what counts as earned."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from gloed.base.models import Membership, Organisation
from gloed.base.queries import visible_teams
from gloed.loop.promoters.models import Conversion, Programme, ReferralLink, VisitDay
from gloed.loop.promoters.queries import visible_people
from gloed.stats import Caveat, Estimate, wilson_interval
from gloed.stats.estimate import SMALL_BASE, critical_z

COUNTED = Q(refused="", removed_at=None)


def programme_of(organisation: Organisation | int) -> Programme | None:
    """The programme of an organisation, on or off."""
    return Programme.objects.filter(organisation=organisation).first()


def links_of(membership: Membership) -> QuerySet[ReferralLink]:
    """Links with `visits`, `customers` and `revenue`; those that brought most first.

    A frontline colleague sees those of customers who answered about an own team.
    """
    counted = Conversion.objects.filter(COUNTED, link=OuterRef("pk")).order_by().values("link")
    days = VisitDay.objects.filter(link=OuterRef("pk")).order_by().values("link")
    found = (
        ReferralLink.objects.filter(organisation=membership.organisation)
        .select_related("person__account", "created_by")
        .annotate(
            visits=Coalesce(Subquery(days.annotate(n=Sum("count")).values("n")), 0),
            customers=Coalesce(
                Subquery(counted.annotate(n=Count("pk")).values("n"), IntegerField()), 0
            ),
            revenue=Subquery(counted.annotate(n=Sum("revenue")).values("n")),
        )
        .order_by("-customers", "-visits", "-created_at", "-pk")
    )
    if visible_teams(membership) is None:
        return found
    return found.filter(person__in=visible_people(membership).values("pk"))


def conversion_rate(visits: int, customers: int) -> Estimate | None:
    """Customers as a share of visits, with Wilson's interval; None where that means nothing.

    A code that was told by word of mouth brings customers without visits: then there is no rate.
    """
    if visits < 1 or customers > visits:
        return None
    low, high = wilson_interval([visits - customers, customers], [0, 1], critical_z(0.95))
    return Estimate(
        value=customers / visits,
        low=float(low),
        high=float(high),
        n=visits,
        method="wilson",
        caveats=(Caveat.SMALL_BASE,) if visits < SMALL_BASE else (),
    )


@dataclass(frozen=True, slots=True)
class Total:
    """All links together."""

    links: int
    visits: int
    customers: int
    revenue: Decimal | None
    rate: Estimate | None


def total_of(membership: Membership) -> Total:
    """Visits, customers and revenue of every link this colleague sees."""
    links = links_of(membership).order_by()
    visits = VisitDay.objects.filter(link__in=links.values("pk")).aggregate(n=Sum("count"))["n"]
    rows = Conversion.objects.filter(COUNTED, organisation=membership.organisation)
    if visible_teams(membership) is not None:
        rows = rows.filter(link__in=links.values("pk"))
    found = rows.aggregate(customers=Count("pk"), revenue=Sum("revenue"))
    seen = visits or 0
    return Total(
        links.count(),
        seen,
        found["customers"],
        found["revenue"],
        conversion_rate(seen, found["customers"]),
    )


def not_counted(organisation: Organisation) -> QuerySet[Conversion]:
    """New customers who were told and do not count, with the reason; the newest first."""
    found = Conversion.objects.filter(organisation=organisation, removed_at=None)
    return found.exclude(refused="").order_by("-told_at", "-pk")


@dataclass(frozen=True, slots=True)
class Recommended:
    """Customers who came with a code, by their number (lower case) and by their address."""

    keys: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()

    def holds(self, key: str, emails: Collection[str]) -> bool:
        """Whether a customer with this number, or one of these addresses, was recommended."""
        if key and key.strip().casefold() in self.keys:
            return True
        return any(one in self.emails for one in emails if one)


def recommended(organisation: int) -> Recommended:
    """Every customer of an organisation who came with a code and counts."""
    rows = Conversion.objects.filter(COUNTED, organisation=organisation, is_erased=False)
    keys, emails = set(), set()
    for key, email in rows.values_list("customer_key", "email_key"):
        keys.add(key.strip().casefold())
        emails |= {one for one in (email, key.strip().lower()) if "@" in one}
    return Recommended(frozenset(keys), frozenset(emails))


def last_change(organisation: int) -> tuple[object, ...]:
    """What is different as soon as `recommended` may be."""
    rows = Conversion.objects.filter(organisation=organisation)
    found = rows.aggregate(
        n=Count("pk", filter=COUNTED), last=Max("pk"), gone=Max("removed_at"),
        erased=Count("pk", filter=Q(is_erased=True)),
    )  # fmt: skip
    return tuple(found.values())
