"""The pages of the sample organisation: in with one click, out with one click."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gloed.base import audit, jobs
from gloed.base.models import Job, Membership, Staff
from gloed.base.policy import SESSION_KEY, StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role
from gloed.channels.sample.operations import make_organisation, remove_sample
from gloed.channels.sample.tasks import LOAD


@require_safe
@staff_may("base.manage_sample")
def offer(request: StaffRequest) -> HttpResponse:
    """What the sample is, and the button that loads it; inside it, the one that removes it."""
    return render_page(request, "sample/offer.html", {"loaded": find_sample(request.user)})


@require_POST
@staff_may("base.manage_sample")
def load(request: StaffRequest) -> HttpResponse:
    """Make a sample organisation beside the own one, or go back to the one that is there."""
    known = find_sample(request.user)
    if known is None:
        now = timezone.now()
        language = (get_language() or "en")[:2]
        organisation = make_organisation(language=language, now=now)
        known = Membership.objects.create(
            organisation=organisation, staff=request.user, role=Role.OWNER
        )
        audit.record(request, "sample.loaded", organisation.name, at=now)
        payload = {"language": language}
        jobs.enqueue(LOAD, payload, now=now, organisation=organisation, key=f"{LOAD}:{known.pk}")
    request.session[SESSION_KEY] = str(known.organisation.public_id)
    return redirect("sample:progress")


@require_safe
@staff_may("web.view_today")
def progress(request: StaffRequest) -> HttpResponse:
    """How far loading is; it goes on when the page is left."""
    job = Job.objects.filter(organisation=request.organisation, kind=LOAD).order_by("-pk").first()
    if job is None:
        raise Http404
    context = {
        "job": job,
        "is_done": job.state == Job.State.DONE,
        "is_stuck": job.state in (Job.State.FAILED, Job.State.CANCELLED),
    }
    return render_page(request, "sample/progress.html", context, region="sample_work")


@require_POST
@staff_may("base.manage_sample")
def remove(request: StaffRequest) -> HttpResponse:
    """Take the sample organisation that is open away. It can be loaded again at any time."""
    if not request.organisation.is_sample:
        raise Http404
    name = request.organisation.name
    remove_sample(request.organisation, by=request.user)
    _leave(request)
    text = _("%(name)s is gone, with everything in it. You can load the sample again any time.")
    messages.success(request, text % {"name": name})
    return redirect("web:today")


def find_sample(staff: Staff) -> Membership | None:
    """The sample organisation a colleague owns; None where there is none."""
    return (
        Membership.objects.select_related("organisation")
        .filter(staff=staff, organisation__is_sample=True, role=Role.OWNER)
        .first()
    )


def _leave(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)
