"""Saved views of the sample, and what watching them for a year and a half would have shown.

Nothing here is made up: monitors are given a day in the past and look at the answers of every
Monday since, by the rules of every other organisation. Only what colleagues then wrote beside an
alarm is ours, and it follows from what is planted.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db import transaction

from gloed.analysis import store
from gloed.analysis.changes.subjects import find_subject, list_subjects
from gloed.analysis.explorer.saved import save_view
from gloed.analysis.models import SavedView
from gloed.analysis.monitors import operations, queries, rules
from gloed.analysis.monitors.models import Alarm, Monitor, Promise
from gloed.base.models import Membership, Organisation, Staff
from gloed.channels.sample import plan, values
from gloed.surveys.models import Survey

TEXTS = Path(__file__).parent / "texts" / "watching.toml"
COLUMNS = {
    "nl": {"region": "attr:Regio", "contract": "attr:Contract", "product": "attr:Product"},
    "en": {"region": "attr:Region", "contract": "attr:Contract", "product": "attr:Product"},
}
VIEWS: Mapping[str, tuple[str, ...]] = {
    # survey, and by which columns it is split
    "recommend": ("relationship", "contract", "region"),
    "bill": ("bill", "contract"),
    "phone": ("phone", "team"),
    "welcome": ("welcome",),
    "installation": ("installation", "product"),
}
DIPS = {"relationship": "dip", "bill": "dip", "phone": "calls"}
"""Surveys that feel the planted dip, and the note that says why."""
WATCHED = ("recommend", "bill", "phone", "welcome")
USUAL_WEEKS = 26
WATCHED_FOR = 70
LOOKS_AT = time(7, 30)
FELT_AFTER = 4 * rules.WEEK
"""So long the smoothed weeks still hold what is over."""
JUDGED_AFTER = timedelta(days=2, hours=3)


def add_watching(
    organisation: Organisation,
    sample: values.SampleOrganisation,
    *,
    language: str,
    now: datetime,
) -> int:
    """Save views, watch four of them since long ago, and write down what came of their alarms.

    Returns how many alarms rang. Needs the projection; running it again does the same again.
    """
    clear_watching(organisation)
    members = Membership.objects.filter(organisation=organisation, deactivated_at=None)
    member = members.select_related("staff").order_by("pk").first()
    if member is None:
        return 0
    chosen = "nl" if language == "nl" else "en"
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))[chosen]
    zone = ZoneInfo(organisation.time_zone)
    first = rules.monday_of(now.astimezone(zone).date()) - WATCHED_FOR * rules.WEEK
    start = datetime.combine(first, LOOKS_AT, zone)
    surveys = _surveys(organisation, sample, chosen)
    with transaction.atomic():
        for key, (survey, *split) in VIEWS.items():
            names = [COLUMNS[chosen].get(column, column) for column in split]
            asked = {"about": str(surveys[survey].public_id)}
            asked |= dict(zip(("by", "then"), names, strict=False))
            view = save_view(
                member,
                name=texts["views"][key],
                address=urlencode(asked),
                is_shared=True,
                now=start,
            )
            if key in WATCHED:
                operations.make_weekly(
                    view,
                    about=asked["about"],
                    weeks=USUAL_WEEKS,
                    recipients=(),
                    by=member.staff,
                    now=start,
                )
        rung = 0
        for alarm in _look_back(organisation, start=start, now=now):
            rung += 1
            judged_at = alarm.raised_at + JUDGED_AFTER
            if judged_at <= now:
                _judge(alarm, _cause_of(alarm, surveys, sample), texts, by=member.staff,
                       now=judged_at)  # fmt: skip
    return rung


def clear_watching(organisation: Organisation) -> None:
    """Take it all out again, so that the sample may be loaded anew."""
    for model in (Monitor, Promise, SavedView):
        model._default_manager.filter(organisation=organisation).delete()


def _look_back(organisation: Organisation, *, start: datetime, now: datetime) -> Iterator[Alarm]:
    """Have every monitor look on each Monday after `start`; what rang is judged between two."""
    source = store.projection_of(organisation)
    subjects = list_subjects(organisation, source)
    monitors = queries.list_monitors(organisation)
    weeks = {}
    for monitor in monitors:
        subject = find_subject(subjects, monitor.about)
        if subject is not None:
            weeks[monitor.pk] = queries.weeks_of(source, subject, monitor, until=now.date())
    limit, least = queries.limit_for(organisation), organisation.minimum_group
    monday = start
    while (monday := monday + rules.WEEK) <= now:
        for monitor in monitors.all().filter(pk__in=weeks):
            monitor.organisation = organisation
            held = weeks[monitor.pk]
            reading = queries.reading_on(monitor, held, today=monday.date(), least=least)
            alarm = operations.heed(monitor, reading, limit=limit, least=least, now=monday)
            if alarm is not None:
                yield alarm


def _cause_of(
    alarm: Alarm, surveys: Mapping[str, Survey], sample: values.SampleOrganisation
) -> str:
    """What is planted behind an alarm, by the name of its note; "nothing" where nothing is."""
    keys = {str(survey.public_id): key for key, survey in surveys.items()}
    survey, dip = keys[alarm.monitor.about], sample.dip
    if alarm.is_up:
        better_on = plan.welcome_rewritten_on(sample.ends_on)
        return "welcome" if survey == "welcome" and alarm.on >= better_on else "nothing"
    if survey not in DIPS or not dip.starts_on <= alarm.on < dip.over_on + FELT_AFTER:
        return "nothing"
    before = alarm.monitor.alarms.filter(is_up=False, on__gte=dip.starts_on)
    return "still" if before.exclude(pk=alarm.pk).exists() else DIPS[survey]


def _judge(
    alarm: Alarm, cause: str, texts: Mapping[str, Mapping[str, str]], *, by: Staff, now: datetime
) -> None:
    operations.judge(
        alarm,
        verdict=Alarm.Verdict.NOTHING if cause == "nothing" else Alarm.Verdict.REAL,
        note=texts["notes"][cause],
        improvement=None,
        is_new_usual=cause == "welcome",
        by=by,
        now=now,
    )


def _surveys(
    organisation: Organisation, sample: values.SampleOrganisation, language: str
) -> dict[str, Survey]:
    titles = {getattr(planned.name, language): planned.key for planned in sample.surveys}
    found = Survey.objects.filter(organisation=organisation, title__in=titles)
    return {titles[survey.title]: survey for survey in found}
