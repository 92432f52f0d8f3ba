"""Drivers: what goes with the score, how it is rated, and what to mend first."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from gloed.analysis.changes.subjects import offered
from gloed.analysis.drivers import figures
from gloed.analysis.drivers import words as told
from gloed.analysis.drivers.report import DriversReport, drivers_report, usual_subject
from gloed.analysis.filters import active_filters
from gloed.analysis.looking import ENDINGS, AboutForm, Look, look_at, taken_along
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may


@require_safe
@staff_may("analysis.view_report")
def drivers(request: StaffRequest) -> HttpResponse:
    """Importance against performance, with everything that makes either doubtful."""
    look, report = _asked(request)
    context: dict[str, Any] = {
        "report": report,
        "is_current": look.is_current,
        "cut_off": look.cut_off,
        "surveys_url": reverse("surveys:list"),
    }
    if report is not None:
        asked, ground = report.ground.asked, report.ground
        active = active_filters(asked, metric=ground.subject.metric, names=dict(ground.names))
        filters = [text for text, _url in active]
        context |= {
            "form": _form(look, report),
            "active": active,
            "reset_url": f"?about={asked.about}",
            "headline": told.headline(report) if report.lines else "",
            "paragraph": told.paragraph(report),
            "caveats": told.caveats(report),
            "too_few": told.too_few(report) if report.needed else "",
            "explained": told.explained(report),
            "lines": [_line(report, line) for line in report.lines],
            "figures": {
                name: (figure, _downloads(report, name))
                for name, figure in figures.figures_of(
                    report, csv_url=_files(report, "csv")
                ).items()
            },
            "definition": told.definition_of(report, filters),
            "survey_url": _survey_url(request, report),
        }
    response = render_page(request, "drivers/drivers.html", context, region="drivers")
    if report is not None:
        response["HX-Push-Url"] = f"{request.path}{report.ground.asked.address()}"
    return response


@require_safe
@staff_may("analysis.view_report")
def figure(request: StaffRequest, name: str, ending: str) -> HttpResponse:
    """A picture of drivers as a file: numbers as csv or xlsx, itself as svg or png."""
    _look, report = _asked(request)
    drawn = figures.figures_of(report, csv_url=str) if report is not None else {}
    if name not in drawn:
        raise Http404
    return taken_along(drawn[name], name, ending)


def _asked(request: StaffRequest) -> tuple[Look, DriversReport | None]:
    look = look_at(request, usual=usual_subject)
    return look, drivers_report(look)


def _form(look: Look, report: DriversReport) -> AboutForm:
    """Drivers are those of one survey: those together are not offered."""
    return AboutForm(
        report.ground.asked,
        subjects=offered([one for one in look.subjects if one.is_one]),
        choices=report.ground.choices,
        metric=report.ground.subject.metric,
    )


def _line(report: DriversReport, line: Any) -> dict[str, Any]:
    return {
        "words": line.words,
        "importance": told.importance(line.driver.importance),
        "performance": told.performance(line.performance),
        "place": told.place(line, len(report.lines)),
        "quadrant": told.QUADRANTS[line.quadrant],
        "is_clear": line.quadrant.value != "unclear",
    }


def _survey_url(request: StaffRequest, report: DriversReport) -> str:
    """Where further questions are asked, for who may change a survey."""
    if not may(Role(request.membership.role), "surveys.edit") or not report.ground.subject.is_one:
        return ""
    return reverse("surveys:detail", args=[report.ground.subject.surveys[0].public_id])


def _files(report: DriversReport, ending: str) -> Callable[[str], str]:
    def url(name: str) -> str:
        return reverse("drivers:figure", args=[name, ending]) + report.ground.asked.address()

    return url


def _downloads(report: DriversReport, name: str) -> list[tuple[str, str]]:
    return [(kind.upper(), _files(report, kind)(name)) for kind in ENDINGS[1:]]
