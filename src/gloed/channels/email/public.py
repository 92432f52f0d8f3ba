"""Addresses that machines open: the link nobody sees, and the news of mail providers."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gloed.base.policy import public_page
from gloed.channels.email import visits
from gloed.channels.link import pages
from gloed.channels.link.pages import Look
from gloed.channels.link.rules import browser_wishes, choose_language
from gloed.channels.own_page.rules import EXAMPLE

LANGUAGES = ("en", "nl")


@public_page("a link in mails that no person sees; machines follow it")
@require_http_methods(["GET", "HEAD"])
def unseen(request: HttpRequest, token: str) -> HttpResponse:
    """Notice a machine, record nothing else, and be kind in case it is a person after all."""
    is_known = token == EXAMPLE or visits.note_unseen(token, now=timezone.now())
    wishes = browser_wishes(request.headers.get("Accept-Language", ""))
    language = choose_language(LANGUAGES, wishes)
    with translation.override(language):
        heading = _("Nothing to do here")
        text = _("This link is there for machines. To answer, choose a number in the mail itself.")
    page = pages.words_page(Look("", "", 0, language), heading, text)
    response = HttpResponse(page, status=200 if is_known else 404)
    response.headers["Content-Security-Policy"] = pages.content_security()
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


# CSRF does not apply: a provider has no cookie, it proves itself by signature or password
@csrf_exempt
@public_page("the mail provider posts its news here, signed or with a password")
@require_http_methods(["GET", "HEAD", "POST"])
def provider_events(request: HttpRequest, provider: str) -> HttpResponseBase:
    """News of bounces, complaints and deliveries, of the one provider that is set up."""
    if provider != settings.MAIL_PROVIDER:
        raise Http404
    from gloed.channels.email.provider_news import receive  # noqa: PLC0415 - heavy, rarely asked

    return receive(request, provider)
