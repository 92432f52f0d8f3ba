"""Parts of other pages: the case of an answer, the cases of a person, what waits on Today."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.queries import visible_teams
from gloed.base.rendering import render_page
from gloed.loop.cases import listing, operations, queries
from gloed.loop.cases.models import Case
from gloed.loop.cases.rules import Because, Reason
from gloed.loop.cases.views.cards import rows_of
from gloed.loop.cases.views.common import HANDLE, to_card
from gloed.people.models import Person
from gloed.responses.models import Response

ON_TODAY = 5


@require_safe
@staff_may(HANDLE)
def of_answer(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """The case an answer belongs to, or the button that opens one."""
    response = _answer(request, answer_id)
    case = queries.case_of(response)
    running = None
    if case is None and response.person is not None:
        running = operations.open_case_of(response.person)
    context = {
        "response": response,
        "case": case,
        "running": running,
        "may_see": case is None or _may_see(request, case),
    }
    return render_page(request, "cases/of_answer.html", context, region="case_of_answer")


@require_POST
@staff_may(HANDLE)
def open_one(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """Open a case by hand: it is the opener's own, unless that of this customer is open already."""
    response, now = _answer(request, answer_id), timezone.now()
    case = operations.open_case(
        response, because=[Reason(Because.BY_HAND)], staff=request.user, how="hand", now=now
    )
    if case.opened_by_id == request.user.pk and case.owner_id is None:
        operations.assign(case, owner=request.user, staff=request.user, now=now)
    return to_card(case)


@require_safe
@staff_may(HANDLE)
def of_person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Every case somebody had, as far as the reader may see them."""
    person = get_object_or_404(Person, public_id=person_id, organisation=request.organisation)
    cases = queries.visible_cases(request.membership).filter(person=person)
    context = {"person": person, "cases": cases.order_by("-opened_at", "-pk")}
    return render_page(request, "cases/of_person.html", context, region="person_cases")


@require_safe
@staff_may(HANDLE)
def today(request: StaffRequest) -> HttpResponse:
    """What waits for the reader: cases to take up, and notes that name them."""
    now = timezone.now()
    mine = list(queries.due_cases(request.user, request.organisation)[: ON_TODAY + 1])
    counts = listing.counts(request.membership, now=now)
    context = {
        "rows": rows_of(mine[:ON_TODAY], now=now),
        "counts": counts,
        "mentions": queries.unseen_mentions(request.membership),
        "has_more": len(mine) > ON_TODAY,
    }
    return render_page(request, "cases/today.html", context, region="cases_today")


def _answer(request: StaffRequest, answer_id: UUID) -> Response:
    """An answer this colleague may read, or 404."""
    responses = Response.objects.filter(organisation=request.organisation, erased_at=None)
    teams = visible_teams(request.membership)
    if teams is not None:
        responses = responses.filter(team_id__in=teams)
    found = (
        responses.select_related("organisation", "survey__touchpoint", "touchpoint", "team")
        .select_related("person__account")
        .filter(public_id=answer_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _may_see(request: StaffRequest, case: Case) -> bool:
    return queries.find_case(request.membership, case.public_id) is not None
