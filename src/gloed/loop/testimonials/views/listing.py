"""The list of testimonials, and proposing a new one."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.queries import list_memberships
from gloed.base.rendering import render_page
from gloed.base.undo import take_undo
from gloed.loop.promoters.inner import inner_tabs
from gloed.loop.testimonials import operations, queries
from gloed.loop.testimonials.forms import NarrowForm, ProposeForm
from gloed.loop.testimonials.models import Testimonial
from gloed.loop.testimonials.operations import Refused
from gloed.loop.testimonials.queries import Source
from gloed.loop.testimonials.rules import WORDS_LIMIT, Shown, forms_of
from gloed.loop.testimonials.sentences import STATE_NAMES, name_shown, places_in_words
from gloed.loop.testimonials.views.common import (
    ASK,
    READ,
    SHOW,
    language_for,
    may_here,
    tell_refusal,
    to_one,
)
from gloed.people.models import Person

PAGE_SIZE = 50


@require_safe
@staff_may(READ)
def testimonial_list(request: StaffRequest) -> HttpResponse:
    """All of them, filtered by the address, and whose answers say that they may be quoted."""
    askers = list(list_memberships(request.organisation))
    everything = queries.seen_by(request.membership)
    form = NarrowForm(request.GET, askers, queries.counts(everything))
    form.is_valid()
    asked = {name: form.cleaned_data.get(name) or "" for name in ("state", "place", "asked_by")}
    found = queries.narrowed(everything, **asked)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    context = {
        "tabs": inner_tabs(request, "testimonials:list"),
        "form": form,
        "active": _active(form, asked),
        "reset_url": request.path if any(asked.values()) else "",
        "page": page,
        "rows": _rows(shown),
        "is_empty": not any(asked.values()) and not shown,
        "willing": [(one, one.words) for one in queries.willing(request.membership)],
        "may_ask": may_here(request, ASK),
        "may_show": may_here(request, SHOW),
        "wall_url": page_url("wall:settings"),
        "undo": take_undo(request),
    }
    return render_page(request, "testimonials/list.html", context, region="testimonials")


def _rows(shown: list[Testimonial]) -> list[dict[str, Any]]:
    held = queries.holding(shown)
    return [
        {
            "one": one,
            "name": name_shown(one.name_text, one.language),
            "state": STATE_NAMES[queries.WALL if one.on_wall_at else one.state],
            "agreed": places_in_words(held[one.pk].places) if one.pk in held else [],
        }
        for one in shown
    ]


def _active(form: NarrowForm, asked: dict[str, str]) -> list[tuple[str, str]]:
    words = {name: dict(form.fields[name].choices) for name in asked}  # type: ignore[attr-defined]  # all are choices
    return [
        (str(words[name][value]), f"?{urlencode({**asked, name: ''})}")
        for name, value in asked.items()
        if value
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(ASK)
def new(request: StaffRequest) -> HttpResponse:
    """Propose to quote somebody: the words of an answer (`?answer=`), or a person (`?person=`)."""
    source = _source(request)
    person = source.response.person if source else _person(request)
    if source is not None:
        there = queries.of_response(source.response)
        if there is not None and queries.find(request.membership, there.public_id):
            return to_one(there)
    if person is None:
        return _nobody(request)
    language = language_for(request, source.response.language if source else "", person.language)
    names = forms_of(operations.known_of(person))
    proposed = source.proposed[:WORDS_LIMIT] if source else ""
    usual = next((one for one in (Shown.FIRST_TOWN, Shown.FULL) if one in names), Shown.ANONYMOUS)
    form = ProposeForm(
        names,
        request.POST or None,
        language=language,
        initial={"words": proposed, "shown": usual.value, "places": ["wall", "site"]},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.propose(
                person,
                form.wanted(),
                response=source.response if source else None,
                original=source.words if source else "",
                language=language,
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refused:
            tell_refusal(request, refused)
            return redirect("testimonials:list")
        return to_one(made)
    context = {
        "form": form,
        "person": person,
        "source": source,
        "language": language,
        "is_masked": bool(source) and source.proposed != source.words if source else False,
        "crumbs": [(_("Testimonials"), reverse("testimonials:list"))],
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "testimonials/new.html", context, status=status)


def _source(request: StaffRequest) -> Source | None:
    answer = request.GET.get("answer", "")
    if not answer:
        return None
    found = queries.find_source(request.membership, _id(answer))
    if found is None:
        raise Http404
    return found


def _person(request: StaffRequest) -> Person | None:
    wanted = request.GET.get("person", "")
    if not wanted:
        return None
    people = Person.objects.filter(organisation=request.organisation).select_related("account")
    person = people.filter(public_id=_id(wanted)).first()
    if person is None or not may_here(request, "people.view_person"):
        raise Http404
    return person


def _nobody(request: StaffRequest) -> HttpResponse:
    """Nobody is known with the answer, or nobody was chosen: say where it begins."""
    context = {
        "has_answer": bool(request.GET.get("answer")),
        "willing": [(one, one.words) for one in queries.willing(request.membership)],
        "crumbs": [(_("Testimonials"), reverse("testimonials:list"))],
        "people_url": page_url("people:list") if may_here(request, "people.view_person") else "",
    }
    return render_page(request, "testimonials/nobody.html", context)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
