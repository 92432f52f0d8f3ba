"""What anybody may open who has the secret address: a friend's landing, a promoter's own page.

Looking counts nothing and decides nothing, so a mail scanner that follows every link does neither:
a visit, a yes and a no are each a press.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gloed.base.guests import CHANGES, GUESTS, is_too_fast
from gloed.base.links import absolute_url
from gloed.base.models import Organisation
from gloed.base.policy import public_page
from gloed.channels.link.private_page import language_of
from gloed.channels.referral.pages import language_of_friend, page
from gloed.channels.referral.thanks import is_left_alone, person_of
from gloed.loop.promoters import referrals
from gloed.loop.promoters.drafts import consent_for
from gloed.loop.promoters.models import Ask, EarlyAccess, Reference, ReferralLink, Trial
from gloed.loop.promoters.operations import asking, references, referring, trying
from gloed.loop.promoters.operations.asking import NotNow
from gloed.loop.promoters.operations.trying import Full
from gloed.loop.promoters.queries import is_glad
from gloed.loop.promoters.rules import (
    YEARLY_CAP,
    AskKind,
    Became,
    How,
    Place,
    landing_address,
    origin_of,
)

VISITS = 20
"""So many visits a minute from one network address are counted; nobody is kept out."""
REMARK_LIMIT = 2000


# CSRF does not apply on these pages: no cookie and no log-in is read; the address is the secret
@csrf_exempt
@public_page("a friend opens the link that a customer passed on")
@require_http_methods(["GET", "HEAD", "POST"])
def landing(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Say who gave the link away and what it brings; a press counts the visit and goes on."""
    link = _link(slug)
    programme = referrals.programme_of(link.organisation) if link else None
    if link is None or programme is None or not (programme.is_on and programme.address):
        return _unknown(request)
    if request.method == "POST":
        if not is_too_fast(request, "referral", per_minute=VISITS):
            referring.count_visit(link, now=timezone.now())
        answer = HttpResponseRedirect(landing_address(programme.address, link.slug))
        answer.status_code = 303
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
    language = language_of_friend(request, link.organisation.language)
    words = _words(programme.words, language, link.organisation)
    context = {"text": words.get("text", ""), "friend": words.get("friend", "")}
    return page(
        "landing.html",
        context,
        link.organisation,
        language,
        goes_to=origin_of(programme.address),
    )


@csrf_exempt
@public_page("somebody presses on from the thank-you, by the secret of their survey link")
@require_http_methods(["GET", "HEAD", "POST"])
def from_thanks(request: HttpRequest, token: str) -> HttpResponseBase:
    """Offer a link of their own to somebody who just answered; a press makes it."""
    person = person_of(token)
    if person is None:
        return _unknown(request)
    programme = referrals.programme_of(person.organisation)
    language = language_of(request, person.language)
    is_open = programme is not None and programme.is_on and programme.is_offered
    if not is_open or is_left_alone(person) or not is_glad(person, now=timezone.now()):
        return page("not_now.html", {}, person.organisation, language)
    if request.method != "POST":
        words = _words(programme.words if programme else {}, language, person.organisation)
        context = {"giver": words.get("giver", ""), "friend": words.get("friend", "")}
        return page("offer.html", context, person.organisation, language)
    now = timezone.now()
    made = Ask.objects.filter(person=person, kind=AskKind.REFERRAL, how=How.PAGE).first()
    if made is None:
        try:
            made = asking.note_ask(person, AskKind.REFERRAL, how=How.PAGE, staff=None, now=now)
        except NotNow:
            return page("not_now.html", {}, person.organisation, language)
        asking.note_became(made, Became.YES, now=now)
    referring.make_link(person, staff=None, now=now)
    return _to_own(made.token, language)


@csrf_exempt
@public_page("somebody answers to what they were asked, by the secret address in their mail")
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponseBase:
    """Their own page: the link to pass on, or what they say yes or no to."""
    ask = _ask(token)
    shows = _PAGES.get(AskKind(ask.kind)) if ask else None
    if ask is None or shows is None:
        return _unknown(request)
    language = language_of(request, ask.language, ask.person.language)
    if request.method == "POST":
        if GUESTS.allows(f"helping {token}", CHANGES):
            _take(ask, request, language)
        return _to_own(token, language)
    template, context = shows(ask, language)
    return page(template, context, ask.organisation, language)


def _to_own(token: str, language: str) -> HttpResponse:
    """To their own page, in the language they were reading."""
    return HttpResponseRedirect(f"{reverse('referral:own', args=[token])}?l={language}")


