"""Waves: the list, planning one with its dry run, and watching it go."""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max, Min
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.fieldwork import candidates, channels, operations, queries
from gloed.fieldwork.forms import ONCE, PlanForm
from gloed.fieldwork.forms.planning import AGAIN
from gloed.fieldwork.models import Invitation, Wave, WaveSeries
from gloed.fieldwork.operations.series import rhythm_of
from gloed.fieldwork.planning import LOOKED_AT, DryRun, plan_wave
from gloed.fieldwork.sample_size import plan_sample
from gloed.fieldwork.sentences import moment_words, rhythm_words
from gloed.fieldwork.views.ledger import named, rate_definition, safe
from gloed.people.models import Person
from gloed.surveys.rules import Metric

PAGE_SIZE = 50
NEW = {"pace": Wave.Pace.ONCE, "reminders": 0, "repeats": ONCE}
PACED_BY = timedelta(minutes=10)  # the stretch that the rate of sending is measured over


@require_safe
@staff_may("analysis.view_report")
def wave_list(request: StaffRequest) -> HttpResponse:
    """All waves with their state, and how many were asked and answered."""
    page = Paginator(queries.list_waves(request.organisation), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    waves = list(page.object_list)
    counts = queries.count_sent(waves)
    context = {
        "page": page,
        "waves": [(wave, _badge(wave), *counts.get(wave.pk, (0, 0))) for wave in waves],
        "series": _series(request) if page.number == 1 else [],
        "may_plan": may(Role(request.membership.role), "fieldwork.plan"),
    }
    return render_page(request, "fieldwork/waves.html", context)


def _series(request: StaffRequest) -> list[tuple[WaveSeries, str, str]]:
    """The waves that come again: each with its rhythm and its next turn in words."""
    return [
        (one, rhythm_words(rhythm_of(one)), moment_words(one.next_at) if one.next_at else "")
        for one in queries.list_series(request.organisation)
    ]


def _badge(wave: Wave) -> str:
    return "badge badge--ember" if wave.state == Wave.State.RUNNING else "badge"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("fieldwork.plan")
def plan(request: StaffRequest, wave_id: UUID | None = None) -> HttpResponse:
    """Choose survey, people, number and pace; the dry run comes next, nothing is sent yet."""
    draft = _own(request, wave_id) if wave_id else None
    if draft is not None and draft.state != Wave.State.DRAFT:
        return redirect("fieldwork:wave", draft.public_id)
    form = _plan_form(request, draft)
    if request.method == "POST" and form.is_valid():
        return redirect(_keep_plan(request, form, draft))
    return _plan_page(request, form, draft)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("fieldwork.plan")
def series_replan(request: StaffRequest, series_id: UUID) -> HttpResponse:
    """Change a wave that comes again, from its next turn on."""
    found = get_object_or_404(
        WaveSeries.objects.select_related("survey", "organisation"),
        public_id=series_id,
        organisation=request.organisation,
    )
    form = _plan_form(request, found)
    if request.method == "POST" and form.is_valid():
        operations.keep_series(
            request.organisation,
            form.series_values(),
            series=found,
            staff=request.user,
            now=timezone.now(),
        )
        return redirect("fieldwork:series", found.public_id)
    return _plan_page(request, form, found)


def _plan_form(request: StaffRequest, kept: Wave | WaveSeries | None) -> PlanForm:
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        organisation=request.organisation,
        values=queries.attribute_values(request.organisation),
        initial=_initial(kept)
        if kept
        else {"pace": Wave.Pace.ONCE, "reminders": 0, "repeats": ONCE},
    )
    if isinstance(kept, WaveSeries):  # it stays one
        form.fields["repeats"].choices = WaveSeries.Every.choices  # type: ignore[attr-defined]  # a ChoiceField
        form.fields["repeats"].required = True
        del form.fields["starts_on"]
    elif kept is not None:
        for name in ("repeats", *AGAIN):
            del form.fields[name]
    if kept is not None:
        for field in form.segment_fields:
            field.field.initial = kept.segment.get(str(field.label), [])
    return form


