"""From a customer's own words to a quick win: anybody who reads the answer may post one."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.loop.cases.queries import find_case
from gloed.loop.improvements import operations, queries
from gloed.loop.improvements.forms import QuickWinForm
from gloed.loop.improvements.rules import OPEN, Origin
from gloed.loop.improvements.views.common import may_improve
from gloed.responses.models import Response

OFFERED = 100


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("responses.view_answers")
def quick_win(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """Say in one line what can be done about this answer."""
    response = _own(request, answer_id)
    words = queries.words_of(response)
    form = QuickWinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = operations.create_improvement(
            request.organisation,
            {
                "title": form.cleaned_data["title"],
                "board": form.cleaned_data["board"],
                "is_quick_win": True,
                "owner": request.membership if form.cleaned_data["is_mine"] else None,
                "team": response.team,
                "touchpoint": response.touchpoint,
                "origin": Origin.ANSWER,
            },
            by=request.user,
            now=timezone.now(),
            responses=[response],
        )
        return redirect("improvements:detail", made.public_id)
    context = {
        "form": form,
        "response": response,
        "words": words,
        "answer_url": page_url("analysis:answer", response.public_id),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "improvements/quick_win.html", context, status=status)


@require_safe
@staff_may("responses.view_answers")
def of_answer(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """The improvements that rest on an answer, for its page to take in."""
    response = _own(request, answer_id)
    seen = queries.seen_by(request.membership)
    context = {
        "response": response,
        "improvements": list(seen.filter(evidence__response=response)),
        "others": list(seen.filter(status__in=OPEN).exclude(evidence__response=response)[:OFFERED]),
        "may_improve": may_improve(request),
    }
    part = "parts/" if request.htmx else ""
    return render_page(request, f"improvements/{part}of_answer.html", context)


@require_safe
@staff_may("loop.handle_cases")
def of_case(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The improvements that a case led to, for its card to take in."""
    case = find_case(request.membership, case_id)
    if case is None:
        raise Http404
    context = {
        "case": case,
        "improvements": list(queries.seen_by(request.membership).filter(cases=case)),
        "may_improve": may_improve(request),
    }
    part = "parts/" if request.htmx else ""
    return render_page(request, f"improvements/{part}of_case.html", context)


def _own(request: StaffRequest, answer_id: UUID) -> Response:
    response = queries.get_response(request.membership, answer_id)
    if response is None:
        raise Http404
    return response
