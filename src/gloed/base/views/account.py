"""The own account: name, look, address, password, second step."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gloed.base import links, mails, operations
from gloed.base.forms import AccountForm, EmailForm
from gloed.base.models import Staff
from gloed.base.policy import StaffRequest, has_second_factor, public_page, signed_in
from gloed.base.rendering import render_page
from gloed.base.wording import AS_DEVICE

A_YEAR = 60 * 60 * 24 * 365


@require_http_methods(["GET", "POST"])
@signed_in
def account(request: StaffRequest) -> HttpResponse:
    """Name and look on a form; the rest are pages of their own."""
    initial = {
        "name": request.user.name,
        "language": request.user.language or translation.get_language(),
        "theme": request.user.theme or AS_DEVICE,
    }
    form = AccountForm(request.POST or None, initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        operations.change_account(
            request.user, name=given["name"], language=given["language"], theme=given["theme"]
        )
        with translation.override(given["language"]):
            messages.success(request, _("Your choices are kept."))
        response = redirect("base:account")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, given["language"], max_age=A_YEAR, samesite="Lax"
        )
        return response
    context = {
        "form": form,
        "has_second_factor": has_second_factor(request.user),
        "memberships": request.user.memberships.filter(deactivated_at=None).select_related(
            "organisation"
        ),
    }
    return render_page(request, "base/account.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types
def change_email(request: StaffRequest) -> HttpResponse:
    """Ask for another address; it counts once its link was opened."""
    form = EmailForm(request.POST or None)
    if form.is_valid():
        to = form.cleaned_data["email"].lower()
        if to != request.user.email:
            _mail_new_address(request.user, to)
        return render_page(request, "base/change_email_sent.html", {"email": to})
    return render_page(request, "base/change_email.html", {"form": form})


@require_http_methods(["GET", "POST"])
@public_page("the signed link in the mail proves that the address is read by who asked")
@never_cache
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """One button, so that a mail scanner that opens links changes nothing."""
    found = links.email_change_of(token)
    if found is None:
        raise Http404
    staff, to = found
    if request.method != "POST":
        return render_page(request, "base/confirm_email.html", {"email": to})
    before = staff.email
    try:
        operations.change_email(staff, to=to, at=timezone.now())
    except operations.Refused:
        return render_page(request, "base/confirm_email_taken.html", {"email": to}, status=409)
    context = {"staff": staff, "to": to}
    mails.send("base/mail/email_changed", before, context, language=mails.language_of(to))
    messages.success(request, _("From now on you log in with %(email)s.") % {"email": to})
    return redirect("base:account")


def _mail_new_address(staff: Staff, to: str) -> None:
    """To the new address: a link, or the word that somebody already logs in with it.

    The page says the same in both cases, so that it tells nobody who has an account.
    """
    is_taken = Staff.objects.filter(email=to).exists()
    context = {"staff": staff, "to": to, "url": "" if is_taken else links.email_url(staff, to)}
    template = "base/mail/email_taken" if is_taken else "base/mail/confirm_email"
    mails.send(template, to, context, language=mails.language_of(staff.email))
