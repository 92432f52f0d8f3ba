"""Offers and perks: reading them, and the answers that were given soon after one.

Such answers count and are told beside the score: they would be a hole in it if they were taken out,
for it is passives and detractors who get offers.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.analysis import words
from gloed.analysis.passives.models import Offer
from gloed.base.models import Membership, Organisation
from gloed.base.queries import visible_teams
from gloed.fieldwork.candidates import policy_of
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.rules import Skip
from gloed.responses.models import Answer
from gloed.surveys.models import Survey
from gloed.surveys.rules import RATING_POSITION


@dataclass(frozen=True, slots=True)
class Cost:
    """What offers of one currency cost together, and how many of them say so."""

    currency: str
    total: Decimal
    number: int


def offers_that_count(organisation: Organisation) -> "QuerySet[Offer]":
    """Every offer that was not removed, the latest first."""
    return Offer.objects.filter(organisation=organisation, removed_at=None)


def visible_offers(membership: Membership) -> "QuerySet[Offer]":
    """Those a colleague may see, with what a list shows of them."""
    offers = offers_that_count(membership.organisation)
    teams = visible_teams(membership)
    if teams is not None:
        offers = offers.filter(Q(follow_up__team__in=teams) | Q(staff=membership.staff_id))
    return offers.select_related("person", "staff", "follow_up")


def cost_of(offers: "QuerySet[Offer]") -> list[Cost]:
    """What they cost together, by currency, the most first."""
    rows = (
        offers.filter(cost__isnull=False)
        .order_by()
        .values("currency")
        .annotate(total=Sum("cost"), number=Count("pk"))
    )
    found = [Cost(row["currency"], row["total"], row["number"]) for row in rows]
    return sorted(found, key=lambda one: (-one.total, one.currency))


def count_kept_away(organisation: Organisation, *, since: datetime) -> int:
    """Asks that were left out since then because of an offer."""
    return Invitation.objects.filter(
        organisation=organisation, skip=Skip.OFFER, created_at__gte=since
    ).count()


def offer_days(organisation: Organisation) -> int:
    """For how long nobody is asked after an offer."""
    return policy_of(organisation.pk).offer_days


def ratings_after_offer(
    organisation: Organisation,
    surveys: Collection[int],
    start: datetime | None = None,
    end: datetime | None = None,
    *,
    teams: frozenset[int] | None = None,
) -> dict[int, int]:
    """By rating: answers of these surveys that were given while an offer was fresh.

    Looks among people who got one, of whom there are few.
    """
    if not offers_that_count(organisation).exists():
        return {}
    answers = Answer.objects.filter(
        Exists(fresh_at(organisation, "response__person", "response__responded_at")),
        response__person__in=offers_that_count(organisation).values("person"),
        response__survey__in=surveys,
        response__withdrawn_at=None,
        response__is_suspicious=False,
        question__position=RATING_POSITION,
        rating__isnull=False,
    )
    if start is not None:
        answers = answers.filter(response__responded_at__gte=start)
    if end is not None:
        answers = answers.filter(response__responded_at__lt=end)
    if teams is not None:
        answers = answers.filter(response__team_id__in=teams)
    return dict(answers.order_by().values_list("rating").annotate(n=Count("pk")))


def beside_a_score(
    survey: Survey, start: datetime | None, end: datetime | None
) -> list[tuple[str, str]]:
    """A line for the definition card of a score: how many answers came soon after an offer.

    Nothing where none did.
    """
    organisation = survey.organisation
    n = sum(ratings_after_offer(organisation, [survey.pk], start, end).values())
    if not n:
        return []
    said = ngettext(
        "%(n)s answer of the period was given within %(days)s days after an offer or a perk; it "
        "counts",
        "%(n)s answers of the period were given within %(days)s days after an offer or a perk; "
        "they count",
        n,
    )
    facts = {"n": words.number(n), "days": words.number(offer_days(organisation))}
    return [(_("After an offer"), said % facts)]


def fresh_at(organisation: Organisation, person: str, moment: str) -> "QuerySet[Offer]":
    """Offers of a row's person that were fresh at a moment of that row, for Exists."""
    days = timedelta(days=offer_days(organisation))
    until = ExpressionWrapper(F("given_at") + Value(days), output_field=DateTimeField())
    return (
        offers_that_count(organisation)
        .alias(until=until)
        .filter(person=OuterRef(person), given_at__lte=OuterRef(moment), until__gt=OuterRef(moment))
    )
