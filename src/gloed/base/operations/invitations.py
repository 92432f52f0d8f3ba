"""How somebody becomes a colleague: invited by mail, through a link that works once."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from gloed.base import audit, links, mails
from gloed.base.models import Membership, Organisation, Staff, StaffInvitation, Team, new_nonce
from gloed.base.operations.refusal import Refused
from gloed.base.rules import LinkState, Refusal, Role, state_of_link

INVITATION_DAYS = 7


class JoinRefused(Exception):
    """The link opens nothing any more; `state` says why."""

    def __init__(self, state: LinkState) -> None:
        super().__init__(state.value)
        self.state = state


def invite(
    organisation: Organisation,
    *,
    email: str,
    role: Role,
    teams: Collection[Team] = (),
    language: str,
    by: Staff,
    at: datetime,
) -> tuple[StaffInvitation, bool]:
    """Invite somebody by mail; inviting again replaces the invitation that was open.

    Returns the invitation and whether the mail left. Raises Refused for somebody who works here,
    deactivated colleagues too: they are let back in.
    """
    email = email.strip().lower()
    with transaction.atomic():
        if Membership.objects.filter(organisation=organisation, staff__email=email).exists():
            raise Refused(Refusal.WORKS_HERE)
        invitation, _ = StaffInvitation.objects.update_or_create(
            organisation=organisation,
            email=email,
            accepted_at=None,
            withdrawn_at=None,
            defaults={
                "role": role,
                "language": language,
                "invited_by": by,
                "created_at": at,
                "expires_at": at + timedelta(days=INVITATION_DAYS),
                "nonce": new_nonce(),
            },
        )
        invitation.teams.set(teams)
        _record(invitation, "staff.invited", {"role": role.value}, by=by, at=at)
    return invitation, _send(invitation, by=by)


def resend_invitation(invitation: StaffInvitation, *, by: Staff, at: datetime) -> bool:
    """Send a new link; the old one stops working. Returns whether the mail left."""
    with transaction.atomic():
        _renew(invitation, at=at)
        _record(invitation, "staff.invitation_resent", {}, by=by, at=at)
    return _send(invitation, by=by)


def withdraw_invitation(invitation: StaffInvitation, *, by: Staff, at: datetime) -> None:
    """Close the link that was mailed."""
    with transaction.atomic():
        invitation.withdrawn_at = at
        invitation.save(update_fields=["withdrawn_at"])
        _record(invitation, "staff.invitation_withdrawn", {}, by=by, at=at)


def restore_invitation(invitation: StaffInvitation, *, by: Staff, at: datetime) -> None:
    """Let the mailed link work again. Raises Refused where somebody was invited anew since."""
    with transaction.atomic():
        others = StaffInvitation.objects.filter(
            organisation=invitation.organisation,
            email=invitation.email,
            accepted_at=None,
            withdrawn_at=None,
        )
        if others.exclude(pk=invitation.pk).exists():
            raise Refused(Refusal.INVITED_ANEW)
        invitation.withdrawn_at = None
        invitation.save(update_fields=["withdrawn_at"])
        _record(invitation, "staff.invitation_restored", {}, by=by, at=at)


@transaction.atomic
def create_colleague(
    invitation: StaffInvitation, *, nonce: str, name: str, password: str, at: datetime
) -> Membership:
    """Make the account of somebody new and let them in. Raises JoinRefused for a spent link."""
    _spend(invitation, nonce=nonce, at=at)
    staff = Staff.objects.create_user(invitation.email, password, name=name.strip())
    staff.language = invitation.language
    staff.save(update_fields=["language"])
    return _let_in(invitation, staff, at=at)


@transaction.atomic
def join(invitation: StaffInvitation, staff: Staff, *, nonce: str, at: datetime) -> Membership:
    """Let in somebody who already has an account. Raises JoinRefused for a spent link."""
    _spend(invitation, nonce=nonce, at=at)
    return _let_in(invitation, staff, at=at)


def _spend(invitation: StaffInvitation, *, nonce: str, at: datetime) -> None:
    """Use the link, once: whoever comes second finds it used."""
    fresh = StaffInvitation.objects.select_for_update().get(pk=invitation.pk)
    state = state_of_link(
        accepted_at=fresh.accepted_at,
        withdrawn_at=fresh.withdrawn_at,
        expires_at=fresh.expires_at,
        is_newest=fresh.nonce == nonce,
        now=at,
    )
    if state is not LinkState.OPEN:
        raise JoinRefused(state)
    fresh.accepted_at = at
    fresh.save(update_fields=["accepted_at"])


def _let_in(invitation: StaffInvitation, staff: Staff, *, at: datetime) -> Membership:
    membership, _ = Membership.objects.get_or_create(
        organisation=invitation.organisation, staff=staff, defaults={"role": invitation.role}
    )
    membership.teams.set(invitation.teams.filter(removed_at=None))
    _record(invitation, "staff.joined", {"role": membership.role}, by=staff, at=at)
    return membership


def _renew(invitation: StaffInvitation, *, at: datetime) -> None:
    invitation.nonce = new_nonce()
    invitation.expires_at = at + timedelta(days=INVITATION_DAYS)
    invitation.save(update_fields=["nonce", "expires_at"])


def _send(invitation: StaffInvitation, *, by: Staff) -> bool:
    context = {
        "invitation": invitation,
        "organisation": invitation.organisation,
        "inviter": by,
        "days": INVITATION_DAYS,
        "url": links.invitation_url(invitation),
    }
    return mails.send(
        "base/mail/invitation", invitation.email, context, language=invitation.language
    )


def _record(
    invitation: StaffInvitation, action: str, detail: dict[str, object], *, by: Staff, at: datetime
) -> None:
    audit.record(by, action, invitation.email, detail, organisation=invitation.organisation, at=at)
