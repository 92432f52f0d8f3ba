"""Subjects that no theme covers, offered: accept, merge, rename, ignore."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.coding import queries
from gloed.coding.forms import LANGUAGE_NAMES
from gloed.coding.models import Codebook, Suggestion
from gloed.coding.operations import suggestions as decided
from gloed.coding.operations.learning import ask_to_learn, learn_job
from gloed.coding.rules.editing import EditRefused
from gloed.coding.views.sentences import sentence_of
from gloed.responses.models import Answer
from gloed.text.masking import mask

MAY = "coding.edit_codebook"
MOST = 15


@require_safe
@staff_may(MAY)
def suggestions(request: StaffRequest) -> HttpResponse:
    """What was found among the answers that no theme covers."""
    book = _book(request)
    found = Suggestion.objects.filter(organisation=request.organisation)
    opened = list(found.filter(state=Suggestion.State.NEW).order_by("-count", "name")[:MOST])
    language = (get_language() or "en")[:2]
    themes = [(t.key, t.name_in(language)) for t in queries.list_live(request.organisation)]
    minimum = request.organisation.minimum_group
    context = {
        "suggestions": [_shown(one) for one in opened if one.count >= minimum],
        "ignored": list(found.filter(state=Suggestion.State.IGNORED).order_by("-decided_at")[:20]),
        "themes": sorted(themes, key=lambda pair: pair[1].lower()),
        "has_draft": book.versions.filter(published_at=None).exists(),
        "work": learn_job(request.organisation),
        "undo": take_undo(request),
    }
    return render_page(request, "coding/suggestions.html", context)


@require_POST
@staff_may(MAY)
def decide(request: StaffRequest, suggestion_id: UUID) -> HttpResponse:
    """Accept it (`name`), merge it (`into`), or ignore it: `do` says which."""
    book, one = _book(request), _own(request, suggestion_id)
    now, do = timezone.now(), request.POST.get("do", "")
    try:
        if do == "accept":
            name = request.POST.get("name", "")
            decided.accept(one, book, name, staff=request.user, now=now)
            text = _("“%(name)s” is a theme in the draft; publish it and it counts.")
        elif do == "merge":
            into = request.POST.get("into", "")
            decided.merge(one, book, into, staff=request.user, now=now)
            text = _("The words of “%(name)s” are in the draft.")
        elif do == "ignore":
            decided.ignore(one, staff=request.user, now=now)
            text = _("“%(name)s” is not suggested again.")
        else:
            return redirect("coding:suggestions")
    except EditRefused as refused:
        messages.warning(request, sentence_of(refused))
        return redirect("coding:suggestions")
    url = reverse("coding:reopen", args=[one.public_id])
    offer_undo(request, text % {"name": one.name}, url)
    return redirect("coding:suggestions")


@require_POST
@staff_may(MAY)
def reopen(request: StaffRequest, suggestion_id: UUID) -> HttpResponse:
    """Take a decision back."""
    decided.reopen(_own(request, suggestion_id), _book(request), now=timezone.now())
    return redirect("coding:suggestions")


@require_POST
@staff_may(MAY)
def look(request: StaffRequest) -> HttpResponse:
    """Have a worker look again."""
    _book(request)
    ask_to_learn(request.organisation.pk, now=timezone.now())
    return redirect("coding:suggestions")


@require_safe
@staff_may(MAY)
def looking(request: StaffRequest) -> HttpResponse:
    """How far the worker is, for the page that watches."""
    _book(request)
    if not request.htmx:
        return redirect("coding:suggestions")
    context = {"work": learn_job(request.organisation)}
    return render_page(request, "coding/parts/looking.html", context)


def _book(request: StaffRequest) -> Codebook:
    book = queries.find_codebook(request.organisation)
    if book is None:
        raise Http404
    return book


def _own(request: StaffRequest, suggestion_id: UUID) -> Suggestion:
    mine = {"organisation": request.organisation, "public_id": suggestion_id}
    return get_object_or_404(Suggestion, **mine)


def _shown(one: Suggestion) -> dict[str, Any]:
    """A suggestion with its quotes, cut out of the answers as they are now."""
    texts = dict(
        Answer.objects.filter(pk__in=[place[0] for place in one.quotes])
        .exclude(verbatim="")
        .values_list("pk", "verbatim")
    )
    quotes = [
        (mask(texts[answer]).text[start:end], polarity)
        for answer, start, end, polarity in one.quotes
        if answer in texts
    ]
    return {
        "id": one.public_id,
        "name": one.name,
        "language": one.language,
        "language_name": LANGUAGE_NAMES.get(one.language, one.language),
        "count": one.count,
        "share": one.share,
        "shift": one.shift,
        "seeds": [*one.words, *one.phrases],
        "quotes": [quote for quote, _polarity in quotes if quote],
    }
