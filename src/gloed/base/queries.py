"""What is read about organisations, teams and colleagues."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from gloed.base.keys import KeyKind, digest_of
from gloed.base.models import (
    ApiKey,
    AuditEntry,
    Membership,
    Organisation,
    StaffInvitation,
    Team,
)
from gloed.base.rules import Role, sees_own_team_only

STAFF_ORDERS = {
    "name": ("staff__name", "staff__email"),
    "role": ("role", "staff__name"),
    "seen": ("staff__last_login", "staff__name"),
}


def visible_teams(membership: Membership) -> frozenset[int] | None:
    """The teams whose answers a colleague may see, by primary key; None for all answers.

    A frontline colleague sees the own teams only, and no answer that belongs to no team.
    """
    if not sees_own_team_only(Role(membership.role)):
        return None
    return frozenset(membership.teams.filter(removed_at=None).values_list("pk", flat=True))


def list_teams(organisation: Organisation) -> QuerySet[Team]:
    """The teams that can be chosen, by name."""
    return Team.objects.filter(organisation=organisation, removed_at=None)


def list_teams_with_members(organisation: Organisation) -> QuerySet[Team]:
    """The same with `member_count`, the active colleagues of each."""
    active = Q(memberships__deactivated_at=None, memberships__staff__is_active=True)
    return (
        list_teams(organisation)
        .annotate(member_count=Count("memberships", filter=active))
        .order_by("name")
    )


def list_memberships(organisation: Organisation, *, order: str = "name") -> QuerySet[Membership]:
    """Colleagues with their account; deactivated ones last.

    `order` is a key of STAFF_ORDERS, with a minus for descending; anything else is by name.
    """
    fields = STAFF_ORDERS.get(order.removeprefix("-"), STAFF_ORDERS["name"])
    sign = "-" if order.startswith("-") else ""
    return (
        Membership.objects.filter(organisation=organisation)
        .select_related("staff")
        .alias(is_gone=Q(deactivated_at__isnull=False))
        .order_by("is_gone", *(sign + field for field in fields), "pk")
    )


def list_open_invitations(organisation: Organisation) -> QuerySet[StaffInvitation]:
    """Invitations that were neither used nor withdrawn, newest first."""
    return (
        StaffInvitation.objects.filter(
            organisation=organisation, accepted_at=None, withdrawn_at=None
        )
        .select_related("invited_by")
        .order_by("-created_at", "-pk")
    )


def list_audit(
    organisation: Organisation,
    *,
    staff: Membership | None = None,
    action: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEntry]:
    """The audit trail, newest first; `since` and `until` are days where the organisation is."""
    entries = AuditEntry.objects.filter(organisation=organisation).select_related("staff")
    zone = ZoneInfo(organisation.time_zone)
    if staff is not None:
        entries = entries.filter(staff_id=staff.staff_id)
    if action:
        entries = entries.filter(action=action)
    if since is not None:
        entries = entries.filter(at__gte=datetime.combine(since, time(), zone))
    if until is not None:
        entries = entries.filter(at__lt=datetime.combine(until + timedelta(days=1), time(), zone))
    return entries.order_by("-at", "-pk")


def list_audit_actions(organisation: Organisation) -> list[str]:
    """The actions that occur in the trail."""
    entries = AuditEntry.objects.filter(organisation=organisation)
    return sorted(entries.values_list("action", flat=True).distinct())


def list_keys(organisation: Organisation) -> QuerySet[ApiKey]:
    """Every key, the newest first; ended ones stay in the list."""
    return ApiKey.objects.filter(organisation=organisation).select_related("made_by")


def find_key(text: str, kind: KeyKind) -> ApiKey | None:
    """The living key with this text, with its organisation; None opens nothing.

    It is looked up by a digest of the whole, so the time it takes tells nothing about a key.
    """
    keys = ApiKey.objects.select_related("organisation")
    return keys.filter(digest=digest_of(text), kind=kind, revoked_at=None).first()
