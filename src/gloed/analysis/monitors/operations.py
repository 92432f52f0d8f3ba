"""Making monitors, having them look, and writing down what came of an alarm."""

from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse

from gloed.analysis import store
from gloed.analysis.changes.subjects import list_subjects
from gloed.analysis.models import SavedView
from gloed.analysis.monitors import queries, rules
from gloed.analysis.monitors.models import Alarm, Monitor, Promise
from gloed.analysis.monitors.queries import Reading, State, score_of
from gloed.analysis.monitors.rules import WEEK, Bell
from gloed.base import audit, journal
from gloed.base.models import Membership, Organisation, Staff
from gloed.loop.improvements.models import Improvement

NEW_USUAL = 8 * WEEK
"""So long a new usual level is learned after something has changed for good."""
YEAR = 52 * WEEK


def make_weekly(
    view: SavedView,
    *,
    about: str,
    weeks: int,
    recipients: Iterable[Membership],
    by: Staff | None,
    now: datetime,
) -> Monitor:
    """Watch a view week by week against the last so many whole weeks."""
    today = _today(view.organisation, now)
    monday = rules.monday_of(today)
    return _made(
        Monitor(
            kind=Monitor.Kind.WEEKLY,
            about=about,
            filters=queries.filters_in(view.address, today=today),
            usual_from=monday - weeks * WEEK,
            usual_until=monday,
            run_from=monday,
            judged_until=monday,
        ),
        view,
        recipients,
        by=by,
        now=now,
    )


def make_running(
    view: SavedView,
    *,
    about: str,
    aim: float,
    recipients: Iterable[Membership],
    by: Staff | None,
    now: datetime,
) -> Monitor:
    """Watch a view after every answer from today on, against a level in the unit of its score."""
    today = _today(view.organisation, now)
    return _made(
        Monitor(
            kind=Monitor.Kind.RUNNING,
            about=about,
            filters=queries.filters_in(view.address, today=today),
            aim=aim,
            run_from=today,
            judged_until=today,
        ),
        view,
        recipients,
        by=by,
        now=now,
    )


@transaction.atomic
def pause(monitor: Monitor, *, by: Staff, now: datetime) -> None:
    """Let a monitor look away."""
    monitor.paused_at = now
    monitor.save(update_fields=["paused_at"])
    _tell(monitor, "alarms.paused", by, now)


@transaction.atomic
def resume(monitor: Monitor, *, by: Staff, now: datetime) -> None:
    """Let a monitor look again, from now on."""
    today = _today(monitor.organisation, now)
    is_weekly = monitor.kind == Monitor.Kind.WEEKLY
    monitor.paused_at = None
    monitor.run_from = monitor.judged_until = rules.monday_of(today) if is_weekly else today
    monitor.save(update_fields=["paused_at", "run_from", "judged_until"])
    _tell(monitor, "alarms.resumed", by, now)


@transaction.atomic
def delete(monitor: Monitor, *, by: Staff, now: datetime) -> None:
    """Throw a monitor away; what rang stays in the list. `restore` takes it back."""
    monitor.deleted_at = now
    monitor.save(update_fields=["deleted_at"])
    _tell(monitor, "alarms.deleted", by, now)


@transaction.atomic
def restore(monitor: Monitor, *, by: Staff, now: datetime) -> None:
    """Bring a monitor back."""
    monitor.deleted_at = None
    monitor.save(update_fields=["deleted_at"])
    _tell(monitor, "alarms.restored", by, now)


@transaction.atomic
def promise(organisation: Organisation, weeks: int, *, by: Staff, now: datetime) -> None:
    """Choose how often all weekly monitors together may ring for nothing."""
    Promise.objects.update_or_create(organisation=organisation, defaults={"weeks": weeks})
    audit.record(by, "alarms.promise", detail={"weeks": weeks}, organisation=organisation, at=now)


@transaction.atomic
def judge(
    alarm: Alarm,
    *,
    verdict: str,
    note: str,
    improvement: Improvement | None,
    is_new_usual: bool,
    by: Staff,
    now: datetime,
) -> None:
    """Write down what came of an alarm.

    Nothing was the matter: the monitor looks again at once. It stays like this (`is_new_usual`): a
    weekly monitor learns the new level from when it began.
    """
    alarm.verdict, alarm.note, alarm.improvement = verdict, note, improvement
    alarm.judged_by, alarm.judged_at = by, now
    alarm.save(update_fields=["verdict", "note", "improvement", "judged_by", "judged_at"])
    monitor = Monitor.objects.select_for_update().get(pk=alarm.monitor_id)
    is_last = not monitor.alarms.filter(raised_at__gt=alarm.raised_at).exists()
    today = _today(monitor.organisation, now)
    if is_last and is_new_usual and monitor.kind == Monitor.Kind.WEEKLY:
        monitor.usual_from = rules.monday_of(alarm.begins_on)
        monitor.usual_until = max(rules.monday_of(today), monitor.usual_from + NEW_USUAL)
        _begin(monitor, monitor.usual_until)
    elif is_last and verdict == Alarm.Verdict.NOTHING and monitor.run_from > today:
        _begin(monitor, rules.monday_of(today) if monitor.usual_from else today)
    _tell(monitor, "alarms.judged", by, now)


