"""Drivers of a score: importance with its doubt, beside how each is rated."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from gloed.analysis import queries
from gloed.analysis.changes.subjects import Subject
from gloed.analysis.drivers.questions import Asked, AskedTogether, asks_further, further_ratings
from gloed.analysis.looking import Ground, Look, ground_of, selection_of
from gloed.analysis.measures import Measure
from gloed.analysis.queries import Pattern
from gloed.analysis.store import Source
from gloed.stats import (
    Driver,
    DriverReport,
    Estimate,
    Histogram,
    Quadrant,
    Refusal,
    csat_mean,
    key_drivers,
    ordinal_check,
    quadrants,
)
from gloed.stats.counts import FloatArray
from gloed.stats.drivers import ANSWERS_PER_DRIVER, FEWEST_ANSWERS, SEED
from gloed.surveys.rules import Band, Scale, band_of

MOST = 4_000
"""So many answers at most are resampled; of more, a seeded sample."""
BANDS = (Band.DETRACTOR, Band.PASSIVE, Band.PROMOTER)

Patterns = tuple[tuple[Pattern, int], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One driver: its words, its importance, how it is rated (0 to 100), and where that puts it."""

    column: str
    words: str
    driver: Driver
    performance: Estimate
    quadrant: Quadrant
    is_doubted: bool = False  # the ordinal check points the other way


@dataclass(frozen=True)
class DriversReport:
    """Everything the page shows. Without `lines` it is `n` of `needed` that explains why."""

    ground: Ground
    questions: tuple[Asked, ...] = ()
    n: int = 0
    needed: int = 0
    found: DriverReport | None = None
    lines: tuple[Line, ...] = ()
    constant: tuple[str, ...] = ()
    merged: tuple[tuple[str, str], ...] = ()
    sampled: int = 0  # so many of the n were resampled; 0: all of them
    is_checked: bool = False  # the ordinal check could be made
    is_alike: bool = False  # all gave the same rating

    @property
    def measure(self) -> Measure | None:
        """How the score is reckoned."""
        return self.ground.measure


def usual_subject(source: Source, subjects: Sequence[Subject]) -> Subject | None:
    """The first survey that asks further ratings, else the first."""
    del source
    single = [one for one in subjects if one.is_one]
    asking = asks_further([survey.pk for one in single for survey in one.surveys])
    chosen = (one for one in single if one.surveys[0].pk in asking)
    return next(chosen, None) or (subjects[0] if subjects else None)


def drivers_report(look: Look) -> DriversReport | None:
    """The drivers of the subject of a request; None where nobody answered anything."""
    if look.subject is None:
        return None
    ground = ground_of(look, look.subject, teams=look.teams)
    ground = replace(ground, asked=replace(ground.asked, band=None, by=""))
    report = DriversReport(ground)
    if ground.measure is None or not look.subject.is_one:
        return report
    together = further_ratings(look.subject.surveys[0])
    questions = together.questions
    if len(questions) < 2:
        return replace(report, questions=questions)
    patterns = _patterns(look, ground, together)
    n = sum(count for _pattern, count in patterns)
    needed = max(FEWEST_ANSWERS, ANSWERS_PER_DRIVER * len(questions))
    report = replace(report, questions=questions, n=n, needed=needed)
    if n < needed:
        return report
    return _told(report, ground.measure, patterns)


def _patterns(look: Look, ground: Ground, together: AskedTogether) -> Patterns:
    """How often each pattern of ratings was given; those off a scale stay out."""
    columns = tuple(question.column for question in together.questions)
    selection = selection_of(ground, teams=look.teams)
    found = queries.count_patterns(look.source, selection, columns, together.versions)
    measure = ground.measure
    if measure is None:
        return ()
    scales = [measure.scale, *(question.scale for question in together.questions)]
    return tuple(
        (pattern, count)
        for pattern, count in found
        if all(rating in scale for rating, scale in zip(pattern, scales, strict=True))
    )


