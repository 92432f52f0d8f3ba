"""Providers of text messages: adding, trying, choosing and removing them, and quiet hours."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gloed.base import audit
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.channels.sms import operations
from gloed.channels.sms.forms import HoursForm, ProviderForm, TestForm
from gloed.channels.sms.models import TextHours, TextProvider
from gloed.channels.sms.rules import PROVIDERS, BadProvider, Fate
from gloed.channels.sms.settings_words import PROBLEMS, reply_address, test_words


@require_safe
@staff_may("base.manage_organisation")
def settings_page(request: StaffRequest) -> HttpResponse:
    """Everything about sending text messages, on one page."""
    return _page(request)


def _page(
    request: StaffRequest,
    *,
    form: ProviderForm | None = None,
    hours_form: HoursForm | None = None,
    test_form: TestForm | None = None,
    tested: UUID | None = None,
) -> HttpResponse:
    kept = _hours(request)
    now = timezone.now()
    providers = TextProvider.objects.filter(organisation=request.organisation, removed_at=None)
    rows = [
        {
            "provider": one,
            "replies": reply_address(one),
            "is_resting": one.resting_until is not None and one.resting_until > now,
            "form": test_form
            if test_form and tested == one.public_id
            else TestForm(country=kept.country, auto_id=f"test_{one.pk}_%s"),
        }
        for one in providers
    ]
    context = {
        "rows": rows,
        "form": form or ProviderForm(),
        "hours_form": hours_form or HoursForm(instance=kept),
        "known": [(one.name, one.example) for one in PROVIDERS.values()],
        "undo": take_undo(request),
    }
    given = (form, hours_form, test_form)
    status = 422 if any(one is not None and one.errors for one in given) else 200
    return render_page(request, "sms/settings.html", context, status=status)


@require_POST
@staff_may("base.manage_organisation")
def add(request: StaffRequest) -> HttpResponse:
    """Keep a provider."""
    form = ProviderForm(request.POST)
    if form.is_valid():
        try:
            operations.add_provider(
                request.organisation,
                **form.cleaned_data,
                by=request.user,
                now=timezone.now(),
            )
        except BadProvider as refusal:
            form.add_error("address", str(PROBLEMS[refusal.problem]))
        else:
            messages.success(request, _("The provider is kept. Send a test to see it work."))
            return redirect("sms:settings")
    return _page(request, form=form)


@require_POST
@staff_may("base.manage_organisation")
def hours(request: StaffRequest) -> HttpResponse:
    """Keep when messages may arrive."""
    form = HoursForm(request.POST, instance=_hours(request))
    if not form.is_valid():
        return _page(request, hours_form=form)
    with transaction.atomic():
        form.save()
        audit.record(request, "sms.hours_changed", at=timezone.now())
    messages.success(request, _("Kept. It holds from the next message on."))
    return redirect("sms:settings")


@require_POST
@staff_may("base.manage_organisation")
def test(request: StaffRequest, provider_id: UUID) -> HttpResponse:
    """Send a message to one's own telephone."""
    provider = _provider(request, provider_id)
    form = TestForm(request.POST, country=_hours(request).country, auto_id=f"test_{provider.pk}_%s")
    if not form.is_valid():
        return _page(request, test_form=form, tested=provider.public_id)
    outcome = operations.send_test(
        provider,
        form.cleaned_data["number"],
        _("Test from Gloed: text messages of %(organisation)s arrive.")
        % {"organisation": request.organisation.name},
        by=request.user,
        now=timezone.now(),
    )
    tell = messages.success if outcome.fate is Fate.SENT else messages.warning
    tell(request, test_words(outcome))
    return redirect("sms:settings")


@require_POST
@staff_may("base.manage_organisation")
def choose(request: StaffRequest, provider_id: UUID) -> HttpResponse:
    """Send by this one from now on."""
    provider = _provider(request, provider_id)
    operations.make_default(provider, by=request.user, now=timezone.now())
    messages.success(request, _("Messages go by %(name)s now.") % {"name": provider.name})
    return redirect("sms:settings")


@require_POST
@staff_may("base.manage_organisation")
def remove(request: StaffRequest, provider_id: UUID) -> HttpResponse:
    """Send nothing by it any more."""
    provider = _provider(request, provider_id)
    operations.remove_provider(provider, by=request.user, now=timezone.now())
    url = reverse("sms:restore", args=[provider_id])
    offer_undo(request, _("The provider %(name)s is removed.") % {"name": provider.name}, url)
    return redirect("sms:settings")


@require_POST
@staff_may("base.manage_organisation")
def restore(request: StaffRequest, provider_id: UUID) -> HttpResponse:
    """Bring it back."""
    provider = _provider(request, provider_id)
    operations.restore_provider(provider, by=request.user, now=timezone.now())
    return redirect("sms:settings")


@require_POST
@staff_may("base.manage_organisation")
def renew(request: StaffRequest, provider_id: UUID) -> HttpResponse:
    """Another address for replies."""
    provider = _provider(request, provider_id)
    operations.renew_replies(provider, by=request.user, now=timezone.now())
    messages.success(request, _("The old address hears nothing any more; tell the new one."))
    return redirect("sms:settings")


def _hours(request: StaffRequest) -> TextHours:
    kept = TextHours.objects.filter(organisation=request.organisation).first()
    return kept or TextHours(organisation=request.organisation)


def _provider(request: StaffRequest, provider_id: UUID) -> TextProvider:
    return get_object_or_404(
        TextProvider.objects.select_related("organisation"),
        organisation=request.organisation,
        public_id=provider_id,
    )
