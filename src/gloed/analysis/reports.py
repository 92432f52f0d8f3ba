"""What the score pages say of a survey, put together from counts.

A report holds values, not words for a page; the one exception is the definition card, which is
words by nature.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from gloed.analysis import queries, scores, words
from gloed.analysis.breaks import Break, breaks_of
from gloed.analysis.definitions import EMPTY, Definition, caveats_of, definition_of
from gloed.analysis.filters import (
    Asked,
    coarsened,
    periods_between,
    previous_query,
    usual_period,
)
from gloed.analysis.measures import (
    Kind,
    Measure,
    measure_of,
    measures_of,
    p_value_of,
)
from gloed.analysis.models import Mark
from gloed.analysis.queries import Period, Query, Result, Selection
from gloed.analysis.schema import THEME
from gloed.analysis.scores import Split, Trend
from gloed.analysis.store import Source
from gloed.base.models import JournalEntry, Organisation, Team
from gloed.coding.queries import list_named
from gloed.fieldwork.models import Invitation
from gloed.stats import Estimate, Histogram
from gloed.surveys.models import Survey, Touchpoint
from gloed.surveys.rules import Metric

OVERVIEW = 12
"""So many splits at most are looked at on one page."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many were asked and how many of those answered; nothing known without invitations."""

    asked: int
    answered: int

    @property
    def share(self) -> float | None:
        """Answered of those asked."""
        return self.answered / self.asked if self.asked else None


@dataclass(frozen=True)
class ScoreReport:
    """Everything the score page of one survey shows."""

    survey: Survey
    asked: Asked
    measure: Measure | None
    histogram: Histogram | None
    estimate: Estimate | None
    withheld: str
    also: list[tuple[Measure, Estimate]]
    change: Estimate | None
    is_clear: bool
    trend: Trend
    period: Period
    splits: tuple[Split, ...]
    chosen: Split | None
    coverage: Coverage
    definition: Definition
    choices: Mapping[str, list[tuple[str | None, str]]]
    names: Mapping[str, str]
    cut_off: datetime | None
    other_scales: int
    all_answers: int = 0
    comparisons: int = 0  # looks on the page that are corrected together
    caveats: list[str] = field(default_factory=list)
    breaks: tuple[Break, ...] = ()  # where the question changed, so that the trend is broken

    @property
    def kind(self) -> Kind:
        """How its score is read."""
        return self.measure.kind if self.measure else Kind.POINTS


def score_report(
    source: Source, survey: Survey, asked: Asked, *, now: datetime, is_current: bool
) -> ScoreReport:
    """The score of one survey under the filters of an address.

    `is_current` says that nothing waits to be projected, so that the data are those of `now`.
    """
    metric = Metric(survey.metric)
    everything = Selection(surveys=(str(survey.public_id),), metric=metric.value)
    columns = queries.splitting_columns(source)
    each = queries.run_each(source, everything, columns) if columns else {}
    # every split adds up to the whole, which is then known already
    whole = next(iter(each.values()), None) or queries.run(source, Query(everything))
    names = names_of(survey.organisation)
    if whole.scale is None or not (whole.merged() or EMPTY).n:
        return _empty(source, survey, asked, names)
    measure = measure_of(metric, whole.scale)
    selection = asked.selection(str(survey.public_id), metric, whole.scale)
    choices = choices_of(each, names)
    result, period = _over_time(source, selection, asked)
    histogram = result.merged() or Histogram.empty((measure.scale.minimum, measure.scale.maximum))
    withheld = _reason_to_withhold(survey, asked, histogram, whole.merged() or EMPTY)
    is_shown = bool(histogram.n) and not withheld
    minimum = survey.organisation.minimum_group
    trend = _trend(source, measure, result, period, minimum=minimum) if is_shown else Trend(())
    splits, chosen = _splits(source, measure, selection, asked, choices, minimum, is_shown=is_shown)
    change = _change(source, measure, selection, asked, histogram, minimum) if is_shown else None
    pool = splits if chosen is None else (chosen, *(s for s in splits if s.column != chosen.column))
    pool, (trend_p, change_p) = scores.corrected(
        pool, trend.p_value, p_value_of(change) if change else None
    )
    estimate = measure.estimate(histogram) if is_shown else None
    cut_off = now if is_current else source.cut_off
    return ScoreReport(
        survey=survey,
        asked=asked,
        measure=measure,
        histogram=histogram if is_shown else None,
        estimate=estimate,
        withheld=withheld,
        also=_also(metric, measure, histogram) if is_shown else [],
        change=change,
        is_clear=change_p is not None and change_p < scores.ALPHA,
        comparisons=scores.count_comparisons(pool, trend_p, change_p),
        trend=replace(trend, p_value=trend_p),
        period=period,
        splits=pool,
        chosen=pool[0] if chosen is not None else None,
        coverage=coverage_of(survey),
        definition=definition_of(survey, asked, measure, result, each, names, cut_off),
        choices=choices,
        names=names,
        cut_off=cut_off,
        other_scales=int(result.other_scales),
        all_answers=int((whole.merged() or EMPTY).n),
        caveats=caveats_of(estimate, result, measure),
        breaks=breaks_of(survey) if len(trend.shown) > 1 else (),
    )


