"""The respondent's own page: asked how often, what was answered, and taking it back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gloed.base.guests import CHANGES, GUESTS, OPENINGS, STRANGERS, is_too_fast
from gloed.base.policy import public_page
from gloed.channels.link.rules import WHY_LIMIT
from gloed.channels.own_page import guests, operations
from gloed.channels.own_page.guests import Guest, OwnResponse
from gloed.channels.own_page.models import PersonRequest
from gloed.channels.own_page.pages import language_of, own_page
from gloed.channels.own_page.rules import AS_IT_IS, Chosen, read_change, read_wishes
from gloed.fieldwork.rules import Kind
from gloed.responses.rules import AnswerRefused

ONE_CLICK = ("List-Unsubscribe", "One-Click")
SAID = {
    "left": _("You will get no more surveys."),
    "again": _("You may be asked again. Kind of you."),
    "kept": _("Your choices have been kept. They hold from this moment on."),
    "withdrawn": _("Your answer has been taken back. It counts nowhere any more."),
    "restored": _("Your answer counts again."),
    "corrected": _("Your answer has been changed."),
    "disallowed": _("You allow it no longer; that holds from this moment on."),
    "same": _("Nothing was changed: it says the same as before."),
    "asked": _("Your request has been passed on."),
    "unasked": _("Your request has been taken back."),
}
KINDS = {
    Kind.RELATIONSHIP.value: _("How I find it in general"),
    Kind.TRANSACTIONAL.value: _("How something went: a contact, a delivery, a visit"),
}
OFTEN = {
    "": _("As often as is usual"),
    "quarterly": _("At most four times a year"),
    "twice": _("At most twice a year"),
    "yearly": _("At most once a year"),
}
LATER = {
    "1": _("Leave me alone for a month"),
    "3": _("Leave me alone for three months"),
    "6": _("Leave me alone for half a year"),
    "12": _("Leave me alone for a year"),
}


# CSRF does not apply: a mail program presses this without a cookie, and who knows the token may.
@csrf_exempt
@public_page("respondents choose how often they are asked, and mail programs leave for them")
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows everything and changes nothing. POST does what is asked, at once, every time."""
    guest = guests.find_guest(token, now=timezone.now())
    if guest is None:
        return _unknown(request)
    name, value = ONE_CLICK
    if request.method == "POST" and request.POST.get(name) == value:
        if not guest.is_example:
            operations.leave(token, how="one_click", now=timezone.now())
        return _shown(request, guest, done="left", is_left=True)
    if _is_too_much(request, token):
        return _too_much(request, guest)
    if request.method != "POST":
        return _shown(request, guest, done=request.GET.get("done", ""))
    return _back(request, guest, _carry_out(request, guest))


def _carry_out(request: HttpRequest, guest: Guest) -> str:
    """Do what was sent from the page; the code of what is said about it."""
    wish, now = request.POST.get("do", ""), timezone.now()
    if wish not in ("leave", "again", "keep", "ask", "unask"):
        return ""
    if guest.is_example or guest.person is None:
        return {"leave": "left", "again": "again", "keep": "kept"}.get(wish, "")
    if wish == "leave":
        operations.leave(guest.token, how="page", now=now)
        return "left"
    if wish == "again":
        operations.come_back(guest, now=now)
        return "again"
    if wish == "keep":
        chosen = _chosen(request, guest)
        operations.keep_wishes(guest, chosen, now=now)
        return "left" if chosen.is_nothing_wanted else "kept"
    kind = request.POST.get("what", "")
    if kind not in PersonRequest.Kind.values:
        return ""
    if wish == "ask":
        operations.ask_for(guest.person, kind, now=now)
        return "asked"
    return "unasked" if operations.take_request_back(guest.person, kind) else ""


def _chosen(request: HttpRequest, guest: Guest) -> Chosen:
    now = timezone.now()
    return read_wishes(
        request.POST.getlist("kinds"),
        request.POST.get("rhythm", ""),
        request.POST.get("pause", ""),
        before=guests.wishes_of(guest.person, now=now),
        now=now,
    )


