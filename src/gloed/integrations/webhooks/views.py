"""Pages of endpoints: a list with a form, and each with its deliveries."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.sealing import CannotOpen, unseal
from gloed.base.undo import offer_undo, take_undo
from gloed.integrations.webhooks import operations, samples
from gloed.integrations.webhooks.forms import WORDS, EndpointForm
from gloed.integrations.webhooks.models import Delivery, Endpoint
from gloed.integrations.webhooks.rules import News

PAGE = 50


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may("base.manage_keys")
def endpoint_list(request: StaffRequest) -> HttpResponse:
    """Every endpoint, and a form to add one."""
    form = EndpointForm(request.organisation, request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            endpoint = operations.make_endpoint(
                request.organisation,
                told["url"],
                name=told["name"],
                wish=form.wish(),
                shape=told["shape"],
                with_person=told["with_person"],
                by=request.user,
                now=timezone.now(),
            )
        except operations.TooMany:
            form.add_error(
                "url", _("There are %(n)s already; remove one first.") % {"n": operations.MOST}
            )
        else:
            messages.success(request, _("It hears from now on. Send a test to see it arrive."))
            return redirect("webhooks:detail", endpoint.public_id)
    living = Endpoint.objects.filter(organisation=request.organisation, deleted_at=None)
    living = living.annotate(last_at=Max("deliveries__tried_at")).order_by("-created_at", "-pk")
    page = Paginator(living, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(endpoint, _hears(endpoint)) for endpoint in page],
        "crumbs": [(_("Keys"), reverse("base:key_list"))],
        "undo": take_undo(request),
    }
    return render_page(request, "webhooks/list.html", context)


@never_cache
@require_safe
@staff_may("base.manage_keys")
def endpoint_detail(request: StaffRequest, endpoint_id: UUID) -> HttpResponse:
    """One endpoint: what it hears, what became of it, and the secret once more on demand."""
    endpoint = _find(request, endpoint_id)
    secret = ""
    if request.GET.get("secret"):
        try:
            secret = unseal(endpoint.secret)
        except CannotOpen:
            messages.warning(
                request, _("The secret was sealed by another installation; make a new one.")
            )
    switch = ("off", _("Switch off")) if endpoint.is_active else ("on", _("Switch on"))
    context = {
        "endpoint": endpoint,
        "hears": _hears(endpoint),
        "secret": secret,
        "acts": [
            ("test", _("Send a test")),
            ("show", _("Show the secret")),
            ("rotate", _("Make a new secret")),
            switch,
            ("remove", _("Remove")),
        ],
        "page": Paginator(endpoint.deliveries.all(), PAGE).get_page(request.GET.get("page")),
        "crumbs": [(_("Webhooks"), reverse("webhooks:list"))],
    }
    return render_page(request, "webhooks/detail.html", context)


@require_POST
@staff_may("base.manage_keys")
def endpoint_act(request: StaffRequest, endpoint_id: UUID, act: str) -> HttpResponse:
    """One of the things that can be done with an endpoint."""
    endpoint = _find(request, endpoint_id)
    now, here = timezone.now(), reverse("webhooks:detail", args=[endpoint.public_id])
    if act == "test":
        news = next(iter(endpoint.news), News.RESPONSE_CREATED.value)
        told = samples.sample(news, 0, at=now, with_person=endpoint.with_person)
        operations.send_test(endpoint, told, now=now)
        messages.success(request, _("A test is on its way; reload in a moment to see the answer."))
    elif act == "rotate":
        operations.rotate_secret(endpoint, by=request.user, now=now)
        messages.success(request, _("The old secret signs too for one more day."))
        here += "?secret=1"
    elif act == "show":
        here += "?secret=1"
    elif act in {"on", "off"}:
        operations.switch(endpoint, is_active=act == "on", by=request.user, now=now)
    elif act == "remove":
        operations.remove_endpoint(endpoint, by=request.user, now=now)
        undo = reverse("webhooks:restore", args=[endpoint.public_id])
        offer_undo(request, _("%(endpoint)s is removed.") % {"endpoint": endpoint}, undo)
        return redirect("webhooks:list")
    else:
        raise Http404
    return redirect(here)


@require_POST
@staff_may("base.manage_keys")
def endpoint_restore(request: StaffRequest, endpoint_id: UUID) -> HttpResponse:
    """Bring a removed endpoint back."""
    mine = Endpoint.objects.filter(organisation=request.organisation)
    endpoint = get_object_or_404(mine, public_id=endpoint_id)
    operations.restore_endpoint(endpoint, by=request.user, now=timezone.now())
    messages.success(request, _("%(endpoint)s is back.") % {"endpoint": endpoint})
    return redirect("webhooks:list")


@require_POST
@staff_may("base.manage_keys")
def replay(request: StaffRequest, delivery_id: UUID) -> HttpResponse:
    """Send one delivery again."""
    mine = Delivery.objects.filter(
        endpoint__organisation=request.organisation, endpoint__deleted_at=None
    )
    delivery = get_object_or_404(mine.select_related("endpoint"), public_id=delivery_id)
    operations.replay(delivery, now=timezone.now())
    messages.success(request, _("It goes out again, with the same id."))
    return redirect("webhooks:detail", delivery.endpoint.public_id)


def _find(request: StaffRequest, endpoint_id: UUID) -> Endpoint:
    living = Endpoint.objects.filter(organisation=request.organisation, deleted_at=None)
    return get_object_or_404(living, public_id=endpoint_id)


def _hears(endpoint: Endpoint) -> str:
    words: dict[str, Any] = {news.value: label for news, label in WORDS.items()}
    return ", ".join(str(words[news]) for news in endpoint.news if news in words) or _("everything")
