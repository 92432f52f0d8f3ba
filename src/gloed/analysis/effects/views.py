"""Did it help: fixing it beforehand, what came of it, and how often we were right."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.analysis import store, words
from gloed.analysis.changes.subjects import find_subject, list_subjects, offered
from gloed.analysis.effects import operations, planning, queries
from gloed.analysis.effects import words as told
from gloed.analysis.effects.forms import (
    FIRST,
    OTHERS,
    AboutForm,
    PredictionForm,
    usual_start,
)
from gloed.analysis.effects.models import Prediction
from gloed.analysis.effects.rules import Design
from gloed.analysis.effects.trials import ALL, Plan
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may, sees_own_team_only
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.queries import get_improvement

PAGE_SIZE = 50
USUAL_WEEKS = 12


@require_safe
@staff_may("analysis.view_report")
def register(request: StaffRequest) -> HttpResponse:
    """Every prediction and its outcome, and how often we were right."""
    found = queries.register(request.membership)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    names = planning.names_in(request.organisation)
    with_figures = not sees_own_team_only(Role(request.membership.role))
    context = {
        "page": page,
        "record": queries.record_of(found),
        "lines": [_told(one, names, with_figures=with_figures) for one in page.object_list],
    }
    return render_page(request, "effects/register.html", context)


@require_safe
@staff_may("responses.view_answers")
def of_improvement(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """What was fixed about one improvement and what came of it, for its page to take in."""
    improvement = _own(request, improvement_id)
    versions = queries.versions_of(improvement)
    names = planning.names_in(request.organisation)
    role = Role(request.membership.role)
    with_figures = not sees_own_team_only(role)
    lines = [_told(one, names, with_figures=with_figures) for one in versions]
    today = timezone.localdate()
    context = {
        "improvement": improvement,
        "line": lines[0] if lines else None,
        "earlier": lines[1:],
        "may_judge": may(role, "loop.judge"),
        "is_locked": bool(versions) and operations.is_locked(versions[0], today=today),
        "can_be_judged": bool(versions)
        and improvement.started_at is not None
        and lines[0]["judgement"] is None
        and queries.judged_on(versions[0]) < today,
    }
    template = (
        "effects/parts/of_improvement.html" if request.htmx else "effects/of_improvement.html"
    )
    return render_page(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.judge")
def plan(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """Choose score and groups, see what the volume can show, and fix it."""
    improvement = _own(request, improvement_id)
    source = store.projection_of(request.organisation)
    subjects = list_subjects(request.organisation, source)
    columns = planning.columns_of(source)
    last = improvement.predictions.order_by("-number").first()
    asked = request.GET.copy()
    if last is not None and "about" not in asked:
        asked["about"], asked["by"] = last.about, last.column
    subject = find_subject(subjects, asked.get("about", ""))
    if subject is not None:
        asked["about"] = subject.key
    about = AboutForm(
        asked if subject is not None else None, subjects=offered(subjects), columns=columns
    )
    context: dict[str, Any] = {
        "improvement": improvement,
        "about": about,
        "has_scores": bool(subjects),
        "is_late": last is not None and operations.is_locked(last, today=timezone.localdate()),
    }
    if subject is None:
        return render_page(request, "effects/plan.html", context)
    column = asked.get("by", "") if asked.get("by", "") in dict(columns) else ""
    draft = _draft(improvement, subject, column, last)
    names = planning.names_in(request.organisation)
    today = timezone.localdate()
    form = PredictionForm(
        request.POST or None,
        groups=planning.groups_of(source, draft, names, today=today),
        has_segment=bool(planning.filters_of(improvement.segment, column=column)),
        initial=_initial(improvement, draft, last),
    )
    context |= {
        "form": form,
        "subject": subject,
        "column": words.column_label(column) if column else "",
    }
    if request.method == "POST" and form.is_valid():
        wanted = _plan_from(form, draft, improvement)
        minimum = form.cleaned_data["minimum"]
        promise = planning.promise_of(source, wanted, minimum=minimum, today=today)
        if request.POST.get("do") == "fix":
            values = planning.values_of(subject, wanted, minimum=minimum, promise=promise)
            operations.keep_prediction(
                improvement, values, by=request.user, now=timezone.now(), today=today
            )
            return redirect(f"{_page_of(improvement)}#effect")
        context |= {
            "promise": told.volume_words(promise.plain(), minimum=minimum, kind=promise.kind)
            if wanted.design is not Design.NONE
            else "",
            "is_none": wanted.design is Design.NONE,
            "can_show": promise.can_show,
            "judged_on": wanted.judged_on,
        }
    status = 422 if form.errors and form.is_bound else 200
    return render_page(request, "effects/plan.html", context, status=status)


@require_POST
@staff_may("loop.judge")
def judge(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """Look now instead of waiting for the worker; before its time nothing is looked at."""
    improvement = _own(request, improvement_id)
    last = improvement.predictions.select_related("organisation", "improvement").first()
    is_due = last is not None and queries.judged_on(last) < timezone.localdate()
    if last is not None and is_due and improvement.started_at is not None:
        operations.judge_prediction(last, now=timezone.now())
    return redirect(f"{_page_of(improvement)}#effect")


def _page_of(improvement: Improvement) -> str:
    return reverse("improvements:detail", args=[improvement.public_id])


def _own(request: StaffRequest, improvement_id: UUID) -> Improvement:
    found = get_improvement(request.membership, improvement_id)
    if found is None:
        raise Http404
    return found


def _draft(improvement: Improvement, subject: Any, column: str, last: Prediction | None) -> Plan:
    start = usual_start(improvement.due_on, improvement.starts_on, today=timezone.localdate())
    return Plan(
        surveys=tuple(str(survey.public_id) for survey in subject.surveys),
        metric=subject.metric,
        filters=(),
        design=Design.GROUPS if column else Design.NONE,
        column=column,
        treated=() if column else (ALL,),
        control=(),
        starts_on=last.starts_on if last else start,
        weeks_before=last.weeks_before if last else USUAL_WEEKS,
        weeks_after=last.weeks_after if last else USUAL_WEEKS,
        settle_weeks=last.settle_weeks if last else 0,
    )


def _initial(improvement: Improvement, draft: Plan, last: Prediction | None) -> dict[str, Any]:
    expected = improvement.expected_points
    least = last.minimum if last else (expected if expected and expected > 0 else 5.0)
    sides = {
        **dict.fromkeys(last.treated if last else (), FIRST),
        **dict.fromkeys(last.control if last else (), OTHERS),
    }
    return {
        "sides": sides,
        "design": last.design if last and last.design != Design.NONE else Design.GROUPS.value,
        "minimum": f"{least:g}",
        "starts_on": draft.starts_on,
        "weeks_before": draft.weeks_before,
        "weeks_after": draft.weeks_after,
        "settle_weeks": draft.settle_weeks,
        "segment": True,
    }


def _plan_from(form: PredictionForm, draft: Plan, improvement: Improvement) -> Plan:
    facts = form.cleaned_data
    segment = improvement.segment if facts.get("segment") else {}
    first, others = form.chosen(FIRST), form.chosen(OTHERS)
    design = form.way if draft.column else Design.NONE
    is_compared = design is not Design.NONE
    if design is Design.ROLLOUT:
        together = sorted({*first, *others})
        first, others = together[::2], together[1::2]
    return Plan(
        surveys=draft.surveys,
        metric=draft.metric,
        filters=planning.filters_of(segment, column=draft.column),
        design=design,
        column=draft.column if is_compared else "",
        treated=tuple(first) if is_compared else (ALL,),
        control=tuple(others) if is_compared else (),
        starts_on=facts["starts_on"],
        weeks_before=facts["weeks_before"],
        weeks_after=facts["weeks_after"],
        settle_weeks=facts["settle_weeks"],
    )


def _told(one: Prediction, names: dict[str, str], *, with_figures: bool) -> dict[str, Any]:
    judgement = getattr(one, "judgement", None)
    kind = told.minimum_kind(one)
    line: dict[str, Any] = {
        "prediction": one,
        "judgement": judgement,
        "minimum": told.amount(one.minimum, kind),
        "design": told.design_words(one, names),
        "period": told.period_words(one),
        "judged_on": queries.judged_on(one),
        "volume": told.volume_words(one.volume, minimum=one.minimum, kind=kind)
        if one.design != Design.NONE
        else "",
        "only": [
            (words.column_label(column), words.value_label(column, value, names))
            for column, value in one.filters
        ],
    }
    if judgement is not None:
        line["verdict"] = told.verdict_words(judgement.verdict)
        line["why"] = told.why_words(judgement)
        if with_figures:
            line |= {"figure": told.effect_words(judgement), "lines": told.lines(judgement)}
    return line
