"""One improvement: what is planned, what it rests on, and what is to be done next."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import offer_undo, take_undo
from gloed.loop.cases.queries import visible_cases
from gloed.loop.improvements import aims, operations, queries
from gloed.loop.improvements.forms import StepForm
from gloed.loop.improvements.models import STATUSES, Improvement, Step
from gloed.loop.improvements.queries import Proof
from gloed.loop.improvements.rules import Status, signs_of
from gloed.loop.improvements.views.common import may_improve, own, sign_words, today


@require_safe
@staff_may("responses.view_answers")
def detail(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """The whole of it on one page."""
    found = own(request, improvement_id)
    return _page(request, found, StepForm())


@require_POST
@staff_may("loop.improve")
def add_step(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """Plan one thing to do."""
    found = own(request, improvement_id)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    operations.add_step(found, now=timezone.now(), **form.cleaned_data)
    return redirect(f"{reverse('improvements:detail', args=[found.public_id])}#steps")


@require_POST
@staff_may("loop.improve")
def change_step(request: StaffRequest, step_id: UUID) -> HttpResponse:
    """Tick a step off (`do`: done, open), take it away (remove) or put it back (restore)."""
    step = get_object_or_404(
        Step.objects.select_related("improvement"),
        public_id=step_id,
        improvement__in=queries.seen_by(request.membership),
    )
    what, now = request.POST.get("do", "restore"), timezone.now()
    if what in ("done", "open"):
        operations.do_step(step, is_done=what == "done", now=now)
    elif what == "remove":
        operations.remove_step(step, now=now)
        text = _("“%(title)s” was taken out of the plan.") % {"title": step.title}
        offer_undo(request, text, reverse("improvements:change_step", args=[step.public_id]))
    else:
        operations.restore_step(step)
    here = reverse("improvements:detail", args=[step.improvement.public_id])
    return redirect(f"{here}#steps")


@require_POST
@staff_may("loop.improve")
def link_answer(request: StaffRequest, improvement_id: UUID) -> HttpResponse:
    """Let it rest on an answer (`answer`), or no more (`drop`)."""
    found = own(request, improvement_id)
    here = reverse("improvements:detail", args=[found.public_id])
    dropped = queries.get_response(request.membership, request.POST.get("drop") or None)
    added = queries.get_response(
        request.membership, request.POST.get("answer") or request.POST.get("undo") or None
    )
    if dropped is not None:
        operations.drop_evidence(found, dropped)
        back = reverse("improvements:link_answer", args=[found.public_id])
        offer_undo(request, _("The answer no longer stands under this improvement."), back)
        request.session["undo"]["value"] = str(dropped.public_id)
    elif added is not None:
        operations.add_evidence(found, [added], by=request.user, now=timezone.now())
    return redirect(f"{here}#answers")


def _page(
    request: StaffRequest, found: Improvement, form: StepForm, *, status: int = 200
) -> HttpResponse:
    steps = queries.steps_of(found)
    waiting = [step.due_on for step in steps if step.due_on and not step.done_at]
    standing = aims.standing(found.organisation) if found.goal_key else {}
    course = queries.course_of(found, standing, next_step_on=min(waiting, default=None))
    language = (get_language() or "en")[:2]
    context = {
        "improvement": found,
        "signs": sign_words(signs_of(course, today=today())),
        "goal": _goal(found, request, standing),
        "steps": steps,
        "today": today(),
        "step_form": form,
        "proofs": [_shown(proof) for proof in queries.proofs_of(found, request.membership)],
        "themes": [(theme.key, theme.name_in(language)) for theme in found.themes.all()],
        "cases": [
            (case.number, page_url("cases:card", case.public_id))
            for case in visible_cases(request.membership).filter(improvements=found)
        ],
        "segment": [(n.removeprefix("attr:"), value) for n, value in found.segment.items()],
        "moves": [(value, words) for value, words in STATUSES if value != found.status],
        "next_move": _next_move(Status(found.status)),
        "may_improve": may_improve(request),
        "may_tell": may(Role(request.membership.role), "loop.tell"),
        "effect_url": page_url("effects:of_improvement", found.public_id),
        "tell_url": page_url("told_back:of_improvement", found.public_id),
        "undo": take_undo(request),
    }
    return render_page(request, "improvements/detail.html", context, status=status)


def _goal(
    found: Improvement, request: StaffRequest, standing: Mapping[UUID, str]
) -> dict[str, object]:
    """The goal it serves: its name of today, its page for who may see it, whether it is gone."""
    key = found.goal_key
    if key is None:
        return {"name": found.goal}
    is_seen = key in aims.visible(request.membership)
    return {
        "name": standing.get(key, found.goal),
        "url": aims.url_of(key) if is_seen else "",
        "is_gone": key not in standing,
    }


def _next_move(status: Status) -> tuple[str, str] | None:
    """The one step on that is usual from here: its status, and the words on the button."""
    return {
        Status.IDEA: (Status.STARTED.value, _("Start it")),
        Status.PLANNED: (Status.STARTED.value, _("Start it")),
        Status.STARTED: (Status.FINISHED.value, _("It is done")),
        Status.DROPPED: (Status.IDEA.value, _("Take it up again")),
    }.get(status)


def _shown(proof: Proof) -> dict[str, object]:
    response = proof.response
    return {
        "id": response.public_id,
        "rating": proof.rating if proof.rating is not None else "–",
        "verbatim": proof.verbatim,
        "language": response.language,
        "who": str(response.person) if response.person else "",
        "at": response.responded_at,
        "about": response.survey.title,
        "team": response.team.name if response.team else "",
        "url": page_url("analysis:answer", response.public_id),
    }
