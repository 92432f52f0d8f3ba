"""The short links of messages, and where a provider tells of replies and of what arrived."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gloed.base.guests import STRANGERS, is_too_fast
from gloed.base.policy import public_page
from gloed.channels.own_page.pages import own_page
from gloed.channels.sms import operations
from gloed.channels.sms.models import ShortLink, TextProvider
from gloed.channels.sms.rules import read_reply, read_reports
from gloed.channels.sms.settings_words import reply_secret

MOST_BYTES = 65_536


@public_page("the short link in a text message leads whoever has it to their survey")
@require_safe
def survey_link(request: HttpRequest, code: str) -> HttpResponse:
    """To the survey; opening it records nothing."""
    link = _link(code)
    if link is None:
        return _unknown(request)
    invitation = link.invitation
    return _to(reverse("link:personal", args=[invitation.survey.slug, invitation.token]))


@public_page("the way out in a text message leads whoever has it to their own page")
@require_safe
def stop_link(request: HttpRequest, code: str) -> HttpResponse:
    """To the own page, where one press stops everything; opening it changes nothing."""
    link = _link(code)
    if link is None:
        return _unknown(request)
    return _to(reverse("own_page:home", args=[link.invitation.token]))


# CSRF does not apply: a provider sends this, and proves itself by the secret in the address.
@csrf_exempt
@public_page("a provider of text messages tells here of replies and arrivals, with a secret")
@require_http_methods(["GET", "HEAD", "POST"])
def replies(request: HttpRequest, provider_id: UUID, secret: str) -> HttpResponse:
    """Whether messages arrived, or a reply: STOP and START are done, all else is left unread.

    Several providers tell it by GET, with everything in the query.
    """
    provider = TextProvider.objects.filter(public_id=provider_id, removed_at=None).first()
    if provider is None or not constant_time_compare(secret, reply_secret(provider)):
        return HttpResponse(status=404)
    query = request.META.get("QUERY_STRING", "")
    if request.method == "HEAD" or (request.method == "GET" and not query):
        return HttpResponse(status=204)  # a provider sees whether the address answers
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return HttpResponse(status=413)
    said = request.body, request.content_type or "", query
    now = timezone.now()
    taken = [operations.take_report(provider, one, now=now) for one in read_reports(*said)]
    if not any(taken):
        operations.take_reply(provider, *read_reply(*said), now=now)
    return HttpResponse(status=204)


def _link(code: str) -> ShortLink | None:
    return ShortLink.objects.select_related("invitation__survey").filter(code=code).first()


def _to(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _unknown(request: HttpRequest) -> HttpResponse:
    if is_too_fast(request, "stranger", per_minute=STRANGERS):
        return own_page(request, None, "too_much.html", status=429)
    return own_page(request, None, "unknown.html", status=404)
