"""Goals: the list, one of them, setting and changing it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.analysis import queries as analysis
from gloed.analysis import reports, store, tasks
from gloed.analysis.changes.subjects import Subject, list_subjects, offered, own_teams
from gloed.analysis.filters import NOTHING
from gloed.analysis.goals import figures, operations, queries
from gloed.analysis.goals import words as told
from gloed.analysis.goals.aims import improvements_for
from gloed.analysis.goals.forms import GoalForm, initial_of, shown_value
from gloed.analysis.goals.models import Goal
from gloed.analysis.goals.reading import Progress, progress_of
from gloed.analysis.looking import ENDINGS, taken_along
from gloed.analysis.measures import Measure, measure_of
from gloed.analysis.queries import ALL_TIME, Query
from gloed.analysis.reports import choices_of
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import offer_undo, take_undo


@dataclass(frozen=True, slots=True)
class _Room:
    """What every page of goals stands on."""

    request: StaffRequest
    source: store.Source
    subjects: list[Subject]
    names: dict[str, str]
    today: date

    def subject(self, about: str) -> Subject | None:
        """The subject of this name; None where it is gone."""
        return next((one for one in self.subjects if one.key == about), None)

    def progress(self, goal: Goal, *, with_points: bool = False) -> Progress:
        """How a goal stands, as far as this colleague may see."""
        return progress_of(
            self.source,
            goal,
            self.subject(goal.about),
            today=self.today,
            minimum=max(1, self.request.organisation.minimum_group),
            teams=own_teams(self.request.membership),
            with_points=with_points,
        )


@require_safe
@staff_may("analysis.view_report")
def goal_list(request: StaffRequest) -> HttpResponse:
    """All goals, and what can be said of each."""
    room = _room(request)
    goals = queries.visible_goals(request.membership)
    context = {
        "lines": [_line(room, room.progress(goal)) for goal in goals],
        "may_edit": _may_edit(request),
        "has_answers": bool(room.subjects),
        "surveys_url": reverse("surveys:list"),
        "undo": take_undo(request),
    }
    return render_page(request, "goals/list.html", context)


@require_safe
@staff_may("analysis.view_report")
def detail(request: StaffRequest, goal_id: UUID) -> HttpResponse:
    """One goal: where it stands, what this volume can show, and its course."""
    room = _room(request)
    goal = _goal(request, goal_id)
    progress = room.progress(goal, with_points=True)
    context = {
        **_line(room, progress),
        "promise": told.promise_words(progress),
        "figure": figures.course(progress, csv_url=_file(goal, "csv")),
        "downloads": [(kind.upper(), _file(goal, kind)) for kind in ENDINGS[1:]],
        "definition": told.definition_of(progress, room.names),
        "explore_url": _explore_url(goal) if progress.subject else "",
        "improvements": list(improvements_for(goal, request.membership)),
        "may_improve": may(Role(request.membership.role), "loop.improve"),
        "crumbs": [(_("Goals"), reverse("goals:list"))],
        "may_edit": _may_edit(request),
    }
    return render_page(request, "goals/detail.html", context)


@require_safe
@staff_may("analysis.view_report")
def figure(request: StaffRequest, goal_id: UUID, ending: str) -> HttpResponse:
    """The course of a goal as a file."""
    progress = _room(request).progress(_goal(request, goal_id), with_points=True)
    drawn = figures.course(progress)
    if drawn is None:
        raise Http404
    return taken_along(drawn, "goal", ending)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def new(request: StaffRequest) -> HttpResponse:
    """Set a goal; while it is filled in, the page says what this volume can show."""
    room = _room(request)
    if request.method == "POST":
        form = _form(room, request.POST, bound=True)
        if form.is_valid():
            goal = operations.set_goal(
                request.organisation,
                form.values,
                by=request.user,
                today=room.today,
                now=timezone.now(),
            )
            messages.success(request, _("The goal is set."))
            return HttpResponseRedirect(reverse("goals:detail", args=[goal.public_id]))
        return _form_page(room, form, None, request.POST)
    return _form_page(room, _form(room, request.GET), None, request.GET)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def change(request: StaffRequest, goal_id: UUID) -> HttpResponse:
    """Another score, day or part of the answers; the day it was set on stays."""
    room = _room(request)
    goal = _goal(request, goal_id)
    if request.method == "POST":
        form = _form(room, request.POST, goal, bound=True)
        if form.is_valid():
            operations.change_goal(goal, form.values, by=request.user, now=timezone.now())
            messages.success(request, _("Kept."))
            return HttpResponseRedirect(reverse("goals:detail", args=[goal.public_id]))
        return _form_page(room, form, goal, request.POST)
    given = request.GET or _given(room, goal)
    return _form_page(room, _form(room, given, goal), goal, given)


@require_POST
@staff_may("surveys.edit")
def remove(request: StaffRequest, goal_id: UUID) -> HttpResponse:
    """Take a goal away, and offer the way back."""
    goal = _goal(request, goal_id)
    operations.remove_goal(goal, by=request.user, now=timezone.now())
    text = _("The goal “%(name)s” is gone.") % {"name": goal.name}
    offer_undo(request, text, reverse("goals:restore", args=[goal.public_id]))
    return HttpResponseRedirect(reverse("goals:list"))


@require_POST
@staff_may("surveys.edit")
def restore(request: StaffRequest, goal_id: UUID) -> HttpResponse:
    """Bring a goal back, and open it."""
    goal = queries.find_removed(request.organisation, goal_id)
    if goal is None:
        raise Http404
    operations.restore_goal(goal, by=request.user, now=timezone.now())
    return HttpResponseRedirect(reverse("goals:detail", args=[goal.public_id]))


def _room(request: StaffRequest) -> _Room:
    now = timezone.now()
    tasks.make_sure(request.organisation, now=now)
    source = store.projection_of(request.organisation)
    return _Room(
        request,
        source,
        list_subjects(request.organisation, source),
        reports.names_of(request.organisation),
        timezone.localdate(now),
    )


def _goal(request: StaffRequest, goal_id: UUID) -> Goal:
    found = next(
        (one for one in queries.visible_goals(request.membership) if one.public_id == goal_id),
        None,
    )
    if found is None:
        raise Http404
    return found


def _line(room: _Room, progress: Progress) -> dict[str, Any]:
    """A goal as a list or a page shows it."""
    goal, measure = progress.goal, progress.measure
    kind = measure.kind if measure else None
    return {
        "goal": goal,
        "progress": progress,
        "kind": kind.value if kind else "points",
        "metric": told.metric_label(progress),
        "whose": told.subject_words(progress, room.names),
        "value": told.value_words(goal.value, kind) if kind else "",
        "due": told.due_words(progress, (goal.due_on - room.today).days),
        "verdict": told.verdict(progress),
        "icon": told.ICONS.get(progress.standing, "circle-dashed"),
        "is_certain": progress.standing in told.CERTAIN,
        "says": told.progress_words(progress),
    }


def _form(
    room: _Room, given: QueryDict, goal: Goal | None = None, *, bound: bool = False
) -> GoalForm:
    """The form for a subject: bound to what was given, or only filled in with it."""
    about = given.get("about", "")
    subject = room.subject(about) or (room.subjects[0] if room.subjects else None)
    measure, choices = _measured(room, subject)
    parts: dict[str, Any] = {
        "subjects": offered(room.subjects),
        "choices": choices,
        "measure": measure,
        "today": room.today,
        "kept_due": goal.due_on if goal else None,
    }
    if bound:
        return GoalForm(given, **parts)
    filled = initial_of(room.today) | {name: given[name] for name in given if given[name]}
    return GoalForm(initial=filled, **parts)


def _measured(
    room: _Room, subject: Subject | None
) -> tuple[Measure | None, dict[str, list[tuple[str | None, str]]]]:
    if subject is None:
        return None, {}
    everything = subject.selection(ALL_TIME, ())
    columns = analysis.splitting_columns(room.source)
    each = analysis.run_each(room.source, everything, columns) if columns else {}
    scale = analysis.run(room.source, Query(everything)).scale
    measure = measure_of(subject.metric, scale) if scale is not None else None
    return measure, choices_of(each, room.names)


def _form_page(room: _Room, form: GoalForm, goal: Goal | None, given: QueryDict) -> HttpResponse:
    htmx = room.request.htmx
    region = htmx.target if htmx and htmx.target in {"outlook", "goal"} else "goal"
    context = {
        "form": form,
        "goal": goal,
        "has_answers": bool(room.subjects),
        "surveys_url": reverse("surveys:list"),
        "outlook": _outlook(room, goal, given),
        "crumbs": [(_("Goals"), reverse("goals:list"))],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render_page(room.request, "goals/form.html", context, region=region, status=status)


def _outlook(room: _Room, goal: Goal | None, given: QueryDict) -> str:
    """What this volume can show of a goal that is being filled in; nothing while it is not."""
    tried = _form(room, _filled(room, given), goal, bound=True)
    if not tried.is_valid():
        return ""
    values = tried.values | {"set_on": goal.set_on if goal else room.today}
    thought = Goal(organisation=room.request.organisation, **values)
    return told.promise_words(room.progress(thought))


def _filled(room: _Room, given: QueryDict) -> QueryDict:
    """The same with what stands in the form by itself, and a name, which no outlook needs."""
    copied = given.copy()
    subject = room.subjects[0].key if room.subjects else ""
    for name, value in {"name": "-", "about": subject, **initial_of(room.today)}.items():
        if not copied.get(name):
            copied[name] = value.isoformat() if isinstance(value, date) else str(value)
    return copied


def _given(room: _Room, goal: Goal) -> QueryDict:
    """A kept goal as its form gives it."""
    given = QueryDict(goal.address, mutable=True)
    measure, _choices = _measured(room, room.subject(goal.about))
    given["about"] = goal.about
    given["name"] = goal.name
    given["days"] = str(goal.days)
    given["due_on"] = goal.due_on.isoformat()
    given["value"] = f"{shown_value(goal.value, measure):g}"
    for column, value in queries.filters_of(goal):
        given[column] = NOTHING if value is None else value
    return given


def _explore_url(goal: Goal) -> str:
    address = QueryDict(goal.address, mutable=True)
    address["about"] = goal.about
    return f"{reverse('explorer:explorer')}?{address.urlencode()}"


def _file(goal: Goal, ending: str) -> str:
    return reverse("goals:figure", args=[goal.public_id, ending])


def _may_edit(request: StaffRequest) -> bool:
    return may(Role(request.membership.role), "surveys.edit")
