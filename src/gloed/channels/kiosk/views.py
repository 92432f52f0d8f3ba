"""Pages of kiosks for colleagues: the list, making one, its link, when it was heard from."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base.links import absolute_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import offer_undo, take_undo
from gloed.channels.kiosk import operations, queries
from gloed.channels.kiosk.forms import KioskForm
from gloed.channels.kiosk.models import Kiosk
from gloed.channels.kiosk.rules import is_silent
from gloed.surveys import codes
from gloed.surveys.labels import LANGUAGE_NAMES
from gloed.surveys.models import Survey
from gloed.surveys.views.common import find_survey

PAGE_SIZE = 50


@require_safe
@staff_may("analysis.view_report")
def kiosk_list(request: StaffRequest) -> HttpResponse:
    """All kiosks, and when each was last heard from."""
    return _list(request, queries.list_kiosks(request.organisation), None)


@require_safe
@staff_may("analysis.view_report")
def of_survey(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """The kiosks of one survey."""
    survey = find_survey(request, survey_id)
    return _list(request, queries.list_kiosks(request.organisation).filter(survey=survey), survey)


def _list(request: StaffRequest, found: QuerySet[Kiosk], survey: Survey | None) -> HttpResponse:
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "page": page,
        "kiosks": [(kiosk, is_silent(kiosk.heard_at, now=now)) for kiosk in page],
        "survey": survey,
        "may_edit": may(Role(request.membership.role), "surveys.edit"),
        "undo": take_undo(request),
    }
    return render_page(request, "kiosk/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def make(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """A new kiosk for a survey."""
    survey = find_survey(request, survey_id)
    new = Kiosk(organisation=request.organisation, survey=survey)
    form = KioskForm.of(new, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data, "survey": survey}
        kiosk = operations.make_kiosk(
            request.organisation, values, by=request.user, now=timezone.now()
        )
        messages.success(request, _("The kiosk is ready: open its link on the tablet."))
        return redirect("kiosk:detail", kiosk.public_id)
    return _form_page(request, form, survey, None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def change(request: StaffRequest, kiosk_id: UUID) -> HttpResponse:
    """Another place, languages or patience; the link stays the same."""
    kiosk = _kiosk(request, kiosk_id)
    form = KioskForm.of(kiosk, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        operations.change_kiosk(kiosk, form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("Kept. The tablet follows as soon as nobody is using it."))
        return redirect("kiosk:detail", kiosk.public_id)
    return _form_page(request, form, kiosk.survey, kiosk)


def _form_page(
    request: StaffRequest, form: KioskForm, survey: Survey, kiosk: Kiosk | None
) -> HttpResponse:
    context = {"form": form, "survey": survey, "kiosk": kiosk}
    return render_page(request, "kiosk/form.html", context, status=422 if form.errors else 200)


@require_safe
@staff_may("surveys.edit")
def detail(request: StaffRequest, kiosk_id: UUID) -> HttpResponse:
    """The link for the tablet, and how it does."""
    kiosk = _kiosk(request, kiosk_id)
    context = {
        "kiosk": kiosk,
        "link": _link(kiosk),
        "is_safe": settings.BASE_URL.startswith(
            ("https://", "http://127.0.0.1", "http://localhost")
        ),
        "is_silent": is_silent(kiosk.heard_at, now=timezone.now()),
        "is_answerable": kiosk.survey.state == Survey.State.OPEN,
        "languages": [LANGUAGE_NAMES.get(code, code) for code in kiosk.languages],
    }
    return render_page(request, "kiosk/detail.html", context)


@require_safe
@staff_may("surveys.edit")
def code(request: StaffRequest, kiosk_id: UUID) -> HttpResponse:
    """The link as a QR code, to open it on the tablet without typing."""
    kiosk = _kiosk(request, kiosk_id)
    return HttpResponse(codes.as_svg(_link(kiosk)), content_type="image/svg+xml")


@require_POST
@staff_may("surveys.edit")
def renew_link(request: StaffRequest, kiosk_id: UUID) -> HttpResponse:
    """A new link, for a tablet that was lost."""
    kiosk = _kiosk(request, kiosk_id)
    operations.renew_link(kiosk, by=request.user, now=timezone.now())
    messages.success(request, _("There is a new link; the tablet with the old one is shut out."))
    return redirect("kiosk:detail", kiosk.public_id)


@require_POST
@staff_may("surveys.edit")
def delete(request: StaffRequest, kiosk_id: UUID) -> HttpResponse:
    """Take a kiosk away; the list offers the way back."""
    kiosk = _kiosk(request, kiosk_id)
    operations.delete_kiosk(kiosk, by=request.user, now=timezone.now())
    done = _("%(kiosk)s asks nothing more; its answers are kept.") % {"kiosk": kiosk}
    offer_undo(request, done, reverse("kiosk:restore", args=[kiosk.public_id]))
    return redirect("kiosk:list")


@require_POST
@staff_may("surveys.edit")
def restore(request: StaffRequest, kiosk_id: UUID) -> HttpResponse:
    """Undo taking a kiosk away."""
    kiosk = get_object_or_404(Kiosk, organisation=request.organisation, public_id=kiosk_id)
    operations.restore_kiosk(kiosk, by=request.user, now=timezone.now())
    messages.success(request, _("%(kiosk)s is back.") % {"kiosk": kiosk})
    return redirect("kiosk:detail", kiosk.public_id)


def _link(kiosk: Kiosk) -> str:
    return absolute_url("kiosk:page", kiosk.token)


def _kiosk(request: StaffRequest, kiosk_id: UUID) -> Kiosk:
    return get_object_or_404(
        queries.list_kiosks(request.organisation).select_related("organisation"),
        public_id=kiosk_id,
    )
