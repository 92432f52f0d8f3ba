"""The library of questions: to look through, to use, and to add wordings of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.surveys import editing, labels, library, own_library
from gloed.surveys.forms import OwnWordingForm
from gloed.surveys.forms.own import initial_of
from gloed.surveys.forms.words import present_content
from gloed.surveys.library import Entry, EntryWords
from gloed.surveys.models import OwnWording, Survey
from gloed.surveys.rules import Kind, Metric
from gloed.surveys.views.common import find_survey
from gloed.surveys.views.editor import find_entry, keep

MOST_SURVEYS = 100


@dataclass(frozen=True, slots=True)
class Shelf:
    """An entry as it stands on the page."""

    entry: Entry
    kind: str
    scale: str
    words: EntryWords
    others: Sequence[tuple[str, EntryWords]]
    topics: Sequence[str]
    trades: Sequence[str]
    own: OwnWording | None = None

    @property
    def when(self) -> str:
        """When to use it: in our words, or in those of who kept it."""
        return self.words.when or (self.own.note if self.own else "")


@require_safe
@staff_may("analysis.view_report")
def library_page(request: StaffRequest) -> HttpResponse:
    """Search and filter all questions; every filter is in the address."""
    may_edit = may(Role(request.membership.role), "surveys.edit")
    survey = _survey_of(request)
    language = request.LANGUAGE_CODE[:2]
    own = [(own_library.entry_of(one), one) for one in own_library.list_own(request.organisation)]
    everything: list[tuple[Entry, OwnWording | None]] = [*own]
    everything += [(entry, None) for entry in library.entries()]
    shelves = [_shelf(entry, one, language) for entry, one in everything]
    asked = {name: request.GET.get(name, "") for name in ("kind", "topic", "trade", "q")}
    found = [one for one in shelves if _fits(one, asked)]
    context = {
        "shelves": found,
        "total": len(shelves),
        "asked": asked,
        "kinds": [(kind, name) for kind, name in _kind_names().items()],
        "topics": [(one, labels.TOPIC_NAMES[one]) for one in library.topics()],
        "trades": [(one, labels.TRADE_NAMES[one]) for one in library.trades()],
        "is_filtered": any(asked.values()),
        "survey": survey,
        "surveys": _surveys(request) if may_edit and survey is None else [],
        "may_edit": may_edit,
        "removed": _removed(request),
    }
    return render_page(request, "surveys/library.html", context)


def _kind_names() -> dict[str, Any]:
    names: dict[str, Any] = {metric.value: labels.METRIC_NAMES[metric] for metric in Metric}
    return names | {kind.value: labels.KIND_NAMES[kind] for kind in Kind}


def _shelf(entry: Entry, own: OwnWording | None, language: str) -> Shelf:
    return Shelf(
        entry=entry,
        kind=str(_kind_names().get(entry.kind, entry.kind)),
        scale=labels.scale_words(entry.scale) if entry.scale else "",
        words=entry.in_language(language),
        others=[
            (code, words)
            for code, words in entry.words.items()
            if words is not entry.in_language(language)
        ],
        topics=[str(labels.TOPIC_NAMES[one]) for one in entry.topics],
        trades=[str(labels.TRADE_NAMES[one]) for one in entry.trades],
        own=own,
    )


def _fits(shelf: Shelf, asked: dict[str, str]) -> bool:
    entry = shelf.entry
    if asked["kind"] and entry.kind != asked["kind"]:
        return False
    if asked["topic"] and asked["topic"] not in entry.topics:
        return False
    if asked["trade"] and asked["trade"] not in entry.trades:
        return False
    needle = asked["q"].casefold().split()
    texts = [shelf.kind, *shelf.topics, *shelf.trades]
    for words in entry.words.values():
        texts += [words.text, words.when, *words.options, *words.by_band.values()]
    hay = " ".join(texts).casefold()
    return all(word in hay for word in needle)


def _survey_of(request: StaffRequest) -> Survey | None:
    """The survey a wording is looked for, where the address names one."""
    try:
        wanted = UUID(request.GET.get("survey", ""))
    except ValueError:
        return None
    return Survey.objects.filter(
        organisation=request.organisation, public_id=wanted, deleted_at=None
    ).first()


def _surveys(request: StaffRequest) -> list[Survey]:
    return list(
        Survey.objects.filter(organisation=request.organisation, deleted_at=None)[:MOST_SURVEYS]
    )


def _removed(request: StaffRequest) -> OwnWording | None:
    try:
        wanted = UUID(request.GET.get("removed", ""))
    except ValueError:
        return None
    return OwnWording.objects.filter(
        organisation=request.organisation, public_id=wanted, deleted_at__isnull=False
    ).first()


@require_POST
@staff_may("surveys.edit")
def use(request: StaffRequest) -> HttpResponse:
    """Put a question of the library into a survey's draft."""
    try:
        survey = find_survey(request, UUID(request.POST.get("survey", "")))
    except ValueError:
        messages.warning(request, _("Choose the survey it is for."))
        return redirect("surveys:library")
    entry = find_entry(request, request.POST.get("entry", ""))
    if entry is None:
        messages.warning(request, _("This question is no longer in the library."))
        return redirect("surveys:library")
    content, key = editing.with_entry(present_content(survey), entry, request.organisation.name)
    keep(survey, content)
    messages.success(request, _("The question stands in the draft; change the words as you like."))
    path = reverse("surveys:edit", args=[survey.public_id])
    return redirect(f"{path}?open={key}#card-{key}")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def add_own(request: StaffRequest) -> HttpResponse:
    """Write a question for the organisation's own library."""
    return _own_form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def change_own(request: StaffRequest, wording_id: UUID) -> HttpResponse:
    """Change a question of the organisation's own library."""
    return _own_form(request, _own(request, wording_id))


