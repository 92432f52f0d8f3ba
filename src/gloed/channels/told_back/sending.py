"""Handing over what is due, each message at most once, at the pace of all other mail."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F

from gloed.base.mails import are_kept_as_files
from gloed.base.turns import a_turn
from gloed.channels.email import warming
from gloed.channels.email.models import DomainMinute
from gloed.channels.email.operations import (
    DJANGO_SMTP,
    WATCHFUL,
    is_resting,
    next_morning,
    note_server_trouble,
)
from gloed.channels.email.rules import MOST_TROUBLES, Fate, count_domains, minute_of, pace
from gloed.channels.email.smtp import hand_over
from gloed.channels.told_back.letters import Writer
from gloed.channels.told_back.models import Told, Wording
from gloed.channels.told_back.operations import PURPOSE
from gloed.channels.told_back.rules import Group, asked_again_at
from gloed.fieldwork.notices import operations as notices
from gloed.fieldwork.notices.models import Notice
from gloed.fieldwork.notices.operations import DueNotice
from gloed.loop.cases import operations as cases

BATCH = 50
Became = Notice.Became
Clock = Callable[[], datetime]
SAMPLE = "sample"


def send_due(
    *, now: Clock, within: timedelta, progress: Callable[[int], None] = lambda _done: None
) -> bool:
    """Send what is due for about so long; whether more waits."""
    if are_kept_as_files() or is_resting(now()):
        return False
    writer, end, done = Writer(), now() + within, 0
    while now() < end:
        batch = notices.claim_notices(PURPOSE, limit=BATCH, now=now())
        if not batch:
            return False
        going = _keep_warm(_keep_pace(batch, now=now()), now=now())
        if not _send(going, writer, now=now):
            return False
        done += len(batch)
        progress(done)
    return True


def _send(batch: Sequence[DueNotice], writer: Writer, *, now: Clock) -> bool:
    """Hand over all of them; False when the server needs a rest."""
    told = {
        one.notice_id: one
        for one in Told.objects.filter(notice__in=[due.id for due in batch]).select_related(
            "notice", "person", "telling__organisation", "telling__improvement"
        )
    }
    words = {
        (w.telling_id, w.language, w.group): w
        for w in Wording.objects.filter(telling__in={t.telling_id for t in told.values()})
    }
    backend = settings.EMAIL_BACKEND
    connection: Any = get_connection(WATCHFUL if backend == DJANGO_SMTP else backend)
    waiting, troubles = list(batch), 0
    try:
        while waiting and troubles < MOST_TROUBLES:
            if getattr(connection, "connection", None) is None:
                connection.open()
            due = waiting.pop(0)
            if due.id in told:
                fate = _send_one(due, told[due.id], words, writer, connection, now=now)
                troubles = troubles + 1 if fate is Fate.LATER else 0
    except OSError as problem:  # what smtplib raises is one too
        note_server_trouble(type(problem).__name__, now=now())
        troubles = MOST_TROUBLES
    finally:
        notices.release([due.id for due in waiting])
        _close(connection)
    return troubles < MOST_TROUBLES


def _send_one(
    due: DueNotice,
    told: Told,
    words: dict[tuple[int, str, str], Wording],
    writer: Writer,
    connection: Any,
    *,
    now: Clock,
) -> Fate:
    wording = words[told.telling_id, told.language, told.group]
    if due.handed_at is not None:  # an earlier attempt died on the way: at most once
        notices.note_became(due.id, Became.UNCERTAIN, now=now())
        return Fate.UNCERTAIN
    if told.telling.organisation.is_sample:
        notices.note_became(due.id, Became.FAILED, problem=SAMPLE, now=now())
        return Fate.REFUSED
    mail = writer.mail(told, wording, email=due.person.email, name=due.person.name)
    if not notices.note_handing(due.id, now=now()):
        return Fate.REFUSED
    outcome = hand_over(connection, mail)
    _settle(told, outcome.fate, outcome.problem, now=now())
    if outcome.is_ours:
        _close(connection)
    return outcome.fate


def _settle(told: Told, fate: Fate, problem: str, *, now: datetime) -> None:
    """Write down what became of it; who was told is asked again, and their case knows."""
    if fate is Fate.LATER:
        notices.note_later(told.notice_id, problem=problem, now=now)
        return
    became = {
        Fate.SENT: Became.SENT,
        Fate.UNCERTAIN: Became.UNCERTAIN,
        Fate.BOUNCED: Became.BOUNCED,
        Fate.REFUSED: Became.FAILED,
    }[fate]
    notices.note_became(told.notice_id, became, problem=problem, now=now)
    if fate not in (Fate.SENT, Fate.UNCERTAIN):
        return
    if told.telling.survey_id is not None:
        again = asked_again_at(now, told.telling.ask_after_days)
        Told.objects.filter(pk=told.pk).update(again_at=again)
    if told.group == Group.CASE and told.person_id is not None:
        for case in told.telling.improvement.cases.filter(person=told.person_id):
            cases.note_contact(case, how="told_back", is_told=False, now=now)
            cases.write_line(case, "told_back", now=now)


def _keep_pace(batch: Sequence[DueNotice], *, now: datetime) -> list[DueNotice]:
    """Those that may go this minute, counted together with all other mail."""
    limit: int = settings.MAIL_PER_MINUTE
    if not limit or not batch:
        return list(batch)
    this_minute = minute_of(now)
    domains = [one.person.domain for one in batch]
    with a_turn(), transaction.atomic():
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


def _keep_warm(batch: Sequence[DueNotice], *, now: datetime) -> list[DueNotice]:
    """Those that a young sender may still send today."""
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
