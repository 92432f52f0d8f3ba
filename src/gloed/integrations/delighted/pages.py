"""Pages about the old API: projects and their keys, who still calls, recurring surveys."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gloed.base import audit
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.integrations.delighted import operations
from gloed.integrations.delighted.forms import (
    DAY,
    NAMES,
    AutopilotForm,
    HookForm,
    ProjectForm,
)
from gloed.integrations.delighted.hooks import DIALECT, EVENTS
from gloed.integrations.delighted.models import Autopilot, AutopilotMember, Project
from gloed.integrations.delighted.trends import list_trends
from gloed.integrations.webhooks import operations as webhooks
from gloed.integrations.webhooks.models import Endpoint
from gloed.integrations.webhooks.rules import Wish
from gloed.responses.models import Response

PLATFORMS = ("email", "sms")


@never_cache
@require_http_methods(["GET", "POST"])
@staff_may("base.manage_keys")
def projects(request: StaffRequest) -> HttpResponse:
    """Every project, and a form to make one; the key is shown in the answer that made it."""
    form, made = ProjectForm(request.POST or None), ""
    if form.is_valid():
        now = timezone.now()
        try:
            project = operations.make_project(
                request.organisation,
                form.cleaned_data["name"],
                form.cleaned_data["survey_type"],
                by=request.user,
                now=now,
            )
        except operations.AnotherType:
            form.add_error("name", _("A project of this name asks something else."))
        else:
            _key, made = operations.make_project_key(project, by=request.user, now=now)
            audit.record(request, "delighted.project_made", project)
            form = ProjectForm()
    found = Project.objects.filter(organisation=request.organisation)
    context = {
        "form": form,
        "made": made,
        "base": _base(),
        "rows": [(one, NAMES[one.survey_type]) for one in found.prefetch_related("callers")],
        "crumbs": [(_("Keys"), reverse("base:key_list"))],
    }
    return render_page(request, "delighted/projects.html", context)


@require_http_methods(["GET", "POST"])
@staff_may("base.manage_keys")
def project(request: StaffRequest, project_id: UUID) -> HttpResponse:
    """One project: who still calls, its keys, its trends, its recurring surveys."""
    found = get_object_or_404(Project, organisation=request.organisation, public_id=project_id)
    forms = {platform: _form(request, found, platform) for platform in PLATFORMS}
    platform = request.POST.get("platform", "")
    if platform in forms and forms[platform].is_valid():
        told = forms[platform].cleaned_data
        operations.set_autopilot(
            found,
            platform,
            is_active=told["is_active"],
            frequency=told["days"] * DAY if told["days"] else None,
            now=timezone.now(),
        )
        audit.record(request, "delighted.autopilot_set", found)
        messages.success(request, _("Kept."))
        return redirect("delighted:project", found.public_id)
    hook = HookForm(request.POST if request.POST.get("platform") == "hook" else None)
    if hook.is_valid() and _add_hook(request, found, hook):
        messages.success(request, _("It hears from now on."))
        return redirect("delighted:project", found.public_id)
    members = AutopilotMember.objects.filter(project=found)
    labels = {"email": _("E-mail"), "sms": _("Text message")}
    context = {
        "project": found,
        "kind": NAMES[found.survey_type],
        "base": _base(),
        "hook": hook,
        "hooks": Endpoint.objects.filter(
            dialect=DIALECT, reference=str(found.public_id), deleted_at=None
        ),
        "trends": list_trends(found),
        "callers": list(found.callers.all()[:100]),
        "keys": [link.key for link in found.keys.select_related("key").order_by("-pk")],
        "autopilots": [
            (name, labels[name], form, members.filter(platform=name).count())
            for name, form in forms.items()
        ],
        "crumbs": [(_("Delighted’s clients"), reverse("delighted:projects"))],
    }
    return render_page(request, "delighted/project.html", context)


@require_safe
@staff_may("responses.view_answers")
def permalink(request: StaffRequest, code: str) -> HttpResponse:
    """The address of a response as old systems keep it: to the answer itself."""
    wanted = UUID(hex=code)
    response = get_object_or_404(Response, organisation=request.organisation, public_id=wanted)
    return redirect("analysis:answer", response.public_id)


def _add_hook(request: StaffRequest, found: Project, form: HookForm) -> bool:
    try:
        webhooks.make_endpoint(
            request.organisation,
            form.cleaned_data["url"].strip(),
            name=found.name,
            wish=Wish(frozenset(EVENTS), surveys=frozenset({str(found.survey.public_id)})),
            with_person=True,
            dialect=DIALECT,
            reference=str(found.public_id),
            by=request.user,
            now=timezone.now(),
        )
    except webhooks.CannotCall:
        form.add_error("url", _("This is no address that can be called; it begins with https://."))
    except webhooks.TooMany:
        form.add_error("url", _("There are too many webhooks already; remove one first."))
    return form.is_valid()


def _form(request: StaffRequest, found: Project, platform: str) -> AutopilotForm:
    mine = request.POST if request.POST.get("platform") == platform else None
    kept = Autopilot.objects.filter(project=found, platform=platform).first()
    initial: dict[str, Any] = {}
    if kept is not None:
        initial = {
            "is_active": kept.is_active,
            "days": kept.frequency // DAY if kept.frequency else None,
        }
    return AutopilotForm(mine, initial=initial, prefix=None, auto_id=f"{platform}_%s")


def _base() -> str:
    return f"{settings.BASE_URL.rstrip('/')}/delighted/v1/"
