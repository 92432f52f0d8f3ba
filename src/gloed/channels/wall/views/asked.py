"""The customer's own page: read what will be shown, agree, decline, and take it back."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gloed.base.guests import CHANGES, GUESTS, OPENINGS, STRANGERS, is_too_fast
from gloed.base.policy import public_page
from gloed.channels.link.private_page import language_of
from gloed.channels.wall import pages
from gloed.loop.testimonials import operations
from gloed.loop.testimonials.consent import consent_text
from gloed.loop.testimonials.models import PLACES, Agreement, Testimonial
from gloed.loop.testimonials.operations import Refused
from gloed.loop.testimonials.queries import find_by_token
from gloed.loop.testimonials.rules import (
    NAME_LIMIT,
    WORDS_LIMIT,
    Ended,
    Shown,
    State,
    are_same,
    changes,
    forms_of,
    read_places,
)
from gloed.loop.testimonials.sentences import name_shown

SAID = {
    "agreed": _("Thank you. It has been written down exactly as you see it here."),
    "declined": _("Fine. Nothing is shown, and you are not asked again."),
    "withdrawn": _("You took it back. It is off the wall from this moment on."),
}
PROBLEMS = {
    "changed": _("The proposal was changed meanwhile. Please read it once more; nothing was kept."),
    "no_words": _("There are no words to show yet. Write them, or say that you would rather not."),
    "nowhere": _("Tick at least one place, or say that you would rather not. Nothing was kept."),
    "unsigned": _("Type your name below the text you agree to. Nothing was kept yet."),
    "no_name": _("Choose how your name is shown. Nothing was kept yet."),
    "too_long": _("The words are longer than fit. Nothing was kept yet."),
}


# CSRF does not apply: no cookie is read, and who knows the token may answer.
@csrf_exempt
@public_page(
    "a customer reads what will be shown of their words, agrees, declines, or takes it back"
)
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows everything and changes nothing; POST does what is asked."""
    one = find_by_token(token)
    if one is None:
        return _unknown(request)
    most = CHANGES if request.method == "POST" else OPENINGS
    if not GUESTS.allows(f"quote {request.method == 'POST'} {token}", most):
        return _words(request, one, "too_much.html", 429)
    if _is_closed(one):
        return _words(request, one, "closed.html", 410)
    if request.method != "POST":
        return _page(request, one, done=request.GET.get("done", ""))
    return _carry_out(request, one)


def _carry_out(request: HttpRequest, one: Testimonial) -> HttpResponse:
    wish, now = request.POST.get("do", ""), timezone.now()
    if wish == "decline":
        return _back(request, one, "declined" if operations.decline(one, now=now) else "")
    if wish == "withdraw":
        return _back(request, one, "withdrawn" if operations.withdraw(one, now=now) else "")
    if wish != "agree":
        return _back(request, one, "")
    problem = _agree(request, one)
    if problem:
        fresh = find_by_token(one.token) or one
        if problem == "not_asked":
            return _back(request, one, "")
        return _page(request, fresh, problem=problem, status=422)
    return _back(request, one, "agreed")


def _agree(request: HttpRequest, one: Testimonial) -> str:
    """Write down what they agree to; empty, or in a word why nothing was kept."""
    sent = request.POST
    words = sent.get("words", "").replace("\r\n", "\n")
    if len(words) > WORDS_LIMIT:
        return "too_long"
    version = sent.get("version", "")
    try:
        name = Shown(sent.get("shown", ""))
    except ValueError:
        return "no_name"
    try:
        operations.agree(
            one,
            version=int(version[:9]) if version.isascii() and version.isdigit() else 0,
            words=words,
            shown=name,
            places=read_places(sent.getlist("places")),
            signed_name=sent.get("name", "")[:NAME_LIMIT],
            language=_language(request, one),
            now=timezone.now(),
        )
    except Refused as refused:
        return refused.reason
    return ""


def _page(
    request: HttpRequest, one: Testimonial, *, done: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    language = _language(request, one)
    held = one.agreements.filter(ended_at=None).first()
    sent = request.POST if problem and problem != "changed" else {}
    words = sent.get("words", "") if sent else one.words
    context = {
        "one": one,
        "is_asking": one.state not in (State.AGREED, State.PROPOSED),
        "is_changing": one.state == State.PROPOSED,
        "has_said_no": one.has_said_no,
        "done": SAID.get(done, ""),
        "problem": PROBLEMS.get(problem, ""),
        "name": name_shown(one.name_text, one.language),
        "held": _held(held, one) if held else None,
        "changes": _changes(one),
        "words": words,
        "is_retry": bool(sent),
        "forms": _forms(one, sent.get("shown", "") if sent else one.shown),
        "places": [(code, words) for code, words in PLACES if code in one.places],
        "text": consent_text(one.organisation.name, language=language).split("\n"),
        "signed": sent.get("name", "") if sent else "",
        "words_limit": WORDS_LIMIT,
        "name_limit": NAME_LIMIT,
    }
    return pages.own("asked.html", context, one.organisation, language, status=status)


def _held(held: Agreement, one: Testimonial) -> dict[str, Any]:
    places = read_places(held.places)
    return {
        "words": held.words,
        "name": name_shown(held.name_text, one.language),
        "places": [words for code, words in PLACES if code in places],
        "text": held.text.split("\n"),
        "text_language": held.language,
        "signed": held.signed_name,
        "at": held.given_at,
    }


def _changes(one: Testimonial) -> tuple[object, ...]:
    if not one.original or not one.words or are_same(one.original, one.words):
        return ()
    return changes(one.original, one.words)


def _forms(one: Testimonial, chosen: str) -> list[tuple[str, str, bool]]:
    """The forms of the name there are, the proposed one among them: code, name, chosen."""
    known = forms_of(operations.known_of(one.person)) if one.person else {}
    if one.name_text:
        known[Shown(one.shown)] = one.name_text
    return [
        (form.value, name_shown(known[form], one.language), form.value == chosen)
        for form in Shown
        if form in known
    ]


def _is_closed(one: Testimonial) -> bool:
    """Whether there is nothing to decide any more, or not yet."""
    if one.person is None or one.erased_at is not None:
        return True
    if one.removed_at is not None:  # what was agreed can still be taken back
        return one.state != State.AGREED
    if one.state == State.PROPOSED:
        return not operations.may_withdraw(one)
    return one.state == State.WITHDRAWN and one.ended_because != Ended.CUSTOMER


def _language(request: HttpRequest, one: Testimonial) -> str:
    return language_of(request, one.language)


def _back(request: HttpRequest, one: Testimonial, done: str) -> HttpResponse:
    """To the page again, so that reloading it sends nothing twice."""
    there = reverse("wall:asked", args=[one.token])
    query = {"done": done, "l": request.POST.get("l", "") or request.GET.get("l", "")}
    told = urlencode({name: value for name, value in query.items() if value})
    return HttpResponseRedirect(f"{there}?{told}" if told else there, status=303)


def _words(request: HttpRequest, one: Testimonial, template: str, status: int) -> HttpResponse:
    language = _language(request, one)
    return pages.own(template, {}, one.organisation, language, status=status)


def _unknown(request: HttpRequest) -> HttpResponse:
    is_much = is_too_fast(request, "stranger", per_minute=STRANGERS)
    template, status = ("too_much.html", 429) if is_much else ("unknown.html", 404)
    return pages.own(template, {}, None, language_of(request), status=status)
