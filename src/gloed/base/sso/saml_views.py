"""The way to a SAML service and back, and its part of the settings page.

The answer arrives by a form of the service's site, so without the cookie of the visitor's session.
It is checked there and then; what it said waits under a cookie of its own for the next step, which
has the session again and looks whether the question was asked from this very browser.
"""

from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gloed.base.guests import is_too_fast
from gloed.base.links import absolute_url
from gloed.base.models import Membership, Staff
from gloed.base.policy import StaffRequest, public_page, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.sso import operations
from gloed.base.sso.attributes import address_of, name_of, uid_of
from gloed.base.sso.models import LogIn
from gloed.base.sso.onward import go_on
from gloed.base.sso.rules import Doubt, Kind, Refusal, claims_of
from gloed.base.sso.wording import DOUBTS, NEEDS_PACKAGE, REFUSALS, WAYS

PER_MINUTE = 300  # answers from one network address: a whole office in the morning
READ_EVERY = timedelta(hours=6)
_TRIED = "tried"


def is_there() -> bool:
    """Whether the extra is installed."""
    return find_spec("onelogin") is not None


def go(request: HttpRequest, log_in: LogIn, *, is_try: bool = False) -> HttpResponseBase:
    """On to the service, with a question of ours."""
    if not is_there():
        return _refused(request, NEEDS_PACKAGE, status=503)
    from gloed.base.sso import saml  # noqa: PLC0415 - heavy, only where somebody logs in that way

    now = timezone.now()
    if log_in.idp.get("address") and _is_due(log_in, now):
        read_again(log_in, now)
    there, asked = saml.ask(log_in)
    known = _provider(request, log_in).get_redirect_from_request_kwargs(request)
    _provider(request, log_in).stash_redirect_state(
        request, "login", known.get("next_url"), {_TRIED: is_try}, state_id=asked
    )
    return go_on(request, there, log_in.name)


