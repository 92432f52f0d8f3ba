"""Starting, pausing and stopping a wave, and writing its ledger in chunks that survive a kill."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from gloed.base import audit, bulk, jobs
from gloed.base.models import Staff
from gloed.fieldwork import candidates, channels, planning
from gloed.fieldwork.candidates import Candidate
from gloed.fieldwork.models import Invitation, Wave, new_token
from gloed.fieldwork.operations.asking import close_overdue
from gloed.fieldwork.operations.sending import withdraw
from gloed.fieldwork.planning import DryRun, plan_wave
from gloed.fieldwork.rules import Ask, Kind, Policy, Skip, reason_to_skip, schedule
from gloed.fieldwork.rules.policy import Disposition
from gloed.surveys.models import Survey

CHUNK = 500
WRITE = "fieldwork.write_wave"
ALIVE = (Wave.State.SCHEDULED, Wave.State.RUNNING, Wave.State.PAUSED)
_COLUMNS = (
    "public_id", "organisation_id", "survey_id", "person_id", "wave_id", "token", "channel",
    "domain", "disposition", "skip", "is_open", "attributes", "created_at", "due_at", "sent_at",
    "expires_at",
)  # fmt: skip


class CannotStart(Exception):
    """A wave that cannot do what was asked of it; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def start_wave(wave: Wave, *, now: datetime, staff: Staff | None = None) -> Wave:
    """Let a drafted wave begin, now or at its moment; a worker then writes its ledger.

    Raises CannotStart("not_a_draft" or "survey_not_open").
    """
    with transaction.atomic():
        wave = Wave.objects.select_for_update().select_related("survey").get(pk=wave.pk)
        if wave.state != Wave.State.DRAFT:
            raise CannotStart("not_a_draft")
        if wave.survey.state != Survey.State.OPEN or wave.survey.deleted_at is not None:
            raise CannotStart("survey_not_open")
        wave.state = Wave.State.SCHEDULED
        wave.starts_at = max(wave.starts_at or now, now)
        wave.save(update_fields=["state", "starts_at"])
        _write_later(wave, now=now)
        audit.record(staff, "wave.started", wave.name, organisation=wave.organisation, at=now)
    return wave


def _write_later(wave: Wave, *, now: datetime) -> None:
    jobs.enqueue(
        WRITE,
        {"wave": wave.pk},
        now=now,
        organisation=wave.organisation_id,
        run_at=max(wave.starts_at or now, now),
        key=f"wave {wave.pk}",
    )


def pause_wave(wave: Wave, *, now: datetime, staff: Staff | None = None) -> bool:
    """Send nothing more until somebody lets it go on; what a channel holds right now still goes."""
    going = [Wave.State.SCHEDULED, Wave.State.RUNNING]
    return _change(wave, going, Wave.State.PAUSED, "wave.paused", staff, now)


def resume_wave(wave: Wave, *, now: datetime, staff: Staff | None = None) -> bool:
    """Go on where it was paused; what is overdue is spread over the working days that are left."""
    with transaction.atomic():
        if not _change(wave, [Wave.State.PAUSED], Wave.State.SCHEDULED, "wave.resumed", staff, now):
            return False
        wave.refresh_from_db()
        if wave.is_written:
            Wave.objects.filter(pk=wave.pk).update(state=Wave.State.RUNNING)
            _spread(wave, now=now)
        else:
            _write_later(wave, now=now)
    return True


def _spread(wave: Wave, *, now: datetime) -> None:
    if wave.pace != Wave.Pace.TRICKLE or wave.starts_at is None:
        return
    waiting = Invitation.objects.filter(wave=wave, is_open=True, sent_at=None)
    lines = list(waiting.order_by("due_at", "pk"))
    if not lines or lines[0].due_at is None or lines[0].due_at >= now:
        return
    gone = (now - wave.starts_at) // timedelta(days=7) * 5
    wave.days = max(1, wave.days - gone)
    country = candidates.policy_of(wave.organisation_id).country
    window = planning.window_of(wave, at=now, country=country)
    people = {line.person_id for line in lines if line.person_id}
    zones = {one.id: one.zone for one in candidates.read_these(people)}
    own = [zones.get(line.person_id or 0, "") for line in lines]
    for line, due_at in zip(lines, schedule(own, window), strict=True):
        line.due_at = due_at
    Invitation.objects.bulk_update(lines, ["due_at"], batch_size=CHUNK)


def stop_wave(wave: Wave, *, now: datetime, staff: Staff | None = None) -> bool:
    """End a wave for good: what was not sent is withdrawn, who was not reached is written down."""
    with transaction.atomic():
        if not _change(wave, list(ALIVE), Wave.State.STOPPED, "wave.stopped", staff, now):
            return False
        wave.refresh_from_db()
        withdraw(Invitation.objects.filter(wave=wave), Skip.STOPPED)
        Wave.objects.filter(pk=wave.pk).update(ended_at=now)
        if not wave.is_written:
            jobs.enqueue(
                WRITE,
                {"wave": wave.pk},
                now=now,
                organisation=wave.organisation_id,
                key=f"wave {wave.pk}",
            )
    return True


