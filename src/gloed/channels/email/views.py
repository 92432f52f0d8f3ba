"""Pages for colleagues: the words of a survey's mail, what it looks like, and a test to oneself."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gloed.base import audit
from gloed.base.mails import are_kept_as_files, deliver
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.channels.email import letters, mails
from gloed.channels.email.forms import MailWordsForm
from gloed.channels.email.models import MailServer, MailWords
from gloed.channels.own_page.rules import EXAMPLE
from gloed.surveys import queries
from gloed.surveys.labels import LANGUAGE_NAMES
from gloed.surveys.models import Survey
from gloed.surveys.rules import PublishedVersion


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def words(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Write the mail in one language at a time beside what it will look like."""
    survey, version = _survey(request, survey_id)
    language = _language(request.GET.get("language", ""), version)
    own = MailWords.objects.filter(survey=survey, language=language).first()
    form = MailWordsForm(
        request.POST if request.method == "POST" else None,
        instance=own or MailWords(survey=survey, language=language),
        usual=letters.usual_words(request.organisation.name, language),
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            audit.record(
                request,
                "email.words_changed",
                survey.title,
                {"language": language},
                at=timezone.now(),
            )
        messages.success(request, _("The words of the mail have been kept."))
        return redirect(f"{request.path}?language={language}")
    context = {
        "survey": survey,
        "form": form,
        "language": language,
        "languages": [(code, LANGUAGE_NAMES.get(code, code)) for code in version.languages],
        "words": letters.words_of(queries.get_asked(survey.pk), language),
        "is_reminder": "reminder" in request.GET,
        "server": MailServer.objects.first(),
        "are_files": are_kept_as_files(),
        "address": request.user.email,
    }
    return render_page(request, "email/words.html", context, status=422 if form.errors else 200)


@xframe_options_sameorigin
@require_GET
@staff_may("surveys.edit")
def preview(request: StaffRequest, survey_id: UUID, language: str) -> HttpResponse:
    """The mail as it is now: HTML, or with `?text` its plain twin."""
    survey, version = _survey(request, survey_id)
    if language not in version.languages:
        raise Http404
    letter = letters.example_letter(
        queries.get_asked(survey.pk), version, language, is_reminder="reminder" in request.GET
    )
    filled = letters.fill(letter, token=EXAMPLE, name=request.user.name)
    if "text" in request.GET:
        return HttpResponse(filled.text, content_type="text/plain; charset=utf-8")
    # its links open beside the page they are shown in
    html = filled.html.replace("<head>", '<head>\n<base target="_blank">', 1)
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    return response


@require_POST
@staff_may("surveys.edit")
def send_test(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Send the mail to oneself; its scale leads to the preview, so that nothing is recorded."""
    survey, version = _survey(request, survey_id)
    language = _language(request.POST.get("language", ""), version)
    letter = letters.example_letter(
        queries.get_asked(survey.pk), version, language, is_reminder="reminder" in request.POST
    )
    with translation.override(language):
        subject = _("[Test] %(subject)s") % {"subject": letter.subject}
    mail = mails.compose(
        letter, to=request.user.email, name=request.user.name, token=EXAMPLE
    )
    mail.subject = subject
    if deliver(mail):
        audit.record(request, "email.test_sent", survey.title, at=timezone.now())
        text = _("The test mail is on its way to %(address)s.")
        messages.success(request, text % {"address": request.user.email})
    else:
        messages.warning(
            request,
            _("The mail server did not take the test mail. Nothing was lost; try again later."),
        )
    address = reverse("email:words", args=[survey.public_id])
    return redirect(f"{address}?language={language}")


def _survey(request: StaffRequest, survey_id: UUID) -> tuple[Survey, PublishedVersion]:
    survey = get_object_or_404(
        Survey.objects.select_related("current"),
        organisation=request.organisation,
        public_id=survey_id,
        deleted_at=None,
    )
    version = survey.current or survey.versions.latest("number")
    return survey, queries.read_version(version)


def _language(wish: str, version: PublishedVersion) -> str:
    return wish if wish in version.languages else version.languages[0]
