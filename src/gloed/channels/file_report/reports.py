"""The report of a file: what the score pages show, for somebody who has no Gloed at hand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis import figures, queries, scores, words
from gloed.analysis.definitions import Definition, formula_of
from gloed.analysis.figures import Figure
from gloed.analysis.filters import Asked, coarsened, periods_between, usual_period
from gloed.analysis.measures import Measure, p_value_of, ratings_of
from gloed.analysis.queries import Period, Query, Selection
from gloed.analysis.reports import Coverage, ScoreReport
from gloed.analysis.scores import Split, Trend
from gloed.analysis.store import Source
from gloed.channels.file_import import wording
from gloed.channels.file_import.reading import Why
from gloed.channels.file_report.columns import sensible_columns
from gloed.channels.file_report.drawings import Drawing, draw
from gloed.channels.file_report.gathering import Gathered, Voice
from gloed.channels.file_report.limits import limits_of
from gloed.channels.file_report.scoring import (
    SMALLEST,
    FileScore,
    MetricScore,
    score_file,
    splits_of,
)
from gloed.channels.file_report.verbatims import excerpt, masked
from gloed.stats import Estimate
from gloed.stats.estimate import SMALL_BASE
from gloed.surveys.models import Survey
from gloed.surveys.rules import Band, Metric

MOST_SPLITS = 12
MOST_GROUPS = 12
VOICES_A_SIDE = 5


@dataclass(frozen=True, slots=True)
class Quote:
    """One comment as it is shown."""

    rating: int
    text: str
    language: str
    about: str


@dataclass(frozen=True, slots=True)
class GroupFigure:
    """A split with its figure; `left_out` are groups that are not drawn."""

    drawing: Drawing
    is_clear: bool
    small: int
    more: int


@dataclass(frozen=True)
class FileReport:
    """Everything that the page shows, in the language that was active when it was made."""

    title: str
    subtitle: str
    main: MetricScore
    others: Sequence[MetricScore]
    in_short: list[str]
    definition: list[tuple[str, str]]
    caveats: list[str]
    distribution: Drawing
    trend: Drawing | None
    groups: list[GroupFigure]
    undrawn: list[str]
    voices: list[tuple[str, str, list[Quote]]]
    limits: list[str]
    how_read: list[tuple[str, str]]
    columns: list[tuple[str, str]]
    remarks: list[str]
    made_on: date
    version: str


def report_of(
    gathered: Gathered,
    *,
    wanted: str = "",
    title: str = "",
    today: date,
    is_chosen: bool = False,
) -> FileReport:
    """The report of what was gathered, in the active language. Raises NoScore.

    `is_chosen` says that the user named the columns; then all of them are shown.
    """
    score = score_file(gathered, wanted=wanted, with_segments=False)
    main = score.main
    trend, period, since = _trend_of(score.source, main.measure, gathered)
    columns = gathered.columns
    if not is_chosen:
        columns = sensible_columns(score.source, main.measure, columns)
    logical = [column.logical for column in columns]
    since_p = p_value_of(since) if since else None
    splits, (trend_p, since_p) = splits_of(
        score.source, main.measure, logical, trend.p_value, since_p
    )
    trend = replace(trend, p_value=trend_p)
    splits = tuple(sorted(splits, key=lambda split: (split.p_value, split.column)))
    page = _page_of(score, trend, period, splits)
    since_words = _since_words(page, main.measure, since, since_p)
    drawn_splits = _worth_drawing(splits)
    drawn = draw(_figures_of(page, main, drawn_splits, since_words))
    by_name = {drawing.figure.id: drawing for drawing in drawn}
    return FileReport(
        title=title.strip()
        or _("What %(answers)s say") % {"answers": words.answers(main.estimate.n)},
        subtitle=_subtitle(gathered),
        main=main,
        others=score.metrics[1:],
        in_short=_in_short(by_name, page, splits),
        definition=_definition(gathered, main),
        caveats=_caveats(score),
        distribution=by_name["distribution"],
        trend=by_name.get("trend"),
        groups=[
            _group_figure(by_name[f"segments_{place}"], split)
            for place, split in enumerate(drawn_splits)
        ],
        undrawn=[_undrawn_words(split) for split in splits if split not in drawn_splits],
        voices=_voices(gathered, main),
        limits=limits_of(gathered, main.measure, trend, period, drawn_splits),
        how_read=_how_read(gathered),
        columns=_columns_read(gathered),
        remarks=_remarks(gathered),
        made_on=today,
        version=version("gloed"),
    )


def _trend_of(
    source: Source, measure: Measure, gathered: Gathered
) -> tuple[Trend, Period, Estimate | None]:
    """The course, how finely it is cut, and the change from its first period to its last."""
    first, last = gathered.days
    if first is None or last is None:
        return Trend(()), Period.MONTH, None
    period = coarsened(usual_period(first, last), first, last)
    selection = Selection(metric=measure.metric.value)
    starts = words.week_starts()
    result = queries.run(source, Query(selection, period=period, week_starts=starts))
    periods = periods_between(first, last, period, starts=starts)
    trend = scores.trend_of(measure, result, minimum=SMALLEST, periods=periods)
    if len(trend.shown) < 3:  # with two, the last change is the whole change
        return trend, period, None
    counted = result.by_period()
    ends = (trend.shown[0].start, trend.shown[-1].start)
    return trend, period, measure.difference(*(counted[start] for start in ends))


def _since_words(
    page: ScoreReport, measure: Measure, since: Estimate | None, p_value: float | None
) -> str:
    """The change over the whole file in a sentence; nothing where there is no course."""
    if since is None or p_value is None:
        return ""
    facts = {
        "first": words.period_name(page.trend.shown[0].start, page.period),
        "change": words.change(since.value, measure.kind),
    }
    if p_value < scores.ALPHA:
        return _("Since %(first)s: %(change)s, a clear change.") % facts
    return _("Since %(first)s: no clear change.") % facts


def _page_of(
    score: FileScore, trend: Trend, period: Period, splits: tuple[Split, ...]
) -> ScoreReport:
    """The same as a score page would have it: a survey that was never stored, nobody asked."""
    main = score.main
    return ScoreReport(
        survey=Survey(title=score.gathered.file.file_name, metric=main.metric.value),
        asked=Asked(),
        measure=main.measure,
        histogram=main.histogram,
        estimate=main.estimate,
        withheld="",
        also=list(main.also),
        change=None,
        is_clear=False,
        trend=trend,
        period=period,
        splits=splits,
        chosen=None,
        coverage=Coverage(0, 0),
        definition=Definition([], ""),
        choices={},
        names={},
        cut_off=None,
        other_scales=score.other_scales,
    )


def _figures_of(
    page: ScoreReport, main: MetricScore, splits: Sequence[Split], since: str
) -> list[Figure]:
    found = [figures.distribution(main.measure, main.histogram)]
    if len(page.trend.shown) >= 2:
        course = figures.trend(page, main.measure)
        says = f"{course.says} {since}".strip()
        found.append(replace(course, says=says[:1].upper() + says[1:]))
    for place, split in enumerate(splits):
        figure = figures.segments(page, main.measure, _drawn_part(split))
        says = figures.segments_say(page, split)
        found.append(replace(figure, id=f"segments_{place}", says=says))
    return found


def _worth_drawing(splits: tuple[Split, ...]) -> tuple[Split, ...]:
    """Those that tell something, and of the quiet ones those that fit; the clearest first.

    A quiet split of many groups would be a picture of noise: it is named instead.
    """
    quiet = [s for s in splits if not s.different and _large(s) <= MOST_GROUPS]
    return (*(split for split in splits if split.different), *quiet)[:MOST_SPLITS]


def _large(split: Split) -> int:
    return sum(segment.n >= SMALLEST for segment in split.segments)


def _undrawn_words(split: Split) -> str:
    facts = {
        "column": words.column_label(split.column),
        "n": words.number(len(split.segments)),
    }
    if split.different:
        return _("%(column)s (%(n)s groups)") % facts
    return _("%(column)s (%(n)s groups, no clear difference)") % facts


def _drawn_part(split: Split) -> Split:
    """The groups that are drawn: those that differ, then the largest, never a very small one."""
    large = [segment for segment in split.segments if segment.n >= SMALLEST]
    first = sorted(large, key=lambda s: (not s.is_different, -s.n))[:MOST_GROUPS]
    return replace(split, segments=tuple(segment for segment in large if segment in first))


def _group_figure(drawing: Drawing, split: Split) -> GroupFigure:
    small = sum(segment.n < SMALLEST for segment in split.segments)
    drawn = len(_drawn_part(split).segments)
    return GroupFigure(drawing, bool(split.different), small, len(split.segments) - small - drawn)


def _subtitle(gathered: Gathered) -> str:
    first, last = gathered.days
    parts = [gathered.file.file_name]
    if first is not None and last is not None:
        facts = {"first": words.day(first), "last": words.day(last)}
        parts.append(_("%(first)s to %(last)s") % facts)
    return " · ".join(parts)


def _in_short(drawn: dict[str, Drawing], page: ScoreReport, splits: Sequence[Split]) -> list[str]:
    """What a director should take away, in a few sentences, news first."""
    found = [drawn["distribution"].figure.says]
    if "trend" in drawn:
        found.append(drawn["trend"].figure.says)
    telling = [split for split in splits if split.different]
    for split in telling[:3]:
        column = words.column_label(split.column)
        found.append(f"{column}: {figures.segments_say(page, split)}")
    if splits and not telling:
        found.append(_("No group can be told from the others."))
    return found


def _definition(gathered: Gathered, main: MetricScore) -> list[tuple[str, str]]:
    left_out = int(gathered.imported - main.histogram.n)
    scale = main.measure.scale
    return [
        (_("Formula"), formula_of(main.measure)),
        (
            _("Scale"),
            _("%(low)s to %(high)s") % {"low": scale.minimum, "high": scale.maximum},
        ),
        (_("Answers"), words.number(main.histogram.n)),
        (_("Rows without this score"), words.number(max(0, left_out))),
        (_("Interval"), _("95%, multinomial score interval")),
        (
            _("Groups"),
            _("each against all others, corrected for all comparisons (Benjamini-Hochberg)"),
        ),
    ]


def _caveats(score: FileScore) -> list[str]:
    found = []
    if score.main.estimate.n < SMALL_BASE:
        found.append(_("Few answers: read the interval, not the number."))
    if score.other_scales:
        found.append(
            _("Answers on another scale are left out: %(n)s.")
            % {"n": words.number(score.other_scales)}
        )
    return found


def _voices(gathered: Gathered, main: MetricScore) -> list[tuple[str, str, list[Quote]]]:
    """The comments of both ends: the strongest rating first, and there the most telling."""
    sides = (
        (Band.DETRACTOR, _("Lowest ratings"), False),
        (Band.PROMOTER, _("Highest ratings"), True),
    )
    found = []
    for band, name, is_high in sides:
        ratings = sorted(ratings_of(main.metric, main.measure.scale, band), reverse=is_high)
        quotes = _quotes(gathered, main.metric, ratings)
        if quotes:
            found.append((band.value, name, quotes))
    return found


def _quotes(gathered: Gathered, metric: Metric, ratings: Sequence[int]) -> list[Quote]:
    chosen: dict[str, Quote] = {}
    for rating in ratings:
        for voice in gathered.voices.get((metric.value, rating), []):
            text = excerpt(masked(voice.text))
            chosen.setdefault(text.casefold(), _quote(voice, text, metric))
            if len(chosen) >= VOICES_A_SIDE:
                return list(chosen.values())
    return list(chosen.values())


def _quote(voice: Voice, text: str, metric: Metric) -> Quote:
    """Of colleagues nothing is told beside their words: moment and place could betray them."""
    about = [voice.touchpoint, words.day(voice.day) if voice.day else ""]
    told = "" if metric is Metric.ENPS else " · ".join(filter(None, about))
    language = voice.language.lower()
    known = language if language.isalpha() and len(language) == 2 else ""
    return Quote(voice.rating, text, known, told)


def _how_read(gathered: Gathered) -> list[tuple[str, str]]:
    plan = gathered.plan
    rows = [
        (_("File"), gathered.file.file_name),
        (_("Recognised as"), wording.tool_name(plan.format)),
        (_("Rows"), words.number(gathered.rows)),
        (_("Read"), words.number(gathered.imported)),
    ]
    rows += [
        (_("Skipped: %(why)s") % {"why": wording.skip_words(reason)}, words.number(count))
        for reason, count in gathered.skipped.items()
    ]
    rows += [
        (str(wording.WARNINGS.get(code, code)).capitalize(), words.number(count))
        for code, count in gathered.warnings.items()
    ]
    if gathered.keeps_alike:
        rows.append((_("Rows that are alike"), _("count as different answers")))
    if plan.time is not None:
        assumed = _("%(zone)s; the file does not say") % {"zone": plan.time.zone}
        rows.append((_("Time zone"), assumed if plan.time.zone_is_assumed else plan.time.zone))
    return rows


def _columns_read(gathered: Gathered) -> list[tuple[str, str]]:
    found = []
    for column in gathered.plan.columns:
        if column.why is Why.PRIVATE:
            taken = str(wording.WHYS[Why.PRIVATE.value])
        elif column.target is None:
            taken = _("a characteristic")
        else:
            taken = wording.target_words(column.target)
        found.append((column.name, taken))
    return found


def _remarks(gathered: Gathered) -> list[str]:
    """Notes of the reader; what it would ask a user of the import page is told as a row above."""
    return [
        wording.remark_words(_as_mapping(remark))
        for remark in gathered.plan.notes
        if remark.code != "private_left_out"
    ]


def _as_mapping(remark: Any) -> dict[str, Any]:
    return {
        "code": remark.code,
        "message": remark.message,
        "parameters": dict(remark.parameters),
    }
