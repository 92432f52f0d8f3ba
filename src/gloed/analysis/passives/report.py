"""What the page of passives says about one survey or several: share, barriers, movement, offers."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Final

from django.http import Http404, QueryDict
from django.utils import timezone

from gloed.analysis import queries, reports, store, tasks
from gloed.analysis.changes.subjects import Subject, find_subject, list_subjects, own_teams
from gloed.analysis.definitions import moments_of
from gloed.analysis.filters import Asked, read
from gloed.analysis.looking import AboutAsked
from gloed.analysis.measures import Measure, band_counts, bands_of, measure_of
from gloed.analysis.passives.barriers import Barriers, Whose, barriers_of
from gloed.analysis.passives.moving import Movement, movement_of
from gloed.analysis.passives.offers import ratings_after_offer
from gloed.analysis.queries import Query
from gloed.analysis.store import Source
from gloed.base.models import Membership
from gloed.base.policy import StaffRequest
from gloed.base.queries import visible_teams
from gloed.coding.queries import share_of
from gloed.coding.told import figures_of
from gloed.stats import Estimate, NetCounts, nps
from gloed.surveys.rules import Band, Metric

USUAL: Final = "365d"
FIGURES: Final = {"": 0, "30d": 30, "90d": 90, "365d": 365}
"""Periods over which the worker reckons what naming a theme goes with, in days."""


@dataclass(frozen=True, slots=True)
class AfterOffer:
    """Answers given while an offer was fresh, and the score with and without them."""

    number: int
    score: Estimate
    without: Estimate | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the page says. Without `share` nobody answered, or too few did."""

    subject: Subject
    asked: AboutAsked
    share: Estimate | None
    passives: int
    barriers: Barriers
    movement: Movement | None
    after_offer: AfterOffer | None


@dataclass(frozen=True, slots=True)
class Look:
    """A request understood: the surveys to choose from, and the report of those chosen."""

    subjects: list[Subject]
    asked: AboutAsked
    report: Report | None
    is_current: bool


def look_at(request: StaffRequest) -> Look:
    """The report a request asks for; an unknown subject is a 404."""
    now = timezone.now()
    tasks.make_sure(request.organisation, now=now)
    source = store.projection_of(request.organisation)
    asked = read_asked(request.GET, today=timezone.localdate(now))
    every = list_subjects(request.organisation, source)
    subjects = [one for one in every if one.metric is Metric.NPS]
    subject = find_subject(subjects, asked.about)
    is_current = reports.is_current(request.organisation, tasks.KINDS)
    if subject is None:
        if asked.about:
            raise Http404
        return Look(subjects, asked, None, is_current)
    asked = replace(asked, about=subject.key)
    language = request.LANGUAGE_CODE[:2]
    report = report_of(source, subject, asked, membership=request.membership, language=language)
    return Look(subjects, asked, report, is_current)


def read_asked(query: QueryDict, *, today: date) -> AboutAsked:
    """Subject and period of an address; a year where it names none."""
    base = read(query, today=today)
    if not base.preset and "when" not in query:
        usual = query.copy()
        usual["when"] = USUAL
        base = read(usual, today=today)
    known = {one.name: getattr(base, one.name) for one in fields(Asked)} | {"filters": ()}
    return AboutAsked(**known, about=query.get("about", "").replace("\x00", "")[:80])


def report_of(
    source: Source,
    subject: Subject,
    asked: AboutAsked,
    *,
    membership: Membership,
    language: str,
) -> Report:
    """Everything about the passives of a subject in a period, as far as a colleague may see it."""
    organisation = membership.organisation
    minimum = max(1, organisation.minimum_group)
    teams, filters = visible_teams(membership), own_teams(membership)
    selection = subject.selection(asked.window, filters)
    result = queries.run(source, Query(selection))
    whole, counts = result.merged(), None
    measure = measure_of(subject.metric, result.scale) if result.scale is not None else None
    if whole is not None and measure is not None and whole.n >= minimum:
        counted = band_counts(measure.metric, measure.scale, whole)
        counts = NetCounts(counted[Band.PROMOTER], counted[Band.PASSIVE], counted[Band.DETRACTOR])
    share = share_of(int(counts.passives), int(counts.n)) if counts else None
    whose = Whose(organisation, subject.surveys, asked.window, teams)
    points = _points(membership, subject, asked)
    return Report(
        subject=subject,
        asked=asked,
        share=share,
        passives=int(counts.passives) if counts else 0,
        barriers=barriers_of(whose, passives=share, points=points, language=language),
        movement=movement_of(source, selection, measure, asked.window, minimum=minimum)
        if measure is not None
        else None,
        after_offer=_after_offer(whose, counts, measure) if counts and measure else None,
    )


def _points(membership: Membership, subject: Subject, asked: AboutAsked) -> Mapping[str, Estimate]:
    """What naming a theme goes with, where the worker reckoned it for just these answers."""
    if asked.preset not in FIGURES or not subject.is_one or visible_teams(membership) is not None:
        return {}
    figures = figures_of(membership.organisation, subject.surveys[0].pk, FIGURES[asked.preset])
    return figures.points if figures else {}


def _after_offer(whose: Whose, counts: NetCounts, measure: Measure) -> AfterOffer | None:
    start, end = moments_of(whose.window, whose.organisation)
    surveys = [survey.pk for survey in whose.surveys]
    found = ratings_after_offer(whose.organisation, surveys, start, end, teams=whose.teams)
    if not found:
        return None
    bands = bands_of(measure.metric, measure.scale)
    after = dict.fromkeys(Band, 0)
    for rating, number in found.items():
        if rating in bands:
            after[bands[rating]] += number
    left = NetCounts(
        max(0, counts.promoters - after[Band.PROMOTER]),
        max(0, counts.passives - after[Band.PASSIVE]),
        max(0, counts.detractors - after[Band.DETRACTOR]),
    )
    return AfterOffer(sum(found.values()), nps(counts), nps(left) if left.n else None)
