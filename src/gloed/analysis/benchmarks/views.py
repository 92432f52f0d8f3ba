"""Pages of benchmarks: the own history, the own sector, and what is not compared."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.analysis import reports, store, tasks, words
from gloed.analysis.benchmarks import operations
from gloed.analysis.benchmarks import words as told
from gloed.analysis.benchmarks.figures import history
from gloed.analysis.benchmarks.forms import BenchmarkForm, PlaceForm
from gloed.analysis.benchmarks.models import Benchmark, OwnPlace
from gloed.analysis.benchmarks.report import BenchmarkReport, Compared, benchmark_report
from gloed.analysis.benchmarks.rules import Kind, Mode, Sector, Statistic
from gloed.analysis.benchmarks.tables import BadTable, read_benchmarks
from gloed.analysis.changes.subjects import Subject, find_subject, list_subjects, own_teams
from gloed.analysis.changes.words import interval_of
from gloed.analysis.customers.value.tables import UnreadableTable, read_table
from gloed.analysis.customers.value.words import why_unreadable
from gloed.analysis.measures import Kind as ReadAs
from gloed.analysis.tables import csv_response
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import offer_undo, take_undo
from gloed.surveys.rules import Metric

LARGEST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class _Look:
    """A request understood."""

    subjects: list[Subject]
    place: OwnPlace | None
    report: BenchmarkReport | None
    is_current: bool


@require_safe
@staff_may("analysis.view_report")
def benchmarks(request: StaffRequest) -> HttpResponse:
    """The own score year by year, then the own sector, then what is not compared."""
    return _page(request)


@require_safe
@staff_may("analysis.view_report")
def history_csv(request: StaffRequest) -> HttpResponse:
    """The own score by year, unrounded."""
    report = _look(request).report
    if report is None or report.measure is None or not report.years:
        raise Http404
    figure = history(report, report.measure)
    return csv_response("score-by-year", figure.exact_columns, figure.exact)


@require_POST
@staff_may("surveys.edit")
def place(request: StaffRequest) -> HttpResponse:
    """Say in which sector and country the organisation is."""
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, place_form=form, status=422)
    operations.set_place(
        request.organisation, form.cleaned_data, by=request.user, now=timezone.now()
    )
    return redirect("benchmarks:list")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def new(request: StaffRequest) -> HttpResponse:
    """Add one published number."""
    own = OwnPlace.objects.filter(organisation=request.organisation).first()
    initial = {"sector": own.sector, "country": own.country} if own else {}
    form = BenchmarkForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _added(request, [form.cleaned_data])
    status = 422 if request.method == "POST" else 200
    return render_page(request, "benchmarks/new.html", {"form": form}, status=status)


@require_POST
@staff_may("surveys.edit")
def upload(request: StaffRequest) -> HttpResponse:
    """Add a table of them; where one row cannot be read, none is kept."""
    given = request.FILES.get("file")
    problems: tuple[str, ...] = ()
    rows: list[dict[str, Any]] = []
    if given is None:
        problems = (_("Choose a file first."),)
    elif (given.size or 0) > LARGEST_BYTES:
        problems = (_("This file is larger than 1 MB. Such a table is never that large."),)
    else:
        try:
            rows = read_benchmarks(read_table(given.read()))
        except UnreadableTable as refusal:
            problems = (why_unreadable(refusal.why),)
        except BadTable as refusal:
            problems = refusal.problems
    if problems:
        context = {"form": BenchmarkForm(), "problems": problems}
        return render_page(request, "benchmarks/new.html", context, status=422)
    return _added(request, rows)


@require_POST
@staff_may("surveys.edit")
def remove(request: StaffRequest, benchmark_id: UUID) -> HttpResponse:
    """Take one number away."""
    found = _benchmark_of(request, benchmark_id)
    operations.remove(found, by=request.user, now=timezone.now())
    url = reverse("benchmarks:restore", args=[benchmark_id])
    offer_undo(request, _("“%(name)s” is taken away.") % {"name": found}, url)
    return redirect("benchmarks:list")


@require_POST
@staff_may("surveys.edit")
def restore(request: StaffRequest, benchmark_id: UUID) -> HttpResponse:
    """Put it back."""
    found = _benchmark_of(request, benchmark_id)
    operations.restore(found, by=request.user, now=timezone.now())
    return redirect("benchmarks:list")


@require_POST
@staff_may("surveys.edit")
def remove_batch(request: StaffRequest, batch: UUID) -> HttpResponse:
    """Take away what was added together."""
    mine = Benchmark.objects.filter(organisation=request.organisation, batch=batch)
    if not mine.exists():
        raise Http404
    operations.remove_batch(request.organisation, batch, by=request.user, now=timezone.now())
    return redirect("benchmarks:list")


def _added(request: StaffRequest, rows: list[dict[str, Any]]) -> HttpResponse:
    batch = operations.add(request.organisation, rows, by=request.user, now=timezone.now())
    said = ngettext("%(n)s number is added.", "%(n)s numbers are added.", len(rows))
    url = reverse("benchmarks:remove_batch", args=[batch])
    offer_undo(request, said % {"n": words.number(len(rows))}, url)
    return redirect("benchmarks:list")


def _benchmark_of(request: StaffRequest, benchmark_id: UUID) -> Benchmark:
    mine = Benchmark.objects.filter(organisation=request.organisation)
    return get_object_or_404(mine.select_related("organisation"), public_id=benchmark_id)


def _look(request: StaffRequest) -> _Look:
    now = timezone.now()
    tasks.make_sure(request.organisation, now=now)
    is_current = reports.is_current(request.organisation, tasks.KINDS)
    source = store.projection_of(request.organisation)
    every = list_subjects(request.organisation, source)
    subjects = [one for one in every if one.metric is not Metric.ENPS]
    wanted = request.GET.get("about", "").replace("\x00", "")[:80]
    subject = find_subject(subjects, wanted)
    if wanted and subject is None:
        raise Http404
    own = OwnPlace.objects.filter(organisation=request.organisation).first()
    if subject is None:
        return _Look(subjects, own, None, is_current)
    present = Benchmark.objects.filter(organisation=request.organisation, removed_at=None)
    report = benchmark_report(
        source,
        subject,
        own,
        list(present),
        today=timezone.localdate(now),
        minimum=request.organisation.minimum_group,
        teams=own_teams(request.membership),
    )
    return _Look(subjects, own, report, is_current)


def _page(
    request: StaffRequest, *, place_form: PlaceForm | None = None, status: int = 200
) -> HttpResponse:
    look = _look(request)
    report = look.report
    may_edit = may(Role(request.membership.role), "surveys.edit")
    context: dict[str, Any] = {
        "report": report,
        "place": look.place,
        "sector": told.SECTORS[Sector(look.place.sector)] if look.place else "",
        "may_edit": may_edit,
        "form": (place_form or PlaceForm(initial=_initial(look.place))) if may_edit else None,
        "subjects": [(one.key, one.label) for one in look.subjects],
        "is_current": look.is_current,
        "surveys_url": reverse("surveys:list"),
        "undo": take_undo(request),
    }
    if report is not None:
        about = "" if report.subject is look.subjects[0] else f"?about={report.subject.key}"
        context |= {
            "figure": history(
                report, report.measure, csv_url=f"{reverse('benchmarks:history_csv')}{about}"
            )
            if report.measure is not None and report.years
            else None,
            "band": told.BANDS[report.band.band] if report.band else "",
            "is_band_certain": report.band is not None and report.band.certain,
            "rows": [_row(one, report) for one in report.same_sector],
            "others": [_row(one, report) for one in report.elsewhere],
        }
    return render_page(request, "benchmarks/list.html", context, status=status)


def _initial(own: OwnPlace | None) -> dict[str, str]:
    if own is None:
        return {"mode": Mode.EMAIL.value}
    return {"sector": own.sector, "country": own.country, "mode": own.mode}


def _row(one: Compared, report: BenchmarkReport) -> dict[str, Any]:
    found = one.benchmark
    kind = report.measure.kind if report.measure else ReadAs.POINTS
    unit = "%" if found.statistic == Statistic.CSAT.value else ""
    decimals = 0 if float(found.value).is_integer() else 1
    return {
        "id": found.public_id,
        "name": found.name or _("the sector"),
        "source": found.source,
        "year": found.year,
        "country": found.country,
        "mode": told.MODES[Mode(found.mode)],
        "kind": told.KINDS[Kind(found.kind)],
        "method": found.method,
        "sector": told.SECTORS[Sector(found.sector)],
        "value": f"{words.number(found.value, decimals)}{unit}",
        "n": words.answers(found.n) if found.n else "",
        "refused": told.refusal(one.refused, found.sector) if one.refused else "",
        "gap": interval_of(one.gap, kind) if one.gap else "",
        "is_clear": one.is_clear,
        "is_above": one.gap is not None and one.gap.value > 0,
        "warnings": [told.WARNINGS[warning] for warning in one.warnings],
    }
