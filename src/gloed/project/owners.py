"""Owners made on the command line."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from gloed.base.models import AuditEntry, Membership, Organisation, Staff
from gloed.base.rules import Role
from gloed.project import configuration
from gloed.project.refusals import Refused

LONGEST_NAME = 120


def check_names(*, email: str, organisation: str) -> None:
    """Raise Refused when the address is none, or the organisation has no usable name."""
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(f"“{email}” is not an e-mail address.") from None
    if not 0 < len(organisation.strip()) <= LONGEST_NAME:
        raise Refused(f"Give the organisation a name of at most {LONGEST_NAME} characters.")


def check_password(password: str, *, email: str, name: str) -> None:
    """Raise Refused with every reason why a password is too weak."""
    try:
        validate_password(password, Staff(email=email.lower(), name=name))
    except ValidationError as weak:
        raise Refused(" ".join(weak.messages) + " Nothing was changed.") from None


def is_known(email: str) -> bool:
    """Whether somebody already logs in with this address."""
    return Staff.objects.filter(email=email.lower()).exists()


@transaction.atomic
def create_owner(*, email: str, organisation: str, name: str, password: str | None) -> str:
    """Make an owner and, where needed, the organisation; returns what was done.

    Somebody who is known already keeps name and password and becomes an owner, also one who was
    shut out before.
    """
    now = timezone.now()
    values = configuration.load()
    house, is_new = Organisation.objects.get_or_create(
        name=organisation.strip(),
        defaults={
            "created_at": now,
            "time_zone": values["GLOED_TIME_ZONE"],
            "language": values["GLOED_LANGUAGE"],
        },
    )
    staff = Staff.objects.filter(email=email.lower()).first()
    known = staff is not None
    if staff is None:
        staff = Staff.objects.create_user(email, password, name=name)
    elif not staff.is_active:
        staff.is_active = True
        staff.save(update_fields=["is_active"])
    Membership.objects.update_or_create(
        organisation=house, staff=staff, defaults={"role": Role.OWNER, "deactivated_at": None}
    )
    AuditEntry.objects.create(
        organisation=house, staff=staff, action="staff.made_owner", subject=staff.email, at=now
    )
    place = f"{'the new organisation ' if is_new else ''}{house.name}"
    kept = " The password stays as it was." if known else ""
    return f"{staff.email} is an owner of {place}.{kept}"


@transaction.atomic
def set_password(*, email: str, password: str, without_second_factor: bool = False) -> bool:
    """Give somebody who is known a new password, and a way in where the account was closed.

    Returns whether there was a second factor, and it was forgotten.
    """
    staff = Staff.objects.get(email=email.lower())
    staff.set_password(password)
    staff.is_active = True
    staff.save(update_fields=["password", "is_active"])
    if not without_second_factor:
        return False
    removed, _tables = Authenticator.objects.filter(user=staff).delete()
    now = timezone.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            organisation_id=house, action="staff.second_factor_removed", subject=staff.email, at=now
        )
        for house in staff.memberships.values_list("organisation_id", flat=True)
        if removed
    )
    return bool(removed)
