"""What owners change about colleagues."""

from collections.abc import Collection
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from gloed.base import audit
from gloed.base.models import Membership, Organisation, Staff, Team
from gloed.base.operations.refusal import Refused
from gloed.base.rules import Refusal, Role, reason_to_keep_owner


@transaction.atomic
def change_role(membership: Membership, role: Role, *, by: Staff, at: datetime) -> None:
    """Give a colleague another role. Raises Refused for the last owner."""
    _keep_an_owner(membership, becomes=role)
    before = membership.role
    if before == role:
        return
    membership.role = role
    membership.save(update_fields=["role"])
    _record(membership, "staff.role_changed", {"role": [before, role.value]}, by=by, at=at)


@transaction.atomic
def change_teams(
    membership: Membership, teams: Collection[Team], *, by: Staff, at: datetime
) -> None:
    """Put a colleague in exactly these teams of the organisation."""
    before = set(membership.teams.filter(removed_at=None))
    if before == set(teams):
        return
    membership.teams.remove(*(before - set(teams)))
    membership.teams.add(*teams)
    names = [", ".join(sorted(team.name for team in some)) or "–" for some in (before, teams)]
    _record(membership, "staff.teams_changed", {"teams": names}, by=by, at=at)


@transaction.atomic
def deactivate(membership: Membership, *, by: Staff, at: datetime) -> None:
    """Let a colleague open nothing here from now on. Raises Refused for the last owner."""
    _keep_an_owner(membership, becomes=None)
    if membership.deactivated_at is None:
        membership.deactivated_at = at
        membership.save(update_fields=["deactivated_at"])
        _record(membership, "staff.deactivated", {}, by=by, at=at)


@transaction.atomic
def reactivate(membership: Membership, *, by: Staff, at: datetime) -> None:
    """Let a colleague back in, with the role and the teams of before."""
    if membership.deactivated_at is not None:
        membership.deactivated_at = None
        membership.save(update_fields=["deactivated_at"])
        _record(membership, "staff.reactivated", {}, by=by, at=at)


@transaction.atomic
def remove_second_factor(membership: Membership, *, by: Staff, at: datetime) -> None:
    """Let a colleague who lost the phone log in with the password alone.

    Raises Refused for somebody who works for another organisation too: that one has a say as well.
    """
    elsewhere = Membership.objects.filter(staff=membership.staff_id, deactivated_at=None)
    if elsewhere.exclude(pk=membership.pk).exists():
        raise Refused(Refusal.WORKS_ELSEWHERE)
    removed, _tables = Authenticator.objects.filter(user=membership.staff).delete()
    if removed:
        _record(membership, "staff.second_factor_removed", {}, by=by, at=at)


def _keep_an_owner(membership: Membership, *, becomes: Role | None) -> None:
    """Look under a lock, so that two owners cannot demote each other at the same moment."""
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    membership.refresh_from_db(fields=["role", "deactivated_at"])
    if membership.deactivated_at is not None:
        return
    others = Membership.objects.filter(
        organisation_id=membership.organisation_id,
        role=Role.OWNER,
        deactivated_at=None,
        staff__is_active=True,
    )
    reason = reason_to_keep_owner(
        Role(membership.role),
        becomes=becomes,
        other_owners=others.exclude(pk=membership.pk).count(),
    )
    if reason is not None:
        raise Refused(reason)


def _record(
    membership: Membership, action: str, detail: dict[str, object], *, by: Staff, at: datetime
) -> None:
    audit.record(
        by, action, membership.staff.email, detail, organisation=membership.organisation, at=at
    )
