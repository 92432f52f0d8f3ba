"""What monitors see: whole weeks of answers, the usual ones and those of the present run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from gloed.analysis import queries, store
from gloed.analysis.changes.subjects import Subject, find_subject, list_subjects
from gloed.analysis.explorer.asked import ExploreAsked, read_explored
from gloed.analysis.measures import Measure, measure_of
from gloed.analysis.models import SavedView
from gloed.analysis.monitors import rules
from gloed.analysis.monitors.models import Alarm, Monitor, Promise
from gloed.analysis.monitors.rules import WEEK, Bell, Span
from gloed.analysis.queries import ALL_TIME, Filter, Period, Query, Window
from gloed.analysis.schema import THEME
from gloed.analysis.store import Source
from gloed.base.models import Membership, Organisation, Team
from gloed.base.queries import visible_teams
from gloed.coding.quality import rough_keys
from gloed.stats import NetCounts

NOBODY = NetCounts(0, 0, 0)
SEEN_FOR = 12 * WEEK
"""What began longer ago than this is not looked for in newer answers."""


class State(StrEnum):
    """What a monitor is doing."""

    WATCHING = "watching"
    LEARNING = "learning"  # too few answers to know what is usual
    RESTING = "resting"  # it rang lately, or its run begins later
    PAUSED = "paused"
    GONE = "gone"  # nobody answers what it watches any more
    ROUGH = "rough"  # its answers are chosen by a theme on which people and machine disagree


@dataclass(frozen=True, slots=True)
class Reading:
    """What a monitor sees on a day. `spans` are the steps of the run, each with enough answers."""

    state: State
    measure: Measure | None = None
    usual: NetCounts = NOBODY
    spans: tuple[Span, ...] = ()
    run: Window = ALL_TIME

    @property
    def whole(self) -> Span | None:
        """All answers of the run together."""
        if not self.spans or self.run.start is None or self.run.end is None:
            return None
        counts = sum((span.counts for span in self.spans), NOBODY)
        return Span(self.run.start, self.run.end, counts)


def list_monitors(organisation: Organisation) -> QuerySet[Monitor]:
    """All monitors that are not deleted."""
    return Monitor.objects.filter(organisation=organisation, deleted_at=None)


def visible_monitors(membership: Membership) -> list[Monitor]:
    """The monitors a colleague may see, with how many alarms nobody looked at (`waiting`)."""
    waiting = Count("alarms", filter=Q(alarms__verdict=Alarm.Verdict.OPEN))
    found = list_monitors(membership.organisation).annotate(waiting=waiting)
    own = _own_teams(membership)
    return [one for one in found if own is None or team_of(one) in own]


def visible_alarms(membership: Membership) -> QuerySet[Alarm]:
    """The alarms a colleague may see, the newest first."""
    found = Alarm.objects.filter(organisation=membership.organisation)
    own = _own_teams(membership)
    if own is not None:
        monitors = Monitor.objects.filter(organisation=membership.organisation)
        found = found.filter(monitor__in=[one.pk for one in monitors if team_of(one) in own])
    return found.select_related("monitor", "improvement", "judged_by")


def may_see(membership: Membership, monitor: Monitor) -> bool:
    """Whether a colleague may see what a monitor watches: who sees own teams only, only those."""
    own = _own_teams(membership)
    return own is None or team_of(monitor) in own


def count_weekly(organisation: Organisation) -> int:
    """How many weekly monitors share the promise."""
    return list_monitors(organisation).filter(kind=Monitor.Kind.WEEKLY, paused_at=None).count()


def promise_of(organisation: Organisation) -> int:
    """The weeks between two false alarms of all weekly monitors together."""
    held = Promise.objects.filter(organisation=organisation).first()
    return held.weeks if held else rules.USUAL_PROMISE


def limit_for(organisation: Organisation) -> float:
    """The limit that keeps the promise of an organisation."""
    return rules.limit_of(promise_of(organisation), count_weekly(organisation))


def team_of(monitor: Monitor) -> str:
    """The team whose answers alone are watched; empty for everybody's."""
    return dict(parse_qsl(monitor.filters)).get("team", "")


def filters_in(address: str, *, today: date) -> str:
    """Only the filters of an explorer's address, as an address again."""
    asked = read_explored(QueryDict(address.removeprefix("?")), today=today)
    held = {column for column, _value in asked.filters}
    return urlencode({name: value for name, value in asked.params().items() if name in held})


def asked_of(monitor: Monitor) -> ExploreAsked:
    """The filters of a monitor as what an address asks; it never asks for a period."""
    return read_explored(QueryDict(monitor.filters), today=monitor.run_from)


def up_to(changes: str, until: date) -> str:
    """An address of What changed with answers before `until`: the longer, the clearer its place."""
    asked = dict(parse_qsl(changes))
    return urlencode(asked | {"to": (until - rules.DAY).isoformat()})