def _told(report: DriversReport, measure: Measure, patterns: Patterns) -> DriversReport:
    questions = report.questions
    found = find_drivers(patterns, tuple(question.scale for question in questions), measure.scale)
    if found is None:
        return replace(report, is_alike=True)
    drawn = min(report.n, MOST)
    names = {str(place): question.words for place, question in enumerate(questions)}
    performances = [_performance(one.name, patterns, questions) for one in found.drivers]
    places = quadrants([one.importance for one in found.drivers], performances)
    doubted = _doubted(found, measure, patterns, questions)
    lines = [
        Line(
            column=driver.name,
            words=" + ".join(names[part] for part in _parts(driver.name)),
            driver=driver,
            performance=performance,
            quadrant=place,
            is_doubted=doubted is not None and driver.name in doubted,
        )
        for driver, performance, place in zip(found.drivers, performances, places, strict=True)
    ]
    return replace(
        report,
        found=found,
        lines=tuple(sorted(lines, key=lambda line: -line.driver.importance.value)),
        constant=tuple(names[name] for name in found.constant),
        merged=tuple(
            (" + ".join(names[p] for p in _parts(a)), " + ".join(names[p] for p in _parts(b)))
            for a, b in found.merged
        ),
        sampled=drawn if drawn < report.n else 0,
        is_checked=doubted is not None,
    )


@lru_cache(maxsize=32)
def find_drivers(
    patterns: Patterns, scales: tuple[Scale, ...], scale: Scale
) -> DriverReport | None:
    """The drivers, named by their place; None where all ratings are alike."""
    ratings = np.array([pattern for pattern, _count in patterns], dtype=np.float64)
    counts = np.array([count for _pattern, count in patterns], dtype=np.int64)
    if counts.sum() > MOST:
        counts = np.random.default_rng(SEED).multivariate_hypergeometric(counts, MOST)
    rows = np.repeat(ratings, counts, axis=0)
    columns = {
        str(place): _upward(rows[:, place + 1], own).tolist() for place, own in enumerate(scales)
    }
    try:
        return key_drivers(_upward(rows[:, 0], scale).tolist(), columns)
    except Refusal:
        return None


def _upward(ratings: FloatArray, scale: Scale) -> FloatArray:
    """Ratings as a percentage of their scale, the good end up."""
    share = 100 * (ratings - scale.minimum) / (scale.maximum - scale.minimum)
    return share if scale.high_is_good else 100 - share


def _parts(name: str) -> list[str]:
    return name.split(" + ")


def _performance(name: str, patterns: Patterns, questions: Sequence[Asked]) -> Estimate:
    """How a driver is rated, 0 (worst end of its scale) to 100; merged ones by their mean."""
    counts: dict[float, float] = {0.0: 0.0, 100.0: 0.0}
    places = [int(part) for part in _parts(name)]
    for pattern, count in patterns:
        value = round(sum(_percent(pattern[p + 1], questions[p].scale) for p in places)
                      / len(places), 6)  # fmt: skip
        counts[value] = counts.get(value, 0.0) + count
    values = tuple(sorted(counts))
    return csat_mean(Histogram(values, tuple(counts[value] for value in values)))


def _percent(rating: int, scale: Scale) -> float:
    share = (rating - scale.minimum) / (scale.maximum - scale.minimum)
    return 100 * (share if scale.high_is_good else 1 - share)


def _doubted(
    found: DriverReport, measure: Measure, patterns: Patterns, questions: Sequence[Asked]
) -> frozenset[str] | None:
    """The drivers whose sign a model of classes turns round; None where none can be fitted."""
    bands = [band_of(measure.metric, measure.scale, pattern[0]) for pattern, _count in patterns]
    present = [band for band in BANDS if band in bands]
    classes = [present.index(band) for band in bands]
    predictors = [
        [
            sum(_percent(pattern[int(p) + 1], questions[int(p)].scale) for p in _parts(one.name))
            / 100
            for one in found.drivers
        ]
        for pattern, _count in patterns
    ]
    counts = [float(count) for _pattern, count in patterns]
    names = [one.name for one in found.drivers]
    slopes = [one.slope for one in found.drivers]
    try:
        check = ordinal_check(names, slopes, classes, predictors, counts=counts)
    except (Refusal, np.linalg.LinAlgError):
        return None
    return frozenset(check.disagreements)