def _keep_plan(request: StaffRequest, form: PlanForm, draft: Wave | None) -> str:
    """Keep what was planned; the address of its page."""
    organisation, now = request.organisation, timezone.now()
    if draft is not None:
        Wave.objects.filter(pk=draft.pk, state=Wave.State.DRAFT).update(**form.wave_values())
        return reverse("fieldwork:wave", args=[draft.public_id])
    if form.comes_again:
        values = form.series_values()
        made = operations.keep_series(organisation, values, staff=request.user, now=now)
        return reverse("fieldwork:series", args=[made.public_id])
    wave = Wave.objects.create(
        organisation=organisation, made_by=request.user, created_at=now, **form.wave_values()
    )
    return reverse("fieldwork:wave", args=[wave.public_id])


def _plan_page(
    request: StaffRequest, form: PlanForm, kept: Wave | WaveSeries | None
) -> HttpResponse:
    is_series = isinstance(kept, WaveSeries)
    back = reverse("fieldwork:waves")
    if kept is not None:
        back = reverse("fieldwork:series" if is_series else "fieldwork:wave", args=[kept.public_id])
    people = Person.objects.filter(organisation=request.organisation).count()
    context = {
        "form": form,
        "has_survey": form.fields["survey"].queryset.exists(),  # type: ignore[attr-defined]  # a ModelChoiceField
        "is_series": is_series,
        "back": back,
        "people": people,
        "knows_nobody": not people,
    }
    status = 422 if form.errors else 200
    return render_page(request, "fieldwork/plan.html", context, status=status)


def _initial(kept: Wave | WaveSeries) -> dict[str, Any]:
    names = ("survey", "name", "channel", "sample_size", "sample_share", "quota_attribute",
             "quota_size", "pace", "days", "reminders", "reminder_days")  # fmt: skip
    values = {name: getattr(kept, name) for name in names} | {
        "opens": f"{kept.opens:%H:%M}",
        "closes": f"{kept.closes:%H:%M}",
    }
    if isinstance(kept, WaveSeries):
        again = {name: getattr(kept, name) for name in AGAIN}
        return values | again | {"repeats": kept.every}
    return values | {"starts_on": kept.starts_at and timezone.localtime(kept.starts_at).date()}


@require_POST
@staff_may("fieldwork.plan")
def segment_count(request: StaffRequest) -> HttpResponse:
    """How many people are in the segment that is ticked; for swapping in."""
    form = PlanForm(
        request.POST,
        organisation=request.organisation,
        values=queries.attribute_values(request.organisation),
    )
    people = candidates.people_in(request.organisation.pk, form.segment()).count()
    return render_page(request, "fieldwork/parts/count.html", {"people": people})


@require_safe
@staff_may("analysis.view_report")
def wave(request: StaffRequest, wave_id: UUID) -> HttpResponse:
    """A draft shows its dry run; what was started shows how far it is and what became of it."""
    found = _own(request, wave_id)
    may_plan = may(Role(request.membership.role), "fieldwork.plan")
    channel = channels.find(found.channel)
    context = {
        "wave": found,
        "badge": _badge(found),
        "channel": channel,
        "may_plan": may_plan,
        "segment": found.segment.items(),
        "crumbs": [(_("Waves"), reverse("fieldwork:waves"))],
    }
    if found.state == Wave.State.DRAFT:
        return _draft_page(request, found, context)
    total = queries.tally(Invitation.objects.filter(wave=found))
    context |= {
        "total": total,
        "totals": named(total),
        "progress": _progress(found, now=timezone.now()),
        "definition": rate_definition(),
        "has_links": not channel.is_sent_by_us and found.invited > 0,
        "is_alive": found.state in {"scheduled", "running", "paused"},
        "stage": f"{found.state}-{found.is_written}",
    }
    response = render_page(request, "fieldwork/wave.html", context, region="wave")
    if request.GET.get("stage", context["stage"]) != context["stage"]:
        response["HX-Refresh"] = "true"  # the buttons beside the region change too
    return response


def _draft_page(request: StaffRequest, found: Wave, context: dict[str, Any]) -> HttpResponse:
    dry_run = plan_wave(found, now=timezone.now(), most=LOOKED_AT)
    rate = queries.usual_rate(found.survey_id)
    labels = dict(Invitation.Skip.choices)
    wanted = request.GET.get("reason", "asked" if dry_run.invited else "all")
    people = [
        person
        for person, reason in dry_run.reasons.items()
        if wanted == "all" or (reason or "asked") == wanted
    ]
    page = Paginator(people, PAGE_SIZE).get_page(request.GET.get("page"))
    sees_people = may(Role(request.membership.role), "people.view_person")
    context |= {
        "dry_run": dry_run,
        "reasons": [(labels[reason], n, reason.value) for reason, n in dry_run.totals.items()],
        "wanted": wanted,
        "page": page,
        "rows": _rows(dry_run, list(page.object_list)) if sees_people else [],
        "planned": plan_sample(Metric(found.survey.metric), dry_run.invited, rate=rate),
        "is_open": found.survey.state == "open",
    }
    return render_page(request, "fieldwork/dry_run.html", context)


