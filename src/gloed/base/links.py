"""Signed links in mails: they say whom they are for, and a changed one opens nothing."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import NoReverseMatch, reverse

from gloed.base.models import Staff, StaffInvitation

INVITATION, EMAIL = "base.staff_invitation", "base.change_email"
EMAIL_SECONDS = 60 * 60 * 4


def invitation_url(invitation: StaffInvitation) -> str:
    """The address in an invitation's mail; only the newest works, and only once."""
    token = signing.dumps([invitation.public_id.hex, invitation.nonce], salt=INVITATION)
    return absolute_url("base:join", token)


def invitation_of(token: str) -> tuple[StaffInvitation, bool] | None:
    """The invitation of a link and whether it is the newest; None where nobody signed it."""
    value = _read(token, salt=INVITATION)
    if value is None:
        return None
    invitation = (
        StaffInvitation.objects.select_related("organisation").filter(public_id=value[0]).first()
    )
    return None if invitation is None else (invitation, invitation.nonce == value[1])


def email_url(staff: Staff, to: str) -> str:
    """The address that proves that the new address is read by the colleague who asked."""
    token = signing.dumps([staff.pk, staff.email, to], salt=EMAIL)
    return absolute_url("base:confirm_email", token)


def email_change_of(token: str) -> tuple[Staff, str] | None:
    """Who changes to which address; None for a link that is foreign, old or already used."""
    value = _read(token, salt=EMAIL, max_age=EMAIL_SECONDS)
    if value is None:
        return None
    staff = Staff.objects.filter(pk=value[0], email=value[1], is_active=True).first()
    return None if staff is None else (staff, value[2])


def absolute_url(name: str, *args: object) -> str:
    """An address for a mail: it begins where people reach Gloed, whatever host asked for it."""
    return f"{settings.BASE_URL}{reverse(name, args=args)}"


def page_url(name: str, *args: object) -> str:
    """The address of a page that may stand in a higher room; empty where that is not installed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _read(token: str, *, salt: str, max_age: int | None = None) -> Any:
    try:
        return signing.loads(token, salt=salt, max_age=max_age)
    except signing.BadSignature:
        return None
