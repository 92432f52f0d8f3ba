"""What anybody may open: the page "what we changed", its feed, and the way out of a message."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gloed.base.policy import public_page
from gloed.base.wording import LANGUAGES as NAMES
from gloed.channels.link.rules import browser_wishes, choose_language
from gloed.channels.told_back import queries
from gloed.channels.told_back.drafts import LANGUAGES
from gloed.channels.told_back.models import PublicPage
from gloed.fieldwork.notices import operations as notices
from gloed.fieldwork.notices.models import Notice
from gloed.surveys.looks import look_of_all

CONTENT_SECURITY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


@public_page("what an organisation changed, for its customers; there only when it is switched on")
@require_http_methods(["GET", "HEAD"])
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """What was changed because customers said so, newest first."""
    page = _page(slug)
    language = _language(request)
    found = queries.changes_on(page.organisation)[: queries.SHOWN_CHANGES]
    context = {
        "page": page,
        "intro": page.intros.get(language, ""),
        "changes": [words for one in found if (words := queries.words_in(one, language))],
        "feed_url": reverse("told_back:feed", args=[page.slug, language]),
        "languages": [(code, name) for code, name in NAMES if code != language],
    }
    return _shown("told_back/public.html", context, page.organisation, language)


@public_page("the same for programs that read news")
@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """The changes as RSS, in one language."""
    page = _page(slug)
    if language not in LANGUAGES:
        raise Http404
    here = f"{settings.BASE_URL}{reverse('told_back:public', args=[page.slug])}?l={language}"
    with translation.override(language):
        title = _("What %(organisation)s changed") % {"organisation": page.organisation.name}
    made = Rss201rev2Feed(
        title=title,
        link=here,
        description=page.intros.get(language, "") or title,
        language=language,
        feed_url=f"{settings.BASE_URL}{request.path}",
    )
    for one in queries.changes_on(page.organisation)[: queries.SHOWN_CHANGES]:
        words = queries.words_in(one, language)
        if words:
            made.add_item(
                title=words["title"],
                link=f"{here}#c{one.public_id.hex[:8]}",
                description=words.get("text", ""),
                pubdate=one.published_at,
                unique_id=str(one.public_id),
                unique_id_is_permalink=False,
            )
    return HttpResponse(
        made.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8"
    )


# CSRF does not apply: the token in the address is the secret, and mail programs post without one
@csrf_exempt
@public_page("the way out of a message, by the secret in its link")
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Say in one press that no more mail is wanted; a mail program posts here by itself."""
    notice = Notice.objects.select_related("organisation").filter(token=token).first()
    if notice is None:
        raise Http404
    is_left = request.method == "POST"
    if is_left:
        how = "one_click" if request.POST.get("List-Unsubscribe") else "page"
        notices.leave(token, how=how, now=timezone.now())
    context = {"is_left": is_left, "organisation": notice.organisation}
    return _shown("told_back/leave.html", context, notice.organisation, _language(request))


def _page(slug: str) -> PublicPage:
    return get_object_or_404(
        PublicPage.objects.select_related("organisation"), slug=slug, is_on=True
    )


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("l", "")
    if wanted in LANGUAGES:
        return wanted
    wishes = browser_wishes(request.headers.get("Accept-Language", ""))
    return choose_language(LANGUAGES, wishes)


def _shown(
    template: str, context: dict[str, Any], organisation: Any, language: str
) -> HttpResponse:
    shown = look_of_all(organisation)
    context |= {"organisation": organisation, "language": language, "look": shown}
    with translation.override(language), timezone.override(organisation.time_zone):
        response = HttpResponse(render_to_string(template, context))  # no request: no cookie
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language"
    return response
