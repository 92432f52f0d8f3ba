"""Thanking and asking: never while somebody is left alone, and never twice within the rest."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gloed.base import audit, journal
from gloed.base.models import Organisation, Staff
from gloed.fieldwork import candidates
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.notices.models import Notice
from gloed.fieldwork.notices.operations import plan_notices
from gloed.loop.promoters.models import Ask, Programme
from gloed.loop.promoters.quiet import reaches
from gloed.loop.promoters.rules import PUSHES, AskKind, Became, How, Quiet, Reason
from gloed.people.models import Person

PURPOSE = "promoters"
ASKED = "promoter.asked"


@dataclass(frozen=True, slots=True)
class Words:
    """A mail as a colleague wrote it, and its language."""

    subject: str = ""
    body: str = ""
    language: str = ""


NO_WORDS = Words()


class NotNow(Exception):
    """Somebody is left alone: `quiet` says why; None when only a mail would not reach them."""

    def __init__(self, quiet: Quiet | None) -> None:
        super().__init__(quiet.reason.value if quiet else "no_mail")
        self.quiet = quiet


def note_ask(
    person: Person,
    kind: AskKind,
    *,
    how: How,
    staff: Staff | None,
    now: datetime,
    about: UUID | None = None,
    words: Words = NO_WORDS,
    is_sent_here: bool = True,
) -> Ask:
    """Ask somebody for something, or thank them, and write it down.

    By mail the words are sent by the channel, with a link to their own page; a room that sends its
    own mail says `is_sent_here=False`. Raises NotNow while
    they are left alone: whoever does not want to hear from us is not thanked by mail either. What
    they come for themselves (`How.PAGE`) only stops at an opt-out and at an open case.
    """
    with transaction.atomic():
        candidates.lock([person.pk])  # two colleagues at once: the second one sees the first
        found = reaches(person.organisation, [person.pk], now=now).get(person.pk)
        quiet = found.quiet if found else Quiet(Reason.OPTED_OUT)
        if quiet is not None and quiet.reason in _binding(kind, how):
            raise NotNow(quiet)
        if how is How.MAIL and not (found and found.has_mail):
            raise NotNow(None)
        ask = Ask.objects.create(
            organisation=person.organisation,
            person=person,
            kind=kind,
            how=how,
            about=about,
            at=now,
            staff=staff,
            subject=words.subject,
            body=words.body,
            language=words.language,
        )
        if how is How.MAIL and is_sent_here:
            _plan(ask, now=now)
        if _is_offer(person.organisation, kind):
            fieldwork.note_offer(person, at=now, now=now)
        journal.append(
            ASKED,
            organisation=person.organisation,
            subject=ask.public_id,
            at=now,
            payload={"kind": kind.value, "how": how.value},
        )
        audit.record(
            staff,
            "promoters.asked",
            "",
            {"what": kind.value, "how": how.value},
            organisation=person.organisation,
            at=now,
        )
    return ask


def note_became(ask: Ask, became: Became, *, now: datetime) -> None:
    """What somebody answered to being asked; the last word counts."""
    ask.became, ask.became_at = became.value, now
    ask.save(update_fields=["became", "became_at"])


def _binding(kind: AskKind, how: How) -> Collection[Reason]:
    """Which reasons hold for this: a thank-you asks nothing, so no rest stands against it."""
    if how is How.PAGE:
        return (Reason.OPTED_OUT, Reason.OPEN_CASE)
    if kind not in PUSHES:
        return (Reason.OPTED_OUT, Reason.OPEN_CASE, Reason.PAUSED)
    return tuple(Reason)


def _plan(ask: Ask, *, now: datetime) -> None:
    keys = {ask.person_id: f"promoter {ask.public_id}"}
    [notice] = plan_notices(ask.organisation, keys, purpose=PURPOSE, now=now)
    if notice.became == Notice.Became.SKIPPED:
        raise NotNow(None)
    ask.notice = notice
    ask.save(update_fields=["notice"])


def _is_offer(organisation: Organisation, kind: AskKind) -> bool:
    """Whether it holds a gift: then no survey follows for a while, so no answer is bought."""
    if kind is AskKind.EARLY_ACCESS:
        return True
    if kind is not AskKind.REFERRAL:
        return False
    words = Programme.objects.filter(organisation=organisation).values_list("words", flat=True)
    return any(own.get("giver") for all_words in words for own in all_words.values())