def is_current(organisation: Organisation, kinds: tuple[str, ...]) -> bool:
    """Whether nothing waits to be projected."""
    waiting = JournalEntry.objects.filter(
        organisation=organisation, delivered_at=None, kind__in=kinds
    )
    marked = Mark.objects.filter(organisation=organisation)
    return not waiting.exists() and not marked.exists()


def names_of(organisation: Organisation) -> dict[str, str]:
    """The names of teams and touchpoints by public id, and of themes as `theme:` and the key."""
    teams = Team.objects.filter(organisation=organisation).values_list("public_id", "name")
    moments = Touchpoint.objects.filter(organisation=organisation).values_list("public_id", "name")
    named = {str(public_id): name for public_id, name in [*teams, *moments]}
    language = (get_language() or "en")[:2]
    return named | {
        f"{THEME}:{theme.key}": theme.name_in(language) for theme in list_named(organisation)
    }


def coverage_of(survey: Survey) -> Coverage:
    """How many were asked for this survey and how many of them answered."""
    answered = Q(disposition__in=["partial", "complete"])
    counted = Invitation.objects.filter(survey=survey, sent_at__isnull=False).aggregate(
        asked=Count("pk"), answered=Count("pk", filter=answered)
    )
    return Coverage(**counted)


def coverage_words(coverage: Coverage, *, is_part: bool) -> str:
    """The coverage beside a score; who was asked is known of a whole survey, not of a part."""
    if coverage.share is None:
        return _("how many were asked is not known")
    share = {"share": words.score(coverage.share, Kind.SHARE)}
    if is_part:
        return _("%(share)s of those asked, over the whole survey") % share
    return _("%(share)s of those asked") % share


def period_under(
    source: Source, selection: Selection, asked: Asked
) -> tuple[Period, date | None, date | None]:
    """How time is cut, and the first and last day there is anything to see."""
    first, last = queries.find_days(source, selection)
    if first is None or last is None:
        return asked.period or Period.MONTH, None, None
    return coarsened(asked.period or usual_period(first, last), first, last), first, last


def _over_time(source: Source, selection: Selection, asked: Asked) -> tuple[Result, Period]:
    period, _first, _last = period_under(source, selection, asked)
    query = Query(selection, period=period, week_starts=words.week_starts())
    result = queries.run(source, query)
    if asked.period is None and period is Period.MONTH and _is_in_waves(result):
        return _over_time(source, selection, replace(asked, period=Period.QUARTER))
    return result, period


def _is_in_waves(result: Result) -> bool:
    """Whether people are asked every few months: most months between are empty."""
    months = [month for month in result.by_period() if month is not None]
    if len(months) < 2:
        return False
    span = periods_between(min(months), max(months), Period.MONTH, starts=1)
    return len(months) < len(span) / 2


def _trend(
    source: Source, measure: Measure, result: Result, period: Period, *, minimum: int
) -> Trend:
    first, last = queries.find_days(source, result.query.selection)
    if first is None or last is None:
        return scores.trend_of(measure, result, minimum=minimum, periods=())
    periods = periods_between(first, last, period, starts=words.week_starts())
    return scores.trend_of(measure, result, minimum=minimum, periods=periods)


