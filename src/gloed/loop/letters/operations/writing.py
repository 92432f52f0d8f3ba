"""What a colleague does: write, keep, send, take back, and write what would have gone by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from gloed.base.models import Staff
from gloed.loop.cases.models import Case
from gloed.loop.cases.rules import Gesture
from gloed.loop.letters import news
from gloed.loop.letters.models import Letter, Thread
from gloed.loop.letters.queries import address_of, language_of

UNDO_WITHIN = timedelta(seconds=20)
"""So long a letter waits before it leaves, so that it can be taken back."""
BODY_LIMIT = 20_000


class NoAddress(Exception):
    """The customer of this case has no mail address that we know of."""


def thread_of(case: Case, *, now: datetime) -> Thread:
    """The conversation of a case, begun if there is none yet."""
    thread, _made = Thread.objects.get_or_create(
        case=case, defaults={"organisation": case.organisation, "opened_at": now}
    )
    return thread


def keep_draft(
    case: Case,
    *,
    key: str,
    subject: str,
    body: str,
    author: Staff,
    now: datetime,
    is_suggested: bool = False,
    gestures: Sequence[str] = (),
) -> Letter:
    """Keep what somebody is writing; the same key changes that draft. A sent one stays as it is."""
    with transaction.atomic():
        letter = _letter_of(case, key, author=author, now=now)
        if letter.state != Letter.State.DRAFT:
            return letter
        letter.subject, letter.body = _subject(subject), body.strip()[:BODY_LIMIT]
        letter.is_suggested = letter.is_suggested or is_suggested
        letter.gestures = _gestures(gestures)
        letter.save()
        return letter


def send_reply(
    case: Case,
    *,
    key: str,
    subject: str,
    body: str,
    author: Staff,
    now: datetime,
    gestures: Sequence[str] = (),
) -> Letter:
    """Let a letter go out after a moment in which it can be taken back.

    The same key sends one letter, however often it comes. Raises NoAddress, and ValueError for a
    letter without words.
    """
    if not body.strip():
        raise ValueError("a letter needs words")
    address = address_of(case)
    if not address:
        raise NoAddress
    with transaction.atomic():
        letter = _letter_of(case, key, author=author, now=now)
        if letter.state != Letter.State.DRAFT:
            return letter
        letter.state, letter.due_at = Letter.State.WAITING, now + UNDO_WITHIN
        letter.subject, letter.body = _subject(subject), body.strip()[:BODY_LIMIT]
        letter.address, letter.language = address, language_of(case)
        letter.author, letter.gestures = author, _gestures(gestures)
        letter.created_at = now
        letter.save()
        news.tell(news.READY, letter, now=now)
        return letter


def withdraw(letter: Letter, *, by: Staff, now: datetime) -> bool:
    """Take back a letter that has not left; a colleague's becomes a draft again.

    False: it is on its way already.
    """
    with transaction.atomic():
        fresh = _locked(letter)
        if fresh.state != Letter.State.WAITING or fresh.handed_at or _is_leased(fresh, now):
            return False
        is_own = fresh.kind == Letter.Kind.REPLY
        fresh.state = Letter.State.DRAFT if is_own else Letter.State.WITHDRAWN
        fresh.due_at = None
        if not is_own:
            fresh.author, fresh.ended_at = by, now
        fresh.save(update_fields=["state", "due_at", "author", "ended_at"])
        return True


def take_over(letter: Letter, *, by: Staff, now: datetime) -> Letter | None:
    """Write a letter oneself that would have gone by itself; None: it is on its way already.

    What would have been sent is there to begin with, as a draft.
    """
    with transaction.atomic():
        if not withdraw(letter, by=by, now=now):
            return None
        case = letter.thread.case
        return keep_draft(
            case,
            key=f"own:{letter.public_id.hex}",
            subject=letter.subject,
            body=letter.body,
            author=by,
            now=now,
        )


def send_again(letter: Letter, *, by: Staff, now: datetime) -> Letter | None:
    """Send a letter once more that did not arrive, or perhaps did not; a person decided that.

    It is another letter with the same words, to the address that is known now.
    """
    ended = (Letter.State.FAILED, Letter.State.UNCERTAIN, Letter.State.BOUNCED)
    if letter.state not in ended or letter.kind != Letter.Kind.REPLY:
        return None
    return send_reply(
        letter.thread.case,
        key=f"again:{letter.public_id.hex}",
        subject=letter.subject,
        body=letter.body,
        author=by,
        now=now,
    )


def throw_away(letter: Letter) -> bool:
    """Throw a draft away; False where it is none any more."""
    return bool(Letter.objects.filter(pk=letter.pk, state=Letter.State.DRAFT).delete()[0])


def _letter_of(case: Case, key: str, *, author: Staff, now: datetime) -> Letter:
    """The letter of this key in this case, locked; a new draft if there is none."""
    thread = thread_of(case, now=now)
    for _try in range(2):
        found = Letter.objects.select_for_update(of=("self",)).filter(
            organisation=case.organisation, key=key
        )
        known = found.select_related("thread__case").first()
        if known is not None:
            if known.thread_id != thread.pk:
                raise ValueError("this letter belongs to another case")
            return known
        try:
            with transaction.atomic():
                return Letter.objects.create(
                    organisation=case.organisation,
                    thread=thread,
                    kind=Letter.Kind.REPLY,
                    state=Letter.State.DRAFT,
                    key=key,
                    author=author,
                    created_at=now,
                )
        except IntegrityError:  # the same press came in twice: the other one made it
            continue
    raise RuntimeError("a letter appeared and went in one moment")


def _locked(letter: Letter) -> Letter:
    rows = Letter.objects.select_for_update(of=("self",)).select_related("thread__case")
    return rows.get(pk=letter.pk)


def _is_leased(letter: Letter, now: datetime) -> bool:
    return letter.leased_until is not None and letter.leased_until > now


def _subject(text: str) -> str:
    return " ".join(text.split())[:200]


def _gestures(given: Sequence[str]) -> list[str]:
    return [one.value for one in Gesture if one.value in given]
