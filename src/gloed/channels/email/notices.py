"""Handing over messages that ask nothing, each at most once, at the pace of all other mail.

A room brings its purpose and how a message of it is written; the rest is the same for all.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F

from gloed.base.mails import are_kept_as_files
from gloed.channels.email import warming
from gloed.channels.email.models import DomainMinute
from gloed.channels.email.operations import (
    DJANGO_SMTP,
    WATCHFUL,
    is_resting,
    next_morning,
    note_server_trouble,
)
from gloed.channels.email.rules import MOST_TROUBLES, count_domains, minute_of, pace
from gloed.channels.email.smtp import hand_over
from gloed.channels.outcomes import Fate
from gloed.fieldwork.notices import operations as notices
from gloed.fieldwork.notices.models import Notice
from gloed.fieldwork.notices.operations import DueNotice

BATCH = 50
Became = Notice.Became
Clock = Callable[[], datetime]
Write = Callable[[Sequence[DueNotice]], Mapping[int, EmailMessage | str]]
"""By the notice: the mail, or in a word why there is none after all."""
Ended = Callable[[DueNotice, Fate, datetime], None]
"""What follows once it is written down what became of a message."""


def _nothing_follows(due: DueNotice, fate: Fate, now: datetime) -> None:
    """Most messages are over once they went."""


def send_due(
    purpose: str,
    write: Write,
    *,
    now: Clock,
    within: timedelta,
    progress: Callable[[int], None] = lambda _done: None,
    ended: Ended = _nothing_follows,
) -> bool:
    """Send what is due of a purpose for about so long; whether more waits."""
    if are_kept_as_files() or is_resting(now()):
        return False
    end, done = now() + within, 0
    while now() < end:
        batch = notices.claim_notices(purpose, limit=BATCH, now=now())
        if not batch:
            return False
        going = keep_warm(keep_pace(batch, now=now()), now=now())
        if not _send(going, write(going), ended, now=now):
            return False
        done += len(batch)
        progress(done)
    return True


def _send(
    batch: Sequence[DueNotice],
    mails: Mapping[int, EmailMessage | str],
    ended: Ended,
    *,
    now: Clock,
) -> bool:
    """Hand over all of them; False when the server needs a rest."""
    backend = settings.EMAIL_BACKEND
    connection: Any = get_connection(WATCHFUL if backend == DJANGO_SMTP else backend)
    waiting, troubles = list(batch), 0
    try:
        while waiting and troubles < MOST_TROUBLES:
            if getattr(connection, "connection", None) is None:
                connection.open()
            due = waiting.pop(0)
            fate = _send_one(due, mails.get(due.id, "gone"), connection, ended, now=now)
            troubles = troubles + 1 if fate is Fate.LATER else 0
    except OSError as problem:  # what smtplib raises is one too
        note_server_trouble(type(problem).__name__, now=now())
        troubles = MOST_TROUBLES
    finally:
        notices.release([due.id for due in waiting])
        _close(connection)
    return troubles < MOST_TROUBLES


def _send_one(
    due: DueNotice, mail: EmailMessage | str, connection: Any, ended: Ended, *, now: Clock
) -> Fate:
    if due.handed_at is not None:  # an earlier attempt died on the way: at most once
        notices.note_became(due.id, Became.UNCERTAIN, now=now())
        return Fate.UNCERTAIN
    if isinstance(mail, str):
        notices.note_became(due.id, Became.FAILED, problem=mail, now=now())
        return Fate.REFUSED
    if not notices.note_handing(due.id, now=now()):
        return Fate.REFUSED
    outcome = hand_over(connection, mail)
    if outcome.fate is Fate.LATER:
        notices.note_later(due.id, problem=outcome.problem, now=now())
    else:
        became = {
            Fate.SENT: Became.SENT,
            Fate.UNCERTAIN: Became.UNCERTAIN,
            Fate.BOUNCED: Became.BOUNCED,
            Fate.REFUSED: Became.FAILED,
        }[outcome.fate]
        notices.note_became(due.id, became, problem=outcome.problem, now=now())
        ended(due, outcome.fate, now())
    if outcome.is_ours:
        _close(connection)
    return outcome.fate


def keep_pace(batch: Sequence[DueNotice], *, now: datetime) -> list[DueNotice]:
    """Those that may go this minute, counted together with all other mail; others wait."""
    limit: int = settings.MAIL_PER_MINUTE
    if not limit or not batch:
        return list(batch)
    this_minute = minute_of(now)
    domains = [one.person.domain for one in batch]
    with transaction.atomic():
        wanted = sorted(set(domains))
        DomainMinute.objects.bulk_create(
            [DomainMinute(domain=domain, minute=this_minute) for domain in wanted],
            ignore_conflicts=True,
        )
        rows = DomainMinute.objects.filter(minute=this_minute, domain__in=wanted)
        used = dict(rows.select_for_update().order_by("domain").values_list("domain", "mails"))
        minutes = pace(domains, used, limit=limit, waiting=Counter())
        going = [one for one, minute in zip(batch, minutes, strict=True) if not minute]
        for domain, count in count_domains(one.person.email for one in going).items():
            rows.filter(domain=domain).update(mails=F("mails") + count)
    held = {one.id: minute for one, minute in zip(batch, minutes, strict=True) if minute}
    for notice, minute in held.items():
        notices.release([notice], until=this_minute + timedelta(minutes=minute))
    return going


def keep_warm(batch: Sequence[DueNotice], *, now: datetime) -> list[DueNotice]:
    """Those that a young sender may still send today; the others wait for the morning."""
    if not batch:
        return []
    may_go = warming.take(len(batch), now=now)
    if batch[may_go:]:
        notices.release([one.id for one in batch[may_go:]], until=next_morning(now))
    return list(batch[:may_go])


def _close(connection: Any) -> None:
    try:
        connection.close()
    except OSError:
        connection.connection = None