def _splits(
    source: Source,
    measure: Measure,
    selection: Selection,
    asked: Asked,
    choices: Mapping[str, list[tuple[str | None, str]]],
    minimum: int,
    *,
    is_shown: bool,
) -> tuple[tuple[Split, ...], Split | None]:
    """Every column at a glance, and the one that is looked at closely."""
    filtered = {column for column, _value in asked.filters}
    columns = tuple(c for c in choices if c not in filtered and c != THEME)[:OVERVIEW]
    if asked.by in choices and asked.by != THEME and asked.by not in columns:
        columns = (*columns, asked.by)
    if not is_shown or not columns:
        return (), None
    # without filters the choices know all columns already
    needed = columns if asked.filters else queries.splitting_columns(source)
    each = queries.run_each(source, selection, needed)
    results = {column: each[column] for column in columns}
    people = queries.count_few_people(source, results, minimum=minimum)
    glances = tuple(
        scores.split_of(measure, r, people.get(c, {}), minimum=minimum, is_glance=True)
        for c, r in results.items()
    )
    told = sorted((s for s in glances if s.is_telling or s.column == asked.by), key=_by_p_value)
    by = asked.by if asked.by in results else next((s.column for s in told), "")
    if not by:
        return tuple(told), None
    return tuple(told), scores.split_of(measure, results[by], people.get(by, {}), minimum=minimum)


def _by_p_value(split: Split) -> tuple[float, str]:
    return (split.p_value, split.column)


def _change(
    source: Source,
    measure: Measure,
    selection: Selection,
    asked: Asked,
    present: Histogram,
    minimum: int,
) -> Estimate | None:
    """The score against that of the window of the same length before."""
    window = asked.before
    if window is None:
        return None
    before = queries.run(source, previous_query(Query(selection), window))
    past = before.by_group().get(()) if before.scale == measure.scale else None
    if past is None or past.n < minimum:
        return None
    return measure.difference(past, present)


def _also(metric: Metric, main: Measure, histogram: Histogram) -> list[tuple[Measure, Estimate]]:
    others = (m for m in measures_of(metric, main.scale) if m != main)
    return [(measure, measure.estimate(histogram)) for measure in others]


def _reason_to_withhold(
    survey: Survey, asked: Asked, histogram: Histogram, whole: Histogram
) -> str:
    """Why no score is shown although somebody answered; empty when it is shown.

    What a filter leaves of an open survey is shown from the smallest group on; of a survey among
    employees also the whole must be that large, and so must be what the filter left out.
    """
    minimum = survey.organisation.minimum_group
    is_part = histogram.n < whole.n
    few = 0 < histogram.n < minimum
    is_anonymous = survey.metric == Metric.ENPS
    left_out = 0 < whole.n - histogram.n < minimum
    if (few and (is_part or is_anonymous)) or (is_anonymous and asked.is_narrowed and left_out):
        return ngettext(
            "Fewer than %(n)s answer: somebody could be recognised.",
            "Fewer than %(n)s answers: somebody could be recognised.",
            minimum,
        ) % {"n": minimum}
    return ""


def choices_of(
    each: Mapping[str, Result], names: Mapping[str, str]
) -> dict[str, list[tuple[str | None, str]]]:
    """Per column with more than one value, what can be chosen, in the order of reading."""
    found = {}
    for column, result in each.items():
        values = [group[0] for group, h in result.by_group().items() if h.n]
        if len(values) > 1:
            named = [(v, words.value_label(column, v, dict(names))) for v in values]
            found[column] = sorted(named, key=lambda pair: (pair[0] is None, pair[1].casefold()))
    if themes := themes_in(names):
        found[THEME] = list(themes)
    return found


def themes_in(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Key and name of the themes among the names of an organisation, in the order of reading."""
    mark = f"{THEME}:"
    named = [(key.removeprefix(mark), name) for key, name in names.items() if key.startswith(mark)]
    return sorted(named, key=lambda pair: pair[1].casefold())


def _empty(source: Source, survey: Survey, asked: Asked, names: Mapping[str, str]) -> ScoreReport:
    return ScoreReport(
        survey=survey,
        asked=asked,
        measure=None,
        histogram=None,
        estimate=None,
        withheld="",
        also=[],
        change=None,
        is_clear=False,
        trend=Trend(()),
        period=Period.MONTH,
        splits=(),
        chosen=None,
        coverage=coverage_of(survey),
        definition=Definition([], ""),
        choices={},
        names=names,
        cut_off=source.cut_off,
        other_scales=0,
    )
