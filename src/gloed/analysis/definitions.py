"""The definition card: what exactly a score counts, in words, and what a reader must doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.analysis import words
from gloed.analysis.filters import Asked, active_filters
from gloed.analysis.measures import Kind, Measure, bands_of
from gloed.analysis.passives.offers import beside_a_score
from gloed.analysis.queries import Result, Window
from gloed.base.models import Organisation
from gloed.responses.queries import count_set_apart
from gloed.stats import Estimate, Histogram
from gloed.stats.estimate import SMALL_BASE
from gloed.surveys.models import Survey
from gloed.surveys.rules import Band

EMPTY = Histogram.empty()


@dataclass(frozen=True, slots=True)
class Definition:
    """What exactly was counted, for the definition card."""

    rows: list[tuple[str, str]]
    formula: str


def caveats_of(estimate: Estimate | None, result: Result, measure: Measure) -> list[str]:
    found = []
    if estimate is not None and estimate.n < SMALL_BASE:
        found.append(_("Few answers: read the interval, not the number."))
    if result.other_scales:
        found.append(
            ngettext(
                "%(n)s answer on another scale is left out.",
                "%(n)s answers on another scale are left out.",
                int(result.other_scales),
            )
            % {"n": words.number(result.other_scales)}
        )
    if not measure.scale.high_is_good:
        found.append(_("On this scale a low number is good; the score is turned round."))
    return found


def definition_of(
    survey: Survey,
    asked: Asked,
    measure: Measure,
    result: Result,
    each: Mapping[str, Result],
    names: Mapping[str, str],
    cut_off: datetime | None,
) -> Definition:
    active = active_filters(asked, metric=measure.metric, names=dict(names))
    filters = [text for text, _url in active]
    if asked.preset:
        filters = filters[1:]
    rows = [
        (_("Survey"), survey.title),
        (_("Period"), words.window_words(asked.window.start, asked.window.end)),
        (_("Which answers"), _("every answer; who answered twice counts twice")),
        (_("Filters"), ", ".join(filters) or _("none")),
        (_("Left out"), left_out(result, [survey], asked.window)),
        *beside_a_score(survey, *moments_of(asked.window, survey.organisation)),
        (_("Source"), _sources(each)),
        (_("Interval"), _("95%, multinomial score interval")),
    ]
    if cut_off is not None:
        moment = words.moment(cut_off)
        rows.append((_("Data up to"), moment))
    return Definition(rows, formula_of(measure))


def formula_of(measure: Measure) -> str:
    """How the score is computed, in a line."""
    if measure.kind is Kind.POINTS:
        return _("100 × (ratings 9 and 10 − ratings 0 to 6) / all ratings")
    if measure.kind is Kind.MEAN:
        return _("sum of the ratings / number of ratings")
    good = [
        r for r, band in bands_of(measure.metric, measure.scale).items() if band is Band.PROMOTER
    ]
    return _("ratings %(good)s / all ratings") % {"good": ", ".join(map(str, good))}


def left_out(result: Result, surveys: Sequence[Survey], window: Window) -> str:
    """What was not counted, in words; the surveys are of one organisation."""
    histogram = result.merged() or EMPTY
    parts = []
    if histogram.missing:
        parts.append(
            ngettext("%(n)s without a rating", "%(n)s without a rating", histogram.missing)
            % {"n": words.number(histogram.missing)}
        )
    if histogram.out_of_range:
        parts.append(
            ngettext(
                "%(n)s that could not be read as a rating",
                "%(n)s that could not be read as a rating",
                histogram.out_of_range,
            )
            % {"n": words.number(histogram.out_of_range)}
        )
    moments = moments_of(window, surveys[0].organisation)
    apart = sum(count_set_apart([survey.pk for survey in surveys], *moments).values())
    if apart:
        parts.append(
            ngettext(
                "%(n)s that looks like a machine’s and is set apart",
                "%(n)s that look like a machine’s and are set apart",
                apart,
            )
            % {"n": words.number(apart)}
        )
    parts.append(_("answers that were withdrawn"))
    return ", ".join(parts)


def moments_of(
    window: Window, organisation: Organisation
) -> tuple[datetime | None, datetime | None]:
    """The first moment of a window of local days and the first after it; None where open."""
    zone = ZoneInfo(organisation.time_zone)
    start, end = window.start, window.end
    return (
        _beginning(start, zone) if start else None,
        _beginning(end, zone) if end else None,
    )


def _beginning(day: date, zone: ZoneInfo) -> datetime | None:
    """When a day begins; None for the ends of the calendar, beyond which nobody answers."""
    try:
        return datetime.combine(day, time.min, zone).astimezone(UTC)
    except OverflowError:
        return None


def _sources(each: Mapping[str, Result]) -> str:
    if "source" not in each:
        return _("not known")
    counted = [(g[0], h.n) for g, h in each["source"].by_group().items() if h.n]
    return ", ".join(
        f"{words.value_label('source', name, {})} ({words.number(n)})" for name, n in counted
    )
