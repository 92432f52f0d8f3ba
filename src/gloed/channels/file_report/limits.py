"""What the answers of a file cannot show, in plain words."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from math import sqrt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.analysis import words
from gloed.analysis.measures import Kind, Measure
from gloed.analysis.queries import Period, next_period
from gloed.analysis.schema import ATTRIBUTE
from gloed.analysis.scores import Split, Trend
from gloed.channels.file_report.gathering import Gathered
from gloed.stats.estimate import SMALL_BASE
from gloed.surveys.rules import Metric

MOST_NAMES = 6


def limits_of(
    gathered: Gathered, measure: Measure, trend: Trend, period: Period, splits: tuple[Split, ...]
) -> list[str]:
    """Sentences for a reader who would otherwise read more into the figures than is there."""
    found = [
        _(
            "What those who did not answer think. The file holds answers only: how many people"
            " were asked, and so the response rate, is not known. Whoever stayed silent may think"
            " otherwise."
        ),
        *_about_time(gathered, trend, period),
        *_about_change(measure, trend),
        *_about_groups(splits),
        *_about_people(gathered),
        _(
            "Why. A group that differs here may differ in many other ways, and a change that"
            " follows something you did need not come from it."
        ),
        _(
            "How others do. Scores of other organisations were asked in other ways, of other"
            " people, at other moments."
        ),
    ]
    if measure.metric is Metric.ENPS:
        found.append(
            _(
                "What a single colleague thinks. In small teams people can be recognised: share"
                " this with care."
            )
        )
    return found


def _about_time(gathered: Gathered, trend: Trend, period: Period) -> Iterator[str]:
    first, last = gathered.days
    if first is None or last is None:
        yield _("When this was. No answer has a date that can be read, so there is no course.")
        return
    facts = {"first": words.day(first), "last": words.day(last)}
    yield _("Anything before %(first)s or after %(last)s.") % facts
    if trend.shown and not _is_whole(trend.shown[-1].start, last, period):
        name = words.period_name(trend.shown[-1].start, period)
        yield _(
            "How %(period)s ends: the file stops on %(last)s, so its last point is not a whole"
            " period."
        ) % {"period": name, "last": facts["last"]}
    if trend.undated:
        yield ngettext(
            "When %(n)s answer was given: it has no date and counts in the score alone.",
            "When %(n)s answers were given: they have no date and count in the score alone.",
            trend.undated,
        ) % {"n": words.number(trend.undated)}


def _is_whole(start: date, last: date, period: Period) -> bool:
    return last >= next_period(start, period) - timedelta(days=1)


def _about_change(measure: Measure, trend: Trend) -> Iterator[str]:
    """How large a change between two periods must be before it can be seen."""
    reaches = [
        (point.estimate.high - point.estimate.low) / 2
        for point in trend.shown
        if point.estimate and point.estimate.high is not None and point.estimate.low is not None
    ]
    if len(reaches) < 2:
        return
    usual = sorted(reaches)[len(reaches) // 2]
    size = words.change(sqrt(2) * usual, measure.kind).lstrip("+")
    if measure.kind is Kind.POINTS:
        size = _("%(size)s points") % {"size": size}
    elif measure.kind is Kind.SHARE:
        size = _("%(size)s percentage points") % {"size": size}
    yield _(
        "Small changes. With so many answers a period, two periods must differ by about %(size)s"
        " before the difference is more than chance."
    ) % {"size": size}


def _about_groups(splits: tuple[Split, ...]) -> Iterator[str]:
    """Groups with a base too small to say much."""
    few = [
        words.value_label(split.column, segment.value, {})
        for split in splits
        for segment in split.segments
        if segment.n < SMALL_BASE and segment.value is not None
    ]
    if not few:
        return
    named = ", ".join(dict.fromkeys(few[:MOST_NAMES]))
    if len(few) > MOST_NAMES:
        named = _("%(names)s and others") % {"names": named}
    yield _(
        "How small groups really do. Fewer than %(minimum)s answers say little: %(names)s. Read"
        " their interval, not their score."
    ) % {"minimum": SMALL_BASE, "names": named}


def _about_people(gathered: Gathered) -> Iterator[str]:
    if not gathered.with_person:
        yield _(
            "Whether somebody answered twice. The file does not say who answered; every answer"
            " counts as that of somebody else."
        )
    elif gathered.with_person > len(gathered.people):
        yield _(
            "%(answers)s came from %(people)s people: some answered more than once, and each of"
            " their answers counts."
        ) % {
            "answers": words.answers(gathered.with_person),
            "people": words.number(len(gathered.people)),
        }
    surveys = _distinct_surveys(gathered)
    if surveys > 1:
        yield _(
            "The surveys apart. The file holds %(n)s surveys and they are counted together here;"
            " answers about one moment and about the whole relation are not the same thing."
        ) % {"n": words.number(surveys)}


def _distinct_surveys(gathered: Gathered) -> int:
    counted: Mapping[str, int] = gathered.distinct
    return counted.get(f"{ATTRIBUTE}survey", 0)