def _change(
    wave: Wave,
    before: Iterable[str],
    after: str,
    action: str,
    staff: Staff | None,
    now: datetime,
) -> bool:
    with transaction.atomic():
        changed = Wave.objects.filter(pk=wave.pk, state__in=list(before)).update(state=after)
        if changed:
            audit.record(staff, action, wave.name, organisation=wave.organisation, at=now)
    return bool(changed)


def write_wave(
    wave_id: int, *, now: datetime, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> None:
    """Write the ledger of a wave: an invitation or a reason for everybody in its segment.

    Goes on where an earlier attempt was cut off; nobody is written twice, by whatever worker.
    Ends early when the wave is paused.
    """
    Wave.objects.filter(pk=wave_id, state=Wave.State.SCHEDULED).update(
        state=Wave.State.RUNNING, started_at=now
    )
    wave = Wave.objects.select_related("survey", "organisation").get(pk=wave_id)
    if wave.is_written or wave.state not in (Wave.State.RUNNING, Wave.State.STOPPED):
        return
    close_overdue(now=now)
    plan = plan_wave(wave, now=now)
    people = sorted(plan.reasons)
    policy = candidates.policy_of(wave.organisation_id)
    while not wave.is_written:
        with transaction.atomic():
            wave = (
                Wave.objects.select_for_update(of=("self",))
                .select_related("survey", "organisation")
                .get(pk=wave_id)
            )
            if wave.is_written or wave.state not in (Wave.State.RUNNING, Wave.State.STOPPED):
                return
            first = bisect_right(people, wave.cursor)
            chunk = people[first : first + CHUNK]
            is_last = first + CHUNK >= len(people)
            _write(wave, chunk, plan, policy, is_last=is_last, now=now)
        progress(wave.invited + wave.skipped, len(people))


def _write(
    wave: Wave, chunk: list[int], plan: DryRun, policy: Policy, *, is_last: bool, now: datetime
) -> None:
    """One chunk of the ledger and the wave's own count, together or not at all."""
    locked = candidates.lock(chunk)
    known = candidates.histories(wave.organisation_id, locked, policy=policy, now=now)
    channel = channels.find(wave.channel)
    rows = []
    for one in locked:
        skip = plan.reasons[one.id]
        due_at = plan.due.get(one.id)
        if wave.state == Wave.State.STOPPED:
            skip = Skip.STOPPED
        elif skip is None and due_at is not None:
            at = max(now, wave.starts_at or now)
            kind = Kind(wave.survey.kind)
            ask = Ask(wave.survey_id, kind, channel.contact, at, wave.channel)
            skip = reason_to_skip(policy, known[one.id], ask)
        rows.append(
            _row(wave, one, skip, due_at, policy, is_sent=not channel.is_sent_by_us, now=now)
        )
        wave.skipped += skip is not None
        wave.invited += skip is None
    bulk.insert_rows(Invitation, _COLUMNS, rows)
    if chunk:
        wave.cursor = chunk[-1]
    wave.is_written = is_last
    wave.save(update_fields=["cursor", "invited", "skipped", "is_written"])


def _row(
    wave: Wave,
    one: Candidate,
    skip: Skip | None,
    due_at: datetime | None,
    policy: Policy,
    *,
    is_sent: bool,
    now: datetime,
) -> tuple[Any, ...]:
    is_asked = skip is None
    due_at = due_at or now
    asked = Disposition.SENT if is_sent else Disposition.CREATED
    return (
        bulk.new_uuids(1)[0],
        wave.organisation_id,
        wave.survey_id,
        one.id,
        wave.pk,
        new_token(),
        wave.channel,
        one.domain,
        (asked if is_asked else Disposition.SKIPPED).value,
        "" if skip is None else skip.value,
        is_asked,
        "{}",
        bulk.moment(now),
        bulk.moment(due_at) if is_asked else None,
        bulk.moment(now) if is_asked and is_sent else None,
        bulk.moment(due_at + timedelta(days=policy.open_days)) if is_asked else None,
    )


def finish_waves(*, now: datetime) -> int:
    """Waves whose every invitation went out, or came to another end, are done."""
    waiting = Invitation.objects.filter(is_open=True, sent_at=None, wave__isnull=False)
    running = Wave.objects.filter(state=Wave.State.RUNNING, is_written=True)
    return running.exclude(pk__in=waiting.values("wave_id")).update(
        state=Wave.State.DONE, ended_at=now
    )