def _rows(dry_run: DryRun, people: Sequence[int]) -> list[tuple[Person, str, datetime | None]]:
    """Each person with the reason, empty for who is asked, and the moment."""
    labels = dict(Invitation.Skip.choices)
    found = Person.objects.in_bulk(people)
    return [
        (found[pk], str(labels[reason]) if reason else "", dry_run.due.get(pk))
        for pk in people
        if pk in found
        for reason in [dry_run.reasons[pk]]
    ]


def _progress(found: Wave, *, now: datetime) -> dict[str, Any]:
    """How far sending is, how fast it goes and when it will be through."""
    lines = Invitation.objects.filter(wave=found)
    waiting = lines.filter(is_open=True, sent_at=None)
    left = waiting.count()
    fresh = lines.filter(sent_at__gt=now - PACED_BY).count()
    due = waiting.aggregate(first=Min("due_at"), last=Max("due_at"))
    last = due["last"]
    a_minute = fresh / (PACED_BY.total_seconds() / 60)
    until = None
    if left and last:
        until = max(last, now + timedelta(minutes=left / a_minute)) if a_minute else last
    return {
        "done": found.invited - left,
        "total": found.invited if found.is_written else None,
        "left": left,
        "a_minute": round(a_minute),
        "until": until,
        "next": due["first"] if due["first"] and due["first"] > now else None,
        "is_finished": found.state in {"done", "stopped"} and found.is_written,
    }


@require_POST
@staff_may("fieldwork.plan")
def change(request: StaffRequest, wave_id: UUID) -> HttpResponse:
    """Start, pause, let go on, stop, or throw a draft away."""
    found, now, wanted = _own(request, wave_id), timezone.now(), request.POST.get("to")
    if wanted == "delete" and found.state == Wave.State.DRAFT:
        found.delete()
        messages.success(request, _("The plan is gone; nobody was asked."))
        return redirect("fieldwork:waves")
    if wanted == "start":
        try:
            operations.start_wave(found, now=now, staff=request.user)
        except operations.CannotStart as refusal:
            if refusal.reason == "survey_not_open":
                messages.warning(request, _("Nobody was asked: open the survey first."))
        return redirect("fieldwork:wave", found.public_id)
    deeds = {
        "pause": operations.pause_wave,
        "resume": operations.resume_wave,
        "stop": operations.stop_wave,
    }
    if deed := deeds.get(wanted or ""):
        deed(found, now=now, staff=request.user)
    return redirect("fieldwork:wave", found.public_id)


@require_safe
@staff_may("fieldwork.plan")
def links_csv(request: StaffRequest, wave_id: UUID) -> StreamingHttpResponse:
    """The personal links of a wave, for a mail merge."""
    found = _own(request, wave_id)
    response = StreamingHttpResponse(_links(found), content_type="text/csv; charset=utf-8")
    name = slugify(found.name) or "wave"
    response["Content-Disposition"] = f'attachment; filename="links-{name}.csv"'
    return response


def _links(found: Wave) -> Iterator[str]:
    class Echo:
        def write(self, line: str) -> str:
            return line

    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(["name", "email", "external_id", "language", "link"])
    lines = Invitation.objects.filter(wave=found, is_open=True).select_related("person")
    for line in lines.order_by("pk").iterator(chunk_size=1000):
        if line.person is None:
            continue
        own = (line.person.name, line.person.email, line.person.external_id or "")
        yield writer.writerow(
            [*map(safe, own), line.person.language, link_of(found.survey.slug, line.token)]
        )


def link_of(slug: str, token: str) -> str:
    """The personal address under which somebody answers; empty where no channel has that page."""
    page = page_url("link:personal", slug, token)
    return f"{settings.BASE_URL}{page}" if page else ""


def _own(request: StaffRequest, wave_id: UUID) -> Wave:
    return get_object_or_404(
        Wave.objects.select_related("survey", "organisation", "series"),
        public_id=wave_id,
        organisation=request.organisation,
    )
