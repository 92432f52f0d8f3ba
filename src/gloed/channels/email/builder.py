"""Building the mail of a survey from blocks, beside what it looks like."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from gloed.base.mails import are_kept_as_files
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.undo import offer_undo, take_undo
from gloed.channels.email import designs, mails
from gloed.channels.email.forms import Change, change, read_design, troubles_in
from gloed.channels.email.models import MailServer
from gloed.channels.email.rules import blocks as rules
from gloed.channels.email.rules.blocks import Block, BlockKind, Design, Part, When
from gloed.channels.email.surveys_asked import language_among, survey_of
from gloed.surveys.labels import LANGUAGE_NAMES
from gloed.surveys.models import Survey
from gloed.surveys.rules import PublishedVersion

KINDS: dict[BlockKind, tuple[str | Promise, str | Promise, str]] = {
    BlockKind.LOGO: (
        gettext_lazy("Logo"),
        gettext_lazy("The logo of the survey, or your name where there is none."),
        "image",
    ),
    BlockKind.TEXT: (gettext_lazy("Text"), "", "pilcrow"),
    BlockKind.SCALE: (
        gettext_lazy("The question with its scale"),
        gettext_lazy("Comes from the survey. Each step is a link."),
        "gauge",
    ),
    BlockKind.BUTTON: (
        gettext_lazy("Button"),
        gettext_lazy("Leads to the survey, or to a web address of your own."),
        "mouse-pointer-click",
    ),
    BlockKind.SIGNATURE: (
        gettext_lazy("Signature"),
        gettext_lazy("Who writes: a name, a role, a telephone number."),
        "signature",
    ),
    BlockKind.SPACE: (gettext_lazy("Space"), gettext_lazy("A little air."), "move-vertical"),
    BlockKind.LINE: (gettext_lazy("Line"), gettext_lazy("A thin line across."), "minus"),
    BlockKind.FOOTER: (
        gettext_lazy("Footer"),
        gettext_lazy(
            "Always there: why somebody gets this mail, how to unsubscribe, and your address."
        ),
        "panel-bottom",
    ),
}
WHEN: dict[When, str | Promise] = {
    When.ALWAYS: gettext_lazy("in every mail"),
    When.FIRST: gettext_lazy("only in the first mail"),
    When.REMINDER: gettext_lazy("only in a reminder"),
}
HEADS: dict[Part, tuple[str | Promise, str | Promise]] = {
    Part.SENDER_NAME: (gettext_lazy("Sender"), gettext_lazy("Whom people see as the sender.")),
    Part.SUBJECT: (gettext_lazy("Subject"), ""),
    Part.PREHEADER: (
        gettext_lazy("Line after the subject"),
        gettext_lazy("What mail programs show behind the subject."),
    ),
    Part.REMINDER_SUBJECT: (gettext_lazy("Subject of a reminder"), ""),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One language of a text in the form."""

    name: str
    language: str
    label: str
    value: str
    usual: str


