"""Pages of log-in services, and the way to one and back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gloed.base.links import absolute_url
from gloed.base.policy import StaffRequest, public_page, staff_may
from gloed.base.rendering import render_page
from gloed.base.sso import operations, saml_views
from gloed.base.sso.adapter import living
from gloed.base.sso.forms import form_of
from gloed.base.sso.models import LogIn
from gloed.base.sso.onward import onward
from gloed.base.sso.rules import Kind
from gloed.base.sso.wording import NAMES, NEEDS_PACKAGE
from gloed.base.undo import offer_undo, take_undo


@never_cache
@require_GET
@staff_may("base.manage_organisation")
def home(request: StaffRequest) -> HttpResponse:
    """Every service, and which can be added."""
    found = LogIn.objects.filter(organisation=request.organisation, deleted_at=None)
    context = {
        "log_ins": list(found),
        "kinds": LogIn.KINDS,
        "crumbs": [(_("Organisation"), reverse("base:settings"))],
        "undo": take_undo(request),
    }
    return render_page(request, "sso/home.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may("base.manage_organisation")
def add(request: StaffRequest) -> HttpResponse:
    """Add a service, named by `kind` in the address."""
    kind = request.GET.get("kind", "")
    if not kind:
        return redirect("sso:home")
    if kind not in set(Kind):
        raise Http404
    if kind == Kind.SAML and not saml_views.is_there():
        messages.info(request, NEEDS_PACKAGE)
        return redirect("sso:home")
    form = form_of(Kind(kind), request.POST or None, initial={"name": NAMES[Kind(kind)]})
    if form.is_valid():
        made = operations.make_log_in(
            request.organisation,
            kind=kind,
            by=request.user,
            now=timezone.now(),
            **form.values(),
        )
        messages.success(
            request, _("It stands on the log-in page now. Give the service the address below.")
        )
        return redirect("sso:change", made.public_id)
    return _form_page(request, form, kind, None)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may("base.manage_organisation")
def change(request: StaffRequest, log_in_id: UUID) -> HttpResponse:
    """Change a service."""
    log_in = _find(request, log_in_id)
    tenant = log_in.issuer.removeprefix("https://login.microsoftonline.com/").partition("/")[0]
    known = {
        "name": log_in.name,
        "issuer": log_in.issuer,
        "tenant": tenant,
        "client_id": log_in.client_id,
        "domains": ", ".join(log_in.domains),
        "joins_as": log_in.joins_as,
    }
    known |= {name: log_in.idp.get(name, "") for name in ("address", "address_in", "name_in")}
    form = form_of(Kind(log_in.kind), request.POST or None, log_in=log_in, initial=known)
    if form.is_valid():
        operations.change_log_in(log_in, by=request.user, now=timezone.now(), **form.values())
        messages.success(request, _("It is changed."))
        return redirect("sso:change", log_in.public_id)
    return _form_page(request, form, log_in.kind, log_in)


@require_POST
@staff_may("base.manage_organisation")
def act(request: StaffRequest, log_in_id: UUID, act: str) -> HttpResponse:
    """Switch a service on or off, or take it away."""
    log_in, now = _find(request, log_in_id), timezone.now()
    if act in {"on", "off"}:
        operations.switch(log_in, is_active=act == "on", by=request.user, now=now)
        return redirect("sso:change", log_in.public_id)
    if act == "read" and log_in.kind == Kind.SAML:
        if saml_views.read_again(log_in, now):
            messages.success(request, _("Its metadata is read."))
        else:
            messages.warning(request, _("Nothing new was read; what was known still holds."))
        return redirect("sso:change", log_in.public_id)
    if act != "remove":
        raise Http404
    operations.remove(log_in, by=request.user, now=now)
    undo = reverse("sso:restore", args=[log_in.public_id])
    offer_undo(request, _("%(name)s is removed.") % {"name": log_in.name}, undo)
    return redirect("sso:home")


@require_POST
@staff_may("base.manage_organisation")
def restore(request: StaffRequest, log_in_id: UUID) -> HttpResponse:
    """Bring a removed service back."""
    mine = LogIn.objects.filter(organisation=request.organisation)
    log_in = get_object_or_404(mine, public_id=log_in_id)
    operations.restore(log_in, by=request.user, now=timezone.now())
    messages.success(request, _("%(name)s is back.") % {"name": log_in.name})
    return redirect("sso:home")


@require_http_methods(["GET", "POST"])
@public_page("the way to the log-in service")
def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Go to the service; a visit without the button's press begins nothing."""
    log_in = next((one for one in living() if one.key == provider_id), None)
    if log_in is None:
        raise Http404
    if request.method == "GET":
        return redirect("account_login")
    if request.POST.get("process", "login") != "login" or request.GET.get("process"):
        raise Http404
    if log_in.kind == Kind.SAML:
        return saml_views.go(request, log_in)
    return onward(request, _through(request, provider_id, "login"), log_in.name)


@require_GET
@public_page("the way back from the log-in service; what it brings is checked there")
def back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Come back from the service."""
    if any(one.key == provider_id and one.kind == Kind.SAML for one in living()):
        raise Http404
    return _through(request, provider_id, "callback")


def _through(request: HttpRequest, provider_id: str, name: str) -> HttpResponseBase:
    from allauth.socialaccount.providers import registry  # noqa: PLC0415 - heavy, only on the way
    from allauth.socialaccount.providers.openid_connect import (  # noqa: PLC0415 - likewise
        provider,
        views,
    )
    from requests import RequestException  # noqa: PLC0415 - likewise

    registry.register(provider.OpenIDConnectProvider)
    view = {"login": views.login, "callback": views.callback}[name]
    try:
        return view(request, provider_id)  # type: ignore[no-any-return]  # allauth ships no types
    except RequestException:
        words = _("The log-in service does not answer as it should. Try again in a few minutes.")
        return render_page(request, "sso/refused.html", {"words": words}, status=503)


def _form_page(request: StaffRequest, form: Form, kind: str, log_in: LogIn | None) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "kind": kind,
        "label": dict(LogIn.KINDS)[kind],
        "log_in": log_in,
        "address": absolute_url("openid_connect_callback", log_in.key) if log_in else "",
        "crumbs": [(_("Logging in"), reverse("sso:home"))],
    }
    if kind == Kind.SAML:
        context |= saml_views.shown(log_in)
    return render_page(request, "sso/edit.html", context)


def _find(request: StaffRequest, log_in_id: UUID) -> LogIn:
    mine = LogIn.objects.filter(organisation=request.organisation, deleted_at=None)
    return get_object_or_404(mine, public_id=log_in_id)
