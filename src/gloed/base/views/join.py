"""Where the link in an invitation leads."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gloed.base import links, operations
from gloed.base.forms import JoinForm
from gloed.base.models import Staff, StaffInvitation
from gloed.base.policy import SESSION_KEY, public_page
from gloed.base.rendering import render_page
from gloed.base.rules import LinkState, state_of_link

GONE = 410


@require_http_methods(["GET", "POST"])
@public_page("the signed link in the mail is what lets somebody in; it works once")
@never_cache
@sensitive_post_parameters("password")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """A name and a password for somebody new; one button for somebody with an account."""
    found = links.invitation_of(token)
    if found is None:
        raise Http404
    invitation, is_newest = found
    with translation.override(_language(request, invitation)):
        state = state_of_link(
            accepted_at=invitation.accepted_at,
            withdrawn_at=invitation.withdrawn_at,
            expires_at=invitation.expires_at,
            is_newest=is_newest,
            now=timezone.now(),
        )
        if state is not LinkState.OPEN:
            return _spent(request, invitation, state)
        try:
            if Staff.objects.filter(email=invitation.email).exists():
                return _join_with_account(request, invitation)
            return _join_anew(request, invitation)
        except operations.JoinRefused as refusal:  # somebody was first, a moment ago
            return _spent(request, invitation, refusal.state)


def _join_anew(request: HttpRequest, invitation: StaffInvitation) -> HttpResponse:
    form = JoinForm(invitation, request.POST or None)
    if not form.is_valid():
        context = {"form": form, "invitation": invitation}
        return render_page(request, "base/join.html", context)
    membership = operations.create_colleague(
        invitation,
        nonce=invitation.nonce,
        name=form.cleaned_data["name"],
        password=form.cleaned_data["password"],
        at=timezone.now(),
    )
    get_adapter().login(request, membership.staff)
    return _welcome(request, invitation)


def _join_with_account(request: HttpRequest, invitation: StaffInvitation) -> HttpResponse:
    """Only the one who was invited can join, logged in; nobody else's link opens an account."""
    staff = request.user
    is_invited = isinstance(staff, Staff) and staff.email == invitation.email
    if not (is_invited and isinstance(staff, Staff) and request.method == "POST"):
        context = {"invitation": invitation, "is_invited": is_invited, "here": request.path}
        return render_page(request, "base/join_with_account.html", context)
    operations.join(invitation, staff, nonce=invitation.nonce, at=timezone.now())
    return _welcome(request, invitation)


def _welcome(request: HttpRequest, invitation: StaffInvitation) -> HttpResponse:
    request.session[SESSION_KEY] = str(invitation.organisation.public_id)
    words = _("Welcome to %(organisation)s.") % {"organisation": invitation.organisation}
    messages.success(request, words)
    return redirect("/")


def _spent(request: HttpRequest, invitation: StaffInvitation, state: LinkState) -> HttpResponse:
    context = {"invitation": invitation, "state": state.value}
    return render_page(request, "base/join_spent.html", context, status=GONE)


def _language(request: HttpRequest, invitation: StaffInvitation) -> str:
    """The language of the invitation, unless the reader chose one on a page of ours."""
    if request.user.is_authenticated or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
        return translation.get_language() or invitation.language
    return invitation.language
