"""Reading subscriptions and the briefs that were sent."""

from uuid import UUID

from django.db.models import QuerySet

from gloed.analysis.briefs.models import Brief, Subscription
from gloed.base.models import Membership
from gloed.base.rules import Role, may


def sees_all(membership: Membership) -> bool:
    """Whether a colleague arranges the briefs of others too."""
    return may(Role(membership.role), "base.manage_staff")


def list_subscriptions(membership: Membership) -> QuerySet[Subscription]:
    """The own ones that run, and everybody's for whoever manages colleagues."""
    found = Subscription.objects.filter(organisation=membership.organisation, ended_at=None)
    if not sees_all(membership):
        found = found.filter(membership=membership)
    return found.select_related("membership__staff", "team")


def find_subscription(membership: Membership, public_id: UUID) -> Subscription | None:
    """One of these, ended ones included."""
    found = Subscription.objects.filter(organisation=membership.organisation, public_id=public_id)
    if not sees_all(membership):
        found = found.filter(membership=membership)
    related = ("organisation", "membership__staff", "membership__organisation", "team")
    return found.select_related(*related).first()


def list_briefs(membership: Membership) -> QuerySet[Brief]:
    """Briefs that were made, newest first: the own ones, or everybody's."""
    found = Brief.objects.filter(organisation=membership.organisation)
    if not sees_all(membership):
        found = found.filter(subscription__membership=membership)
    return found.select_related("subscription__membership__staff", "subscription__team")