def look(organisation: Organisation, *, now: datetime) -> list[Alarm]:
    """Let all monitors of an organisation look at the answers; returns what rang just now.

    Harmless to repeat: every week is judged once, and a run rings once.
    """
    monitors = list(queries.list_monitors(organisation).filter(paused_at=None))
    if not monitors:
        return []
    source = store.projection_of(organisation)
    subjects = list_subjects(organisation, source)
    today = _today(organisation, now)
    limit, least = queries.limit_for(organisation), organisation.minimum_group
    rung = []
    for monitor in monitors:
        monitor.organisation = organisation
        reading = queries.read(source, subjects, monitor, today=today, least=least)
        alarm = heed(monitor, reading, limit=limit, least=least, now=now)
        if alarm is not None:
            rung.append(alarm)
    return rung


def heed(
    monitor: Monitor, reading: Reading, *, limit: float, least: int, now: datetime
) -> Alarm | None:
    """Ring if what a monitor sees calls for it; else note down how far it has looked."""
    bell = queries.bell_of(monitor, reading, limit=limit, least=least)
    if bell is not None:
        return ring(monitor, reading, bell, now=now)
    _note_seen(monitor, reading, today=_today(monitor.organisation, now))
    return None


@transaction.atomic
def ring(monitor: Monitor, reading: Reading, bell: Bell, *, now: datetime) -> Alarm | None:
    """Raise an alarm and begin the next run; None where another worker was first."""
    current = Monitor.objects.filter(
        pk=monitor.pk, run_from=monitor.run_from, paused_at=None, deleted_at=None
    )
    next_run = rules.next_run(bell)
    measure = reading.measure
    if measure is None or not current.update(run_from=next_run, judged_until=bell.until):
        return None
    alarm = Alarm.objects.create(
        organisation=monitor.organisation,
        monitor=monitor,
        run_from=monitor.run_from,
        begins_on=bell.begins_on,
        on=min(bell.until - rules.DAY, _today(monitor.organisation, now)),
        value=score_of(bell.value, measure),
        low=score_of(bell.low, measure),
        high=score_of(bell.high, measure),
        aim=score_of(bell.aim, measure),
        is_up=bell.is_up,
        metric=measure.metric.value,
        unit=measure.kind.value,
        n=round(bell.n),
        changes=changes_address(monitor, bell, today=_today(monitor.organisation, now)),
        raised_at=now,
    )
    monitor.run_from, monitor.judged_until = next_run, bell.until
    journal.append(
        "alarm.raised",
        organisation=monitor.organisation,
        subject=alarm.public_id,
        at=now,
        payload=_payload(alarm, label=measure.label),
    )
    return alarm


def changes_address(monitor: Monitor, bell: Bell, *, today: date) -> str:
    """What changed, as an address: since it began against what was before, of the same people.

    Before means the usual weeks and all since, at most a year of them.
    """
    last = min(bell.until - rules.DAY, today)
    length = bell.until - bell.begins_on
    earliest = monitor.usual_from or bell.begins_on - length
    before = max(earliest, bell.begins_on - YEAR)
    asked = {
        "about": monitor.about,
        "from": bell.begins_on.isoformat(),
        "to": last.isoformat(),
        "pfrom": min(before, bell.begins_on - WEEK).isoformat(),
        "pto": (bell.begins_on - rules.DAY).isoformat(),
    }
    return urlencode(asked | dict(parse_qsl(monitor.filters)))


def _made(
    monitor: Monitor,
    view: SavedView,
    recipients: Iterable[Membership],
    *,
    by: Staff | None,
    now: datetime,
) -> Monitor:
    monitor.organisation, monitor.view = view.organisation, view
    monitor.name = view.name
    monitor.made_by, monitor.made_at = by, now
    with transaction.atomic():
        monitor.save()
        monitor.recipients.set(recipients)
        _tell(monitor, "alarms.made", by, now)
    return monitor


def _note_seen(monitor: Monitor, reading: Reading, *, today: date) -> None:
    """Weeks that were judged are not judged again; while it learns, they become usual."""
    own = Monitor.objects.filter(pk=monitor.pk, run_from=monitor.run_from)
    monday = rules.monday_of(today)
    if reading.state is State.LEARNING and monitor.usual_until and monitor.usual_until < monday:
        own.update(usual_until=monday, run_from=monday, judged_until=monday)
    elif reading.state is State.WATCHING and reading.spans:
        until = reading.spans[-1].until
        if until > monitor.judged_until:
            own.update(judged_until=until)


def _begin(monitor: Monitor, day: date) -> None:
    monitor.run_from = monitor.judged_until = day
    monitor.save(update_fields=["usual_from", "usual_until", "run_from", "judged_until"])


def _payload(alarm: Alarm, *, label: str) -> dict[str, object]:
    monitor = alarm.monitor
    return {
        "monitor": str(monitor.public_id),
        "name": monitor.name,
        "kind": monitor.kind,
        "metric": alarm.metric,
        "label": label,
        "is_up": alarm.is_up,
        "value": alarm.value,
        "low": alarm.low,
        "high": alarm.high,
        "aim": alarm.aim,
        "unit": alarm.unit,
        "n": alarm.n,
        "begins_on": alarm.begins_on.isoformat(),
        "on": alarm.on.isoformat(),
        "team": queries.team_of(monitor),
        "path": reverse("alarms:alarm", args=[alarm.public_id]),
        "changes": f"{reverse('changes:changes')}?{alarm.changes}",
    }


def _tell(monitor: Monitor, action: str, by: Staff | None, now: datetime) -> None:
    audit.record(by, action, monitor.name, organisation=monitor.organisation, at=now)


def _today(organisation: Organisation, now: datetime) -> date:
    return now.astimezone(ZoneInfo(organisation.time_zone)).date()
