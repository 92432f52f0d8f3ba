"""The conversation of a case: read, write, send, take back. A fragment of the card, or a page."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gloed.base import language_model
from gloed.base.links import page_url
from gloed.base.mails import are_kept_as_files
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.loop.cases.models import Case
from gloed.loop.cases.queries import find_case
from gloed.loop.letters import operations, queries, suggesting, usual
from gloed.loop.letters.models import FollowUp, Letter, LetterFile
from gloed.surveys.rules import filled

REGION = "letters"


@require_safe
@staff_may("loop.handle_cases")
def of_case(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """What was written, what waits, and the letter that is being written."""
    return _page(request, _case(request, case_id))


@require_safe
@staff_may("loop.handle_cases")
def of_closed(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The same for a card that shows no reply any more: what goes by itself stands there too."""
    case = _case(request, case_id)
    if case.is_open:
        return HttpResponse('<div hidden id="letters_of_open"></div>')
    return _page(request, case)


@require_POST
@staff_may("loop.handle_cases")
def write(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """A button of the form: begin with a text, ask for a draft, keep it, throw it away, or send."""
    case = _case(request, case_id)
    deed, _colon, about = request.POST.get("do", "send").partition(":")
    form = _posted(request)
    if deed == "text":
        return _page(request, case, form=_with_text(case, form, about))
    if deed == "suggest":
        suggesting.ask_for_draft(case, key=form["key"], author=request.user, now=timezone.now())
        return _page(request, case, form=form)
    if deed == "throw_away":
        for letter in queries.list_drafts(case, request.user.pk).filter(key=form["key"]):
            operations.throw_away(letter)
        return _page(request, case)
    if not form["body"].strip():
        return _page(request, case, form=form, problem=_("The letter is still empty."), status=422)
    if deed == "keep":
        operations.keep_draft(case, author=request.user, now=timezone.now(), **form)
        messages.success(request, _("The draft is kept. Nothing was sent."))
        return _onward(request, case)
    return _send(request, case, form)


def _send(request: StaffRequest, case: Case, form: dict[str, Any]) -> HttpResponse:
    try:
        letter = operations.send_reply(case, author=request.user, now=timezone.now(), **form)
    except operations.NoAddress:
        problem = _("No mail address is known of this customer. What you wrote is still here.")
        return _page(request, case, form=form, problem=problem, status=422)
    if letter.state == Letter.State.WAITING:
        text = _("Your letter leaves in a moment.")
        offer_undo(request, text, reverse("letters:take_back", args=[letter.public_id]))
    return _onward(request, case)


@require_POST
@staff_may("loop.handle_cases")
def take_back(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Take a letter back that has not left, as a draft; what goes by itself does not go then."""
    letter = _letter(request, letter_id)
    if operations.withdraw(letter, by=request.user, now=timezone.now()):
        messages.success(request, _("It was not sent."))
    else:
        messages.info(request, _("It is on its way already."))
    return _onward(request, letter.thread.case)


@require_POST
@staff_may("loop.handle_cases")
def take_over(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Write oneself what would have gone by itself."""
    letter = _letter(request, letter_id)
    if operations.take_over(letter, by=request.user, now=timezone.now()) is None:
        messages.info(request, _("It is on its way already."))
    else:
        messages.success(request, _("Nothing goes by itself now. The draft is yours."))
    return _onward(request, letter.thread.case)


@require_POST
@staff_may("loop.handle_cases")
def again(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Send a letter again that did not arrive, or perhaps did not."""
    letter = _letter(request, letter_id)
    try:
        sent = operations.send_again(letter, by=request.user, now=timezone.now())
    except operations.NoAddress:
        sent = None
    if sent is None:
        messages.info(request, _("Nothing was sent: no mail address is known."))
    return _onward(request, letter.thread.case)


@require_safe
@staff_may("loop.handle_cases")
def file(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """Something that came with a letter, to be kept; never shown inside a page."""
    found = get_object_or_404(
        LetterFile.objects.select_related("letter__thread__case"),
        letter__organisation=request.organisation,
        public_id=file_id,
    )
    if find_case(request.membership, found.letter.thread.case.public_id) is None:
        raise Http404
    response = HttpResponse(bytes(found.data), content_type=found.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{_ascii(found.name)}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(
    request: StaffRequest,
    case: Case,
    *,
    form: dict[str, Any] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    draft = None if form else queries.list_drafts(case, request.user.pk).first()
    language = queries.language_of(case)
    waits = suggesting.is_awaited(case, request.user)
    context = {
        "case": case,
        "letters": list(queries.list_letters(case)),
        "follow_up": queries.latest_follow_up(case),
        "form": form or _of_draft(case, draft, language),
        "draft": draft,
        "address": queries.address_of(case),
        "language": language,
        "texts": [(one.key, one.in_language(language).title, one.gesture) for one in _texts(case)],
        "has_model": language_model.configured() is not None,
        "is_suggesting": waits == suggesting.Awaited.COMING,
        "has_no_suggestion": waits == suggesting.Awaited.SILENT,
        "are_files": are_kept_as_files(),
        "card_url": page_url("cases:card", case.public_id),
        "problem": problem,
        "undo": take_undo(request),
        "answer_words": dict(FollowUp.Answer.choices),
    }
    # the card asks for the fragment alone, and its place has no id of ours yet
    part = "#letters" if request.headers.get("HX-Request") and not _is_boosted(request) else ""
    response = render_page(request, f"letters/of_case.html{part}", context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Boosted"])
    return response


def _is_boosted(request: StaffRequest) -> bool:
    return bool(request.htmx.boosted or request.htmx.history_restore_request)


def _texts(case: Case) -> list[usual.Text]:
    return usual.texts_of(case.organisation)


def _posted(request: StaffRequest) -> dict[str, Any]:
    """What stands in the form, by the names that `operations.send_reply` takes."""
    key = request.POST.get("key", "")
    return {
        "key": key[:64] if key else uuid4().hex,
        "subject": request.POST.get("subject", ""),
        "body": request.POST.get("body", "").replace("\r\n", "\n")[: operations.BODY_LIMIT],
        "gestures": request.POST.getlist("gesture"),
    }


def _of_draft(case: Case, draft: Letter | None, language: str) -> dict[str, Any]:
    if draft is None:
        subject = usual.usual_subject(case, language)
        own = queries.list_letters(case).filter(kind__in=("reply", "answer"))
        last = own.exclude(subject="").last()
        subject = last.subject if last is not None else subject
        return {"key": uuid4().hex, "subject": subject, "body": "", "gestures": []}
    return {
        "key": draft.key,
        "subject": draft.subject or usual.usual_subject(case, language),
        "body": draft.body,
        "gestures": draft.gestures,
    }


def _with_text(case: Case, form: dict[str, Any], key: str) -> dict[str, Any]:
    """The form with a text at its beginning: an opening goes before what stands there already."""
    text = usual.find_text(case.organisation, key)
    if text is None:
        return form
    words = text.in_language(queries.language_of(case))
    values = usual.values_for(case)
    body = filled_lines(words.body, values)
    here = form["body"].strip()
    form["body"] = f"{body}\n\n{here}" if here else f"{body}\n\n" if text.gesture else body
    if words.subject:
        form["subject"] = filled(words.subject, values)
    if text.gesture and text.gesture not in form["gestures"]:
        form["gestures"] = [*form["gestures"], text.gesture]
    return form


def filled_lines(text: str, values: dict[str, str]) -> str:
    """A text with the customer's words in it, its lines kept as they are."""
    return "\n".join(filled(line, values) for line in text.split("\n"))


def _onward(request: StaffRequest, case: Case) -> HttpResponse:
    """Back to where the form stood: the fragment for htmx, else the card."""
    htmx = getattr(request, "htmx", None)
    if htmx and htmx.target == REGION:
        return _page(request, _case(request, case.public_id))
    return redirect(page_url("cases:card", case.public_id) or reverse(
        "letters:of_case", args=[case.public_id]
    ))  # fmt: skip


def _case(request: StaffRequest, case_id: UUID) -> Case:
    case = find_case(request.membership, case_id)
    if case is None:
        raise Http404
    return case


def _letter(request: StaffRequest, letter_id: UUID) -> Letter:
    letter = get_object_or_404(
        Letter.objects.select_related("thread__case__organisation", "thread__case__person"),
        organisation=request.organisation,
        public_id=letter_id,
    )
    if find_case(request.membership, letter.thread.case.public_id) is None:
        raise Http404
    return letter


def _ascii(name: str) -> str:
    """A file name that can stand in a header."""
    kept = "".join(sign if sign.isalnum() or sign in "._- " else "_" for sign in name)
    return kept.encode("ascii", "replace").decode().replace("?", "_") or "file"
