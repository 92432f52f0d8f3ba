"""The list of surveys, starting one, and throwing a draft away."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.models import Organisation
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.surveys import answered, labels, operations, queries
from gloed.surveys.forms import StartForm
from gloed.surveys.journeys.queries import mixing_at
from gloed.surveys.metric_words import FOR_EVERYBODY
from gloed.surveys.models import Survey
from gloed.surveys.operations import WrongState
from gloed.surveys.rules import Metric
from gloed.surveys.views.common import find_survey, state_badge, touchpoint_names

PAGE_SIZE = 50


@require_safe
@staff_may("analysis.view_report")
def survey_list(request: StaffRequest) -> HttpResponse:
    """All surveys with their state and how many answered."""
    page = Paginator(queries.list_surveys(request.organisation), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    counts = answered.count_by_survey([survey.pk for survey in page])
    surveys = [
        {
            "survey": survey,
            "metric": labels.METRIC_NAMES[Metric(survey.metric)],
            "badge": state_badge(survey),
            "answers": counts.get(survey.pk, 0),
        }
        for survey in page
    ]
    context = {
        "page": page,
        "surveys": surveys,
        "deleted": _deleted(request.organisation, request.GET.get("deleted", "")),
        "may_edit": may(Role(request.membership.role), "surveys.edit"),
    }
    return render_page(request, "surveys/list.html", context)


def _deleted(organisation: Organisation, public_id: str) -> Survey | None:
    try:
        wanted = UUID(public_id)
    except ValueError:
        return None
    return Survey.objects.filter(
        organisation=organisation, public_id=wanted, deleted_at__isnull=False
    ).first()


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def create(request: StaffRequest) -> HttpResponse:
    """Choose what to ask; the draft that is made has good words in it already."""
    asked = {name: request.GET.get(name, "")[:120] for name in ("metric", "touchpoint")}
    form = StartForm(request.POST or None, initial=asked)
    mixing = _mixing(request, form)
    if request.method == "POST" and form.is_valid() and not mixing:
        metric = Metric(form.cleaned_data["metric"])
        survey = operations.create_survey(
            request.organisation,
            title=form.cleaned_data["title"],
            content=operations.usual_content(
                request.organisation, metric, languages=form.cleaned_data["languages"]
            ),
            kind=_kind_of(metric, form.cleaned_data["touchpoint"]),
            touchpoint=form.cleaned_data["touchpoint"],
            now=timezone.now(),
        )
        return redirect("surveys:edit", survey.public_id)
    context = {
        "form": form,
        "metrics": FOR_EVERYBODY,
        "chosen": str(form["metric"].value() or ""),
        "touchpoints": touchpoint_names(request.organisation),
        "mixing": mixing,
    }
    status = 422 if form.errors or mixing else 200
    return render_page(request, "surveys/create.html", context, status=status)


def _mixing(request: StaffRequest, form: StartForm) -> str:
    """Why this metric does not stand well at that touchpoint, unless it is kept on purpose."""
    if request.method != "POST" or not form.is_valid() or "keep_both" in request.POST:
        return ""
    wanted = form.cleaned_data
    return mixing_at(request.organisation, wanted["touchpoint"], wanted["metric"])


def _kind_of(metric: Metric, touchpoint: str) -> str:
    """What is asked at a touchpoint is about that moment; among employees it never is."""
    if touchpoint and metric is not Metric.ENPS:
        return Survey.Kind.TRANSACTIONAL
    return labels.USUAL_KIND.get(metric, Survey.Kind.TRANSACTIONAL)


@require_POST
@staff_may("surveys.edit")
def delete(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Throw a draft away; the list offers the way back."""
    survey = find_survey(request, survey_id)
    try:
        operations.delete_draft(survey, by=request.user, now=timezone.now())
    except WrongState:
        messages.warning(request, _("A survey that was published can be closed, not deleted."))
        return redirect("surveys:detail", survey.public_id)
    return HttpResponseRedirect(f"{reverse('surveys:list')}?deleted={survey.public_id}")


@require_POST
@staff_may("surveys.edit")
def restore(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Undo throwing a draft away."""
    survey = get_object_or_404(Survey, organisation=request.organisation, public_id=survey_id)
    operations.restore_draft(survey, by=request.user, now=timezone.now())
    return redirect("surveys:detail", survey.public_id)
