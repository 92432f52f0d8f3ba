"""What customers and mail providers open: is it solved, no more questions, and mail that came in.

Looking never records anything: scanners follow every link of a mail. Only a press does.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gloed.base.guests import CHANGES, GUESTS, OPENINGS
from gloed.base.policy import public_page
from gloed.channels.link import pages, private_page
from gloed.loop.letters import operations as letters
from gloed.loop.letters.models import FollowUp
from gloed.loop.letters.queries import address_of
from gloed.people import operations as people
from gloed.people.models import Suppression

ANSWERS = (
    ("yes", gettext_lazy("Yes, it is solved")),
    ("partly", gettext_lazy("Partly")),
    ("no", gettext_lazy("No, not yet")),
)


# CSRF does not apply: there is no cookie, the token in the address is the whole right
@csrf_exempt
@public_page("a customer says whether their case is solved; the link is in the mail to them")
@require_http_methods(["GET", "HEAD", "POST"])
def solved(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether it is solved; the answer of the mail stands chosen, and a press keeps it."""
    follow_up = _find(request, token)
    if follow_up is None:
        return _page(request, None, "gone.html", status=404)
    given = request.POST if request.method == "POST" else request.GET
    chosen = given.get("a", "")
    chosen = chosen if chosen in FollowUp.Answer.values else ""
    context: dict[str, Any] = {"chosen": chosen}
    if request.method != "POST":
        return _page(request, follow_up, "solved.html", context)
    words = request.POST.get("words", "")
    if not chosen:
        with translation.override(_language(request, follow_up)):
            context |= {"problem": _("Choose one of the three answers."), "words": words}
        return _page(request, follow_up, "solved.html", context, status=422)
    answer = FollowUp.Answer(chosen)
    letters.answer_solved(follow_up, answer, words=words, now=timezone.now())
    return _page(request, follow_up, "solved.html", {"is_kept": True, "kept": chosen})


# CSRF does not apply: mail programs post here by themselves (RFC 8058), the token is the right
@csrf_exempt
@public_page("a customer wants no more questions; the link is in the mail to them")
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more questions: asked with GET, done with POST."""
    follow_up = _find(request, token)
    if follow_up is None:
        return _page(request, None, "gone.html", status=404)
    is_kept = request.method == "POST"
    if is_kept:
        people.suppress(
            follow_up.organisation,
            address_of(follow_up.case),
            reason=Suppression.Reason.OPT_OUT,
            source="letter",
            now=timezone.now(),
        )
    return _page(request, follow_up, "stop.html", {"is_kept": is_kept})


# CSRF does not apply: a provider has no cookie, it proves itself by signature or password
@csrf_exempt
@public_page("the mail provider posts mail that came in here, signed or with a password")
@require_http_methods(["GET", "HEAD", "POST"])
def provider_posts(request: HttpRequest, provider: str) -> HttpResponseBase:
    """Mail that the one provider which is set up received for us."""
    if not provider or provider != settings.MAIL_PROVIDER:
        raise Http404
    from gloed.channels.letters.provider_mail import receive  # noqa: PLC0415 - heavy, rarely asked

    return receive(request, provider)


def _find(request: HttpRequest, token: str) -> FollowUp | None:
    most = CHANGES if request.method == "POST" else OPENINGS
    if not GUESTS.allows(f"letter:{request.method}:{token}", most):
        return None
    found = FollowUp.objects.select_related(
        "organisation", "case__organisation", "case__person", "letter__thread__case"
    )
    return found.filter(token=token).first()


def _language(request: HttpRequest, follow_up: FollowUp | None) -> str:
    known = follow_up.letter.language if follow_up and follow_up.letter else ""
    return private_page.language_of(request, known)


def _page(
    request: HttpRequest,
    follow_up: FollowUp | None,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a template of this room."""
    return private_page.private_page(
        f"letterbox/{template}",
        {
            "token": follow_up.token if follow_up else "",
            "organisation": follow_up.organisation.name if follow_up else "",
            "answers": ANSWERS,
            **(context or {}),
        },
        language=_language(request, follow_up),
        style=pages.style(),
        time_zone=follow_up.organisation.time_zone if follow_up else "",
        status=status,
    )
