"""The respondent's page for asking less or not at all, and the one press of a mail program."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gloed.base.policy import public_page
from gloed.channels.link import pages
from gloed.channels.link.pages import Look
from gloed.channels.link.rules import browser_wishes, choose_language
from gloed.channels.own_page.rules import EXAMPLE
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.operations.wishes import EVERYTHING
from gloed.fieldwork.queries import find_invitation
from gloed.people.models import Person
from gloed.surveys import queries as surveys
from gloed.surveys.models import Survey

LANGUAGES = ("en", "nl")
NAMES = {"en": "English", "nl": "Nederlands"}
PAUSE = timedelta(days=182)
RHYTHMS = {"twice": 182, "yearly": 365}
ONE_CLICK = ("List-Unsubscribe", "One-Click")
SAID = {
    "all": gettext_lazy("You will get no more surveys from %(organisation)s."),
    "kind": gettext_lazy("You will get no more surveys of this kind from %(organisation)s."),
    "pause": gettext_lazy("%(organisation)s will leave you alone for six months."),
    "twice": gettext_lazy("%(organisation)s will ask you at most twice a year."),
    "yearly": gettext_lazy("%(organisation)s will ask you at most once a year."),
    "again": gettext_lazy("%(organisation)s may ask you again. Kind of you."),
}


@dataclass(frozen=True, slots=True)
class _Guest:
    """Who opened the page: the person behind a token, and about what they were asked."""

    token: str
    organisation: str
    kind: str
    language: str
    person_id: int | None


# CSRF does not apply: a mail program presses this without a cookie, and who knows the token may.
@csrf_exempt
@public_page("respondents leave from a mail, and mail programs do it for them")
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the choices and changes nothing. POST does what is asked, at once, every time."""
    guest = _guest(token)
    if guest is None:
        return _page(request, None, "own_page/unknown.html", status=404)
    name, value = ONE_CLICK
    if request.method == "POST" and request.POST.get(name) == value:
        if token != EXAMPLE:
            fieldwork.opt_out(token, scope=EVERYTHING, how="one_click", now=timezone.now())
        return _page(request, guest, "own_page/left.html", choice="all")
    choice = request.POST.get("choice", "")
    if request.method != "POST" or choice not in SAID or "look" in request.POST:
        return _page(request, guest, "own_page/leave.html")
    if token != EXAMPLE:
        _carry_out(guest, choice)
    return _page(request, guest, "own_page/left.html", choice=choice)


def _guest(token: str) -> _Guest | None:
    if token == EXAMPLE:
        return _Guest(token, "Gloed", Survey.Kind.RELATIONSHIP, "", None)
    invitation = find_invitation(token)
    if invitation is None:
        return None
    survey = surveys.get_asked(invitation.survey_id)
    kind = Survey.objects.values_list("kind", flat=True).get(pk=invitation.survey_id)
    return _Guest(token, survey.organisation_name, kind, invitation.language, invitation.person_id)


def _carry_out(guest: _Guest, choice: str) -> None:
    now = timezone.now()
    if choice in ("all", "kind"):
        scope = EVERYTHING if choice == "all" else guest.kind
        fieldwork.opt_out(guest.token, scope=scope, how="page", now=now)
        return
    person = Person.objects.filter(pk=guest.person_id or 0).first()
    if person is None:  # erased: there is nobody left to ask
        return
    if choice == "pause":
        fieldwork.pause(person, until=now + PAUSE, now=now)
    elif choice in RHYTHMS:
        fieldwork.set_rhythm(person, days=RHYTHMS[choice], now=now)
    else:
        fieldwork.opt_in(person, now=now)


def _page(
    request: HttpRequest,
    guest: _Guest | None,
    template: str,
    *,
    choice: str = "",
    status: int = 200,
) -> HttpResponse:
    wishes = [
        request.POST.get("look", "") or request.POST.get("l", ""),
        guest.language if guest else "",
        *browser_wishes(request.headers.get("Accept-Language", "")),
    ]
    language = choose_language(LANGUAGES, wishes)
    organisation = guest.organisation if guest else ""
    others = [(code, NAMES[code]) for code in LANGUAGES if code != language]
    with translation.override(language):
        context = {
            "look": Look(organisation, "", 0, language),
            "style": mark_safe(pages.style()),  # noqa: S308 - our own file
            "languages": others if template == "own_page/leave.html" else [],
            "organisation": organisation,
            "action": reverse("own_page:home", args=[guest.token]) if guest else "",
            "is_example": guest is not None and guest.token == EXAMPLE,
            "choice": choice,
            "choices": _choices(guest),
            "said": SAID[choice] % {"organisation": organisation} if choice else "",
        }
        text = render_to_string(template, context)
    response = HttpResponse(text, status=status)
    response.headers["Content-Security-Policy"] = pages.content_security()
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _choices(guest: _Guest | None) -> list[tuple[str, str]]:
    is_relationship = guest is not None and guest.kind == Survey.Kind.RELATIONSHIP
    return [
        ("all", _("No surveys at all any more")),
        (
            "kind",
            _("No more general questions like this one")
            if is_relationship
            else _("No more questions after a contact or a delivery"),
        ),
        ("pause", _("Not now: ask me again in six months")),
        ("twice", _("At most twice a year")),
        ("yearly", _("At most once a year")),
    ]
