"""What people write back to what they were told: kept with them, shown to whoever improved it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from gloed.base import jobs
from gloed.base.models import JournalEntry, Membership, Organisation
from gloed.channels.told_back.models import Reply, Told
from gloed.channels.told_back.rules import notices_in
from gloed.fieldwork.notices.models import Notice
from gloed.fieldwork.notices.operations import note_became
from gloed.loop.improvements.models import Improvement
from gloed.loop.letters.operations import key_of
from gloed.loop.letters.rules import MOST_AN_HOUR, Became, Incoming, Kind
from gloed.people.models import Person
from gloed.people.rules import email_key

TELL_OWNER = "told_back.tell_owner"


def owner_of(names: Sequence[str]) -> int | None:
    """The organisation whose message one of these names is; None where none is."""
    wanted = notices_in(names)
    if not wanted:
        return None
    found = Told.objects.filter(notice__public_id__in=wanted)
    return found.values_list("notice__organisation_id", flat=True).first()


def take(incoming: Incoming, organisation: Organisation, *, now: datetime) -> Became:
    """Take in a mail that answers a message, or says that it did not arrive. Harmless twice.

    Nothing is opened again and nobody is asked anything: a colleague reads it and decides. What a
    machine answers (out of office) is let go.
    """
    told = _told(incoming, organisation)
    if told is None or told.person is None:  # erased meanwhile: nothing of theirs is kept again
        return Became.FOREIGN if told is None else Became.NOTED
    if incoming.kind is Kind.BOUNCE:
        return _note_bounce(incoming, told, now=now)
    if incoming.kind is not Kind.LETTER:
        return Became.NOTED
    lately = told.replies.filter(received_at__gt=now - timedelta(hours=1)).count()
    if lately >= MOST_AN_HOUR:
        return Became.FLOOD
    try:
        with transaction.atomic():
            return _keep(incoming, told, told.person, now=now)
    except IntegrityError:  # another worker was first
        return Became.REPEATED


def _told(incoming: Incoming, organisation: Organisation) -> Told | None:
    found = Told.objects.filter(
        notice__public_id__in=notices_in(incoming.names), notice__organisation=organisation
    )
    return found.select_related("person", "notice", "telling__improvement").first()


def _keep(incoming: Incoming, told: Told, person: Person, *, now: datetime) -> Became:
    key, organisation = key_of(incoming), told.notice.organisation_id
    if Reply.objects.filter(organisation=organisation, key=key).exists():
        return Became.REPEATED
    improvement = told.telling.improvement
    is_told = unseen_of(improvement).exists()
    Reply.objects.create(
        organisation_id=organisation,
        told=told,
        person_key=person.public_id,
        key=key,
        sender=incoming.sender,
        sender_name=incoming.sender_name,
        is_theirs=email_key(incoming.sender) == person.email_key,
        subject=incoming.subject,
        body=incoming.text,
        quoted=incoming.quoted,
        is_cut=incoming.is_cut,
        received_at=now,
    )
    if not is_told:  # the owner hears of the first, and then looks
        jobs.enqueue(
            TELL_OWNER,
            {"improvement": improvement.pk},
            now=now,
            organisation=organisation,
            key=f"{TELL_OWNER}:{improvement.pk}",
        )
    return Became.PLACED


def _note_bounce(incoming: Incoming, told: Told, *, now: datetime) -> Became:
    """The message did not arrive; news that it is only late change nothing."""
    is_over = incoming.problem.startswith("5") and "failed" in incoming.about.lower()
    if not is_over or told.notice.became not in (Notice.Became.SENT, Notice.Became.UNCERTAIN):
        return Became.FOREIGN
    note_became(told.notice_id, Notice.Became.BOUNCED, problem=incoming.problem, now=now)
    return Became.NOTED


def replies_to(improvement: Improvement) -> QuerySet[Reply]:
    """What was written back about an improvement, newest first."""
    found = Reply.objects.filter(told__telling__improvement=improvement)
    return found.select_related("told__person")


def unseen_of(improvement: Improvement) -> QuerySet[Reply]:
    """What its owner has not had before them yet."""
    return replies_to(improvement).filter(seen_at=None)


def see(improvement: Improvement, membership: Membership, *, now: datetime) -> None:
    """Whoever looks has it before them: of the owner that counts, or of anybody without one."""
    if improvement.owner_id in (None, membership.pk):
        Reply.objects.filter(told__telling__improvement=improvement, seen_at=None).update(
            seen_at=now
        )


def forget_people(entries: Sequence[JournalEntry]) -> None:
    """People were erased: what they wrote back goes."""
    keys = []
    for entry in entries:
        try:
            keys.append(UUID(entry.subject))
        except ValueError:
            continue
    Reply.objects.filter(person_key__in=keys).delete()


def everything_about(person: Person) -> list[dict[str, Any]]:
    """What somebody wrote back, for the copy of everything that is held of them."""
    kept = Reply.objects.filter(person_key=person.public_id).order_by("received_at", "pk")
    fields = ("sender", "subject", "body", "quoted", "received_at")
    return [dict(row) for row in kept.values(*fields)]