def _take(ask: Ask, request: HttpRequest, language: str) -> None:
    """What they pressed: yes, no, stop, or something they wrote."""
    do, now = request.POST.get("do", ""), timezone.now()
    if ask.kind == AskKind.REFERENCE:
        _take_reference(ask, do, language)
    elif ask.kind == AskKind.EARLY_ACCESS:
        _take_early_access(ask, do, request.POST.get("text", ""))
    elif ask.kind == AskKind.REFERRAL and do == "yes":
        referring.make_link(ask.person, staff=None, now=now)
        asking.note_became(ask, Became.YES, now=now)


def _take_reference(ask: Ask, do: str, language: str) -> None:
    now = timezone.now()
    held = _reference(ask)
    if do == "yes":
        cap = held.yearly_cap if held else YEARLY_CAP
        references.agree(
            ask.person,
            text=consent_for(ask.organisation, language, cap=cap),
            language=language,
            how=How.PAGE,
            at=now,
            staff=None,
            now=now,
        )
        asking.note_became(ask, Became.YES, now=now)
    elif do in ("no", "stop"):
        if held is not None:
            references.withdraw(held, how=How.PAGE, staff=None, now=now)
        asking.note_became(ask, Became.NO, now=now)


def _take_early_access(ask: Ask, do: str, text: str) -> None:
    now, trial = timezone.now(), _trial(ask)
    if trial is None:
        return
    if do == "yes":
        try:
            trying.accept(trial, now=now)
        except Full:
            return
        asking.note_became(ask, Became.YES, now=now)
    elif do == "no":
        trying.decline(trial, now=now)
        asking.note_became(ask, Became.NO, now=now)
    elif do == "stop" and trial.status == Place.ACCEPTED:
        trying.leave(trial, now=now)
    elif do == "say" and text.strip() and trial.status in (Place.ACCEPTED, Place.LEFT):
        said = text.replace("\x00", "").strip()[:REMARK_LIMIT]
        trying.note_remark(trial, said, staff=None, now=now)


def _referral_page(ask: Ask, language: str) -> tuple[str, dict[str, Any]]:
    programme = referrals.programme_of(ask.organisation)
    link = ReferralLink.objects.filter(person=ask.person).first()
    is_closed = link is not None and link.closed_at is not None
    if programme is None or not programme.is_on or is_closed:
        return "not_now.html", {}
    words = _words(programme.words, language, ask.organisation)
    return "referral.html", {
        "address": absolute_url("referral:landing", link.slug) if link else "",
        "giver": words.get("giver", ""),
        "friend": words.get("friend", ""),
    }


def _reference_page(ask: Ask, language: str) -> tuple[str, dict[str, Any]]:
    held = _reference(ask)
    cap = held.yearly_cap if held else YEARLY_CAP
    return "reference.html", {
        "held": held,
        "consent": consent_for(ask.organisation, language, cap=cap),
        "said_no": held is None and ask.became == Became.NO,
    }


def _early_access_page(ask: Ask, _language: str) -> tuple[str, dict[str, Any]]:
    trial = _trial(ask)
    if trial is None:
        return "not_now.html", {}
    early: EarlyAccess = trial.early_access
    is_gone = early.closed_at is not None or early.removed_at is not None
    is_full = trying.count_taken(early) >= early.places
    return "early_access.html", {
        "list": early,
        "trial": trial,
        "own_remarks": list(trial.remarks.filter(staff=None)),
        "is_full": (is_full or is_gone) and trial.status != Place.ACCEPTED,
        "limit": REMARK_LIMIT,
    }


_PAGES = {
    AskKind.REFERRAL: _referral_page,
    AskKind.REFERENCE: _reference_page,
    AskKind.EARLY_ACCESS: _early_access_page,
}


def _link(slug: str) -> ReferralLink | None:
    if "\0" in slug:
        return None
    found = ReferralLink.objects.filter(slug=slug, closed_at=None)
    return found.select_related("organisation").first()


def _ask(token: str) -> Ask | None:
    if "\0" in token:
        return None
    found = Ask.objects.filter(token=token).select_related("organisation", "person__organisation")
    return found.first()


def _reference(ask: Ask) -> Reference | None:
    return Reference.objects.filter(person=ask.person, withdrawn_at=None).first()


def _trial(ask: Ask) -> Trial | None:
    if ask.about is None:
        return None
    found = Trial.objects.filter(person=ask.person, early_access__public_id=ask.about)
    return found.select_related("early_access").first()


def _words(
    words: dict[str, dict[str, str]], language: str, organisation: Organisation
) -> dict[str, str]:
    """The programme's words in a language, each part else in the organisation's own."""
    own_words, usual = words.get(language, {}), words.get(organisation.language, {})
    parts = {*own_words, *usual}
    return {part: own_words.get(part) or usual.get(part, "") for part in parts}


def _unknown(request: HttpRequest) -> HttpResponse:
    return page("unknown.html", {}, None, language_of(request), status=404)