def _own_form(request: StaffRequest, wording: OwnWording | None) -> HttpResponse:
    initial = initial_of(wording.kind, wording.note, wording.entry) if wording else {}
    form = OwnWordingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        own_library.keep_wording(
            request.organisation,
            entry=form.entry(),
            note=form.cleaned_data["note"],
            wording=wording,
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("The question is in your library."))
        return redirect("surveys:library")
    context = {"form": form, "wording": wording}
    status = 422 if form.errors else 200
    return render_page(request, "surveys/own_wording.html", context, status=status)


@require_POST
@staff_may("surveys.edit")
def remove_own(request: StaffRequest, wording_id: UUID) -> HttpResponse:
    """Take a question out of the own library; the page offers the way back."""
    wording = _own(request, wording_id)
    own_library.remove_wording(wording, by=request.user, now=timezone.now())
    return redirect(f"{reverse('surveys:library')}?removed={wording.public_id}")


@require_POST
@staff_may("surveys.edit")
def restore_own(request: StaffRequest, wording_id: UUID) -> HttpResponse:
    """Undo taking a question out."""
    wording = get_object_or_404(OwnWording, organisation=request.organisation, public_id=wording_id)
    own_library.restore_wording(wording, by=request.user, now=timezone.now())
    return redirect("surveys:library")


@require_POST
@staff_may("surveys.edit")
def keep_own(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Keep a question of a survey in the own library, with the words it has in the draft."""
    survey = find_survey(request, survey_id)
    entry = editing.entry_of(present_content(survey), request.POST.get("key", ""))
    if entry is None:
        messages.warning(request, _("This question is no longer in the survey."))
    else:
        own_library.keep_wording(
            request.organisation, entry=entry, by=request.user, now=timezone.now()
        )
        messages.success(request, _("The question is in your library."))
    return redirect("surveys:edit", survey.public_id)


def _own(request: StaffRequest, wording_id: UUID) -> OwnWording:
    return get_object_or_404(
        OwnWording, organisation=request.organisation, public_id=wording_id, deleted_at=None
    )
