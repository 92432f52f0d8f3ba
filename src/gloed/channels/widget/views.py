"""Pages of widgets for colleagues: the list, making one, its snippet, trying it out."""

import secrets
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.sealing import CannotOpen
from gloed.base.undo import offer_undo, take_undo
from gloed.channels.widget import operations, queries
from gloed.channels.widget.forms import WidgetForm
from gloed.channels.widget.models import Widget
from gloed.channels.widget.queries import Counts
from gloed.surveys.models import Survey
from gloed.surveys.views.common import find_survey

PAGE_SIZE = 50


@require_safe
@staff_may("analysis.view_report")
def widget_list(request: StaffRequest) -> HttpResponse:
    """All widgets with what happened to them in thirty days."""
    return _list(request, queries.list_widgets(request.organisation), None)


@require_safe
@staff_may("analysis.view_report")
def of_survey(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """The widgets of one survey."""
    survey = find_survey(request, survey_id)
    return _list(request, queries.list_widgets(request.organisation).filter(survey=survey), survey)


def _list(request: StaffRequest, found: QuerySet[Widget], survey: Survey | None) -> HttpResponse:
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = queries.counts_of(list(page), until=timezone.localdate())
    context = {
        "page": page,
        "widgets": [(widget, counts.get(widget.pk, Counts())) for widget in page],
        "survey": survey,
        "may_edit": may(Role(request.membership.role), "surveys.edit"),
        "undo": take_undo(request),
    }
    return render_page(request, "widget/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def make(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """A new widget for a survey."""
    survey = find_survey(request, survey_id)
    form = WidgetForm(
        request.POST if request.method == "POST" else None, instance=Widget(survey=survey)
    )
    if request.method == "POST" and form.is_valid():
        widget = operations.make_widget(
            request.organisation,
            {**form.values, "survey": survey},
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("The widget is ready: paste its snippet into your pages."))
        return redirect("widget:detail", widget.public_id)
    return _form_page(request, form, survey, None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def change(request: StaffRequest, widget_id: UUID) -> HttpResponse:
    """Other sites, another place or moment; the snippet stays the same."""
    widget = _widget(request, widget_id)
    form = WidgetForm(request.POST if request.method == "POST" else None, instance=widget)
    if request.method == "POST" and form.is_valid():
        kept = _widget(request, widget_id)  # the form has changed its own
        operations.change_widget(kept, form.values, by=request.user, now=timezone.now())
        messages.success(request, _("Kept. Your pages follow within a minute."))
        return redirect("widget:detail", widget.public_id)
    return _form_page(request, form, widget.survey, widget)


def _form_page(
    request: StaffRequest, form: WidgetForm, survey: Survey, widget: Widget | None
) -> HttpResponse:
    context = {"form": form, "survey": survey, "widget": widget}
    return render_page(request, "widget/form.html", context, status=422 if form.errors else 200)


@require_safe
@staff_may("surveys.edit")
def detail(request: StaffRequest, widget_id: UUID) -> HttpResponse:
    """The snippet, what it looks like, how it does, and how to say who a visitor is."""
    widget = _widget(request, widget_id)
    today = timezone.localdate()
    context = {
        "widget": widget,
        "is_answerable": widget.survey.state == Survey.State.OPEN,
        "counts": queries.counts_of([widget], until=today).get(widget.pk, Counts()),
        "snippet": _snippet(widget),
        "policy": f"script-src {settings.BASE_URL}; connect-src {settings.BASE_URL}; "
        f"frame-src {settings.BASE_URL}",
        "secret": _secret(widget) if "secret" in request.GET else None,
        "api": f"{settings.BASE_URL}{reverse('widget:shown', args=[widget.key])}",
    }
    return render_page(request, "widget/detail.html", context)


def _snippet(widget: Widget) -> str:
    script = f"{settings.BASE_URL}{reverse('widget:script')}"
    tag = f'<script src="{script}" data-widget="{widget.key}" async></script>'
    if widget.place == Widget.Place.INLINE:
        return f"<div data-gloed></div>\n{tag}"
    return tag


def _secret(widget: Widget) -> str:
    try:
        return operations.secret_of(widget)
    except CannotOpen:
        return ""


@require_POST
@staff_may("surveys.edit")
def switch(request: StaffRequest, widget_id: UUID) -> HttpResponse:
    """On or off."""
    widget = _widget(request, widget_id)
    is_on = request.POST.get("to") == "on"
    operations.switch(widget, is_on=is_on, by=request.user, now=timezone.now())
    told = _("The widget asks again.") if is_on else _("The widget keeps quiet from now on.")
    messages.success(request, told)
    return redirect("widget:detail", widget.public_id)


@require_POST
@staff_may("surveys.edit")
def renew_secret(request: StaffRequest, widget_id: UUID) -> HttpResponse:
    """Another secret to sign visitors with."""
    widget = _widget(request, widget_id)
    operations.renew_secret(widget, by=request.user, now=timezone.now())
    messages.success(request, _("There is a new secret; what the old one signed counts no more."))
    address = reverse("widget:detail", args=[widget.public_id])
    return redirect(f"{address}?secret#visitors")


@require_POST
@staff_may("surveys.edit")
def delete(request: StaffRequest, widget_id: UUID) -> HttpResponse:
    """Take a widget away; the list offers the way back."""
    widget = _widget(request, widget_id)
    operations.delete_widget(widget, by=request.user, now=timezone.now())
    done = _("%(widget)s is gone from your pages; its answers are kept.") % {"widget": widget}
    offer_undo(request, done, reverse("widget:restore", args=[widget.public_id]))
    return redirect("widget:list")


@require_POST
@staff_may("surveys.edit")
def restore(request: StaffRequest, widget_id: UUID) -> HttpResponse:
    """Undo taking a widget away."""
    widget = get_object_or_404(Widget, organisation=request.organisation, public_id=widget_id)
    operations.restore_widget(widget, by=request.user, now=timezone.now())
    messages.success(request, _("%(widget)s is back.") % {"widget": widget})
    return redirect("widget:detail", widget.public_id)


@xframe_options_sameorigin
@require_safe
@staff_may("surveys.edit")
def try_out(request: StaffRequest, widget_id: UUID) -> HttpResponse:
    """A page as it could be anybody's, with the widget on it; nothing is recorded or counted."""
    widget = _widget(request, widget_id)
    nonce = secrets.token_urlsafe(16)
    context: dict[str, Any] = {
        "widget": widget,
        "script": reverse("widget:script"),
        "nonce": nonce,
        "language": request.GET.get("l", "")[:8] or request.LANGUAGE_CODE,
    }
    response = render(request, "widget/try.html", context)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'; "
        f"style-src 'nonce-{nonce}'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'"
    )
    return response


def _widget(request: StaffRequest, widget_id: UUID) -> Widget:
    return get_object_or_404(
        Widget.objects.select_related("survey", "organisation"),
        organisation=request.organisation,
        public_id=widget_id,
        deleted_at=None,
    )
