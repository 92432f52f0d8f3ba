"""Between the ledger and a channel: claiming what is due, and what came of handing it over."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest

from gloed.base import journal
from gloed.fieldwork import candidates, channels
from gloed.fieldwork.candidates import Candidate
from gloed.fieldwork.models import Invitation, Trigger, Wave
from gloed.fieldwork.operations.domains import Domains
from gloed.fieldwork.rules import Ask, History, Kind, Policy, Skip, reason_to_skip
from gloed.fieldwork.rules.policy import Disposition, before, without_asks
from gloed.fieldwork.rules.timing import is_working_day
from gloed.fieldwork.rules.words import OwnWords, read_words
from gloed.surveys.models import Survey

LEASE = timedelta(minutes=10)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 25, 120, 600))
MOST_REMINDERS = 2
UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class DueInvitation:
    """One invitation to hand over now. `reminder` is 0 for the first ask, then 1 or 2.

    `handed_at` is set when an earlier attempt died while handing over: it may have gone out.
    """

    id: int
    public_id: UUID
    organisation_id: int
    survey_id: int
    wave_id: int | None
    person_id: int
    token: str
    channel: str
    name: str
    email: str
    phone: str
    language: str
    attributes: dict[str, Any]
    own_words: OwnWords
    attempts: int
    reminder: int
    message_id: str
    handed_at: datetime | None
    expires_at: datetime | None


def claim_due(
    channel: str, *, limit: int, now: datetime, wave: int | None = None
) -> list[DueInvitation]:
    """Take up to `limit` invitations that are due, each leased to the caller for `LEASE`.

    `wave` limits it to the asks of one wave.

    Policy, suppression, the survey and the daily cap of mail domains are looked at again: who must
    not be asked any more becomes a skipped line, who is over the cap waits for the next working
    day. Two callers never get the same one. Fewer than `limit` means: no more are due.
    """
    claimed: list[DueInvitation] = []
    while len(claimed) < limit:
        with transaction.atomic():
            due = _due(channel, now=now, wave=wave)
            due = due.select_for_update(skip_locked=True, of=("self",))
            lines = list(due.select_related("survey", "wave")[: limit - len(claimed)])
            claimed += _claim(lines, now=now, is_reminder=False)
        if not lines:
            break
    return claimed


def due_reminders(channel: str, *, limit: int, now: datetime) -> list[DueInvitation]:
    """Take up to `limit` reminders that are due, leased like first asks.

    Only where a wave or trigger asks for reminders, in its hours on working days, and never to
    those who answered, opted out or are to be left alone.
    """
    waves = Wave.objects.filter(state__in=[Wave.State.RUNNING, Wave.State.DONE])
    askers: list[Wave | Trigger] = [
        asker
        for askers in (waves, Trigger.objects.all())
        for asker in askers.select_related("organisation").filter(channel=channel, reminders__gt=0)
        if _is_open_now(asker, now)
    ]
    claimed: list[DueInvitation] = []
    for asker in askers:
        with transaction.atomic():
            due = _reminders_due(asker, now).select_for_update(skip_locked=True, of=("self",))
            lines = list(due.select_related("survey", "wave")[: limit - len(claimed)])
            claimed += _claim(lines, now=now, is_reminder=True)
        if len(claimed) >= limit:
            break
    return claimed


def _due(channel: str, *, now: datetime, wave: int | None = None) -> QuerySet[Invitation]:
    own = Q() if wave is None else Q(wave=wave)
    return (
        Invitation.objects.filter(own, channel=channel, is_open=True, sent_at=None)
        .filter(Q(leased_until=None) | Q(leased_until__lte=now), due_at__lte=now)
        .filter(Q(wave=None) | Q(wave__state=Wave.State.RUNNING))
        .order_by("due_at", "pk")
    )


def _reminders_due(asker: Wave | Trigger, now: datetime) -> QuerySet[Invitation]:
    quiet_since = now - timedelta(days=max(asker.reminder_days, 1))
    return (
        asker.invitations.filter(is_open=True, sent_at__isnull=False)
        .filter(disposition__in=before(Disposition.PARTIAL), expires_at__gt=now)
        .filter(Q(leased_until=None) | Q(leased_until__lte=now))
        .filter(reminders__lt=min(asker.reminders, MOST_REMINDERS))
        .filter(Q(reminded_at=None, sent_at__lte=quiet_since) | Q(reminded_at__lte=quiet_since))
        .order_by("sent_at", "pk")
    )


def _is_open_now(asker: Wave | Trigger, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(asker.organisation.time_zone))
    country = candidates.policy_of(asker.organisation_id).country
    return is_working_day(local.date(), country) and asker.opens <= local.time() < asker.closes


@dataclass(slots=True)
class _Sorted:
    """What became of the lines that were looked at again."""

    taken: list[Invitation] = field(default_factory=list)
    postponed: list[Invitation] = field(default_factory=list)
    skipped: list[Invitation] = field(default_factory=list)


def _claim(lines: Sequence[Invitation], *, now: datetime, is_reminder: bool) -> list[DueInvitation]:
    """Look again at locked lines, lease the good ones, and write down what became of the rest."""
    people = {
        candidate.id: candidate
        for candidate in candidates.read_these({line.person_id for line in lines if line.person_id})
    }
    found = _Sorted()
    for organisation_id in sorted({line.organisation_id for line in lines}):
        own = [line for line in lines if line.organisation_id == organisation_id]
        _look_again(organisation_id, own, people, found, now=now, is_reminder=is_reminder)
    Invitation.objects.bulk_update(
        [*found.skipped, *found.postponed],
        ["disposition", "skip", "is_open", "due_at", "leased_until", "reminders"],
    )
    Invitation.objects.filter(pk__in=[line.pk for line in found.taken]).update(
        leased_until=now + LEASE, attempts=F("attempts") + 1
    )
    return [
        _as_due(line, people[line.person_id], is_reminder=is_reminder)
        for line in found.taken
        if line.person_id is not None
    ]


def _look_again(
    organisation_id: int,
    lines: Sequence[Invitation],
    people: dict[int, Candidate],
    found: _Sorted,
    *,
    now: datetime,
    is_reminder: bool,
) -> None:
    policy = candidates.policy_of(organisation_id)
    known = candidates.histories(
        organisation_id,
        [people[line.person_id] for line in lines if line.person_id in people],
        policy=policy,
        now=now,
        without=[line.pk for line in lines],
    )
    domains = Domains(organisation_id, policy, now)
    for line in lines:
        if line.handed_at is not None and line.person_id in people:
            found.taken.append(line)  # it may have gone out: the channel says so, nobody skips it
            continue
        skip = _reason_now(line, policy, known.get(line.person_id or 0), now, is_reminder)
        if skip is not None:
            _end(line, skip, is_reminder=is_reminder)
            found.skipped.append(line)
        elif line.expires_at is not None and line.expires_at <= now:
            line.is_open, line.disposition = False, Disposition.EXPIRED
            found.skipped.append(line)
        elif domains.is_full(line.domain):
            line.due_at = domains.next_opening(line.wave)
            line.leased_until = line.due_at if is_reminder else None
            found.postponed.append(line)
        else:
            domains.add(line.domain)
            found.taken.append(line)


def _reason_now(
    line: Invitation, policy: Policy, history: History | None, now: datetime, is_reminder: bool
) -> Skip | None:
    if line.survey.state != Survey.State.OPEN:
        return Skip.SURVEY_CLOSED
    if history is None:
        return Skip.ERASED
    if line.send_before is not None and line.send_before <= now and not is_reminder:
        return Skip.TOO_OLD
    contact = channels.find(line.channel).contact
    ask = Ask(line.survey_id, Kind(line.survey.kind), contact, now, line.channel)
    if is_reminder:  # the first ask is no reason to rest from its own reminder
        return reason_to_skip(policy, without_asks(history), ask)
    return reason_to_skip(policy, history, ask)


def _end(line: Invitation, skip: Skip, *, is_reminder: bool) -> None:
    if is_reminder:  # it was asked once; there is no reminder, that is all
        line.reminders = MOST_REMINDERS
        return
    line.is_open, line.disposition, line.skip = False, Disposition.SKIPPED, skip


def _as_due(line: Invitation, person: Candidate, *, is_reminder: bool) -> DueInvitation:
    return DueInvitation(
        id=line.pk,
        public_id=line.public_id,
        organisation_id=line.organisation_id,
        survey_id=line.survey_id,
        wave_id=line.wave_id,
        person_id=person.id,
        token=line.token,
        channel=line.channel,
        name=person.name,
        email=person.email,
        phone=person.phone,
        language=person.language,
        attributes={**person.attributes, **line.attributes},
        own_words=read_words(line.own_words),
        attempts=line.attempts + 1,
        reminder=line.reminders + 1 if is_reminder else 0,
        message_id=line.message_id,
        handed_at=line.handed_at,
        expires_at=line.expires_at,
    )


def note_handing(invitation_id: int, *, message_id: str, now: datetime) -> bool:
    """Write down, right before, that an invitation is being handed over; False: do not send it.

    After this a worker that dies leaves `handed_at` behind, so that nothing is sent twice.
    """
    held = Invitation.objects.filter(pk=invitation_id, is_open=True, leased_until__gt=now)
    return bool(held.update(handed_at=now, message_id=message_id[:255]))


@transaction.atomic
def note_sent(invitation_id: int, *, message_id: str, now: datetime) -> bool:
    """Write down that an invitation, or its reminder, was handed over; repeating is harmless.

    The first time is news: the journal hears "invitation.sent".
    """
    held = Invitation.objects.filter(pk=invitation_id, leased_until__isnull=False)
    news = {"leased_until": None, "handed_at": None, "problem": "", "message_id": message_id[:255]}
    is_first = held.filter(sent_at=None).update(
        **news,
        sent_at=now,
        attempts=0,
        disposition=Case(
            When(disposition__in=before(Disposition.SENT), then=Value(Disposition.SENT)),
            default=F("disposition"),
        ),
    )
    if is_first:
        line = Invitation.objects.only("organisation_id", "public_id").get(pk=invitation_id)
        journal.append(
            "invitation.sent", organisation=line.organisation_id, subject=line.public_id, at=now
        )
        return True
    return bool(held.update(**news, reminders=F("reminders") + 1, reminded_at=now, attempts=0))


def note_uncertain(invitation_id: int, *, message_id: str, now: datetime) -> bool:
    """Write down that an invitation may have gone out: it counts as sent and is not sent again.

    What is heard of it later (delivered, opened, answered) tells more and takes its place.
    """
    with transaction.atomic():
        noted = note_sent(invitation_id, message_id=message_id, now=now)
        lines = Invitation.objects.filter(pk=invitation_id, disposition=Disposition.SENT)
        if noted:
            Invitation.objects.filter(pk=invitation_id).update(problem=UNCERTAIN)
            lines.filter(reminders=0).update(disposition=Disposition.UNCERTAIN)
    return noted


def note_failed(
    invitation_id: int, *, is_permanent: bool, problem: str, now: datetime
) -> datetime | None:
    """Write down that handing over did not succeed; returns when it is tried again, if at all.

    What fails for good ends, and so does the sixth attempt; a reminder is then left out.
    """
    with transaction.atomic():
        line = (
            Invitation.objects.select_for_update()
            .filter(pk=invitation_id, leased_until__isnull=False)
            .first()
        )
        if line is None:
            return None
        line.problem, line.handed_at = problem[:300], None
        again = None
        if not is_permanent and line.attempts <= len(BACK_OFF):
            again = now + BACK_OFF[max(line.attempts, 1) - 1]
        elif line.sent_at is None:
            line.disposition, line.is_open = Disposition.FAILED, False
        else:
            line.reminders = MOST_REMINDERS
        line.leased_until = again
        line.save(
            update_fields=[
                "problem", "handed_at", "leased_until", "disposition", "is_open", "reminders",
            ]
        )  # fmt: skip
        return again


def release(invitations: Iterable[int], *, until: datetime | None = None) -> int:
    """Give leases back unsent: nothing went out, and no attempt is counted."""
    held = Invitation.objects.filter(pk__in=list(invitations), leased_until__isnull=False)
    return held.update(
        leased_until=until,
        handed_at=None,
        attempts=Greatest(F("attempts") - 1, Value(0)),
    )


def hold(invitation_id: int, *, until: datetime, now: datetime, is_held: bool = False) -> bool:
    """Keep an ask that was not made yet for one colleague until then; False: it is not free.

    With `is_held` the caller holds it already and keeps it longer.
    """
    free = Q(leased_until__gt=now) if is_held else Q(leased_until=None) | Q(leased_until__lte=now)
    waiting = Invitation.objects.filter(free, pk=invitation_id, is_open=True, sent_at=None)
    return bool(waiting.update(leased_until=until))


def end_call(invitation_id: int, *, became: Disposition, problem: str = "") -> bool:
    """End an ask by telephone that led to no answer: refused, or nobody was reached."""
    if became not in (Disposition.REFUSED, Disposition.NO_CONTACT):
        raise ValueError(f"a call does not end as {became}")
    waiting = Invitation.objects.filter(pk=invitation_id, is_open=True)
    return bool(
        waiting.update(
            disposition=became,
            problem=problem[:300],
            is_open=False,
            leased_until=None,
            handed_at=None,
        )
    )


def expire_due(now: datetime) -> int:
    """End open invitations whose time is over, but none that is being handed over this moment."""
    return Invitation.objects.filter(
        Q(leased_until=None) | Q(leased_until__lte=now), is_open=True, expires_at__lte=now
    ).update(
        is_open=False,
        leased_until=None,
        disposition=Case(
            When(disposition__in=before(Disposition.PARTIAL), then=Value(Disposition.EXPIRED)),
            default=F("disposition"),
        ),
    )


def first_time(column: str, now: datetime) -> Coalesce:
    """The moment already written down, or now."""
    return Coalesce(F(column), Value(now))


def withdraw(lines: QuerySet[Invitation], reason: Skip) -> int:
    """Take back what was not sent yet; what a channel holds is refused at `note_handing`."""
    return lines.filter(is_open=True, sent_at=None, handed_at=None).update(
        is_open=False, leased_until=None, disposition=Disposition.WITHDRAWN, skip=reason
    )


def close(people: Collection[int], *, kinds: Collection[str], reason: Skip) -> int:
    """End every open ask of these people: what was not sent is withdrawn, what was stays sent."""
    own = Invitation.objects.filter(person_id__in=people, survey__kind__in=kinds, is_open=True)
    taken = withdraw(own, reason)
    return taken + own.update(is_open=False)
