"""The words of a survey's text message, with its length while it is written."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gloed.base import audit
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.channels.sms import texts
from gloed.channels.sms.forms import TextWordsForm
from gloed.channels.sms.models import TextProvider, TextWords
from gloed.channels.sms.rules import length_of
from gloed.surveys import queries
from gloed.surveys.labels import LANGUAGE_NAMES
from gloed.surveys.models import Survey


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def survey_words(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Write the message in one language; htmx asks for its length by `HX-Target: lengths`."""
    survey = get_object_or_404(
        Survey.objects.select_related("current"),
        organisation=request.organisation,
        public_id=survey_id,
        deleted_at=None,
    )
    version = queries.read_version(survey.current or survey.versions.latest("number"))
    wish = request.GET.get("language", "")
    language = wish if wish in version.languages else version.languages[0]
    own = TextWords.objects.filter(survey=survey, language=language).first()
    usual = texts.usual_words(language)
    is_counting = request.headers.get("HX-Target") == "lengths"
    form = TextWordsForm(
        request.POST if request.method == "POST" else None,
        instance=own or TextWords(survey=survey, language=language),
        usual=usual,
    )
    if request.method == "POST" and not is_counting and form.is_valid():
        with transaction.atomic():
            form.save()
            audit.record(
                request,
                "sms.words_changed",
                survey.title,
                {"language": language},
                at=timezone.now(),
            )
        messages.success(request, _("The words of the message have been kept."))
        return redirect(f"{request.path}?language={language}")
    provider = TextProvider.objects.filter(
        organisation=request.organisation, is_default=True, removed_at=None
    ).first()
    context = {
        "survey": survey,
        "form": form,
        "language": language,
        "languages": [(code, LANGUAGE_NAMES.get(code, code)) for code in version.languages],
        "provider": provider,
        "may_settle": may(Role(request.membership.role), "base.manage_organisation"),
        "shown": _shown(survey, form, usual, language, bool(provider and provider.takes_replies)),
    }
    status = 422 if form.errors and not is_counting else 200
    return render_page(request, "sms/words.html", context, region="lengths", status=status)


def _shown(
    survey: Survey, form: TextWordsForm, usual: texts.Words, language: str, takes_replies: bool
) -> list[dict[str, Any]]:
    """Both messages as somebody would get them, and how long they are."""
    asked = queries.get_asked(survey.pk)
    found = []
    for name, label in (("text", _("The message")), ("reminder", _("The reminder"))):
        written = (form.data.get(name) if form.is_bound else form.initial.get(name)) or ""
        text = texts.example(
            asked,
            str(written).strip() or getattr(usual, name),
            language,
            takes_replies=takes_replies,
        )
        found.append({"label": label, "text": text, "length": length_of(text)})
    return found
