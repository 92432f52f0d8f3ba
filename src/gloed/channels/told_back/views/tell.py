"""Telling back: who raised it, the words, what follows, and how far it is."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from gloed.base.mails import are_kept_as_files
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.channels.told_back import operations, queries, replies
from gloed.channels.told_back.forms import LANGUAGE_NAMES, AgainForm, WordsForm
from gloed.channels.told_back.models import GROUPS, Reply, Telling, Told, Wording
from gloed.channels.told_back.rules import Group, State, language_for
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.queries import get_improvement, seen_by
from gloed.people.models import Person

PAGE_SIZE = 50
SHOWN_REPLIES = 10


@require_safe
@staff_may("loop.tell")
def tell(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """Everybody who raised it, the message of each group, and the one button that sends it."""
    telling = _telling(request, improvement_id)
    return _page(request, telling)


@require_POST
@staff_may("loop.tell")
def words(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """Keep the words and what follows."""
    telling = _telling(request, improvement_id)
    form = WordsForm(_wordings(telling), request.POST, usual=telling.organisation.language)
    again = AgainForm(telling, request.POST)
    if telling.started_at is not None:
        return redirect(_here(telling))
    if not (form.is_valid() and again.is_valid()):
        return _page(request, telling, words=form, again=again, status=422)
    operations.keep_words(telling, form.words())
    facts = again.cleaned_data
    telling.since, telling.survey = facts["since"], facts["survey"]
    telling.ask_after_days = facts["ask_after_days"]
    telling.save(update_fields=["since", "survey", "ask_after_days"])
    messages.success(request, _("Kept. Nothing has been sent yet."))
    return redirect(_here(telling))


@require_POST
@staff_may("loop.tell")
def leave_out(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """Take somebody off the list (`out`), or put them back (`in`)."""
    telling = _telling(request, improvement_id)
    wanted = _uuid(request.POST.get("out") or request.POST.get("in") or "")
    people = Person.objects.filter(organisation=request.organisation)
    person = people.filter(public_id=wanted).first() if wanted else None
    if person is not None:
        operations.leave_out(telling, person, is_out="out" in request.POST)
    return redirect(f"{_here(telling)}#who")


@require_POST
@staff_may("loop.tell")
def send(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """Let it go, once."""
    telling = _telling(request, improvement_id)
    try:
        operations.begin(telling, by=request.user, now=timezone.now())
    except operations.NotFinished:
        messages.warning(request, _("First finish the improvement, then tell it."))
    return redirect(_here(telling))


@require_POST
@staff_may("loop.tell")
def steer(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """Pause the messages that still wait, let them go on, or stop them (`to`)."""
    telling, now = _telling(request, improvement_id), timezone.now()
    wanted = request.POST.get("to")
    if wanted in ("pause", "go"):
        operations.pause(telling, is_paused=wanted == "pause", by=request.user, now=now)
    elif wanted == "stop":
        operations.stop(telling, by=request.user, now=now)
    return redirect(_here(telling))


@require_safe
@staff_may("responses.view_answers")
def of_improvement(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """How the telling stands, for the page of the improvement to take in."""
    improvement = _improvement(request, improvement_id)
    telling = Telling.objects.filter(improvement=improvement).first()
    is_begun = telling is not None and telling.started_at is not None
    written = list(replies.replies_to(improvement)[:SHOWN_REPLIES]) if is_begun else []
    if written:
        replies.see(improvement, request.membership, now=timezone.now())
    context = {
        "improvement": improvement,
        "telling": telling,
        "tally": queries.tally_of(telling) if telling is not None and is_begun else None,
        "may_tell": may(Role(request.membership.role), "loop.tell"),
        "replies": written,
        "answered": replies.replies_to(improvement).count() if written else 0,
        "raised": 0 if is_begun else len(queries.raised_by(_unsaved(improvement, telling))),
    }
    part = "parts/" if request.htmx else ""
    return render_page(request, f"told_back/{part}of_improvement.html", context)


@require_safe
@staff_may("responses.view_answers")
def of_person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """What somebody was told, and what they wrote back, for the page of the person."""
    person = get_object_or_404(Person, public_id=person_id, organisation=request.organisation)
    seen = seen_by(request.membership)
    told = Told.objects.filter(person=person, telling__improvement__in=seen)
    written = Reply.objects.filter(person_key=person.public_id, told__in=told)
    context = {
        "person": person,
        "told": told.select_related("telling__improvement", "notice").order_by("-pk")[:PAGE_SIZE],
        "replies": written.select_related("told__telling__improvement")[:PAGE_SIZE],
    }
    return render_page(request, "told_back/of_person.html", context, region="person_told")


@require_safe
@staff_may("loop.tell")
def progress(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """How far sending is, for the page that watches."""
    telling = _telling(request, improvement_id)
    if not request.htmx:
        return redirect(_here(telling))
    return render_page(request, "told_back/parts/progress.html", _going(telling))


def _page(
    request: StaffRequest,
    telling: Telling,
    *,
    words: WordsForm | None = None,
    again: AgainForm | None = None,
    status: int = 200,
) -> HttpResponse:
    improvement = telling.improvement
    context: dict[str, Any] = {
        "improvement": improvement,
        "telling": telling,
        "crumbs": [
            (_("Improvements"), reverse("improvements:list")),
            (improvement.title, reverse("improvements:detail", args=[improvement.public_id])),
        ],
        "new_change_url": f"{reverse('told_back:new_change')}?improvement={improvement.public_id}",
    }
    if telling.started_at is not None:
        rows = telling.told.select_related("notice", "person").order_by("pk")
        told = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        back = list(replies.replies_to(improvement)[:PAGE_SIZE])
        replies.see(improvement, request.membership, now=timezone.now())
        context |= {"page": told, "replies": back, **_going(telling)}
        return render_page(request, "told_back/sent.html", context)
    raisers = queries.raisers_of(telling)
    going = [one for one in raisers if not one.is_out]
    page = Paginator(raisers, PAGE_SIZE).get_page(request.GET.get("page"))
    usual = telling.organisation.language
    form = words or WordsForm(_wordings(telling), usual=usual)
    written = {one.language for one in form.wordings}
    used = {
        (language_for(one.person.language, written=written, usual=usual), one.raised.group)
        for one in going
    }
    names = dict(GROUPS)
    context |= {
        "page": page,
        "lines": [(one, names[one.raised.group]) for one in page.object_list],
        "count": len(going),
        "form": form,
        "again": again or AgainForm(telling),
        "messages_of": [
            (
                LANGUAGE_NAMES.get(language, language),
                names[group],
                form.of(language, group),
                sum(
                    (language_for(o.person.language, written=written, usual=usual), o.raised.group)
                    == (language, group)
                    for o in going
                ),
            )
            for language in sorted(written, key=lambda code: (code != usual, code))
            for group in Group
            if (language, group) in used or not used
        ],
        "others": [
            (LANGUAGE_NAMES.get(language, language), names[group], form.of(language, group))
            for language in written
            for group in Group
            if used and (language, group) not in used
        ],
        "is_finished": improvement.finished_at is not None,
        "are_files": are_kept_as_files(),
    }
    return render_page(request, "told_back/tell.html", context, status=status)


def _going(telling: Telling) -> dict[str, Any]:
    tally = queries.tally_of(telling, now=timezone.now())
    is_over = telling.state == State.DONE or (tally.total > 0 and not tally.waiting)
    return {
        "tally": tally,
        "is_over": is_over,
        "is_paused": telling.state == State.PAUSED,
        "pace": _pace(tally),
        "improvement": telling.improvement,
    }


def _pace(tally: queries.Tally) -> str:
    """How fast it goes and how long it still takes, in words; empty where nothing went lately."""
    if tally.minutes_left is None:
        return ""
    rate = _("About %(n)s a minute.") % {"n": max(round(tally.a_minute), 1)}
    left = ngettext("About %(n)s minute to go.", "About %(n)s minutes to go.", tally.minutes_left)
    return f"{rate} {left % {'n': tally.minutes_left}}"


def _telling(request: StaffRequest, improvement_id: UUID) -> Telling:
    improvement = _improvement(request, improvement_id)
    return operations.telling_of(improvement, now=timezone.now())


def _unsaved(improvement: Improvement, telling: Telling | None) -> Telling:
    """What a telling would find, without making one by looking."""
    if telling is not None:
        return telling
    return Telling(improvement=improvement, organisation=improvement.organisation)


def _improvement(request: StaffRequest, improvement_id: UUID) -> Improvement:
    found = get_improvement(request.membership, improvement_id)
    if found is None:
        raise Http404
    return found


def _wordings(telling: Telling) -> list[Wording]:
    return list(telling.wordings.all())


def _here(telling: Telling) -> str:
    return reverse("told_back:tell", args=[telling.improvement.public_id])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
