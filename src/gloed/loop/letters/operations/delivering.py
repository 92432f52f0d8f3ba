"""Letters on their way out: claimed, handed over at most once, and what became of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from gloed.loop.cases import operations as cases
from gloed.loop.cases.rules import Gesture
from gloed.loop.letters import news
from gloed.loop.letters.models import Letter
from gloed.loop.letters.queries import is_unwilling
from gloed.loop.letters.rules import message_id

LEASE = timedelta(minutes=10)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 25, 120, 600))
MOST_ATTEMPTS = 6
LINE_SENT, LINE_RECEIVED, LINE_BOUNCED = "letter_sent", "letter_received", "letter_bounced"
"""The kinds of lines that letters write into a case's story."""


@dataclass(frozen=True, slots=True)
class DueLetter:
    """A letter to hand over; `handed_at` is set where an earlier attempt died underway.

    `before` are the Message-IDs of the conversation so far, the oldest first; `answers` is the
    customer's last letter, to repeat below ours.
    """

    id: int
    public_id: UUID
    organisation_id: int
    organisation: str
    kind: str
    token: str
    address: str
    name: str
    author: str
    language: str
    subject: str
    body: str
    handed_at: datetime | None
    before: tuple[str, ...]
    answers: str
    follow_up: str
    is_sample: bool


def claim_due(*, limit: int, now: datetime) -> list[DueLetter]:
    """Letters whose moment has come, leased to the caller for a while."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    with transaction.atomic():
        rows = Letter.objects.filter(free, state=Letter.State.WAITING, due_at__lte=now)
        ids = list(
            rows.select_for_update(skip_locked=True)
            .order_by("due_at", "pk")
            .values_list("pk", flat=True)[:limit]
        )
        Letter.objects.filter(pk__in=ids).update(leased_until=now + LEASE)
    found = Letter.objects.filter(pk__in=ids).select_related(
        "organisation", "author", "thread__case__person", "follow_up"
    )
    return [_due(letter) for letter in found.order_by("due_at", "pk")]


def note_handing(letter_id: int, *, domain: str, now: datetime) -> str:
    """Write down that a letter is about to be handed over; its Message-ID, or empty.

    Empty: it was taken back in this moment, or is no longer the caller's. Do not send it then.
    """
    with transaction.atomic():
        letter = _locked(letter_id)
        if letter is None or letter.handed_at is not None or not letter.leased_until:
            return ""
        if letter.kind == Letter.Kind.SOLVED and not _may_still_ask(letter):
            letter.state, letter.ended_at = Letter.State.WITHDRAWN, now
            letter.save(update_fields=["state", "ended_at"])
            return ""
        letter.message_id = message_id(letter.public_id, letter.thread.token, domain)
        letter.handed_at = now
        letter.attempts += 1
        letter.save(update_fields=["message_id", "handed_at", "attempts"])
        return letter.message_id


def note_sent(letter_id: int, *, now: datetime) -> bool:
    """The server took it: the case's customer has heard from us."""
    return _end(letter_id, Letter.State.SENT, now=now)


def note_uncertain(letter_id: int, *, now: datetime) -> bool:
    """Nobody can know whether it went: it counts as sent, is marked, and is not sent again."""
    return _end(letter_id, Letter.State.UNCERTAIN, problem="uncertain", now=now)


def note_failed(letter_id: int, *, problem: str, now: datetime) -> bool:
    """It will not be taken, now or later."""
    return _end(letter_id, Letter.State.FAILED, problem=problem, now=now)


def note_later(letter_id: int, *, problem: str, now: datetime) -> bool:
    """It was not taken this time: due again after a while, and given up after many attempts."""
    with transaction.atomic():
        letter = _locked(letter_id)
        if letter is None:
            return False
        if letter.attempts >= MOST_ATTEMPTS:
            return _end(letter_id, Letter.State.FAILED, problem=problem, now=now)
        letter.handed_at = letter.leased_until = None
        letter.problem = problem[:120]
        letter.due_at = now + BACK_OFF[min(max(letter.attempts, 1), len(BACK_OFF)) - 1]
        letter.save(update_fields=["handed_at", "leased_until", "problem", "due_at"])
        return True


