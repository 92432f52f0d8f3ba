"""What holds passives back, where they went, and which surveys ask them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gloed.analysis import words
from gloed.analysis.changes.subjects import offered
from gloed.analysis.looking import AboutForm
from gloed.analysis.passives import asking, offers, operations, report
from gloed.analysis.passives import words as told
from gloed.analysis.passives.forms import JudgeForm
from gloed.analysis.passives.inner import ASK, HANDLE, JUDGE, SEE, inner_tabs, may_do
from gloed.analysis.passives.models import LIFTS
from gloed.analysis.passives.rules import Barrier, From, Lift, Name
from gloed.base.models import Membership
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.queries import list_memberships
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.rules import Status
from gloed.surveys.models import Survey
from gloed.surveys.rules import Metric

CLOSED = (Status.FINISHED.value, Status.DROPPED.value)


@require_safe
@staff_may(SEE)
def home(request: StaffRequest) -> HttpResponse:
    """Passives of a survey in a period: their share, their barriers, and where they went."""
    look = report.look_at(request)
    context: dict[str, Any] = {
        "inner_tabs": inner_tabs(request, "passives:home"),
        "report": look.report,
        "is_current": look.is_current,
        "surveys_url": reverse("surveys:list"),
        "undo": take_undo(request),
        "may_ask": may_do(request, ASK),
        "asks": asking.who_asks(request.organisation, language=request.LANGUAGE_CODE[:2]),
    }
    context["are_silent"] = [one for one in context["asks"] if not one.is_asked]
    if look.report is not None:
        context |= _told(request, look, look.report)
    response = render_page(request, "passives/home.html", context, region="passives")
    if look.report is not None:
        response["HX-Push-Url"] = f"{request.path}{look.asked.address()}".removesuffix("?")
    return response


def _told(request: StaffRequest, look: report.Look, found: report.Report) -> dict[str, Any]:
    may_judge = may_do(request, JUDGE)
    after = found.after_offer
    days = offers.offer_days(request.organisation)
    may_improve = may_do(request, "loop.improve")
    return {
        "asked": look.asked,
        "form": AboutForm(
            look.asked, subjects=offered(look.subjects), choices={}, metric=Metric.NPS
        ),
        "headline": told.headline(found),
        "base": told.base(found),
        "period": words.window_words(look.asked.window.start, look.asked.window.end),
        "rows": _rows(request, found.barriers.lines, may_improve=may_improve),
        "reach": max([one.share.high or 0.0 for one in found.barriers.lines], default=1.0),
        "has_points": any(one.points for one in found.barriers.lines),
        "movement_words": told.moved(found.movement) if found.movement else [],
        "after_words": told.after_offer(after, days) if after else [],
        "offer_days": days,
        "may_judge": may_judge,
        "may_handle": may_do(request, HANDLE),
        "may_plan": may_do(request, "fieldwork.plan"),
        "lifts": LIFTS,
        "owners": _owners(request) if may_judge else [],
    }


def _rows(
    request: StaffRequest, lines: tuple[Barrier, ...], *, may_improve: bool
) -> list[dict[str, Any]]:
    """Each barrier with the improvement that takes it away, or the way to make one."""
    running = _improvements(request)
    return [
        {
            "barrier": one,
            "lift": dict(LIFTS)[one.judged.lift.value],
            "is_ours": one.judged.lift is Lift.OURS,
            "is_theme": one.name.kind is From.THEME,
            "improvement": running.get(one.name.key) if one.name.kind is From.THEME else None,
            "may_improve": may_improve and one.judged.lift is Lift.OURS,
            "address": f"{one.name.kind.value}:{one.name.key}",
        }
        for one in lines
    ]


def _improvements(request: StaffRequest) -> dict[str, Improvement]:
    """By theme: the newest improvement that is being worked on."""
    rows = Improvement.objects.alive().filter(organisation=request.organisation)
    found = rows.exclude(status__in=CLOSED).prefetch_related("themes").order_by("created_at")
    return {theme.key: one for one in found for theme in one.themes.all()}


def _owners(request: StaffRequest) -> list[Membership]:
    return list(list_memberships(request.organisation).filter(deactivated_at=None))


@require_POST
@staff_may(JUDGE)
def judge(request: StaffRequest) -> HttpResponse:
    """Say whether we can lift a barrier, and who sees to it."""
    name = read_name(request.POST.get("barrier", ""))
    owners = {str(one.public_id): one for one in _owners(request)}
    form = JudgeForm(request.POST, owners=list(owners))
    if name is None or not form.is_valid():
        messages.warning(request, _("Nothing was changed: choose one of the judgements."))
    else:
        operations.judge_barrier(
            request.organisation,
            name,
            lift=Lift(form.cleaned_data["lift"]),
            owner=owners.get(form.cleaned_data["owner"]),
            label=request.POST.get("label", "")[:120],
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Kept. The list is ordered by it."))
    return HttpResponseRedirect(_back(request))


@require_POST
@staff_may(ASK)
def ask(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Put the barrier question into a survey's draft; the way back is offered."""
    survey = _survey(request, survey_id)
    key = asking.add_question(
        survey, request.POST.get("entry", ""), by=request.user, now=timezone.now()
    )
    if not key:
        messages.info(request, _("Nothing was changed: this survey asks it, or its draft does."))
        return HttpResponseRedirect(_back(request))
    said = _("The question stands in the draft of “%(survey)s”. Publish it when you are ready.")
    offer_undo(
        request,
        said % {"survey": survey.title},
        f"{reverse('passives:ask_undo', args=[survey.public_id])}?key={key}",
    )
    return HttpResponseRedirect(f"{_back(request)}#asked")


@require_POST
@staff_may(ASK)
def ask_undo(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Take that question out of the draft again."""
    survey = _survey(request, survey_id)
    if asking.take_out(survey, request.GET.get("key", ""), by=request.user, now=timezone.now()):
        messages.success(request, _("The question is out of the draft again."))
    return HttpResponseRedirect(reverse("passives:home"))


def read_name(text: str) -> Name | None:
    """A barrier as an address names it: "theme:price"."""
    kind, _colon, key = text.replace("\x00", "").partition(":")
    return Name(From(kind), key[:120]) if kind in set(From) and key else None


def _survey(request: StaffRequest, survey_id: UUID) -> Survey:
    surveys = Survey.objects.filter(
        organisation=request.organisation, metric=Metric.NPS.value, deleted_at=None
    )
    return get_object_or_404(
        surveys.select_related("organisation", "touchpoint", "current"), public_id=survey_id
    )


def _back(request: StaffRequest) -> str:
    """The page of passives, with the filters it had."""
    query = request.POST.get("back", "")
    return reverse("passives:home") + (query if query.startswith("?") else "")