@never_cache
@require_http_methods(["GET", "POST"])
@csrf_exempt
@public_page("the way back from the log-in service, by a form of its site; it is signed")
def answer(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Check what the service says, and let it wait for the visitor's own session."""
    from allauth.socialaccount.sessions import LoginSession  # noqa: PLC0415 - as above

    log_in = _find(provider_id)
    if request.method == "GET":  # somebody opened the address by hand
        return redirect("account_login")
    if not is_there():
        return _refused(request, NEEDS_PACKAGE, status=503)
    if is_too_fast(request, "saml", per_minute=PER_MINUTE):
        return _refused(request, DOUBTS[Doubt.UNREADABLE], status=429)
    from gloed.base.sso import saml  # noqa: PLC0415 - as above

    now = timezone.now()
    try:
        told = saml.believe(log_in, request.POST.get("SAMLResponse", ""))
    except saml.NotBelieved as trouble:
        return _refused(request, DOUBTS[trouble.doubt])
    if not operations.see_assertion(log_in, told.assertion, until=told.until, now=now):
        return _refused(request, DOUBTS[Doubt.REPLAYED])
    address = address_of(told.attributes, told.name_id, called=log_in.idp.get("address_in", ""))
    waiting = LoginSession(request, "saml_session", "saml-answer")
    waiting.store["answer"] = {
        "log_in": log_in.key,
        "asked": told.asked,
        "uid": uid_of(told.name_id, address),
        "email": address,
        "name": name_of(told.attributes, called=log_in.idp.get("name_in", ""))[:120],
        "told": {name: list(values) for name, values in told.attributes.items()},
        "name_id": told.name_id.value,
    }
    waiting.store.set_expiry(300)
    response = redirect("saml_answered", log_in.key)
    waiting.save(response)
    return response


@never_cache
@require_GET
@public_page("the last step of the way back; only for who began in this browser")
def answered(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Let somebody in whose answer was believed and whose question was asked here."""
    from allauth.socialaccount.sessions import LoginSession  # noqa: PLC0415 - as above

    log_in = _find(provider_id)
    waiting = LoginSession(request, "saml_session", "saml-answer")
    said = waiting.store.get("answer")
    waiting.delete()
    if not said or said["log_in"] != log_in.key:
        return _refused(request, DOUBTS[Doubt.UNASKED])
    provider = _provider(request, log_in)
    try:
        state = provider.unstash_redirect_state(request, said["asked"])
    except PermissionDenied:
        return _refused(request, DOUBTS[Doubt.UNASKED])
    if (state.get("data") or {}).get(_TRIED):
        return _tried(request, log_in, said)
    if not log_in.is_active:
        raise Http404
    return _complete(request, provider, said, state)


@require_GET
@public_page("our own metadata: addresses and a certificate, for the log-in service")
def about_us(_request: HttpRequest, provider_id: str) -> HttpResponse:
    """What a service has to know about us."""
    log_in = _find(provider_id)
    if not is_there():
        raise Http404
    from gloed.base.sso import saml  # noqa: PLC0415 - as above

    return HttpResponse(saml.about_us(log_in), content_type="application/samlmetadata+xml")


@require_POST
@staff_may("base.manage_organisation")
def try_it(request: StaffRequest, log_in_id: UUID) -> HttpResponseBase:
    """Go to the service and back without logging in, to see what it says."""
    mine = LogIn.objects.filter(organisation=request.organisation, deleted_at=None)
    log_in = get_object_or_404(mine, public_id=log_in_id)
    if log_in.kind != Kind.SAML:
        return redirect("sso:change", log_in.public_id)
    return go(request, log_in, is_try=True)


def read_again(log_in: LogIn, now: datetime) -> bool:
    """Read the metadata anew; False where nothing came that can be used, and all stays."""
    from gloed.base.sso import metadata  # noqa: PLC0415 - certificates, only here

    service = None
    if address := log_in.idp.get("address"):
        try:
            service = metadata.fetch(address)
        except metadata.NotUsable:
            service = None
    return operations.learn(log_in, service, now=now)


def shown(log_in: LogIn | None) -> dict[str, Any]:
    """What the settings page of a SAML service shows besides its form."""
    if log_in is None:
        return {}
    from gloed.base.sso import metadata  # noqa: PLC0415 - as above

    return {
        "addresses": True,
        "entity_id": absolute_url("saml_metadata", log_in.key),
        "address": absolute_url("saml_answer", log_in.key),
        "good_until": metadata.good_until(log_in.idp.get("certificates", [])),
        "read_at": parse_datetime(log_in.idp.get("read_at", "")),
    }


def _tried(request: HttpRequest, log_in: LogIn, said: dict[str, Any]) -> HttpResponse:
    """What the service said, shown to the owner who tried it."""
    user = request.user
    mine = Membership.objects.filter(organisation=log_in.organisation, deactivated_at=None)
    place = mine.filter(staff=user).first() if isinstance(user, Staff) else None
    if place is None or not may(Role(place.role), "base.manage_organisation"):
        raise Http404
    way = operations.way_of(log_in, claims_of(Kind.SAML, said), now=timezone.now())
    context = {
        "log_in": log_in,
        "said": said,
        "told": sorted(said["told"].items()),
        "is_let_in": not isinstance(way, Refusal),
        "verdict": REFUSALS[way] if isinstance(way, Refusal) else WAYS[way],
    }
    return render_page(request, "sso/tried.html", context)


def _complete(
    request: HttpRequest, provider: Any, said: dict[str, Any], state: Any
) -> HttpResponseBase:
    from allauth.socialaccount.helpers import complete_social_login  # noqa: PLC0415 - as above

    login = provider.sociallogin_from_response(request, said)
    login.state = state
    return complete_social_login(request, login)  # type: ignore[no-any-return]  # likewise


def _provider(request: HttpRequest, log_in: LogIn) -> Any:
    from gloed.base.sso import provider  # noqa: PLC0415 - as above

    return provider.of(request, log_in)


def _is_due(log_in: LogIn, now: datetime) -> bool:
    last = parse_datetime(log_in.idp.get("asked_at") or log_in.idp.get("read_at") or "")
    return last is None or now - last > READ_EVERY


def _find(provider_id: str) -> LogIn:
    found = LogIn.objects.filter(kind=Kind.SAML, deleted_at=None).select_related("organisation")
    try:
        return get_object_or_404(found, public_id=UUID(hex=provider_id))
    except ValueError:
        raise Http404 from None


def _refused(request: HttpRequest, words: Any, *, status: int = 403) -> HttpResponse:
    return render_page(request, "sso/refused.html", {"words": words}, status=status)
