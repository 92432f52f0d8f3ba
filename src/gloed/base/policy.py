"""Policy marks: every view says who may see it, and a test proves that none forgot.

A mark is set by decorator. `staff_may` also finds the organisation of the request, so that a view
starts every query from `request.organisation`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from allauth.mfa.models import Authenticator
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from gloed.base.models import Membership, Organisation, Staff
from gloed.base.rules import OWN, Role, may

SESSION_KEY = "organisation"


class StaffRequest(HttpRequest):
    """A request of a logged-in colleague inside an organisation."""

    user: Staff
    organisation: Organisation
    membership: Membership
    htmx: Any


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may open a view: `kind` is staff, signed_in or public; `permission` goes with staff."""

    kind: str
    permission: str = ""
    reason: str = ""


View = Callable[Concatenate[Any, ...], HttpResponseBase]


def staff_may(permission: str) -> Callable[[View], View]:
    """Only colleagues whose role in the present organisation carries `permission`.

    Times on the page are those of the organisation's clock.
    """
    if permission not in OWN:
        raise ValueError(f"unknown permission: {permission}")

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_login(request)
            membership = find_membership(request)
            if membership is None:
                return redirect("base:no_organisation")
            if membership.organisation.require_second_factor and not has_second_factor(
                request.user
            ):
                return redirect("base:second_factor_needed")
            if not may(Role(membership.role), permission):
                raise PermissionDenied
            with timezone.override(membership.organisation.time_zone):
                return view(request, *args, **kwargs)

        guarded.policy = Policy("staff", permission)  # type: ignore[attr-defined]  # the mark
        return guarded

    return mark


def signed_in(view: View) -> View:
    """Any colleague who is logged in, whatever the organisation (own account, switching)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_login(request)
        find_membership(request)
        return view(request, *args, **kwargs)

    guarded.policy = Policy("signed_in")  # type: ignore[attr-defined]  # the mark
    return guarded


def public_page(reason: str) -> Callable[[View], View]:
    """Everybody; the reason is written beside the view and shown in the policy test."""

    def mark(view: View) -> View:
        @wraps(view)
        def open_to_all(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        open_to_all.policy = Policy("public", reason=reason)  # type: ignore[attr-defined]  # the mark
        return open_to_all

    return mark


def find_membership(request: Any) -> Membership | None:
    """Put the present organisation on the request: the one chosen, else the first joined.

    A membership that was deactivated does not count.
    """
    memberships = Membership.objects.select_related("organisation").filter(
        staff=request.user, deactivated_at=None
    )
    chosen = request.session.get(SESSION_KEY)
    membership = None
    if chosen:
        membership = memberships.filter(organisation__public_id=chosen).first()
    if membership is None:
        membership = memberships.order_by("pk").first()
    if membership is not None:
        request.membership, request.organisation = membership, membership.organisation
    return membership


def has_second_factor(staff: Any) -> bool:
    """Whether this colleague logs in with a code from an app besides the password."""
    return bool(Authenticator.objects.filter(user=staff, type=Authenticator.Type.TOTP).exists())


def _to_login(request: HttpRequest) -> HttpResponseBase:
    """To the log-in and back; a fragment that htmx asked for takes the whole page along."""
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return redirect_to_login(request.get_full_path())
    there = redirect_to_login(htmx.current_url_abs_path or "/").url
    return HttpResponseClientRedirect(there)
