"""The feed itself, as RFC 5545 wants it: no customer and no comment, calendars are shared."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event  # loaded when somebody reads a feed

from gloed.base.links import page_url
from gloed.base.models import Membership
from gloed.fieldwork.models import Wave, WaveSeries
from gloed.loop.improvements.models import Step
from gloed.loop.improvements.queries import seen_by
from gloed.loop.improvements.rules import OPEN

BACK = timedelta(days=180)
MOST = 500
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the calendar: a moment, or a whole day."""

    key: str
    title: str
    at: datetime | date
    path: str
    changed_at: datetime


def as_text(membership: Membership, *, now: datetime) -> bytes:
    """The calendar of what a colleague may see."""
    organisation = membership.organisation
    zone = ZoneInfo(organisation.time_zone)
    calendar = Calendar()
    calendar.add("prodid", "-//Gloed//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Gloed: {organisation.name}")
    calendar.add("x-published-ttl", "PT12H")
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for entry in entries(membership, now=now):
        calendar.add_component(_event(entry, zone))
    calendar.add_missing_timezones()
    found: bytes = calendar.to_ical()
    return found


def entries(membership: Membership, *, now: datetime) -> Iterator[Entry]:
    """Waves that go out, and the days that improvements and their steps are due."""
    yield from _waves(membership, now)
    mine = seen_by(membership).filter(status__in=OPEN)
    for one in mine.filter(due_on__isnull=False)[:MOST]:
        yield Entry(
            f"improvement-{one.public_id}",
            _("Due: %(title)s") % {"title": one.title},
            one.due_on or now.date(),
            page_url("improvements:detail", one.public_id),
            one.created_at,
        )
    steps = Step.objects.filter(
        improvement__in=mine, due_on__isnull=False, done_at=None, removed_at=None
    ).select_related("improvement")
    for step in steps[:MOST]:
        yield Entry(
            f"step-{step.public_id}",
            f"{step.title} ({step.improvement.title})",
            step.due_on or now.date(),
            page_url("improvements:detail", step.improvement.public_id),
            step.created_at,
        )


def _waves(membership: Membership, now: datetime) -> Iterator[Entry]:
    organisation = membership.organisation
    waves = Wave.objects.filter(organisation=organisation, starts_at__gte=now - BACK)
    waves = waves.exclude(state__in=[Wave.State.DRAFT, Wave.State.STOPPED])
    for wave in waves.select_related("survey")[:MOST]:
        yield Entry(
            f"wave-{wave.public_id}",
            _("Goes out: %(wave)s (%(survey)s)") % {"wave": wave.name, "survey": wave.survey.title},
            wave.starts_at or now,
            page_url("fieldwork:wave", wave.public_id),
            wave.created_at,
        )
    series = WaveSeries.objects.filter(
        organisation=organisation, state=WaveSeries.State.ACTIVE, next_at__isnull=False
    )
    for one in series.select_related("survey")[:MOST]:
        yield Entry(
            f"series-{one.public_id}",
            _("Goes out: %(wave)s (%(survey)s)") % {"wave": one.name, "survey": one.survey.title},
            one.next_at or now,
            page_url("fieldwork:series", one.public_id),
            one.created_at,
        )


def _event(entry: Entry, zone: ZoneInfo) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@gloed")
    event.add("summary", entry.title)
    event.add("dtstamp", entry.changed_at)
    if isinstance(entry.at, datetime):
        event.add("dtstart", entry.at.astimezone(zone))
        event.add("dtend", entry.at.astimezone(zone) + AN_HOUR)
    else:
        event.add("dtstart", entry.at)
        event.add("dtend", entry.at + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    if entry.path:
        event.add("url", f"{settings.BASE_URL.rstrip('/')}{entry.path}")
    return event
