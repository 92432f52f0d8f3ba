"""Pages of the same people: the flow between the groups, and who went one way."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from gloed.analysis import words
from gloed.analysis.changes.subjects import offered
from gloed.analysis.customers.inner import inner_tabs
from gloed.analysis.customers.moves import words as told
from gloed.analysis.customers.moves.asked import MovesAsked, MovesForm, read_moves
from gloed.analysis.customers.moves.figures import flow
from gloed.analysis.customers.moves.lists import Both, list_cell
from gloed.analysis.customers.moves.report import ORDER, MovesReport, Verdict, moves_report
from gloed.analysis.figures import Figure
from gloed.analysis.filters import active_filters
from gloed.analysis.looking import Reported, report_for, taken_along
from gloed.analysis.views.answers import shown
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.surveys.rules import Band, Metric

LEAST = 20.0
"""Points to either side that the drawing of the change shows at least."""


@require_safe
@staff_may("analysis.view_report")
def same_people(request: StaffRequest) -> HttpResponse:
    """Who answered twice: where they went, what that makes, and of how many it can be said."""
    look = _look(request)
    report, asked = look.report, look.asked
    context: dict[str, Any] = {
        "inner_tabs": inner_tabs(request, "customers:home"),
        "report": report,
        "is_current": look.is_current,
        "surveys_url": reverse("surveys:list"),
    }
    if report is not None:
        metric = report.subject.metric
        active = active_filters(asked, metric=metric, names=dict(report.names))
        active = [pair for pair in active if pair[1] != asked.without("when")]
        context |= {
            "asked": asked,
            "form": MovesForm(
                asked, subjects=offered(look.subjects), choices=dict(report.choices), metric=metric
            ),
            "active": active,
            "reset_url": asked.address(**{column: "" for column, _value in asked.filters}),
            "headline": told.headline(report),
            "paragraph": told.paragraph(report),
            "beside": told.beside(report),
            "score_label": told.score_label(report),
            "reach": _reach(report),
            "is_unclear": report.verdict is Verdict.UNCLEAR,
            "definition": told.definition_of(report, [name for name, _url in active]),
            "figure": _flow(report, asked),
            "matrix": _matrix(request, report),
            "heads": list(reversed(told.names_of_bands(metric).values())),
            "all_time_url": asked.address(when="365d", against=""),
        }
    response = render_page(request, "customers/same_people.html", context, region="moves")
    if report is not None:
        response["HX-Push-Url"] = f"{request.path}{asked.address()}".removesuffix("?")
    return response


@require_safe
@staff_may("responses.view_answers")
def one_way(request: StaffRequest, before: str, after: str) -> HttpResponse:
    """The people who went from one group to another, both answers beside each other."""
    look = _look(request)
    way = (_band(before), _band(after))
    if look.report is None or look.report.transitions is None:
        raise Http404
    names = told.names_of_bands(look.report.subject.metric)
    page = _page(request)
    pairs, has_more = list_cell(request.organisation, look.source, look.report, way, page=page)
    transitions = look.report.transitions
    context = {
        "inner_tabs": inner_tabs(request, "customers:home"),
        "report": look.report,
        "beside": told.beside(look.report),
        "back_url": f"{reverse('customers:home')}{look.asked.address()}",
        "before": names[way[0]],
        "after": names[way[1]],
        "is_same": way[0] is way[1],
        "total": int(transitions.rows[ORDER.index(way[0])][ORDER.index(way[1])]),
        "may_see_person": may(Role(request.membership.role), "people.view_person"),
        "pairs": [_both(pair) for pair in pairs],
        "newer_url": look.asked.address(page=str(page - 1)) if page > 1 else "",
        "older_url": look.asked.address(page=str(page + 1)) if has_more else "",
    }
    return render_page(request, "customers/one_way.html", context)


@require_safe
@staff_may("analysis.view_report")
def flow_csv(request: StaffRequest) -> HttpResponse:
    """The people in each cell, as a table."""
    return taken_along(_drawn(request), "same-people", "csv")


@require_safe
@staff_may("analysis.view_report")
def flow_svg(request: StaffRequest) -> HttpResponse:
    """The same figure as a drawing, for a document."""
    return taken_along(_drawn(request), "same-people", "svg")


def _look(request: StaffRequest) -> Reported[MovesAsked, MovesReport]:
    # colleagues are promised that their own answers are not laid beside each other
    return report_for(request, read_moves, moves_report, leaves_out=frozenset({Metric.ENPS}))


def _flow(report: MovesReport, asked: MovesAsked) -> Figure | None:
    if report.transitions is None:
        return None
    url = f"{reverse('customers:flow_csv')}{asked.address()}"
    return flow(report, report.transitions, csv_url=url)


def _reach(report: MovesReport) -> tuple[float, float]:
    """The ends of the drawing of the change: as far as it reaches, with zero in the middle."""
    if report.change is None:
        return (-LEAST, LEAST)
    ends = (report.change.low or 0.0, report.change.high or 0.0)
    widest = max(LEAST, 1.2 * max(map(abs, ends)))
    return (-widest, widest)


def _drawn(request: StaffRequest) -> Figure:
    look = _look(request)
    figure = _flow(look.report, look.asked) if look.report else None
    if figure is None:
        raise Http404
    return figure


def _matrix(request: StaffRequest, report: MovesReport) -> list[dict[str, Any]]:
    """The nine cells, the highest group first, each with the address of its people."""
    if report.transitions is None:
        return []
    names = told.names_of_bands(report.subject.metric)
    may_read = may(Role(request.membership.role), "responses.view_answers")
    url = _cell_url(report.asked) if may_read else None
    found = []
    for i in reversed(range(len(ORDER))):
        row = report.transitions.rows[i]
        cells = [
            {
                "n": int(row[j]),
                "share": words.number(100 * row[j] / sum(row)) if sum(row) else "",
                "way": "same" if i == j else "up" if j > i else "down",
                "to": names[ORDER[j]],
                "url": url(ORDER[i], ORDER[j]) if url and row[j] else "",
            }
            for j in reversed(range(len(ORDER)))
        ]
        found.append({"name": names[ORDER[i]], "cells": cells, "n": int(sum(row))})
    return found


def _cell_url(asked: MovesAsked) -> Callable[[Band, Band], str]:
    def url(before: Band, after: Band) -> str:
        path = reverse("customers:one_way", args=[before.value, after.value])
        return f"{path}{asked.address()}"

    return url


def _both(pair: Both) -> dict[str, Any]:
    # the name stands above the two
    after, before = (
        shown(one, has_survey=False) | {"who": ""} for one in (pair.after, pair.before)
    )
    person = pair.after.person_id
    return {"after": after, "before": before, "person_id": person, "who": pair.after.who}


def _band(name: str) -> Band:
    try:
        return Band(name)
    except ValueError:
        raise Http404 from None


def _page(request: StaffRequest) -> int:
    given = request.GET.get("page", "")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 6 else 1
