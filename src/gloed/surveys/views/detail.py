"""One survey: its link and code to share, and its state."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.surveys import answered, codes, labels, operations, queries
from gloed.surveys.models import Survey
from gloed.surveys.operations import CannotPublish, WrongState
from gloed.surveys.rules import Metric
from gloed.surveys.views.common import (
    duration_words_of,
    find_survey,
    state_badge,
    tabs_of,
)


@require_safe
@staff_may("analysis.view_report")
def detail(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """One survey: its link and QR code to share, and its state."""
    survey = find_survey(request, survey_id)
    may_edit = may(Role(request.membership.role), "surveys.edit")
    asked = queries.read_version(survey.current) if survey.current else None
    language = request.LANGUAGE_CODE[:2]
    context = {
        "survey": survey,
        "metric": labels.METRIC_NAMES[Metric(survey.metric)],
        "badge": state_badge(survey),
        "link": _link(survey),
        "score_url": page_url("analysis:score", survey.public_id),
        "mail_url": page_url("email:words", survey.public_id),
        "ways_url": page_url("ways:survey", survey.public_id),
        "poster_url": page_url("poster:make", survey.public_id),
        "has_draft": survey.current_id is not None and queries.find_draft(survey) is not None,
        "answers": answered.count_by_survey([survey.pk]).get(survey.pk, 0),
        "duration_words": duration_words_of(survey, asked, language) if asked else "",
        "may_edit": may_edit,
        "tabs": tabs_of(survey, "detail", may_edit=may_edit),
    }
    return render_page(request, "surveys/detail.html", context)


@require_safe
@staff_may("analysis.view_report")
def qr_code(request: StaffRequest, survey_id: UUID, kind: str) -> HttpResponse:
    """The QR code of the link as SVG or PNG; `?save` downloads it."""
    survey = find_survey(request, survey_id)
    link = _link(survey)
    if kind == "svg":
        response = HttpResponse(codes.as_svg(link), content_type="image/svg+xml")
    else:
        response = HttpResponse(codes.as_png(link), content_type="image/png")
    if "save" in request.GET:
        name = slugify(survey.title) or "survey"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}-qr.{kind}"'
    return response


@require_POST
@staff_may("surveys.edit")
def change_state(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Publish, open, close, or discard what was written since."""
    survey = find_survey(request, survey_id)
    by, now = request.user, timezone.now()
    try:
        match request.POST.get("to"):
            case "open":
                operations.open_survey(survey, by=by, now=now)
                messages.success(request, _("The link takes answers."))
            case "closed":
                operations.close_survey(survey, by=by, now=now)
                messages.success(request, _("The link takes no more answers."))
            case "published":
                operations.publish(survey, by=by, now=now)
                messages.success(request, _("This is what respondents see from now on."))
            case "discarded":
                operations.discard_draft(survey, by=by, now=now)
                messages.success(request, _("The changes have been thrown away."))
    except CannotPublish as refusal:
        for finding in refusal.problems:
            messages.warning(request, labels.finding_text(finding))
        return redirect("surveys:edit", survey.public_id)
    except WrongState:
        messages.warning(request, _("Meanwhile this survey changed; look at it as it is now."))
    return redirect("surveys:detail", survey.public_id)


def _link(survey: Survey) -> str:
    return f"{settings.BASE_URL}{reverse('link:answer', args=[survey.slug])}"