@csrf_exempt
@public_page("respondents change or take back what they answered themselves")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str, answer_id: UUID) -> HttpResponse:
    """One own answer: change it, take it back, or let it count again."""
    guest = guests.find_guest(token, now=timezone.now())
    if guest is None:
        return _unknown(request)
    if _is_too_much(request, token):
        return _too_much(request, guest)
    own = guests.own_response(guest, answer_id, language_of(request, guest))
    if own is None:
        return own_page(request, guest, "not_there.html", status=404)
    wish = request.POST.get("do", "") if request.method == "POST" else ""
    now, done = timezone.now(), ""
    if wish == "withdraw":
        done = "withdrawn" if operations.withdraw(guest, answer_id, now=now) else "same"
    elif wish == "restore":
        done = "restored" if operations.restore(guest, answer_id, now=now) else "same"
    elif wish.startswith("disallow-") and wish.removeprefix("disallow-").isdecimal():
        place = int(wish.removeprefix("disallow-")[:6])
        is_done = operations.take_consent_back(guest, answer_id, place, now=now)
        done = "disallowed" if is_done else "same"
    elif wish == "correct" and own.withdrawn_at is None:
        try:
            done = "corrected" if _correct(request, guest, own) else "same"
        except AnswerRefused:
            return own_page(request, guest, "answer.html", _one(own, is_refused=True), status=422)
    if done:
        return _back(request, guest, done)
    return own_page(request, guest, "answer.html", _one(own))


def _correct(request: HttpRequest, guest: Guest, own: OwnResponse) -> bool:
    change = read_change(
        request.POST.dict(),
        rated=[one.position for one in own.answers if one.scale],
        opened=[one.position for one in own.answers if one.is_open],
        limit=WHY_LIMIT,
    )
    return operations.correct(guest, own.public_id, change, now=timezone.now())


def _one(own: OwnResponse, *, is_refused: bool = False) -> dict[str, object]:
    return {"own": own, "is_refused": is_refused, "limit": WHY_LIMIT}


def _shown(
    request: HttpRequest, guest: Guest, *, done: str = "", is_left: bool = False
) -> HttpResponse:
    now = timezone.now()
    wishes = guests.wishes_of(guest.person, now=now)
    waiting = guests.open_requests(guest.person)
    context = {
        "done": SAID.get(done, ""),
        "wishes": wishes,
        "is_left": is_left or wishes.is_opted_out or (guest.is_example and done == "left"),
        "kinds": [(code, words, code not in wishes.refused) for code, words in KINDS.items()],
        "often": [(code, words, code == wishes.rhythm) for code, words in OFTEN.items()],
        "pauses": [("", _("Go on as usual")), *LATER.items()],
        "as_it_is": AS_IT_IS,
        "responses": guests.own_responses(guest, language_of(request, guest)),
        "wants_copy": waiting.get(PersonRequest.Kind.COPY),
        "wants_erasure": waiting.get(PersonRequest.Kind.ERASE),
    }
    return own_page(request, guest, "home.html", context)


def _back(request: HttpRequest, guest: Guest, done: str) -> HttpResponse:
    """To the page again, so that reloading it sends nothing twice."""
    address = reverse("own_page:home", args=[guest.token])
    query = {"done": done, "l": request.POST.get("l", "") or request.GET.get("l", "")}
    told = urlencode({name: value for name, value in query.items() if value})
    return HttpResponseRedirect(f"{address}?{told}" if told else address, status=303)


def _is_too_much(request: HttpRequest, token: str) -> bool:
    if request.method == "POST":
        return not GUESTS.allows(f"change {token}", CHANGES)
    return not GUESTS.allows(f"open {token}", OPENINGS)


def _too_much(request: HttpRequest, guest: Guest | None) -> HttpResponse:
    response = own_page(request, guest, "too_much.html", status=429)
    response.headers["Retry-After"] = "60"
    return response


def _unknown(request: HttpRequest) -> HttpResponse:
    if is_too_fast(request, "stranger", per_minute=STRANGERS):
        return _too_much(request, None)
    return own_page(request, None, "unknown.html", status=404)
