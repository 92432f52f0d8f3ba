"""Alarms: how often they ring for nothing, and how soon they see what is real.

Two hundred invented organisations, each made from another seed. In each every survey with enough
answers is watched week by week for the half year before the first planted change, under one promise
for all of them (once a year), by the rule that pages and worker use. Then the survey after the bill
is watched from the week in which the dip begins.
"""

import os
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.ratios import Figure
from gloed.analysis.monitors import rules
from gloed.analysis.monitors.rules import WEEK, Span
from gloed.stats import Histogram, NetCounts

ORGANISATIONS = 200
TODAY = date(2026, 11, 21)
ZONE = ZoneInfo("Europe/Amsterdam")
HALF_A_YEAR = 26
PROMISE = 52
SMALLEST = 5
DIP_WEEKS = 10
NOBODY = NetCounts(0, 0, 0)


def run(organisations: int = ORGANISATIONS) -> list[Figure]:
    """Count false alarms, and the weeks until the dip rang."""
    rung, watched, waits = 0, 0, []
    for seed in range(organisations):
        weeks, starts, changed_on = weeks_of(seed)
        quiet_from = rules.monday_of(changed_on) - HALF_A_YEAR * WEEK
        watching = {key: own for key, own in weeks.items() if _usual(own, quiet_from) is not None}
        limit = rules.limit_of(PROMISE, len(watching))
        watched += len(watching)
        for own in watching.values():
            rung += sum(1 for _bell in rings(own, quiet_from, HALF_A_YEAR, limit))
        first = next(rings(weeks["bill"], rules.monday_of(starts), DIP_WEEKS, limit), None)
        waits.append((first - rules.monday_of(starts)) // WEEK if first else 99)
    return [
        Figure(
            f"false alarms in half a year, {watched / organisations:.1f} monitors together",
            rung / organisations,
            "",
            HALF_A_YEAR / PROMISE,
            "the promise",
        ),
        Figure(
            "weeks until the dip rang, median",
            statistics.median(waits),
            "weeks",
            DIP_WEEKS,
            "the weeks until it was mended",
        ),
    ]


def rings(weeks: Sequence[Span], start: date, many: int, limit: float) -> Iterator[date]:
    """The weeks in which a monitor rings that looks every Monday, rests included."""
    usual, run_from, judged_until = _usual(weeks, start), start, start
    for week in range(1, many + 1):
        today = start + week * WEEK
        spans = rules.pooled([w for w in weeks if run_from <= w.start < today], least=SMALLEST)
        if usual is None or not spans:
            continue
        bell = rules.rings_weekly(spans, usual, limit=limit, judged_until=judged_until)
        judged_until = spans[-1].until
        if bell is not None:
            yield today
            run_from = rules.next_run(bell)


def weeks_of(seed: int) -> tuple[dict[str, list[Span]], date, date]:
    """Answers per survey and week of one organisation; when its dip and any change begins."""
    # Django's models stand behind it
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gloed.project.settings")
    django.setup()
    from gloed.analysis.measures import measure_of
    from gloed.channels.sample.generate import sample_organisation
    from gloed.surveys.rules import Metric, Scale

    made = sample_organisation(seed=seed, today=TODAY)
    counted: defaultdict[str, defaultdict[date, Counter[int]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for response in made.responses:
        if response.status != "withdrawn" and response.rating is not None:
            day = response.answered_at.astimezone(ZONE).date()
            counted[response.survey][rules.monday_of(day)][response.rating] += 1
    found: dict[str, list[Span]] = {}
    for survey in made.surveys:
        measure = measure_of(Metric(survey.metric), Scale(survey.low, survey.high))
        found[survey.key] = [
            Span(monday, monday + WEEK, measure.net_counts(_histogram(measure.scale, counts)))
            for monday, counts in sorted(counted[survey.key].items())
        ]
    return found, made.dip.starts_on, min(event.on for event in made.events)


def _usual(weeks: Sequence[Span], start: date) -> NetCounts | None:
    own = [week.counts for week in weeks if start - HALF_A_YEAR * WEEK <= week.start < start]
    usual = sum(own, NOBODY)
    return usual if rules.can_be_usual(usual) else None


def _histogram(scale: Any, counts: Counter[int]) -> Histogram:
    values = tuple(scale.values)
    return Histogram(values, tuple(float(counts[value]) for value in values))
