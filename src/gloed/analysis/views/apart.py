"""Answers set apart because they look like a machine's: read, and let count by one click."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gloed.analysis import answers, words
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import offer_undo, take_undo
from gloed.responses import operations
from gloed.responses.rules import read_signals
from gloed.surveys.models import Survey


@require_safe
@staff_may("responses.view_answers")
def apart(request: StaffRequest, survey_id: UUID | None = None) -> HttpResponse:
    """What was set apart, newest first, each with what was odd about it."""
    survey = None
    if survey_id is not None:
        surveys = Survey.objects.filter(organisation=request.organisation, deleted_at=None)
        survey = get_object_or_404(surveys, public_id=survey_id)
    lines, total = answers.list_set_apart(request.membership, survey)
    context = {
        "survey": survey,
        "answers": [_shown(line, signals) for line, signals in lines],
        "total": total,
        "is_cut": total > len(lines),
        "may_judge": may(Role(request.membership.role), "responses.correct"),
        "undo": take_undo(request),
        "here": request.path,
    }
    return render_page(request, "analysis/apart.html", context)


def _shown(line: answers.Line, signals: str) -> dict[str, Any]:
    return {
        "id": line.id,
        "rating": "–" if line.rating is None else line.rating,
        "verbatim": line.verbatim,
        "who": line.who,
        "at": line.at,
        "about": line.survey,
        "team": line.team,
        "language": line.language,
        "url": reverse("analysis:answer", args=[line.id]),
        "scale_high": line.scale.maximum if line.scale else 10,
        "signals": words.signals_text(read_signals(signals)),
    }


@require_POST
@staff_may("responses.correct")
def judge_real(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """A colleague says that a person gave this answer: it counts."""
    _own(request, answer_id)
    operations.judge_real(request.organisation, answer_id, staff=request.user, now=timezone.now())
    offer_undo(
        request, _("This answer counts now."), reverse("analysis:judge_apart", args=[answer_id])
    )
    return _back(request, answer_id)


@require_POST
@staff_may("responses.correct")
def judge_apart(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """Take that back: it stands apart again, if anything was odd about it."""
    _own(request, answer_id)
    operations.undo_judge_real(
        request.organisation, answer_id, staff=request.user, now=timezone.now()
    )
    return _back(request, answer_id)


def _own(request: StaffRequest, answer_id: UUID) -> None:
    if answers.get_answer(request.membership, answer_id) is None:
        raise Http404


def _back(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """To the list it was judged from, else to the answer."""
    known = {reverse("analysis:apart")}
    response = answers.get_answer(request.membership, answer_id)
    if response is not None:
        known.add(reverse("analysis:survey_apart", args=[response.survey.public_id]))
    here = request.POST.get("here", "")
    address = here if here in known else reverse("analysis:answer", args=[answer_id])
    return HttpResponseRedirect(address)
