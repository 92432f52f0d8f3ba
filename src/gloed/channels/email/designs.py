"""Whose mail looks how: a survey's own design, else the organisation's, else the usual one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from gloed.base import audit
from gloed.base.models import Organisation
from gloed.channels.email.models import MailDesign
from gloed.channels.email.rules.blocks import (
    USUAL,
    Block,
    Design,
    Part,
    as_json,
    from_json,
    merged,
)
from gloed.surveys.models import Survey


@dataclass(frozen=True, slots=True)
class Found:
    """A design, and whether it is the survey's own or that of all its organisation's mails."""

    design: Design
    is_own: bool = False
    is_house: bool = False


def find(survey_id: int, organisation_id: int) -> Found:
    """The design that a survey's mail has now."""
    rows = MailDesign.objects.filter(organisation_id=organisation_id, content__isnull=False)
    own = rows.filter(survey_id=survey_id).first()
    if own is not None and own.content:
        return Found(from_json(own.content), is_own=True)
    house = rows.filter(survey=None).first()
    if house is not None and house.content:
        return Found(from_json(house.content), is_house=True)
    return Found(USUAL)


def keep(survey: Survey, design: Design, *, by: Any, now: datetime) -> None:
    """Keep a design as the survey's own; the one before can be had back."""
    before = find(survey.pk, survey.organisation_id).design
    _write(survey.organisation, survey, as_json(merged(design, before)), by=by, now=now)


def keep_for_all(survey: Survey, design: Design, *, by: Any, now: datetime) -> None:
    """Keep a design for every survey that has none of its own."""
    before = MailDesign.objects.filter(organisation=survey.organisation, survey=None).first()
    if before is not None and before.content:
        design = merged(design, from_json(before.content))
    _write(survey.organisation, None, as_json(design), by=by, now=now)


def reset(survey: Survey, *, by: Any, now: datetime) -> bool:
    """Let a survey's mail be the usual one again, or the organisation's; False if it is already."""
    if not find(survey.pk, survey.organisation_id).is_own:
        return False
    _write(survey.organisation, survey, None, by=by, now=now)
    return True


@transaction.atomic
def take_back(survey: Survey, *, by: Any, now: datetime) -> bool:
    """Undo the last change of a survey's mail; once more brings it back. False: nothing to undo."""
    rows = MailDesign.objects.select_for_update()
    row = rows.filter(organisation=survey.organisation, survey=survey).first()
    if row is None:
        return False
    row.content, row.earlier = row.earlier, row.content
    row.changed_at = now
    row.save(update_fields=["content", "earlier", "changed_at"])
    audit.record(by, "email.words_changed", survey.title, {}, at=now)
    return True


@transaction.atomic
def _write(
    organisation: Organisation,
    survey: Survey | None,
    content: dict[str, Any] | None,
    *,
    by: Any,
    now: datetime,
) -> None:
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # one at a time
    row = MailDesign.objects.filter(organisation=organisation, survey=survey).first()
    row = row or MailDesign(organisation=organisation, survey=survey)
    row.content, row.earlier, row.changed_at = content, row.content, now
    row.save()
    subject = survey.title if survey else organisation.name
    audit.record(by, "email.words_changed", subject, {}, at=now)


def usual_words(organisation: str, language: str) -> dict[str, str]:
    """What a mail says where nobody wrote other words, by part."""
    with translation.override(language):
        name = {"organisation": organisation}
        hello = _("Hello {name},") + "\n\n"
        return {
            Part.SENDER_NAME: organisation,
            Part.SUBJECT: _("One question from %(organisation)s") % name,
            Part.PREHEADER: _("One number, and a few words if you like."),
            Part.OPENING: hello
            + _(
                "We would like to know how we are doing. Choose a number below; a page opens where "
                "you can add a few words."
            ),
            Part.CLOSING: _("Thank you!") + "\n" + organisation,
            Part.REMINDER_SUBJECT: _("Still welcome: your answer to %(organisation)s") % name,
            Part.REMINDER_OPENING: hello
            + _(
                "We sent you this question a while ago. Perhaps it slipped by, so here it is once "
                "more. If you would rather not answer, you need not do anything."
            ),
            Part.BUTTON: _("Give your answer"),
            Part.FOOTER: _(
                "You get this mail because %(organisation)s would like to know how you find it."
            )
            % name,
        }


def words_of(block: Block, usual: dict[str, str], language: str) -> str:
    """What a block says in a language; the usual words of its part where nothing was written."""
    return block.words.get(language, "").strip() or usual.get(block.part, "")


def head_of(design: Design, part: Part, usual: dict[str, str], language: str) -> str:
    """What stands in the head of the mail: sender's name, subject or the line behind it."""
    return design.heads.get(part, {}).get(language, "").strip() or usual.get(part, "")
