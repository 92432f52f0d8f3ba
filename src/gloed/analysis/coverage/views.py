"""Who answered: the page, and the population tables that answers are weighted to."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.analysis import queries as analysis
from gloed.analysis import reports, store, words
from gloed.analysis.coverage import figures, operations, queries
from gloed.analysis.coverage import words as told
from gloed.analysis.coverage.forms import PopulationForm
from gloed.analysis.coverage.models import PopulationTable
from gloed.analysis.coverage.report import CoverageReport, coverage_report
from gloed.analysis.filters import active_filters
from gloed.analysis.looking import ENDINGS, Look, form_of, look_at, taken_along
from gloed.analysis.measures import Kind
from gloed.analysis.queries import Selection
from gloed.analysis.reports import choices_of
from gloed.analysis.schema import THEME
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import offer_undo, take_undo

MAY_BRING = "channels.import"
NOT_OF_PEOPLE = frozenset({"source", "device", THEME})
"""Columns that say something of an answer and nothing of how many people there are."""


@require_safe
@staff_may("analysis.view_report")
def coverage(request: StaffRequest) -> HttpResponse:
    """Response, the silent, bounds and weights of one survey."""
    look, report = _asked(request)
    context: dict[str, Any] = {
        "report": report,
        "is_current": look.is_current,
        "cut_off": look.cut_off,
        "surveys_url": reverse("surveys:list"),
        "may_bring": may(Role(request.membership.role), MAY_BRING),
        "sees_all": not look.teams,
    }
    if report is not None:
        asked, ground = report.ground.asked, report.ground
        names = dict(ground.names)
        active = active_filters(asked, metric=ground.subject.metric, names=names)
        context |= {
            "form": form_of(look, ground, without=list(ground.choices)),
            "active": active,
            "reset_url": f"?about={asked.about}",
            "kind": report.measure.kind.value if report.measure else "points",
            "headline": told.headline(report),
            "silent": told.silent_words(report),
            "weights": told.weights_words(report, names),
            "rate": words.score(report.rate, Kind.SHARE) if report.rate is not None else "",
            "figures": {
                name: (figure, _downloads(request, report, name))
                for name, figure in figures.figures_of(
                    report, csv_url=_files(request, report, "csv")
                ).items()
            },
            "segment_tabs": _tabs(report, "by", report.columns, report.by),
            "weight_tabs": _weight_tabs(report),
            "definition": told.definition_of(report),
        }
    response = render_page(request, "coverage/coverage.html", context, region="coverage")
    if report is not None:
        response["HX-Push-Url"] = f"{request.path}{_address(request, report)}"
    return response


@require_safe
@staff_may("analysis.view_report")
def figure(request: StaffRequest, name: str, ending: str) -> HttpResponse:
    """A picture of coverage as a file: numbers as csv or xlsx, itself as svg or png."""
    _look, report = _asked(request)
    drawn = figures.figures_of(report, csv_url=str) if report is not None else {}
    if name not in drawn:
        raise Http404
    return taken_along(drawn[name], name, ending)


@require_safe
@staff_may("analysis.view_report")
def tables(request: StaffRequest) -> HttpResponse:
    """The population tables: those in use, and their earlier versions."""
    names = reports.names_of(request.organisation)
    found = [_line(table, names) for table in queries.list_tables(request.organisation)]
    context = {
        "in_use": [line for line in found if line["table"].retired_at is None],
        "earlier": [line for line in found if line["table"].retired_at is not None],
        "may_bring": may(Role(request.membership.role), MAY_BRING),
        "undo": take_undo(request),
        "crumbs": _crumbs(),
    }
    return render_page(request, "coverage/tables.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(MAY_BRING)
def new_table(request: StaffRequest) -> HttpResponse:
    """Bring in how many people there are in each segment of a column."""
    choices = _choices(request)
    initial = {"column": request.GET.get("column", "")}
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PopulationForm(*bound, choices=choices, initial=initial)
    if bound and form.is_valid() and form.population is not None:
        operations.keep_population(
            request.organisation,
            form.cleaned_data["column"],
            form.population.sizes,
            file_name=form.cleaned_data["file"].name or "",
            by=request.user,
            now=timezone.now(),
        )
        _tell(request, form.population.unknown)
        return HttpResponseRedirect(reverse("coverage:tables"))
    context = {"form": form, "has_columns": bool(choices), "crumbs": _crumbs(deep=True)}
    status = 422 if form.is_bound else 200
    return render_page(request, "coverage/new_table.html", context, status=status)


@require_POST
@staff_may(MAY_BRING)
def remove_table(request: StaffRequest, table_id: UUID) -> HttpResponse:
    """Weight by this column no more, and offer the way back."""
    table = _table(request, table_id, in_use=True)
    operations.remove_population(table, by=request.user, now=timezone.now())
    text = _("Answers are no longer weighted by %(column)s.") % {
        "column": words.column_label(table.column).lower()
    }
    offer_undo(request, text, reverse("coverage:use_table", args=[table.public_id]))
    return HttpResponseRedirect(reverse("coverage:tables"))


@require_POST
@staff_may(MAY_BRING)
def use_table(request: StaffRequest, table_id: UUID) -> HttpResponse:
    """Use a version again."""
    table = _table(request, table_id, in_use=False)
    operations.use_population(table, by=request.user, now=timezone.now())
    messages.success(request, _("Answers are weighted by this table again."))
    return HttpResponseRedirect(reverse("coverage:tables"))


def _asked(request: StaffRequest) -> tuple[Look, CoverageReport | None]:
    look = look_at(request)
    by, table = request.GET.get("by", ""), request.GET.get("weights", "")
    return look, coverage_report(look, by=by, table=table)


def _choices(request: StaffRequest) -> dict[str, list[tuple[str | None, str]]]:
    """The columns that answers can be weighted by, with their values."""
    source = store.projection_of(request.organisation)
    columns = analysis.splitting_columns(source)
    each = analysis.run_each(source, Selection(), columns) if columns else {}
    found = choices_of(each, reports.names_of(request.organisation))
    return {name: own for name, own in found.items() if name not in NOT_OF_PEOPLE}


def _table(request: StaffRequest, table_id: UUID, *, in_use: bool) -> PopulationTable:
    table = queries.find_table(request.organisation, table_id)
    if table is None or (table.retired_at is None) is not in_use:
        raise Http404
    return table


def _tell(request: StaffRequest, unknown: tuple[str, ...]) -> None:
    messages.success(request, _("The table is kept; scores can be weighted by it from now on."))
    if unknown:
        text = ngettext(
            "No answer has this segment: %(names)s. Is it called otherwise in your answers?",
            "No answer has these segments: %(names)s. Are they called otherwise in your answers?",
            len(unknown),
        )
        messages.warning(request, text % {"names": ", ".join(unknown[:10])})


def _line(table: PopulationTable, names: dict[str, str]) -> dict[str, Any]:
    """A table as a list shows it: its column, and its largest segments."""
    rows = sorted(table.sizes.items(), key=lambda pair: -pair[1])
    return {
        "table": table,
        "label": words.column_label(table.column),
        "rows": [
            (words.value_label(table.column, value, names), words.number(size))
            for value, size in rows
        ],
        "people": words.number(sum(table.sizes.values())),
        "segments": len(rows),
    }


def _crumbs(*, deep: bool = False) -> list[tuple[str, str]]:
    first = (_("Who answered"), reverse("coverage:coverage"))
    return [first, (_("Your people"), reverse("coverage:tables"))] if deep else [first]


def _address(request: StaffRequest, report: CoverageReport, **changed: str) -> str:
    """The address of the page: what it is about, and what is unfolded."""
    kept = {name: request.GET.get(name, "") for name in ("by", "weights")}
    return report.ground.asked.address(**{**kept, **changed})


def _files(request: StaffRequest, report: CoverageReport, ending: str) -> Callable[[str], str]:
    def url(name: str) -> str:
        return reverse("coverage:figure", args=[name, ending]) + _address(request, report)

    return url


def _downloads(request: StaffRequest, report: CoverageReport, name: str) -> list[tuple[str, str]]:
    return [(kind.upper(), _files(request, report, kind)(name)) for kind in ENDINGS[1:]]


def _tabs(
    report: CoverageReport, param: str, columns: tuple[str, ...], present: str
) -> list[tuple[str, str, bool]]:
    """Columns to choose from: name, address, whether it is the present one."""
    if len(columns) < 2:
        return []
    asked = report.ground.asked
    return [
        (words.column_label(name), asked.address(**{param: name}), name == present)
        for name in columns
    ]


def _weight_tabs(report: CoverageReport) -> list[tuple[str, str, bool]]:
    weights = report.weighed.weights
    return _tabs(report, "weights", weights.columns, report.strata_by) if weights else []
