"""The texts to begin a letter with, and what follows a closed case."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gloed.base import audit
from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import offer_undo, take_undo
from gloed.loop.letters import queries, usual
from gloed.loop.letters.forms import AfterClosingForm, TextForm


@require_safe
@staff_may("loop.plan_cases")
def text_list(request: StaffRequest) -> HttpResponse:
    """Every text, gestures first, and those that were taken away."""
    language = get_language() or "en"
    every = usual.texts_of(request.organisation, with_removed=True)
    rows = [(one, one.in_language(language)) for one in every]
    context = {
        "gestures": [row for row in rows if row[0].gesture and not row[0].is_removed],
        "texts": [row for row in rows if not row[0].gesture and not row[0].is_removed],
        "removed": [row for row in rows if row[0].is_removed],
        "undo": take_undo(request),
        "cases_url": page_url("cases:list"),
        "mailbox_url": page_url("letterbox:settings")
        if may(Role(request.membership.role), "base.manage_organisation")
        else "",
    }
    return render_page(request, "letters/texts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.plan_cases")
def edit(request: StaffRequest, key: str = "") -> HttpResponse:
    """One text in both languages."""
    text = usual.find_text(request.organisation, key) if key else None
    if key and text is None:
        raise Http404
    form = TextForm(request.POST if request.method == "POST" else None, text=text)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        with transaction.atomic():
            usual.keep_text(
                request.organisation,
                key,
                form.words(),
                gesture=text.gesture if text else "",
                now=now,
            )
            audit.record(request, "letters.text_changed", _title(form), at=now)
        messages.success(request, _("The text is kept."))
        return redirect("letters:texts")
    is_of_house = key in usual.house_texts()
    context = {
        "form": form,
        "text": text,
        "is_of_house": is_of_house,
        "title": text.in_language(get_language() or "en").title if text else "",
    }
    status = 422 if form.errors else 200
    return render_page(request, "letters/text.html", context, status=status)


@require_POST
@staff_may("loop.plan_cases")
def remove(request: StaffRequest, key: str) -> HttpResponse:
    """Take a text out of the list; it can come back."""
    _set_removed(request, key, is_removed=True)
    restore_url = reverse("letters:text_restore", args=[key])
    offer_undo(request, _("The text is no longer in the list."), restore_url)
    return redirect("letters:texts")


@require_POST
@staff_may("loop.plan_cases")
def restore(request: StaffRequest, key: str) -> HttpResponse:
    """Have a text back."""
    _set_removed(request, key, is_removed=False)
    messages.success(request, _("The text is back in the list."))
    return redirect("letters:texts")


@require_POST
@staff_may("loop.plan_cases")
def reset(request: StaffRequest, key: str) -> HttpResponse:
    """A text of the house in its own words again."""
    if usual.find_text(request.organisation, key) is None:
        raise Http404
    if usual.reset_text(request.organisation, key):
        messages.success(request, _("The text has its usual words again."))
    return redirect("letters:texts")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("loop.plan_cases")
def after_closing(request: StaffRequest) -> HttpResponse:
    """What follows a closed case by itself."""
    kept = queries.settings_of(request.organisation)
    form = AfterClosingForm(request.POST if request.method == "POST" else None, instance=kept)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        with transaction.atomic():
            form.save()
            audit.record(request, "letters.settings_changed", at=now)
        messages.success(request, _("Kept. It holds for cases that are closed from now on."))
        return redirect("letters:settings")
    return render_page(
        request, "letters/settings.html", {"form": form}, status=422 if form.errors else 200
    )


def _set_removed(request: StaffRequest, key: str, *, is_removed: bool) -> None:
    now = timezone.now()
    if not usual.set_removed(request.organisation, key, is_removed=is_removed, now=now):
        raise Http404
    if is_removed:
        audit.record(request, "letters.text_removed", key, at=now)


def _title(form: TextForm) -> str:
    return next(one.title for one in form.words().values())