def changes_of(alarm: Alarm, *, today: date) -> str:
    """The address of What changed for an alarm, with the answers of its first twelve weeks."""
    return up_to(alarm.changes, max(alarm.on, min(today, alarm.begins_on + SEEN_FOR)) + rules.DAY)


def watched_of(view: SavedView) -> tuple[str, Measure] | None:
    """What a saved view is about, by its key, and its score; None where nobody has answered it."""
    source = store.projection_of(view.organisation)
    asked = read_explored(QueryDict(view.address), today=view.created_at.date())
    subject = find_subject(list_subjects(view.organisation, source), asked.about)
    if subject is None:
        return None
    filters = [Filter(column, (value,)) for column, value in asked.filters]
    result = queries.run(source, Query(subject.selection(ALL_TIME, filters)))
    if result.scale is None:
        return None
    return subject.key, measure_of(subject.metric, result.scale)


def is_rough(of: Monitor | SavedView, asked: ExploreAsked) -> bool:
    """Whether a theme among the filters is right too seldom to ring a bell by."""
    themes = [value for column, value in asked.filters if column == THEME and value]
    return bool(themes) and not rough_keys(of.organisation).isdisjoint(themes)


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks with answers that a monitor looks at, and how they are scored."""

    spans: Sequence[Span]
    measure: Measure | None


def read(
    source: Source,
    subjects: Sequence[Subject],
    monitor: Monitor,
    *,
    today: date,
    least: int,
) -> Reading:
    """What a monitor sees: of a weekly one only weeks that are over, of a running one up to now."""
    subject = find_subject(subjects, monitor.about) if monitor.about else None
    if subject is None:
        return Reading(State.GONE)
    if is_rough(monitor, asked_of(monitor)):
        return Reading(State.ROUGH)
    weeks = weeks_of(source, subject, monitor, until=_until(monitor, today))
    return reading_on(monitor, weeks, today=today, least=least)


def reading_on(monitor: Monitor, weeks: Weeks, *, today: date, least: int) -> Reading:
    """What a monitor sees on a day, of weeks that may reach further."""
    until = _until(monitor, today)
    usual = NOBODY
    if monitor.usual_from and monitor.usual_until:
        own = [w for w in weeks.spans if monitor.usual_from <= w.start < monitor.usual_until]
        usual = sum((week.counts for week in own), NOBODY)
    run = [w for w in weeks.spans if w.until > monitor.run_from and w.start < until]
    spans = tuple(rules.pooled(run, least=least))
    state = _state(monitor, usual, today=today)
    return Reading(state, weeks.measure, usual, spans, Window(monitor.run_from, until))


def weeks_of(source: Source, subject: Subject, monitor: Monitor, *, until: date) -> Weeks:
    """Weeks with answers, on the scale most of them have. A running run counts from its day on."""
    window = Window(min(monitor.usual_from or monitor.run_from, monitor.run_from), until)
    filters = [Filter(column, (value,)) for column, value in asked_of(monitor).filters]
    selection = subject.selection(window, filters)
    result = queries.run(source, Query(selection, period=Period.WEEK))
    if result.scale is None:
        return Weeks((), None)
    measure = measure_of(subject.metric, result.scale)
    held = sorted((start, h) for start, h in result.by_period().items() if start is not None)
    spans = [
        Span(start, start + WEEK, measure.net_counts(histogram))
        for start, histogram in held
        if histogram.n
    ]
    return Weeks(spans, measure)


def _until(monitor: Monitor, today: date) -> date:
    is_weekly = monitor.kind == Monitor.Kind.WEEKLY
    return rules.monday_of(today) if is_weekly else today + rules.DAY


def _state(monitor: Monitor, usual: NetCounts, *, today: date) -> State:
    if monitor.paused_at:
        return State.PAUSED
    if monitor.kind == Monitor.Kind.WEEKLY and not rules.can_be_usual(usual):
        return State.LEARNING
    return State.RESTING if today < monitor.run_from else State.WATCHING


def bell_of(monitor: Monitor, reading: Reading, *, limit: float, least: int) -> Bell | None:
    """Whether a monitor rings on what it sees."""
    if reading.state is not State.WATCHING or reading.measure is None:
        return None
    if monitor.kind == Monitor.Kind.WEEKLY:
        return rules.rings_weekly(
            reading.spans, reading.usual, limit=limit, judged_until=monitor.judged_until
        )
    whole = reading.whole
    if whole is None or monitor.aim is None:
        return None
    return rules.rings_running(whole, points_of(monitor.aim, reading.measure), least=least)


def points_of(value: float, measure: Measure) -> float:
    """A score in points of three classes, -100 to 100."""
    return (value - (measure.low + measure.high) / 2) / measure.net_unit


def score_of(points: float, measure: Measure) -> float:
    """The reverse of `points_of`."""
    return (measure.low + measure.high) / 2 + points * measure.net_unit


def _own_teams(membership: Membership) -> set[str] | None:
    keys = visible_teams(membership)
    if keys is None:
        return None
    return {
        str(one) for one in Team.objects.filter(pk__in=keys).values_list("public_id", flat=True)
    }
