"""The settings of an organisation, and which organisation one works in."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base import operations
from gloed.base.forms import OrganisationForm
from gloed.base.models import Membership, Organisation
from gloed.base.policy import (
    SESSION_KEY,
    StaffRequest,
    has_second_factor,
    signed_in,
    staff_may,
)
from gloed.base.rendering import render_page
from gloed.base.views.parts import organisation_tabs


@require_http_methods(["GET", "POST"])
@staff_may("base.manage_organisation")
def settings(request: StaffRequest) -> HttpResponse:
    """The settings, on one form."""
    initial = {name: getattr(request.organisation, name) for name in operations.SETTINGS}
    form = OrganisationForm(request.POST or None, initial=initial)
    if form.is_valid():
        changed = operations.change_organisation(
            request.organisation, form.cleaned_data, by=request.user, at=timezone.now()
        )
        if changed:
            messages.success(request, _("The settings are kept."))
        else:
            messages.info(request, _("Nothing was different; everything stays as it was."))
        return redirect("base:settings")
    context = {
        "form": form,
        "tabs": organisation_tabs(request, "base:settings"),
        "has_second_factor": has_second_factor(request.user),
    }
    return render_page(request, "base/settings.html", context)


@require_POST
@signed_in
def switch_organisation(request: StaffRequest) -> HttpResponse:
    """Work in another organisation from now on; one's own only."""
    membership = get_object_or_404(
        Membership.objects.select_related("organisation"),
        staff=request.user,
        deactivated_at=None,
        organisation__public_id=_uuid(request.POST.get("organisation", "")),
    )
    request.session[SESSION_KEY] = str(membership.organisation.public_id)
    return redirect("/")


@require_safe
@signed_in
def no_organisation(request: HttpRequest) -> HttpResponse:
    """What somebody without an organisation can do."""
    if hasattr(request, "organisation"):
        return redirect("/")
    return render_page(request, "base/no_organisation.html")


@require_safe
@signed_in
def second_factor_needed(request: HttpRequest) -> HttpResponse:
    """Why the second step comes first here, and the way to it."""
    organisation: Organisation | None = getattr(request, "organisation", None)
    if (
        organisation is None
        or not organisation.require_second_factor
        or has_second_factor(request.user)
    ):
        return redirect("/")
    return render_page(request, "base/second_factor_needed.html", {"organisation": organisation})


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