@dataclass(frozen=True, slots=True)
class Row:
    """A block as the page shows it."""

    block: Block
    label: str
    hint: str
    icon: str
    fields: tuple[Field, ...]
    trouble: str
    is_first: bool
    is_last: bool
    is_fixed: bool


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("surveys.edit")
def build(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Show the blocks; a button of the form moves, adds or removes one, or keeps all of it."""
    survey, version = survey_of(request, survey_id)
    found = designs.find(survey.pk, survey.organisation_id)
    if request.method != "POST":
        return _page(request, survey, version, Change(found.design))
    posted = read_design(request.POST, version.languages)
    design = rules.merged(posted, found.design)
    deed = request.POST.get("do", "keep")
    changed = change(design, deed, request.POST)
    if changed is not None:
        return _page(request, survey, version, changed, is_kept=False)
    if deed == "reset":
        return _reset(request, survey)
    troubles = troubles_in(design, domain=mails.own_domain())
    if troubles:
        shown = Change(design)
        return _page(request, survey, version, shown, troubles=troubles, is_kept=False, status=422)
    now = timezone.now()
    if deed == "keep_for_all":
        designs.keep_for_all(survey, design, by=request, now=now)
        text = _("Surveys without a mail of their own look like this from now on.")
        messages.success(request, text)
        return _to_builder(survey)
    designs.keep(survey, design, by=request, now=now)
    offer_undo(request, _("The mail has been kept."), reverse("email:undo", args=[survey_id]))
    return _to_builder(survey)


@require_POST
@staff_may("surveys.edit")
def undo(request: StaffRequest, survey_id: UUID) -> HttpResponse:
    """Have the mail back as it was before the last change."""
    survey, _version = survey_of(request, survey_id)
    if designs.take_back(survey, by=request, now=timezone.now()):
        messages.success(request, _("The mail is as it was before."))
    return _to_builder(survey)


def _reset(request: StaffRequest, survey: Survey) -> HttpResponse:
    if designs.reset(survey, by=request, now=timezone.now()):
        text = _("The mail is the usual one again.")
        offer_undo(request, text, reverse("email:undo", args=[survey.public_id]))
    return _to_builder(survey)


def _to_builder(survey: Survey) -> HttpResponseRedirect:
    return redirect("email:words", survey.public_id)


def _page(
    request: StaffRequest,
    survey: Survey,
    version: PublishedVersion,
    shown: Change,
    *,
    troubles: dict[str, str] | None = None,
    is_kept: bool = True,
    status: int = 200,
) -> HttpResponse:
    design, troubles = shown.design, troubles or {}
    languages = [(code, str(LANGUAGE_NAMES.get(code, code))) for code in version.languages]
    usual = {
        code: designs.usual_words(request.organisation.name, code) for code in version.languages
    }
    found = designs.find(survey.pk, survey.organisation_id)
    context = {
        "survey": survey,
        "design": design,
        "rows": _rows(design, languages, usual, troubles),
        "heads": [
            (label, hint, _head_fields(design, part, languages, usual), troubles.get(part, ""))
            for part, (label, hint) in HEADS.items()
        ],
        "languages": languages,
        "language": language_among(request.GET.get("language", ""), version),
        "when": [(when.value, label) for when, label in WHEN.items()],
        "addable": [(kind.value, KINDS[kind][0]) for kind in rules.addable(design)],
        "focus": shown.focus,
        "removed": shown.removed,
        "removed_label": KINDS[shown.removed.block.kind][0] if shown.removed else "",
        "troubles": troubles,
        "is_kept": is_kept,
        "found": found,
        "own_address": mails.own_address(),
        "own_domain": mails.own_domain(),
        "server": MailServer.objects.first(),
        "are_files": are_kept_as_files(),
        "address": request.user.email,
        "undo": take_undo(request) if is_kept else None,
    }
    return render_page(request, "email/builder.html", context, status=status)


def _rows(
    design: Design,
    languages: Sequence[tuple[str, str]],
    usual: dict[str, dict[str, str]],
    troubles: dict[str, str],
) -> list[Row]:
    movable = len(design.blocks) - 1
    rows = []
    for place, block in enumerate(design.blocks):
        label, hint, icon = KINDS[block.kind]
        fields = (
            tuple(
                Field(
                    name=f"{block.key}-{code}",
                    language=code,
                    label=name,
                    value=block.words.get(code, ""),
                    usual=usual[code].get(block.part, ""),
                )
                for code, name in languages
            )
            if block.kind in rules.WORDED
            else ()
        )
        rows.append(
            Row(
                block=block,
                label=str(label),
                hint=str(hint),
                icon=icon,
                fields=fields,
                trouble=troubles.get(block.key, ""),
                is_first=place == 0,
                is_last=place == movable - 1,
                is_fixed=block.kind is BlockKind.FOOTER,
            )
        )
    return rows


def _head_fields(
    design: Design,
    part: Part,
    languages: Sequence[tuple[str, str]],
    usual: dict[str, dict[str, str]],
) -> list[Field]:
    words: Any = design.heads.get(part, {})
    return [
        Field(f"{part}-{code}", code, name, words.get(code, ""), usual[code].get(part, ""))
        for code, name in languages
    ]
