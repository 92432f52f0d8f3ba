"""Review sites under the thank-you: of all surveys, or of one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.loop.promoters.inner import inner_tabs
from gloed.loop.testimonials import reviews
from gloed.loop.testimonials.forms import ReviewsForm
from gloed.loop.testimonials.rules import read_links
from gloed.loop.testimonials.views.common import READ, SHOW, may_here
from gloed.surveys.models import Survey


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(READ)
def of_all(request: StaffRequest) -> HttpResponse:
    """The links of every survey without its own."""
    return _page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(SHOW)
def of_survey(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """The links of one survey."""
    return _page(request, _survey(request, survey_id))


@require_POST
@staff_may(SHOW)
def forget(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Let a survey show what all others show."""
    survey = _survey(request, survey_id)
    reviews.forget_own(request.organisation, survey, by=request.user, now=timezone.now())
    messages.success(request, _("“%(survey)s” shows the same as all others.") % {"survey": survey})
    return redirect("testimonials:reviews")


def _page(request: StaffRequest, survey: Survey | None) -> HttpResponse:
    kept = reviews.find_links(request.organisation, survey)
    may_edit = may_here(request, SHOW)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else None
    form = ReviewsForm(
        read_links(kept.links) if kept else (),
        sent,
        initial={"is_on": bool(kept and kept.is_on)},
    )
    if sent is not None and form.is_valid():
        reviews.keep_links(
            request.organisation,
            survey,
            form.links(),
            is_on=form.cleaned_data["is_on"],
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Kept. Every thank-you shows it within ten seconds."))
        return redirect("testimonials:reviews")
    context: dict[str, Any] = {
        "tabs": [] if survey else inner_tabs(request, "testimonials:reviews"),
        "form": form,
        "survey": survey,
        "kept": kept,
        "links": read_links(kept.links) if kept else (),
        "may_edit": may_edit,
        "own": [] if survey else reviews.own_links(request.organisation),
        "others": [] if survey or not may_edit else _without_own(request),
        "singled": [
            (one, page_url("surveys:edit", one.survey.public_id))
            for one in reviews.singled_out(request.organisation)
        ],
    }
    if survey:
        context["crumbs"] = [(_("Reviews"), reverse("testimonials:reviews"))]
    status = 422 if form.errors else 200
    return render_page(request, "testimonials/reviews.html", context, status=status)


def _without_own(request: StaffRequest) -> list[Survey]:
    found = Survey.objects.filter(
        organisation=request.organisation, deleted_at=None, review_links=None
    )
    return list(found.order_by("title")[:100])


def _survey(request: StaffRequest, survey_id: UUID) -> Survey:
    return get_object_or_404(
        Survey, organisation=request.organisation, public_id=survey_id, deleted_at=None
    )
