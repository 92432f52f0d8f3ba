"""The public page as its owners see it: on or off, and what stands there."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gloed.base.links import absolute_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.channels.told_back import operations, queries
from gloed.channels.told_back.forms import ChangeForm, PageForm
from gloed.channels.told_back.models import PublicChange
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.queries import seen_by

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.tell")
def page(request: StaffRequest) -> HttpResponse:
    """Switch it on or off, say what stands above it, and see what stands on it."""
    found = queries.find_page(request.organisation)
    initial = {"is_on": bool(found and found.is_on)}
    initial |= {f"intro_{code}": words for code, words in (found.intros if found else {}).items()}
    form = PageForm(request.organisation, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        operations.keep_page(
            request.organisation,
            is_on=form.cleaned_data["is_on"],
            intros=form.intros(),
            by=request.user,
            now=timezone.now(),
        )
        return redirect("told_back:page")
    language = (get_language() or "en")[:2]
    changes = queries.changes_on(request.organisation).select_related("improvement")[:SHOWN]
    context = {
        "form": form,
        "public": found,
        "public_url": absolute_url("told_back:public", found.slug) if found else "",
        "changes": [(one, queries.words_in(one, language)) for one in changes],
        "crumbs": [(_("Improvements"), reverse("improvements:list"))],
        "undo": take_undo(request),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "told_back/page.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.tell")
def new_change(request: StaffRequest) -> HttpResponse:
    """Put a change on the page, perhaps that of an improvement."""
    improvement = _improvement(request)
    language = request.organisation.language
    initial = {}
    if improvement is not None:
        initial = {f"title_{language}": improvement.title, f"text_{language}": improvement.outcome}
    form = ChangeForm(request.organisation, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        operations.publish(
            request.organisation,
            form.words(),
            improvement=improvement,
            by=request.user,
            now=timezone.now(),
        )
        return redirect("told_back:page")
    return _change_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.tell")
def edit_change(request: StaffRequest, change_id: UUID) -> HttpResponse:
    """Say it in other words."""
    change = _own(request, change_id)
    initial = {
        f"{part}_{code}": text for code, own in change.words.items() for part, text in own.items()
    }
    form = ChangeForm(request.organisation, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        operations.publish(
            request.organisation, form.words(), change=change, by=request.user, now=timezone.now()
        )
        return redirect("told_back:page")
    return _change_page(request, form)


@require_POST
@staff_may("loop.tell")
def take_off(request: StaffRequest, change_id: UUID) -> HttpResponse:
    """Take a change off the page; the way back is offered."""
    change = _own(request, change_id)
    operations.take_off(change, by=request.user, now=timezone.now())
    back = reverse("told_back:put_back", args=[change.public_id])
    offer_undo(request, _("It no longer stands on the page."), back)
    return redirect("told_back:page")


@require_POST
@staff_may("loop.tell")
def put_back(request: StaffRequest, change_id: UUID) -> HttpResponse:
    """Let it stand there again."""
    operations.put_back(_own(request, change_id))
    return redirect("told_back:page")


def _change_page(request: StaffRequest, form: ChangeForm) -> HttpResponse:
    context = {
        "form": form,
        "crumbs": [
            (_("Improvements"), reverse("improvements:list")),
            (_("What we changed"), reverse("told_back:page")),
        ],
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "told_back/change.html", context, status=status)


def _improvement(request: StaffRequest) -> Improvement | None:
    try:
        identity = UUID(request.GET.get("improvement", ""))
    except ValueError:
        return None
    return seen_by(request.membership).filter(public_id=identity).first()


def _own(request: StaffRequest, change_id: UUID) -> PublicChange:
    return get_object_or_404(
        PublicChange.objects.select_related("organisation"),
        organisation=request.organisation,
        public_id=change_id,
    )
