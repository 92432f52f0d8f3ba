"""The pages of alarms: what is watched, what rang, and what came of it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.analysis import reports, store
from gloed.analysis.changes.subjects import Subject, find_subject, list_subjects
from gloed.analysis.explorer.saved import list_views
from gloed.analysis.monitors import operations, queries
from gloed.analysis.monitors import words as told
from gloed.analysis.monitors.figures import run_figure
from gloed.analysis.monitors.forms import MonitorForm, PromiseForm, VerdictForm
from gloed.analysis.monitors.models import Alarm, Monitor
from gloed.analysis.monitors.queries import Reading
from gloed.analysis.tables import csv_response
from gloed.analysis.words import file_name
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import offer_undo, take_undo

PAGE_SIZE = 50
WATCH = "analysis.watch"


@require_safe
@staff_may("analysis.view_report")
def alarm_list(request: StaffRequest) -> HttpResponse:
    """What rang and what came of it, what is watched, and how often that may be for nothing."""
    organisation = request.organisation
    page = Paginator(queries.visible_alarms(request.membership), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    weeks, many = queries.promise_of(organisation), queries.count_weekly(organisation)
    context = {
        "page": page,
        "alarms": [(one, told.headline_of(one)) for one in page],
        "monitors": queries.visible_monitors(request.membership),
        "today": timezone.localdate(),
        "promise": told.promise_words(weeks, many) if many else "",
        "promise_form": PromiseForm(initial={"weeks": weeks}),
        "has_views": list_views(request.membership).exists(),
        "may_watch": _may_watch(request),
        "undo": take_undo(request),
    }
    return render_page(request, "alarms/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(WATCH)
def new(request: StaffRequest) -> HttpResponse:
    """Have a saved view watched."""
    given = request.POST if request.method == "POST" else None
    own = {"recipients": [request.membership.public_id], "view": request.GET.get("view")}
    form = MonitorForm(given, membership=request.membership, initial=own)
    if given is not None and form.is_valid():
        kept, now = form.cleaned_data, timezone.now()
        shared = {"about": kept["about"], "recipients": kept["recipients"], "by": request.user}
        if kept["kind"] == Monitor.Kind.RUNNING:
            made = operations.make_running(kept["view"], aim=kept["aim"], now=now, **shared)
        else:
            made = operations.make_weekly(kept["view"], weeks=kept["weeks"], now=now, **shared)
        messages.success(request, _("It is watched from now on."))
        return redirect("alarms:monitor", made.public_id)
    context = {"form": form, "has_views": list_views(request.membership).exists()}
    return render_page(request, "alarms/new.html", context, status=422 if form.errors else 200)


@require_POST
@staff_may(WATCH)
def promise(request: StaffRequest) -> HttpResponse:
    """Keep how often all weekly alarms together may ring for nothing."""
    form = PromiseForm(request.POST)
    if form.is_valid():
        operations.promise(
            request.organisation, form.cleaned_data["weeks"], by=request.user, now=timezone.now()
        )
        messages.success(request, _("Kept. It holds from the next week on."))
    return redirect("alarms:list")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A monitor with what it sees now."""

    reading: Reading
    subject: Subject | None
    limit: float
    names: dict[str, str]


@require_safe
@staff_may("analysis.view_report")
def monitor(request: StaffRequest, monitor_id: UUID) -> HttpResponse:
    """What one monitor sees, by which rule it rings, and what rang before."""
    one = _monitor(request, monitor_id)
    seen = _seen(request, one)
    weeks, many = queries.promise_of(request.organisation), queries.count_weekly(one.organisation)
    filters = told.filters_of(one, seen.names, seen.subject.metric) if seen.subject else []
    label = seen.subject.label if seen.subject else ""
    rung = one.alarms.select_related("monitor")[:PAGE_SIZE]
    csv_url = reverse("alarms:run_csv", args=[monitor_id])
    address = queries.asked_of(one).address(about=one.about)
    context: dict[str, Any] = {
        "monitor": one,
        "about": ", ".join([label, *filters]) if label else "",
        "state": seen.reading.state.value,
        "state_name": told.STATES[seen.reading.state],
        "says": told.state_words(seen.reading, one),
        "rule": told.rule_words(one, weeks, many),
        "usual": told.usual_score(seen.reading),
        "usual_n": round(seen.reading.usual.n),
        "figure": run_figure(one, seen.reading, limit=seen.limit, csv_url=csv_url),
        "definition": told.definition_of(
            one, seen.reading, label=label, filters=filters, promise=weeks, many=many
        ),
        "alarms": [(alarm, told.headline_of(alarm)) for alarm in rung],
        "recipients": one.recipients.select_related("staff").filter(deactivated_at=None),
        "explore_url": reverse("explorer:explorer") + address,
        "may_watch": _may_watch(request),
        "undo": take_undo(request),
    }
    return render_page(request, "alarms/monitor.html", context)


