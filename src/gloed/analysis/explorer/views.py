"""The explorer and its saved views: everything it shows stands in the address."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from gloed.analysis import store
from gloed.analysis.changes.subjects import Subject, offered
from gloed.analysis.coverage.queries import tables_in_use
from gloed.analysis.explorer import figures, saved
from gloed.analysis.explorer import words as told
from gloed.analysis.explorer.asked import ExploreAsked, ExploreForm, Versus, read_explored
from gloed.analysis.explorer.report import ExploreReport, explore
from gloed.analysis.figures import Figure
from gloed.analysis.filters import active_filters
from gloed.analysis.goals.queries import lines_for
from gloed.analysis.looking import Reported, report_for, taken_along
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import offer_undo, take_undo


class SaveForm(forms.Form):
    """The name of a view, and whether it is for everybody."""

    name = forms.CharField(label=gettext_lazy("Name of this view"), max_length=80)
    is_shared = forms.BooleanField(label=gettext_lazy("For all colleagues"), required=False)


@require_safe
@staff_may("analysis.view_report")
def explorer(request: StaffRequest) -> HttpResponse:
    """A score by time and up to two columns, with everything that can be said of it."""
    look = _look(request)
    report, asked = look.report, look.asked
    context: dict[str, Any] = {
        "report": report,
        "asked": asked,
        "is_current": look.is_current,
        "cut_off": look.source.cut_off,
        "surveys_url": reverse("surveys:list"),
        "views": saved.list_views(request.membership),
        "undo": take_undo(request),
        "save_form": SaveForm(auto_id="view_%s"),
        "address": asked.address(),
    }
    if report is not None:
        metric = report.subject.metric
        active = active_filters(asked, metric=metric, names=dict(report.names))
        drawn = figures.figures_of(report, csv_url=_csv_urls(asked))
        context |= {
            "form": _form(look, report),
            "active": active,
            "reset_url": _address(asked.about),
            "kind": report.measure.kind.value if report.measure else "points",
            "definition": told.definition_of(report, [text for text, _url in active]),
            "base": told.base_words(report),
            "caveats": told.caveats(report),
            "notices": told.notices_of(report),
            "variants": told.variants_of(report),
            "goal": told.goal_words(report),
            "goal_filters": told.goal_filters(report),
            "goal_url": _goal_address(report),
            "may_set": may(Role(request.membership.role), "surveys.edit"),
            "may_watch": may(Role(request.membership.role), "analysis.watch"),
            "figures": [(figure, _downloads(name, asked)) for name, figure in drawn.items()],
            "all_url": asked.address(which=""),
            "weights_url": asked.address(weighted="" if asked.weighted else "1"),
            "is_clear": report.change_p is not None and report.change_p < 0.05,
            "is_before": asked.versus is Versus.BEFORE,
        }
    response = render_page(request, "analysis/explorer.html", context, region="explorer")
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
def figure_xlsx(request: StaffRequest, name: str) -> HttpResponse:
    """The same as a workbook."""
    return taken_along(_figure(request, name), name, "xlsx")


@require_safe
@staff_may("analysis.view_report")
def figure_svg(request: StaffRequest, name: str) -> HttpResponse:
    """The figure as a drawing, for a document."""
    return taken_along(_figure(request, name), name, "svg")


@require_safe
@staff_may("analysis.view_report")
def figure_png(request: StaffRequest, name: str) -> HttpResponse:
    """The figure as a picture, for a slide."""
    return taken_along(_figure(request, name), name, "png")


@require_POST
@staff_may("analysis.view_report")
def save(request: StaffRequest) -> HttpResponse:
    """Keep this view under a name; without one nothing is kept, and that is said."""
    asked = read_explored(
        QueryDict(request.POST.get("address", "").removeprefix("?")), today=timezone.localdate()
    )
    form, address = SaveForm(request.POST), asked.address()
    if form.is_valid() and len(address) <= 2000:
        saved.save_view(
            request.membership,
            name=form.cleaned_data["name"],
            address=address.removeprefix("?"),
            is_shared=form.cleaned_data["is_shared"],
            now=timezone.now(),
        )
        messages.success(request, _("Kept as “%(name)s”.") % {"name": form.cleaned_data["name"]})
    elif form.is_valid():
        messages.warning(request, _("Not kept: this view has too many filters to keep."))
    else:
        messages.warning(request, _("Not kept: give the view a name of at most 80 letters."))
    return HttpResponseRedirect(reverse("explorer:explorer") + address)


@require_POST
@staff_may("analysis.view_report")
def delete(request: StaffRequest, view_id: UUID) -> HttpResponse:
    """Throw a view away, and offer the way back."""
    view = saved.find_view(request.membership, view_id, is_deleted=False)
    if view is None:
        raise Http404
    saved.delete_view(view, now=timezone.now())
    text = _("The view “%(name)s” is gone.") % {"name": view.name}
    offer_undo(request, text, reverse("explorer:restore", args=[view_id]))
    return HttpResponseRedirect(reverse("explorer:explorer"))


@require_POST
@staff_may("analysis.view_report")
def restore(request: StaffRequest, view_id: UUID) -> HttpResponse:
    """Bring a view back, and open it."""
    view = saved.find_view(request.membership, view_id, is_deleted=True)
    if view is None:
        raise Http404
    saved.restore_view(view)
    return HttpResponseRedirect(f"{reverse('explorer:explorer')}?{view.address}")


def _look(request: StaffRequest) -> Reported[ExploreAsked, ExploreReport]:
    def report_of(
        source: store.Source, subject: Subject, asked: ExploreAsked, **given: Any
    ) -> ExploreReport:
        goals = lines_for(request.membership, subject.key)
        tables = tables_in_use(request.organisation)
        return explore(source, subject, asked, goals=goals, tables=tables, **given)

    look = report_for(request, read_explored, report_of)
    return replace(look, asked=look.report.asked) if look.report else look


def _figure(request: StaffRequest, name: str) -> Figure:
    look = _look(request)
    drawn = figures.figures_of(look.report, csv_url=_csv_urls(look.asked)) if look.report else {}
    if name not in drawn:
        raise Http404
    return drawn[name]


def _csv_urls(asked: ExploreAsked) -> Callable[[str], str]:
    def url(name: str) -> str:
        return f"{reverse('explorer:figure_csv', args=[name])}{asked.address()}"

    return url


def _downloads(name: str, asked: ExploreAsked) -> list[tuple[str, str]]:
    """Besides CSV: a workbook, a drawing and a picture."""
    return [
        (
            kind.upper(),
            f"{reverse(f'explorer:figure_{kind}', args=[name])}{asked.address()}",
        )
        for kind in ("xlsx", "svg", "png")
    ]


def _form(look: Reported[ExploreAsked, ExploreReport], report: ExploreReport) -> ExploreForm:
    return ExploreForm(
        look.asked,
        subjects=offered(look.subjects),
        choices=dict(report.choices),
        metric=report.subject.metric,
        goals=[(goal.key, goal.name) for goal in report.goals],
        has_weights=report.has_tables,
    )


def _goal_address(report: ExploreReport) -> str:
    """The same page with the answers its goal was set for; empty where those are on it."""
    if report.goal is None or not told.goal_filters(report):
        return ""
    return replace(report.asked, filters=report.goal.filters).address()


def _address(about: str) -> str:
    return (
        f"{reverse('explorer:explorer')}?about={about}" if about else reverse("explorer:explorer")
    )
