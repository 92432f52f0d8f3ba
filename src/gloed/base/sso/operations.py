"""Log-in services are made and changed; who comes with one is let in, or not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from gloed.base import audit
from gloed.base.models import Membership, Organisation, Staff, StaffInvitation
from gloed.base.operations import join
from gloed.base.rules import Role
from gloed.base.sealing import seal
from gloed.base.sso.models import LogIn, SeenAssertion
from gloed.base.sso.rules import Claims, Kind, Refusal, Standing, Way, way_in

if TYPE_CHECKING:  # it reads certificates, which the web process needs on one page
    from gloed.base.sso.metadata import Service


class NotLetIn(Exception):
    """Somebody stays outside; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def make_log_in(
    organisation: Organisation,
    *,
    kind: str,
    name: str,
    issuer: str,
    client_id: str,
    secret: str,
    domains: Sequence[str],
    joins_as: str,
    by: Staff,
    now: datetime,
    idp: Mapping[str, Any] | None = None,
) -> LogIn:
    """Let colleagues come in with a service from now on; a SAML service gets a key of ours."""
    known = dict(idp or {})
    if kind == Kind.SAML:
        from gloed.base.sso.own_key import make_own_key  # noqa: PLC0415 - heavy, only here

        secret, known["own_certificate"] = make_own_key(now)
    made = LogIn.objects.create(
        organisation=organisation,
        kind=kind,
        name=name,
        issuer=issuer,
        client_id=client_id,
        secret=seal(secret),
        idp=known,
        domains=list(domains),
        joins_as=joins_as,
        created_at=now,
    )
    audit.record(by, "sso.made", made, organisation=organisation, at=now)
    return made


@transaction.atomic
def change_log_in(
    log_in: LogIn,
    *,
    name: str,
    issuer: str,
    client_id: str,
    secret: str,
    domains: Sequence[str],
    joins_as: str,
    by: Staff,
    now: datetime,
    idp: Mapping[str, Any] | None = None,
) -> None:
    """Change a service. Another issuer knows other people: who was connected is so no more."""
    if issuer != log_in.issuer:
        SocialAccount.objects.filter(provider=log_in.key).delete()
    log_in.name, log_in.issuer, log_in.client_id = name, issuer, client_id
    log_in.domains, log_in.joins_as = list(domains), joins_as
    if secret:
        log_in.secret = seal(secret)
    if idp is not None:
        log_in.idp = dict(idp)
    log_in.save()
    audit.record(by, "sso.changed", log_in, organisation=log_in.organisation, at=now)


def learn(log_in: LogIn, service: "Service | None", *, now: datetime) -> bool:
    """Keep what a SAML service tells about itself now; False where it is another or silent."""
    is_same = service is not None and service.entity_id == log_in.issuer
    if service is not None and is_same:
        log_in.idp |= {"sign_in": service.sign_in, "certificates": list(service.certificates)}
        log_in.idp["read_at"] = now.isoformat()
    log_in.idp["asked_at"] = now.isoformat()
    log_in.save(update_fields=["idp"])
    return is_same


@transaction.atomic
def see_assertion(log_in: LogIn, assertion: str, *, until: datetime, now: datetime) -> bool:
    """Keep that an assertion came; False where it came before. What ended is forgotten."""
    SeenAssertion.objects.filter(until__lt=now).delete()
    digest = sha256(assertion.encode()).hexdigest()
    _row, is_new = SeenAssertion.objects.get_or_create(
        log_in=log_in, digest=digest, defaults={"until": until}
    )
    return is_new


@transaction.atomic
def switch(log_in: LogIn, *, is_active: bool, by: Staff, now: datetime) -> None:
    """Let people in with it, or no more."""
    log_in.is_active = is_active
    log_in.save(update_fields=["is_active"])
    action = "sso.on" if is_active else "sso.off"
    audit.record(by, action, log_in, organisation=log_in.organisation, at=now)


@transaction.atomic
def remove(log_in: LogIn, *, by: Staff, now: datetime) -> None:
    """Take a service away; it can come back."""
    if LogIn.objects.filter(pk=log_in.pk, deleted_at=None).update(deleted_at=now):
        audit.record(by, "sso.removed", log_in, organisation=log_in.organisation, at=now)


@transaction.atomic
def restore(log_in: LogIn, *, by: Staff, now: datetime) -> None:
    """Bring it back."""
    if LogIn.objects.filter(pk=log_in.pk, deleted_at__isnull=False).update(deleted_at=None):
        audit.record(by, "sso.restored", log_in, organisation=log_in.organisation, at=now)


@transaction.atomic
def let_in(log_in: LogIn, claims: Claims, *, linked: Staff | None, now: datetime) -> Staff:
    """The colleague who comes in; made where they were invited or may join. Raises NotLetIn.

    `linked` is who came in with this account of the service before.
    """
    staff, invitation, way = _tried(log_in, claims, linked, now)
    if isinstance(way, Refusal):
        raise NotLetIn(way)
    if way is Way.KNOWN and staff is not None:
        return staff
    if staff is None:
        staff = Staff.objects.create_user(claims.address, None, name=claims.name)
    if way is Way.INVITED and invitation is not None:
        join(invitation, staff, nonce=invitation.nonce, at=now)
    else:
        Membership.objects.create(
            organisation=log_in.organisation, staff=staff, role=Role(log_in.joins_as)
        )
        audit.record(
            staff,
            "sso.joined",
            staff.email,
            {"role": log_in.joins_as},
            organisation=log_in.organisation,
            at=now,
        )
    return staff


def way_of(log_in: LogIn, claims: Claims, *, now: datetime) -> Way | Refusal:
    """How somebody would come in, or why not; nothing is kept."""
    return _tried(log_in, claims, None, now)[2]


def note_connected(log_in: LogIn, staff: Staff, *, now: datetime) -> None:
    """Write down that somebody came in with the service for the first time."""
    audit.record(staff, "sso.connected", log_in, organisation=log_in.organisation, at=now)


def _tried(
    log_in: LogIn, claims: Claims, linked: Staff | None, now: datetime
) -> tuple[Staff | None, StaffInvitation | None, Way | Refusal]:
    staff = linked or Staff.objects.filter(email=claims.address).first()
    invitation = _invitation(log_in, claims.address, now)
    standing = _standing(log_in, staff, is_invited=invitation is not None)
    may_join = bool(log_in.joins_as)
    way = way_in(claims, standing, domains=log_in.domains, may_join=may_join)
    return staff, invitation, way


def _standing(log_in: LogIn, staff: Staff | None, *, is_invited: bool) -> Standing:
    if staff is None:
        return Standing(is_invited=is_invited)
    places = list(staff.memberships.all())
    here = next((one for one in places if one.organisation_id == log_in.organisation_id), None)
    return Standing(
        is_known=True,
        is_open=staff.is_active and (here is None or here.deactivated_at is None),
        works_here=here is not None,
        works_elsewhere=any(one is not here and one.deactivated_at is None for one in places),
        is_invited=is_invited,
    )


def _invitation(log_in: LogIn, address: str, now: datetime) -> StaffInvitation | None:
    return StaffInvitation.objects.filter(
        organisation=log_in.organisation,
        email=address,
        accepted_at=None,
        withdrawn_at=None,
        expires_at__gt=now,
    ).first()
