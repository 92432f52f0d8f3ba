"""The teams: who is really different, and what cannot be said of them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from gloed.analysis import words
from gloed.analysis.filters import active_filters
from gloed.analysis.looking import ENDINGS, Look, form_of, look_at, taken_along
from gloed.analysis.teams import figures
from gloed.analysis.teams.report import TeamsReport, teams_report, usual_subject
from gloed.analysis.teams.rules import Reader
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may, sees_own_team_only


@require_safe
@staff_may("analysis.view_report")
def teams(request: StaffRequest) -> HttpResponse:
    """The teams side by side, with the places that the answers allow."""
    look, report = _asked(request)
    context: dict[str, Any] = {
        "report": report,
        "is_current": look.is_current,
        "cut_off": look.cut_off,
        "surveys_url": reverse("surveys:list"),
        "teams_url": reverse("base:team_list") if _may_make_teams(request) else "",
        "reset_url": "?",
    }
    if report is not None:
        asked, ground = report.ground.asked, report.ground
        active = active_filters(asked, metric=ground.subject.metric, names=dict(ground.names))
        figure = figures.teams_figure(report, csv_url=_url("csv", report))
        context |= {
            "form": form_of(look, ground, without=["team"]),
            "active": active,
            "reset_url": f"?about={asked.about}" if asked.about else "?",
            "kind": report.measure.kind.value if report.measure else "points",
            "figure": figure,
            "rows": [_row(report, row) for row in report.rows],
            "downloads": [(kind.upper(), _url(kind, report)) for kind in ENDINGS[1:]],
            "hidden": [] if report.sees_own_only else figures.hidden_words(report),
            "definition": figures.definition_of(report, [text for text, _url in active],
                                                look.minimum),
        }  # fmt: skip
    response = render_page(request, "teams/teams.html", context, region="teams")
    if report is not None:
        response["HX-Push-Url"] = f"{request.path}{report.ground.asked.address()}".removesuffix("?")
    return response


@require_safe
@staff_may("analysis.view_report")
def figure(request: StaffRequest, ending: str) -> HttpResponse:
    """The teams as a file: numbers as csv or xlsx, the picture as svg or png."""
    _look, report = _asked(request)
    drawn = figures.teams_figure(report) if report is not None else None
    if drawn is None:
        raise Http404
    return taken_along(drawn, "teams", ending)


def _asked(request: StaffRequest) -> tuple[Look, TeamsReport | None]:
    look = look_at(request, usual=usual_subject)
    own = request.membership.teams.filter(removed_at=None).values_list("public_id", flat=True)
    reader = Reader(
        own=frozenset(str(public_id) for public_id in own),
        sees_own_only=sees_own_team_only(Role(request.membership.role)),
    )
    return look, teams_report(look, reader)


def _row(report: TeamsReport, row: Any) -> dict[str, Any]:
    return {
        "row": row,
        "n": words.number(row.n),
        "name": figures.name_of(report, row),
        "place": figures.place_words(report, row),
        "why": "" if row.is_shown else figures.sight_words(row),
        "url": reverse("changes:changes") + report.ground.asked.address(team=row.key),
    }


def _url(ending: str, report: TeamsReport) -> str:
    return reverse("teams:figure", args=[ending]) + report.ground.asked.address()


def _may_make_teams(request: StaffRequest) -> bool:
    return may(Role(request.membership.role), "base.manage_teams")
