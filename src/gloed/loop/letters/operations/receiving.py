"""Letters coming in: into their own conversation or set apart, once, and into no other case."""

import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from gloed.base.models import Organisation, Staff
from gloed.loop.cases import operations as cases
from gloed.loop.cases.models import Case
from gloed.loop.letters import news
from gloed.loop.letters.models import Letter, LetterFile, Stray, Thread
from gloed.loop.letters.operations.delivering import LINE_RECEIVED, note_bounced
from gloed.loop.letters.queries import addresses_of
from gloed.loop.letters.rules import Became, Incoming, Kind, verdict_on


def receive(
    incoming: Incoming, *, now: datetime, organisation: Organisation | None = None
) -> Became:
    """Take in a mail. `organisation` is whose mailbox it lay in, None for a door of all.

    The same mail twice changes nothing. It goes into the case whose conversation it names if the
    customer's own address sent it; from any other address it is set apart.
    """
    threads = Thread.objects.select_related("organisation", "case__person", "case__response")
    if organisation is not None:
        threads = threads.filter(organisation=organisation)
    thread = threads.filter(token__in=incoming.tokens).order_by("pk").first()
    if thread is None:
        return Became.FOREIGN
    key = key_of(incoming)
    try:
        with transaction.atomic():
            return _take_in(incoming, thread, key, now=now)
    except IntegrityError:  # another worker was first
        return Became.REPEATED


def key_of(incoming: Incoming) -> str:
    """What a mail is known by: its Message-ID, or all of it where it has none."""
    whole = "\0".join((incoming.sender, incoming.subject, incoming.text, str(incoming.sent_at)))
    text = incoming.message_id or whole
    return "in:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _take_in(incoming: Incoming, thread: Thread, key: str, *, now: datetime) -> Became:
    organisation = thread.organisation
    is_known = Letter.objects.filter(organisation=organisation, key=key).exists()
    if is_known or Stray.objects.filter(organisation=organisation, key=key).exists():
        return Became.REPEATED
    if incoming.kind is Kind.BOUNCE:
        return _note_bounce(incoming, thread, now=now)
    hour = now - timedelta(hours=1)
    lately = thread.letters.filter(key__startswith="in:", created_at__gt=hour).count()
    lately += thread.strays.filter(received_at__gt=hour).count()
    verdict = verdict_on(incoming, known=addresses_of(thread.case), lately=lately)
    if verdict is Became.STRAY:
        _set_apart(incoming, thread, key, now=now)
    elif verdict in (Became.PLACED, Became.NOTED):
        letter = _keep(incoming, thread, key, now=now)
        if verdict is Became.PLACED:
            _tell_case(letter, now=now)
    return verdict


def _keep(incoming: Incoming, thread: Thread, key: str, *, now: datetime) -> Letter:
    is_letter = incoming.kind is Kind.LETTER
    letter = Letter.objects.create(
        organisation=thread.organisation,
        thread=thread,
        kind=Letter.Kind.ANSWER if is_letter else Letter.Kind.AUTO_REPLY,
        state=Letter.State.RECEIVED,
        key=key,
        address=incoming.sender,
        subject=incoming.subject,
        body=incoming.text,
        quoted=incoming.quoted,
        parcels=[
            {"name": one.name, "kind": one.content_type, "size": one.size}
            for one in incoming.parcels
        ],
        is_cut=incoming.is_cut,
        message_id=incoming.message_id,
        created_at=now,
        ended_at=now,
    )
    LetterFile.objects.bulk_create(
        LetterFile(letter=letter, name=one.name, content_type=one.content_type, data=one.data)
        for one in incoming.parcels
        if one.data is not None
    )
    return letter


def _set_apart(incoming: Incoming, thread: Thread, key: str, *, now: datetime) -> Stray:
    return Stray.objects.create(
        organisation=thread.organisation,
        thread=thread,
        key=key,
        sender=incoming.sender,
        sender_name=incoming.sender_name,
        subject=incoming.subject,
        body=incoming.text,
        quoted=incoming.quoted,
        message_id=incoming.message_id,
        received_at=now,
    )


def _note_bounce(incoming: Incoming, thread: Thread, *, now: datetime) -> Became:
    """The letter that a report of delivery names, by its own Message-ID, did not arrive."""
    about = incoming.about.lower()
    for letter in thread.letters.exclude(message_id="").filter(kind__in=("reply", "solved")):
        if letter.message_id.lower().strip("<>") in about and not _is_only_late(about):
            note_bounced(letter.pk, problem=incoming.problem or "bounced", now=now)
            return Became.NOTED
    return Became.FOREIGN


def _is_only_late(about: str) -> bool:
    """Whether a report says that it is still being tried (RFC 3464, 2.3.3)."""
    return about.startswith(("delayed", "delivered", "relayed", "expanded"))


def _tell_case(letter: Letter, *, now: datetime, by: Staff | None = None) -> None:
    """The customer wrote: a closed case opens again, unless another one is open by now."""
    case = letter.thread.case
    detail = {"letter": str(letter.public_id)}
    cases.write_line(case, LINE_RECEIVED, staff=by, detail=detail, now=now)
    news.tell(news.RECEIVED, letter, now=now)
    take_up(case, now=now)


def take_up(case: Case, *, now: datetime) -> None:
    """Open a closed case again; where the person has another open one, that one is worked on."""
    try:
        with transaction.atomic():
            cases.reopen_case(case, now=now)
    except (cases.Refused, IntegrityError):
        return


def place(stray: Stray, *, by: Staff, now: datetime) -> Letter | None:
    """A person judged that this mail belongs to the conversation it names."""
    with transaction.atomic():
        rows = Stray.objects.select_for_update(of=("self",)).select_related("thread__case")
        fresh = rows.get(pk=stray.pk)
        if fresh.placed_id is not None or fresh.discarded_at is not None:
            return None
        thread = fresh.thread
        letter = Letter.objects.create(
            organisation=fresh.organisation,
            thread=thread,
            kind=Letter.Kind.ANSWER,
            state=Letter.State.RECEIVED,
            key=fresh.key,
            address=fresh.sender,
            subject=fresh.subject,
            body=fresh.body,
            quoted=fresh.quoted,
            message_id=fresh.message_id,
            created_at=fresh.received_at,
            ended_at=fresh.received_at,
        )
        fresh.placed = letter
        fresh.save(update_fields=["placed"])
        _tell_case(letter, now=now, by=by)
        return letter


def discard(stray: Stray, *, is_discarded: bool = True, now: datetime) -> bool:
    """Set a mail aside that belongs to no case, or have it back."""
    rows = Stray.objects.filter(pk=stray.pk, placed=None, discarded_at__isnull=is_discarded)
    return bool(rows.update(discarded_at=now if is_discarded else None))