def release(ids: list[int]) -> None:
    """Give letters back that nobody began to hand over."""
    Letter.objects.filter(pk__in=ids, state=Letter.State.WAITING, handed_at=None).update(
        leased_until=None
    )


def note_bounced(letter_id: int, *, problem: str, now: datetime) -> bool:
    """A letter that was sent came back; repeated news changes nothing."""
    with transaction.atomic():
        rows = Letter.objects.select_for_update(of=("self",)).select_related("thread__case")
        went = (Letter.State.SENT, Letter.State.UNCERTAIN)
        letter = rows.filter(pk=letter_id, state__in=went).first()
        if letter is None:
            return False
        letter.state, letter.problem = Letter.State.BOUNCED, problem[:120]
        letter.save(update_fields=["state", "problem"])
        _write_line(letter, LINE_BOUNCED, now=now)
        news.tell(news.BOUNCED, letter, now=now)
        return True


def _may_still_ask(letter: Letter) -> bool:
    """Whether the question is still one: the case is closed, and its customer takes questions."""
    case = letter.thread.case
    return case.closed_at is not None and not is_unwilling(case)


def _end(letter_id: int, state: Letter.State, *, now: datetime, problem: str = "") -> bool:
    with transaction.atomic():
        letter = _locked(letter_id)
        if letter is None:
            return False
        letter.state, letter.problem = state, problem[:120]
        letter.leased_until, letter.ended_at = None, now
        letter.save(update_fields=["state", "problem", "leased_until", "ended_at"])
        if state in (Letter.State.SENT, Letter.State.UNCERTAIN):
            _tell_case(letter, now=now)
        elif state == Letter.State.FAILED:
            _write_line(letter, LINE_BOUNCED, now=now)
        return True


def _tell_case(letter: Letter, *, now: datetime) -> None:
    """What a case knows of a letter that left: a line, the contact, and the gestures in it."""
    case = letter.thread.case
    _write_line(letter, LINE_SENT, now=now)
    news.tell(news.SENT, letter, now=now)
    if letter.kind != Letter.Kind.REPLY:
        return
    cases.note_contact(case, how="letter", staff=letter.author, now=now, is_told=False)
    for gesture in letter.gestures:
        cases.use_gesture(case, Gesture(gesture), staff=letter.author, now=now)


def _write_line(letter: Letter, kind: str, *, now: datetime) -> None:
    detail = {"letter": str(letter.public_id), "kind": letter.kind}
    cases.write_line(letter.thread.case, kind, staff=letter.author, detail=detail, now=now)


def _locked(letter_id: int) -> Letter | None:
    """A letter that still waits, locked until the transaction ends."""
    rows = Letter.objects.select_for_update(of=("self",)).select_related(
        "thread__case__organisation", "thread__case__person", "author"
    )
    return rows.filter(pk=letter_id, state=Letter.State.WAITING).first()


def _due(letter: Letter) -> DueLetter:
    earlier = list(
        letter.thread.letters.exclude(message_id="")
        .exclude(pk=letter.pk)
        .order_by("ended_at", "pk")
        .values_list("message_id", "kind", "body")
    )
    theirs = [body for _id, kind, body in earlier if kind == Letter.Kind.ANSWER]
    person = letter.thread.case.person
    follow_up = getattr(letter, "follow_up", None)
    return DueLetter(
        id=letter.pk,
        public_id=letter.public_id,
        organisation_id=letter.organisation_id,
        organisation=letter.organisation.name,
        kind=letter.kind,
        token=letter.thread.token,
        address=letter.address,
        name=person.name if person else "",
        author=letter.author.name if letter.author else "",
        language=letter.language,
        subject=letter.subject,
        body=letter.body,
        handed_at=letter.handed_at,
        before=tuple(one for one, _kind, _body in earlier),
        answers=theirs[-1] if theirs and letter.kind == Letter.Kind.REPLY else "",
        follow_up=follow_up.token if follow_up else "",
        is_sample=letter.organisation.is_sample,
    )
