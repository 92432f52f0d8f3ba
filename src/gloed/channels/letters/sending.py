"""Handing letters over: each at most once, whatever dies on the way.

As with invitations (`channels.email.operations`): before a letter is handed to the server we write
down that we are about to. Whoever finds such a mark without an ending cannot know whether the
server took it; it is marked as uncertain, and a colleague may decide to send it again.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import get_connection

from gloed.base.mails import are_kept_as_files
from gloed.channels.email.operations import (
    DJANGO_SMTP,
    WATCHFUL,
    is_resting,
    note_server_trouble,
    note_server_well,
)
from gloed.channels.email.rules import MOST_TROUBLES
from gloed.channels.email.smtp import hand_over
from gloed.channels.letters import building
from gloed.channels.letters.models import Mailbox
from gloed.channels.outcomes import Fate, Outcome
from gloed.loop.letters import operations as letters
from gloed.loop.letters.operations import DueLetter

BATCH = 20
SAMPLE = "sample"
Clock = Callable[[], datetime]
logger = logging.getLogger(__name__)


def send_due(*, now: Clock, within: timedelta) -> Counter[str]:
    """Send the letters whose moment has come, for about so long; how many met which fate."""
    fates: Counter[str] = Counter()
    if are_kept_as_files() or is_resting(now()):
        return fates
    end = now() + within
    while now() < end:
        batch = letters.claim_due(limit=BATCH, now=now())
        going = _without_strays(batch, fates, now=now)
        if not batch:
            return fates
        if going and not _send(going, fates, now=now):
            return fates
    return fates


def _without_strays(
    batch: Sequence[DueLetter], fates: Counter[str], *, now: Clock
) -> list[DueLetter]:
    """What is left after those that may have gone out already, and those of the sample."""
    going = []
    for due in batch:
        if due.handed_at is not None:
            letters.note_uncertain(due.id, now=now())
            fates[Fate.UNCERTAIN] += 1
        elif due.is_sample:
            letters.note_failed(due.id, problem=SAMPLE, now=now())
            fates[Fate.REFUSED] += 1
        else:
            going.append(due)
    return going


def _send(batch: Sequence[DueLetter], fates: Counter[str], *, now: Clock) -> bool:
    """Hand a batch over on one connection; False when the server needs a rest."""
    connection = _connection()
    waiting, troubles = list(batch), 0
    boxes = {
        box.organisation_id: box
        for box in Mailbox.objects.in_use().filter(
            organisation__in={due.organisation_id for due in batch}
        )
    }
    try:
        while waiting:
            if not _open(connection, now=now):
                return False
            due = waiting.pop(0)
            outcome = _hand_one(connection, due, boxes.get(due.organisation_id), now=now)
            if outcome is None:
                continue
            fates[outcome.fate] += 1
            troubles = troubles + 1 if outcome.is_ours else 0
            if outcome.is_ours:
                _close(connection)
            if troubles >= MOST_TROUBLES:
                note_server_trouble(outcome.problem, now=now())
                return False
        note_server_well()
        return True
    finally:
        letters.release([due.id for due in waiting])
        _close(connection)


def _hand_one(
    connection: Any, due: DueLetter, box: Mailbox | None, *, now: Clock
) -> Outcome | None:
    """Hand one letter over and write down what became of it; None where it must not go."""
    message_id = letters.note_handing(due.id, domain=building.domain(), now=now())
    if not message_id:  # taken back in this very moment
        return None
    outcome = hand_over(connection, building.build(due, box, message_id=message_id))
    if outcome.fate is Fate.SENT:
        letters.note_sent(due.id, now=now())
    elif outcome.fate is Fate.UNCERTAIN:
        letters.note_uncertain(due.id, now=now())
    elif outcome.fate is Fate.LATER:
        letters.note_later(due.id, problem=outcome.problem, now=now())
    else:
        letters.note_failed(due.id, problem=outcome.problem, now=now())
    return outcome


def _connection() -> Any:
    backend = settings.EMAIL_BACKEND
    return get_connection(WATCHFUL if backend == DJANGO_SMTP else backend)


def _open(connection: Any, *, now: Clock) -> bool:
    if getattr(connection, "connection", None) is not None:
        return True
    try:
        connection.open()
    except OSError as problem:  # what smtplib raises is one too
        logger.warning("the mail server cannot be reached: %s", type(problem).__name__)
        note_server_trouble(type(problem).__name__, now=now())
        return False
    return True


def _close(connection: Any) -> None:
    """Say goodbye; a server that is gone is no trouble any more."""
    try:
        connection.close()
    except OSError:
        connection.connection = None
