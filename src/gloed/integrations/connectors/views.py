"""Pages of connections: what there is, adding one, and each with what was told and heard."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.sealing import CannotOpen
from gloed.base.undo import offer_undo, take_undo
from gloed.integrations.chat.rules import SERVICES
from gloed.integrations.connectors import intake, operations, shape
from gloed.integrations.connectors.forms import ConnectionForm
from gloed.integrations.connectors.mapping import mapping_link
from gloed.integrations.connectors.models import Arrival, Connection, Dispatch
from gloed.integrations.connectors.wording import DOORS, GROUPS, TROUBLES
from gloed.integrations.webhooks.forms import WORDS
from gloed.integrations.webhooks.rules import Told

PAGE = 50


@never_cache
@require_safe
@staff_may("base.manage_keys")
def home(request: StaffRequest) -> HttpResponse:
    """Every connection, and what else can be connected."""
    living = Connection.objects.filter(organisation=request.organisation, deleted_at=None)
    living = living.annotate(last_at=Max("dispatches__tried_at"), heard_at=Max("arrivals__at"))
    living = living.order_by("-created_at", "-pk")
    page = Paginator(living, PAGE).get_page(request.GET.get("page"))
    by_group: dict[str, list[shape.Connector]] = {}
    for connector in shape.every():
        by_group.setdefault(connector.group, []).append(connector)
    context = {
        "page": page,
        "rows": [(one, shape.find(one.kind).label) for one in page],
        "groups": [(GROUPS[name], found) for name, found in by_group.items()],
        "doors": _doors(request),
        "undo": take_undo(request),
    }
    return render_page(request, "connectors/home.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may("base.manage_keys")
def add(request: StaffRequest) -> HttpResponse:
    """Connect one system, named by `kind` in the address."""
    kind = request.GET.get("kind", "")
    if not kind:
        return redirect("connectors:home")
    connector = _connector(kind)
    form = ConnectionForm(connector, request.organisation, request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            connection = operations.connect(
                request.organisation,
                kind,
                form.given(),
                name=told["name"],
                wish=form.wish(),
                with_words=told.get("with_words", True),
                with_person=told.get("with_person", False),
                by=request.user,
                now=timezone.now(),
            )
        except shape.Unusable as refusal:
            form.refuse(refusal)
        except operations.TooMany:
            form.add_error(
                None, _("There are %(n)s already; remove one first.") % {"n": operations.MOST}
            )
        else:
            messages.success(request, _("It is connected. Try it to see that it works."))
            return redirect("connectors:detail", connection.public_id)
    context = {
        "connector": connector,
        "form": form,
        "services": SERVICES if kind == "chat" else (),
        "crumbs": [(_("Connections"), reverse("connectors:home"))],
    }
    return render_page(request, "connectors/edit.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may("base.manage_keys")
def change(request: StaffRequest, connection_id: UUID) -> HttpResponse:
    """Change what was typed."""
    connection = _find(request, connection_id)
    connector = shape.find(connection.kind)
    form = ConnectionForm(
        connector,
        request.organisation,
        request.POST or None,
        connection=connection,
        initial={"name": connection.name},
    )
    if form.is_valid():
        told = form.cleaned_data
        try:
            operations.change(
                connection,
                form.given(),
                name=told["name"],
                wish=form.wish(),
                with_words=told.get("with_words", True),
                with_person=told.get("with_person", False),
                by=request.user,
                now=timezone.now(),
            )
        except shape.Unusable as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("It is changed."))
            return redirect("connectors:detail", connection.public_id)
    context = {
        "connector": connector,
        "connection": connection,
        "form": form,
        "services": SERVICES if connection.kind == "chat" else (),
        "crumbs": [
            (_("Connections"), reverse("connectors:home")),
            (connection.name, reverse("connectors:detail", args=[connection.public_id])),
        ],
    }
    return render_page(request, "connectors/edit.html", context)


@never_cache
@require_safe
@staff_may("base.manage_keys")
def detail(request: StaffRequest, connection_id: UUID) -> HttpResponse:
    """One connection: what it hears, what was told, what came in."""
    connection = _find(request, connection_id)
    connector = shape.find(connection.kind)
    switch = ("off", _("Switch off")) if connection.is_active else ("on", _("Switch on"))
    acts = [("test", _("Try it")), switch, ("remove", _("Remove"))]
    if connector.takes_in:
        acts.insert(1, ("renew", _("Renew the address")))
    page = Paginator(connection.dispatches.all(), PAGE).get_page(request.GET.get("page"))
    context = {
        "connection": connection,
        "connector": connector,
        "further": mapping_link(connection),
        "hears": _hears(connection) if connector.hears else "",
        "acts": acts,
        "address": operations.address_of(connection) if connector.takes_in else "",
        "arrivals": connection.arrivals.all()[:20] if connector.takes_in else (),
        "page": page,
        "told": [(one, TROUBLES.get(one.reply) or Truncator(one.reply).chars(80)) for one in page],
        "crumbs": [(_("Connections"), reverse("connectors:home"))],
        "undo": take_undo(request),
    }
    return render_page(request, "connectors/detail.html", context)


@require_POST
@staff_may("base.manage_keys")
def act(request: StaffRequest, connection_id: UUID, act: str) -> HttpResponse:
    """One of the things that can be done with a connection."""
    connection = _find(request, connection_id)
    now = timezone.now()
    if act == "test":
        _try_out(request, connection)
    elif act in {"on", "off"}:
        operations.switch(connection, is_active=act == "on", by=request.user, now=now)
    elif act == "renew":
        operations.renew_address(connection, by=request.user, now=now)
        messages.success(
            request, _("The old address leads nowhere now; give the other side the new one.")
        )
    elif act == "remove":
        operations.remove(connection, by=request.user, now=now)
        undo = reverse("connectors:restore", args=[connection.public_id])
        offer_undo(request, _("%(name)s is removed.") % {"name": connection.name}, undo)
        return redirect("connectors:home")
    else:
        raise Http404
    return redirect("connectors:detail", connection.public_id)


@require_POST
@staff_may("base.manage_keys")
def restore(request: StaffRequest, connection_id: UUID) -> HttpResponse:
    """Bring a removed connection back."""
    mine = Connection.objects.filter(organisation=request.organisation)
    connection = get_object_or_404(mine, public_id=connection_id)
    operations.restore(connection, by=request.user, now=timezone.now())
    messages.success(request, _("%(name)s is back.") % {"name": connection.name})
    return redirect("connectors:home")


@require_POST
@staff_may("base.manage_keys")
def send_again(request: StaffRequest, dispatch_id: UUID) -> HttpResponse:
    """Tell one piece of news again."""
    mine = Dispatch.objects.filter(
        connection__organisation=request.organisation, connection__deleted_at=None
    )
    dispatch = get_object_or_404(mine.select_related("connection"), public_id=dispatch_id)
    operations.send_again(dispatch, now=timezone.now())
    messages.success(request, _("It is told once more."))
    return redirect("connectors:detail", dispatch.connection.public_id)


@require_POST
@staff_may("base.manage_keys")
def take_back(request: StaffRequest, arrival_id: UUID) -> HttpResponse:
    """Undo what something that came in led to."""
    mine = Arrival.objects.filter(
        connection__organisation=request.organisation, connection__deleted_at=None
    )
    arrival = get_object_or_404(
        mine.select_related("connection__organisation"), public_id=arrival_id
    )
    if arrival.state == Arrival.State.USED:
        count = intake.take_back(arrival, by=request.user, now=timezone.now())
        if count:
            messages.success(request, _("It is taken back."))
        else:
            messages.warning(request, _("It had led to something that cannot be taken back."))
    return redirect("connectors:detail", arrival.connection.public_id)


def _try_out(request: StaffRequest, connection: Connection) -> None:
    """Put an invented piece of news down for it; where it only hears, there is nothing to try."""
    connector = shape.find(connection.kind)
    if not connector.hears:
        messages.success(request, _("Post something to its address; it appears below."))
        return
    try:
        operations.access_of(connection)
    except CannotOpen:
        messages.warning(
            request, _("It was sealed by another installation; enter its secrets again.")
        )
        return
    now = timezone.now()
    operations.send_test(connection, Told(operations.TEST, now, {}), now=now)
    messages.success(request, _("It is being tried; reload in a moment to see the answer."))


def _hears(connection: Connection) -> str:
    words: dict[str, Any] = {news.value: label for news, label in WORDS.items()}
    return ", ".join(str(words[news]) for news in connection.news if news in words) or _("nothing")


def _connector(kind: str) -> shape.Connector:
    try:
        return shape.find(kind)
    except KeyError:
        raise Http404 from None


def _find(request: StaffRequest, connection_id: UUID) -> Connection:
    living = Connection.objects.filter(organisation=request.organisation, deleted_at=None)
    return get_object_or_404(living, public_id=connection_id)


def _doors(request: StaffRequest) -> list[tuple[Any, Any, str]]:
    """The other ways in and out that have a page of their own, and may be seen."""
    found = []
    for label, text, name, needed in DOORS:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        if may(Role(request.membership.role), needed):
            found.append((label, text, address))
    return found
