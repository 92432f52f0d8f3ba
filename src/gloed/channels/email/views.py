"""What a survey's mail looks like, and a test to oneself."""

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from gloed.base import audit
from gloed.base.mails import deliver
from gloed.base.policy import StaffRequest, staff_may
from gloed.channels.email import designs, letters, mails
from gloed.channels.email.forms import read_design
from gloed.channels.email.letters import Filled, Letter
from gloed.channels.email.rules import blocks as rules
from gloed.channels.email.surveys_asked import language_among, survey_of
from gloed.channels.own_page.rules import EXAMPLE
from gloed.surveys import queries
from gloed.surveys.rules.piping import values_of

SHADES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which of the mails is to be shown, and how."""

    language: str
    is_reminder: bool
    shade: str
    is_text: bool


@xframe_options_sameorigin
@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def preview(request: StaffRequest, survey_id: UUID, language: str) -> HttpResponse:
    """The mail as it is kept (GET), or as it stands in the builder's form (POST, nothing kept).

    HTML, or with `?text` its plain twin.
    """
    survey, version = survey_of(request, survey_id)
    if language not in version.languages:
        raise Http404
    kept, design = designs.find(survey.pk, survey.organisation_id).design, None
    wanted = _Wanted(language, "reminder" in request.GET, "", "text" in request.GET)
    if request.method == "POST":
        design = rules.merged(read_design(request.POST, version.languages), kept)
        view = request.POST.get("view", "")
        wanted = _Wanted(
            language=language_among(request.POST.get("language", language), version),
            is_reminder=request.POST.get("mail") == "reminder",
            shade=view if view in SHADES else "",
            is_text=view == "text",
        )
    letter = letters.example_letter(
        queries.get_asked(survey.pk),
        version,
        wanted.language,
        is_reminder=wanted.is_reminder,
        design=design,
        shade=wanted.shade,
    )
    values = values_of(name=request.user.name, organisation=request.organisation.name)
    filled = letters.fill(letter, token=EXAMPLE, values=values)
    if wanted.is_text and request.method != "POST":
        return HttpResponse(filled.text, content_type="text/plain; charset=utf-8")
    return _shown(letter, filled, is_text=wanted.is_text)


def _shown(letter: Letter, filled: Filled, *, is_text: bool) -> HttpResponse:
    """A page for the frame: its links open beside it, and its picture needs no mail program."""
    if is_text:
        html = (
            f'<!doctype html><html lang="{letter.language}"><head><title>{escape(filled.subject)}'
            '</title><meta name="color-scheme" content="light dark"></head><body>'
            '<pre style="white-space:pre-wrap;overflow-wrap:anywhere;font:14px/1.5 monospace;'
            f'padding:16px;margin:0">{escape(filled.text)}</pre></body></html>'
        )
    else:
        html = filled.html.replace("<head>", '<head>\n<base target="_blank">', 1)
        if letter.picture is not None:
            data, kind = letter.picture
            shown = f"data:{kind};base64,{b64encode(data).decode()}"
            html = html.replace(f"cid:{letters.PICTURE}", shown)
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
    )
    return response


@require_POST
@staff_may("surveys.edit")
def send_test(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Send the mail to oneself; its scale leads to the preview, so that nothing is recorded."""
    survey, version = survey_of(request, survey_id)
    language = language_among(request.POST.get("language", ""), version)
    letter = letters.example_letter(
        queries.get_asked(survey.pk),
        version,
        language,
        is_reminder=request.POST.get("mail") == "reminder",
    )
    mail = mails.compose(letter, to=request.user.email, name=request.user.name, token=EXAMPLE)
    with translation.override(language):
        mail.subject = _("[Test] %(subject)s") % {"subject": mail.subject}
    if deliver(mail):
        audit.record(request, "email.test_sent", survey.title, at=timezone.now())
        text = _("The test mail is on its way to %(address)s.")
        messages.success(request, text % {"address": request.user.email})
    else:
        messages.warning(
            request,
            _("The mail server did not take the test mail. Nothing was lost; try again later."),
        )
    return _back(survey_id, language)


def _back(survey_id: UUID, language: str) -> HttpResponseRedirect:
    return redirect(f"{reverse('email:words', args=[survey_id])}?language={language}")
