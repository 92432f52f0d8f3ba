"""The scores along a journey: each touchpoint in its own metric, beside its line.

A touchpoint's score counts the answers that belong to it, in its own metric, on the scale most of
them were given on. What was asked about the moment and what was asked about the relationship are
never added up: where both were, the moment counts.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gloed.analysis import queries, words
from gloed.analysis.definitions import Definition, formula_of
from gloed.analysis.measures import Kind, Measure, measure_of
from gloed.analysis.queries import ALL_TIME, Cell, Selection, Window
from gloed.analysis.store import Source
from gloed.base.models import Organisation
from gloed.stats import Estimate, Histogram
from gloed.stats.estimate import SMALL_BASE
from gloed.surveys.journeys.queries import Moment
from gloed.surveys.journeys.rules import Standing, family_of, standing_of
from gloed.surveys.journeys.words import number_words
from gloed.surveys.models import Survey
from gloed.surveys.rules import Metric

DAYS: dict[str, int] = {"30d": 30, "90d": 90, "365d": 365, "all": 0}
USUAL = "90d"
PERIODS: dict[str, str | Promise] = {
    "30d": gettext_lazy("Last 30 days"),
    "90d": gettext_lazy("Last 90 days"),
    "365d": gettext_lazy("Last 365 days"),
    "all": gettext_lazy("All time"),
}
KINDS = (Survey.Kind.TRANSACTIONAL.value, Survey.Kind.RELATIONSHIP.value)
"""The first that has answers counts."""

Counted = dict[str, dict[str, list[Cell]]]
"""Counted answers by kind of survey and touchpoint."""


@dataclass(frozen=True, slots=True)
class MomentScore:
    """A touchpoint with its score; without `estimate` nobody answered, or too few to show.

    `line` is in the unit of the score; None without one, or where it was drawn on another scale.
    """

    moment: Moment
    n: int = 0
    measure: Measure | None = None
    estimate: Estimate | None = None
    is_hidden: bool = False
    line: float | None = None
    other_line: bool = False
    definition: Definition | None = None
    caveats: tuple[str, ...] = ()

    @property
    def standing(self) -> Standing | None:
        """Where it stands beside its line; None where there is nothing to compare."""
        if self.estimate is None or self.line is None:
            return None
        return standing_of(self.estimate.low, self.estimate.high, self.line)

    @property
    def is_small(self) -> bool:
        """Whether so few answered that it is drawn quiet."""
        return self.estimate is not None and self.estimate.n < SMALL_BASE

    @property
    def line_text(self) -> str:
        """The line as it is read."""
        if self.moment.touchpoint.good_enough is None:
            return ""
        text = number_words(self.moment.touchpoint.good_enough)
        return f"{text}%" if self.moment.metric is Metric.CSAT else text

    @property
    def mark_line(self) -> float | str:
        """The line for the drawing of the interval; empty without one."""
        return "" if self.line is None else self.line


def read_period(asked: str) -> str:
    """The period of an address; the usual one for anything unknown."""
    return asked if asked in DAYS else USUAL


def window_of(period: str, *, today: date) -> Window:
    """The days of a period, today included."""
    end = today + timedelta(days=1)
    return Window(end - timedelta(days=DAYS[period]), end) if DAYS[period] else ALL_TIME


def moment_scores(
    source: Source,
    organisation: Organisation,
    moments: Sequence[Moment],
    window: Window,
    *,
    cut_off: datetime | None,
) -> list[MomentScore]:
    """The score of each touchpoint in a window, in two questions to the store."""
    if not moments:
        return []
    surveys = list(Survey.objects.filter(organisation=organisation, deleted_at=None))
    counted = _counted(source, surveys, window)
    return [_scored(moment, counted, organisation, window, cut_off) for moment in moments]


def _counted(source: Source, surveys: Sequence[Survey], window: Window) -> Counted:
    found: Counted = {}
    for kind in KINDS:
        ids = tuple(sorted(str(s.public_id) for s in surveys if s.kind == kind))
        by_touchpoint: defaultdict[str, list[Cell]] = defaultdict(list)
        if ids:
            selection = Selection(surveys=ids, window=window)
            result = queries.run_each(source, selection, ("touchpoint",))["touchpoint"]
            for cell in result.cells:
                by_touchpoint[cell.group[0] or ""].append(cell)
        found[kind] = by_touchpoint
    return found


def _scored(
    moment: Moment,
    counted: Counted,
    organisation: Organisation,
    window: Window,
    cut_off: datetime | None,
) -> MomentScore:
    key, metric = str(moment.touchpoint.public_id), moment.metric
    if metric is None:
        return MomentScore(moment)
    own = {
        kind: [c for c in cells.get(key, ()) if family_of(Metric(c.metric)) is metric]
        for kind, cells in counted.items()
    }
    kind = next((k for k in KINDS if _total(own[k])), KINDS[0])
    left_out = sum(_total(own[k]) for k in KINDS if k != kind)
    measure, histogram, on_others = _main(own[kind])
    if measure is None or not histogram.n:
        return MomentScore(moment)
    n = int(histogram.n)
    if n < organisation.minimum_group:
        return MomentScore(moment, measure=measure, is_hidden=True)
    line, is_other = _line_of(moment, measure)
    estimate = measure.estimate(histogram)
    caveats = _caveats(estimate, left_out, on_others)
    return MomentScore(
        moment,
        n=n,
        measure=measure,
        estimate=estimate,
        line=line,
        other_line=is_other,
        definition=_definition(moment, measure, kind, window, cut_off, caveats),
        caveats=caveats,
    )


def _total(cells: Sequence[Cell]) -> int:
    return int(sum(cell.histogram.n for cell in cells))


def _main(cells: Sequence[Cell]) -> tuple[Measure | None, Histogram, int]:
    """The measure most answers were given in, its counts, and how many were given otherwise."""
    sums: dict[Measure, Histogram] = {}
    for cell in cells:
        measure = measure_of(Metric(cell.metric), cell.scale)
        sums[measure] = sums[measure] + cell.histogram if measure in sums else cell.histogram
    if not sums:
        return None, Histogram.empty(), 0
    best = max(sums, key=lambda measure: (sums[measure].n, measure.metric, measure.scale.maximum))
    return best, sums[best], _total(cells) - int(sums[best].n)


def _line_of(moment: Moment, measure: Measure) -> tuple[float | None, bool]:
    """The line in the unit of the score, and whether it was drawn on another scale."""
    line = moment.touchpoint.good_enough
    if line is None:
        return None, False
    if measure.kind is Kind.MEAN and moment.line_top != measure.scale.maximum:
        return None, True
    return (line / 100 if measure.kind is Kind.SHARE else line), False


def _caveats(estimate: Estimate, left_out: int, on_others: int) -> tuple[str, ...]:
    found = []
    if estimate.n < SMALL_BASE:
        found.append(_("Few answers: read the interval, not the number."))
    if left_out:
        found.append(
            ngettext(
                "%(n)s answer about the relationship is left out.",
                "%(n)s answers about the relationship are left out.",
                left_out,
            )
            % {"n": words.number(left_out)}
        )
    if on_others:
        found.append(
            ngettext(
                "%(n)s answer on another scale is left out.",
                "%(n)s answers on another scale are left out.",
                on_others,
            )
            % {"n": words.number(on_others)}
        )
    return tuple(found)


def _definition(
    moment: Moment,
    measure: Measure,
    kind: str,
    window: Window,
    cut_off: datetime | None,
    caveats: Sequence[str],
) -> Definition:
    titles = ", ".join(survey.title for survey in moment.surveys if survey.kind == kind)
    rows = [
        (_("Touchpoint"), moment.touchpoint.name),
        (_("Surveys"), titles or _("brought in with a file or by a program")),
        (_("Kind"), str(Survey.Kind(kind).label)),
        (_("Period"), words.window_words(window.start, window.end)),
        (_("Which answers"), _("every answer; who answered twice counts twice")),
        (_("Left out"), " ".join(caveats) or _("answers that were withdrawn")),
        (_("Interval"), _("95%, multinomial score interval")),
        (
            _("Beside the line"),
            _("above or below only when the whole interval is; each line looked at on its own"),
        ),
    ]
    if cut_off is not None:
        rows.append((_("Data up to"), words.moment(cut_off)))
    return Definition(rows, formula_of(measure))