@require_safe
@staff_may("analysis.view_report")
def run_csv(request: StaffRequest, monitor_id: UUID) -> HttpResponse:
    """The numbers of the present run, unrounded."""
    one = _monitor(request, monitor_id)
    seen = _seen(request, one)
    figure = run_figure(one, seen.reading, limit=seen.limit)
    columns, rows = (figure.exact_columns, figure.exact) if figure else (["week"], [])
    return csv_response(file_name(one.name), columns, rows)


@require_POST
@staff_may(WATCH)
def pause(request: StaffRequest, monitor_id: UUID) -> HttpResponse:
    """Let a monitor look away."""
    operations.pause(_monitor(request, monitor_id), by=request.user, now=timezone.now())
    return redirect("alarms:monitor", monitor_id)


@require_POST
@staff_may(WATCH)
def resume(request: StaffRequest, monitor_id: UUID) -> HttpResponse:
    """Let it look again."""
    operations.resume(_monitor(request, monitor_id), by=request.user, now=timezone.now())
    return redirect("alarms:monitor", monitor_id)


@require_POST
@staff_may(WATCH)
def delete(request: StaffRequest, monitor_id: UUID) -> HttpResponse:
    """Throw a monitor away, and offer the way back."""
    one = _monitor(request, monitor_id)
    operations.delete(one, by=request.user, now=timezone.now())
    text = _("“%(name)s” is no longer watched.") % {"name": one.name}
    offer_undo(request, text, reverse("alarms:restore", args=[monitor_id]))
    return redirect("alarms:list")


@require_POST
@staff_may(WATCH)
def restore(request: StaffRequest, monitor_id: UUID) -> HttpResponse:
    """Bring a monitor back."""
    gone = Monitor.objects.filter(organisation=request.organisation).exclude(deleted_at=None)
    operations.restore(
        get_object_or_404(gone, public_id=monitor_id), by=request.user, now=timezone.now()
    )
    return redirect("alarms:monitor", monitor_id)


@require_safe
@staff_may("analysis.view_report")
def alarm(request: StaffRequest, alarm_id: UUID) -> HttpResponse:
    """One alarm: what was seen, the way to What changed, and what came of it."""
    one = _alarm(request, alarm_id)
    return _alarm_page(request, one, _verdict_form(request, one))


@require_POST
@staff_may(WATCH)
def judge(request: StaffRequest, alarm_id: UUID) -> HttpResponse:
    """Write down what came of an alarm."""
    one = _alarm(request, alarm_id)
    form = _verdict_form(request, one, request.POST)
    if not form.is_valid():
        return _alarm_page(request, one, form)
    kept = form.cleaned_data
    operations.judge(
        one,
        verdict=kept["verdict"],
        note=kept["note"],
        improvement=kept["improvement"],
        is_new_usual=kept.get("is_new_usual", False),
        by=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("Kept. It stands in the list of alarms."))
    return redirect("alarms:list")


def _alarm_page(request: StaffRequest, one: Alarm, form: VerdictForm) -> HttpResponse:
    headline = told.headline_of(one)
    changes = queries.changes_of(one, today=timezone.localdate())
    context = {
        "alarm": one,
        "headline": headline,
        "improvement_url": _improvement_url(one, headline),
        "says": told.sentence_of(one),
        "changes_url": f"{reverse('changes:changes')}?{changes}",
        "form": form,
        "may_watch": _may_watch(request),
    }
    return render_page(request, "alarms/alarm.html", context, status=422 if form.errors else 200)


def _seen(request: StaffRequest, one: Monitor) -> _Seen:
    organisation = request.organisation
    source = store.projection_of(organisation)
    subjects = list_subjects(organisation, source)
    reading = queries.read(
        source, subjects, one, today=timezone.localdate(), least=organisation.minimum_group
    )
    limit = queries.limit_for(organisation)
    return _Seen(reading, find_subject(subjects, one.about), limit, reports.names_of(organisation))


def _monitor(request: StaffRequest, monitor_id: UUID) -> Monitor:
    for one in queries.visible_monitors(request.membership):
        if one.public_id == monitor_id:
            one.organisation = request.organisation
            return one
    raise Http404


def _alarm(request: StaffRequest, alarm_id: UUID) -> Alarm:
    return get_object_or_404(queries.visible_alarms(request.membership), public_id=alarm_id)


def _verdict_form(request: StaffRequest, one: Alarm, given: QueryDict | None = None) -> VerdictForm:
    known = one.improvement.public_id if one.improvement else None
    return VerdictForm(
        given,
        initial={"verdict": one.verdict, "note": one.note, "improvement": known},
        is_weekly=one.monitor.kind == Monitor.Kind.WEEKLY,
        membership=request.membership,
    )


def _improvement_url(one: Alarm, headline: str) -> str:
    """A new improvement that knows whom the alarm is about."""
    known = {"title": headline, "note": headline, **dict(parse_qsl(one.monitor.filters))}
    return f"{reverse('improvements:new')}?{urlencode(known)}"


def _may_watch(request: StaffRequest) -> bool:
    return may(Role(request.membership.role), WATCH)
