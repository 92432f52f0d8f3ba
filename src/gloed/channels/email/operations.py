"""Handing over what is due: each mail at most once, whatever dies on the way.

Before a mail is handed to the server we write down that we are about to (`note_handing`, with its
Message-ID); afterwards what became of it. Whoever finds such a mark without an ending cannot know
whether the server took the mail. A second mail would bother somebody for certain, a missing one
only perhaps, so it counts as sent, is marked as uncertain, and is not sent again: at most once.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F

from gloed.base.mails import are_kept_as_files
from gloed.base.models import Organisation
from gloed.channels.email import warming
from gloed.channels.email.letters import Letters
from gloed.channels.email.mails import mail_to, message_id_of
from gloed.channels.email.models import DomainMinute, MailServer
from gloed.channels.email.rules import (
    MOST_TROUBLES,
    count_domains,
    domain_of,
    minute_of,
    pace,
)
from gloed.channels.email.smtp import hand_over
from gloed.channels.handing import Clock, batches, set_aside, settle
from gloed.channels.outcomes import Outcome, rest_after
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.operations import DueInvitation
from gloed.fieldwork.rules.timing import Window, next_opening

CHANNEL = "email"
BATCH = 100
BATCH_TIME = timedelta(minutes=4)
"""After this the rest of a batch goes back: its leases must not run out under our hands."""
SAMPLE = "sample"
MORNING = time(9)
DJANGO_SMTP = "django.core.mail.backends.smtp.EmailBackend"
WATCHFUL = "gloed.channels.email.smtp.WatchfulBackend"

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Round:
    """What one round did, by fate; `is_more` when it ended before everything due was gone.

    `held_back` counts those that a young sender keeps for another day.
    """

    fates: Counter[str] = field(default_factory=Counter)
    is_more: bool = False
    is_resting: bool = False
    held_back: int = 0

    @property
    def done(self) -> int:
        """How many mails were looked at."""
        return self.fates.total()


def send_due(
    *,
    now: Clock,
    within: timedelta,
    progress: Callable[[int], None] = lambda _done: None,
) -> Round:
    """Send what is due, reminders last, one connection for each batch, for about so long."""
    found = Round()
    if are_kept_as_files() or is_resting(now()):
        found.is_resting = True
        return found
    letters, put_off = Letters(), Counter[str]()
    end = now() + within
    for batch in batches(CHANNEL, size=BATCH, until=end, now=now):
        going = _keep_pace(_without_strays(batch, found, now=now), put_off, now=now())
        going = _keep_warm(going, found, now=now())
        if going and not _Batch(going, letters, found, now=now, progress=progress).send():
            found.is_resting = True
            return found
    found.is_more = now() >= end
    return found


def _without_strays(
    batch: Sequence[DueInvitation], found: Round, *, now: Clock
) -> list[DueInvitation]:
    """What is left after those that may have gone out already, and those of the sample."""
    samples = set(
        Organisation.objects.filter(
            pk__in={one.organisation_id for one in batch}, is_sample=True
        ).values_list("pk", flat=True)
    )
    return [
        one
        for one in batch
        if not set_aside(
            one, found.fates, unsendable=SAMPLE if one.organisation_id in samples else "", now=now
        )
    ]


def _keep_pace(
    batch: Sequence[DueInvitation], put_off: Counter[str], *, now: datetime
) -> list[DueInvitation]:
    """Those that may go this minute; the others go back until their minute has come."""
    limit: int = settings.MAIL_PER_MINUTE
    if not limit or not batch:
        return list(batch)
    this_minute = minute_of(now)
    domains = [domain_of(one.email) for one in batch]
    with transaction.atomic():
        DomainMinute.objects.filter(minute__lt=this_minute - timedelta(hours=1)).delete()
        wanted = sorted(set(domains))
        DomainMinute.objects.bulk_create(
            [DomainMinute(domain=domain, minute=this_minute) for domain in wanted],
            ignore_conflicts=True,
        )
        rows = DomainMinute.objects.filter(minute=this_minute, domain__in=wanted)
        used = dict(rows.select_for_update().order_by("domain").values_list("domain", "mails"))
        minutes = pace(domains, used, limit=limit, waiting=put_off)
        going = [one for one, minute in zip(batch, minutes, strict=True) if not minute]
        for domain, count in count_domains(one.email for one in going).items():
            rows.filter(domain=domain).update(mails=F("mails") + count)
    later: dict[int, list[DueInvitation]] = {}
    for one, minute in zip(batch, minutes, strict=True):
        if minute:
            later.setdefault(minute, []).append(one)
    for minute, waiting in later.items():
        put_off.update(count_domains(one.email for one in waiting))
        until = this_minute + timedelta(minutes=minute)
        fieldwork.release([one.id for one in waiting], until=until)
    return going


def _keep_warm(
    batch: Sequence[DueInvitation], found: Round, *, now: datetime
) -> list[DueInvitation]:
    """Those that a young sender may still send today; the others wait for the next working day."""
    if not batch:
        return []
    may_go = warming.take(len(batch), now=now)
    waiting = batch[may_go:]
    if waiting:
        until = next_morning(now)
        fieldwork.release([one.id for one in waiting], until=until)
        found.held_back += len(waiting)
    return list(batch[:may_go])


def next_morning(now: datetime) -> datetime:
    """When mails that were held back today may go: the next working day at nine."""
    zone = ZoneInfo(settings.TIME_ZONE)
    tomorrow = datetime.combine(
        now.astimezone(zone).date() + timedelta(days=1), time(), tzinfo=zone
    )
    return next_opening(Window(tomorrow, 1, MORNING, time(17), settings.TIME_ZONE))


class _Batch:
    """A batch on its way: the first of `waiting` is next, `held` is with the server now."""

    def __init__(
        self,
        batch: Sequence[DueInvitation],
        letters: Letters,
        found: Round,
        *,
        now: Clock,
        progress: Callable[[int], None],
    ) -> None:
        self.waiting = list(batch)
        self.letters, self.found, self.now, self.progress = letters, found, now, progress
        self.held: tuple[DueInvitation, Outcome] | None = None
        self.troubles = 0
        self.ours_until = now() + BATCH_TIME * 2
        self.connection = _connection()

    def send(self) -> bool:
        """Hand over all of them; False when the server needs a rest, the others wait then."""
        end = self.now() + BATCH_TIME
        try:
            while self.waiting and self.now() < end:
                if self.troubles >= MOST_TROUBLES or not self._open():
                    return False
                self._send_next()
        finally:
            self._finish()
        if not self.troubles:
            note_server_well()
        return self.troubles < MOST_TROUBLES

    def _open(self) -> bool:
        if getattr(self.connection, "connection", None) is not None:
            return True
        try:
            self.connection.open()
        except OSError as problem:  # what smtplib raises is one too
            logger.warning("the mail server cannot be reached: %s", type(problem).__name__)
            note_server_trouble(type(problem).__name__, now=self.now())
            return False
        return True

    def _send_next(self) -> None:
        self.progress(self.found.done)
        one = self.waiting[0]
        letter = self.letters.letter(
            one.survey_id, one.language, is_reminder=one.reminder > 0, own=one.own_words
        )
        mail = mail_to(one, letter)
        with transaction.atomic():
            # one commit ends the mail before and begins this one
            self._settle()
            may_go = fieldwork.note_handing(one.id, message_id=message_id_of(one), now=self.now())
        self.held = None
        self.waiting.pop(0)
        if not may_go:  # answered, opted out or taken back in this very moment
            return
        outcome = hand_over(self.connection, mail)
        self.held = one, outcome
        self.found.fates[outcome.fate] += 1
        self.troubles = self.troubles + 1 if outcome.is_ours else 0
        if outcome.is_ours:
            _close(self.connection)
            if self.troubles >= MOST_TROUBLES:
                note_server_trouble(outcome.problem, now=self.now())

    def _settle(self) -> None:
        if self.held is not None:
            one, outcome = self.held
            settle(one, outcome, message_id=message_id_of(one), now=self.now())

    def _finish(self) -> None:
        """Write down the last one, give the others back while they are still ours."""
        self._settle()
        self.held = None
        if self.now() < self.ours_until:
            fieldwork.release([one.id for one in self.waiting])
        _close(self.connection)


def is_resting(now: datetime) -> bool:
    """Whether the mail server is left alone for now."""
    return MailServer.objects.filter(resting_until__gt=now).exists()


def note_server_trouble(problem: str, *, now: datetime) -> None:
    """Leave the server alone for a while: longer each time, and never more than a quarter hour."""
    with transaction.atomic():
        known = MailServer.objects.select_for_update().first()
        row = known or MailServer(since=now, troubles=0)
        row.troubles += 1
        row.problem = problem[:120]
        row.resting_until = now + rest_after(row.troubles)
        row.save()


def note_server_well() -> None:
    """Mail leaves again."""
    if MailServer.objects.exists():
        MailServer.objects.all().delete()


def _connection() -> Any:
    backend = settings.EMAIL_BACKEND
    return get_connection(WATCHFUL if backend == DJANGO_SMTP else backend)


def _close(connection: Any) -> None:
    """Say goodbye; a server that is gone is no trouble any more."""
    try:
        connection.close()
    except OSError:
        connection.connection = None
