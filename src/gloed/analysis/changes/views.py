"""What changed: one period against another, with everything it rests on in the address."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from gloed.analysis import words
from gloed.analysis.changes import figures
from gloed.analysis.changes import words as told
from gloed.analysis.changes.asked import ChangeAsked, ChangeForm, read_change
from gloed.analysis.changes.report import ChangeReport, change_report
from gloed.analysis.changes.segments import Column
from gloed.analysis.changes.subjects import offered, own_teams
from gloed.analysis.changes.themes import theme_moves
from gloed.analysis.figures import Figure
from gloed.analysis.filters import active_filters
from gloed.analysis.looking import Reported, report_for, taken_along
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page


@require_safe
@staff_may("analysis.view_report")
def changes(request: StaffRequest) -> HttpResponse:
    """The verdict in words, what another mix did, and how every group moved."""
    look = _look(request)
    report, asked = look.report, look.asked
    context: dict[str, Any] = {
        "report": report,
        "asked": asked,
        "is_current": look.is_current,
        "cut_off": look.source.cut_off,
        "surveys_url": reverse("surveys:list"),
    }
    if report is not None:
        metric = report.subject.metric
        active = active_filters(asked, metric=metric, names=dict(report.names))
        active = [pair for pair in active if pair[1] != asked.without("when")]
        filters = [name for name, _url in active]
        context |= {
            "form": ChangeForm(
                asked, subjects=offered(look.subjects), choices=dict(report.choices), metric=metric
            ),
            "active": active,
            "reset_url": asked.address(**{column: "" for column, _value in asked.filters}),
            "kind": report.measure.kind.value if report.measure else "points",
            "headline": told.headline(report),
            "paragraph": told.paragraph(report),
            "caveats": told.caveats(report),
            "periods": told.periods(report),
            "definition": told.definition_of(report, filters),
            "columns": [_line(report, column) for column in _by_clearness(report)],
            "figures": figures.figures_of(report, csv_url=_csv_urls(asked)),
            "factors": _factors(report),
            "theme_moves": theme_moves(
                look.source,
                report,
                minimum=request.organisation.minimum_group,
                teams=own_teams(request.membership),
            ),
            "score_url": _score_url(report),
        }
    response = render_page(request, "analysis/changes.html", context, region="changes")
    if report is not None:
        response["HX-Push-Url"] = f"{request.path}{asked.address()}".removesuffix("?")
    return response


@require_safe
@staff_may("analysis.view_report")
def figure_csv(request: StaffRequest, name: str) -> HttpResponse:
    """The numbers behind a figure, unrounded."""
    return taken_along(_figure(request, name), name, "csv")


@require_safe
@staff_may("analysis.view_report")
def figure_svg(request: StaffRequest, name: str) -> HttpResponse:
    """The same figure as a drawing, for a document."""
    return taken_along(_figure(request, name), name, "svg")


def _look(request: StaffRequest) -> Reported[ChangeAsked, ChangeReport]:
    return report_for(request, read_change, change_report)


def _figure(request: StaffRequest, name: str) -> Figure:
    look = _look(request)
    drawn = figures.figures_of(look.report, csv_url=_csv_urls(look.asked)) if look.report else {}
    if name not in drawn:
        raise Http404
    return drawn[name]


def _csv_urls(asked: ChangeAsked) -> Callable[[str], str]:
    def url(name: str) -> str:
        return f"{reverse('changes:figure_csv', args=[name])}{asked.address()}"

    return url


def _by_clearness(report: ChangeReport) -> list[Column]:
    telling = [column for column in report.columns if len(column.shown) > 1]
    return sorted(telling, key=lambda column: (column.p_value, column.name))


def _line(report: ChangeReport, column: Column) -> dict[str, Any]:
    """One column in the list: its name, its address, and who clearly moved."""
    names = dict(report.names)
    clear = [segment for segment in column.shown if segment.is_clear]
    return {
        "label": words.column_label(column.name),
        "url": report.asked.address(by=column.name),
        "is_chosen": report.chosen is not None and report.chosen.name == column.name,
        "up": [words.value_label(column.name, s.key[0], names) for s in clear if s.part > 0],
        "down": [words.value_label(column.name, s.key[0], names) for s in clear if s.part < 0],
        "is_clear": bool(clear),
    }


def _factors(report: ChangeReport) -> list[tuple[str, str]]:
    """The parts of several columns at once, in words; "" names what people say."""
    if report.parts is None or report.measure is None:
        return []
    return [
        ("" if name == "rate" else words.column_label(name),
         words.change(points, report.measure.kind))
        for name, points in report.parts.factors
    ]  # fmt: skip


def _score_url(report: ChangeReport) -> str:
    if not report.subject.is_one:
        return ""
    return reverse("analysis:score", args=[report.subject.surveys[0].public_id])
