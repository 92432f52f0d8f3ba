"""Coverage of a subject: who answered, who kept silent, and what that leaves open."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gloed.analysis import queries as analysis
from gloed.analysis.coverage import ledger, queries
from gloed.analysis.coverage.ledger import Reached
from gloed.analysis.coverage.queries import Weighed
from gloed.analysis.looking import Ground, Look, ground_of, selection_of
from gloed.analysis.measures import Measure, band_counts
from gloed.analysis.queries import Query
from gloed.fieldwork.queries import Tally
from gloed.stats import (
    Estimate,
    Histogram,
    Visibility,
    nonresponse_bounds,
    suppress,
    tipping_point,
)
from gloed.surveys.rules import Band

EVEN = 0.0
"""The score, in points, at which the tipping point is asked for: as many above as below."""


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment: asked and answered, and what each of its answers counts for."""

    value: str | None
    reached: Reached | None = None
    is_hidden: bool = False
    population: float | None = None  # share of the table
    answers: float | None = None  # share of the answers
    weight: float | None = None


@dataclass(frozen=True)
class CoverageReport:
    """Everything the page shows. Without `measure` nobody gave a rating."""

    ground: Ground
    tally: Tally | None = None
    bands: Mapping[Band, float] | None = None
    estimate: Estimate | None = None
    bounds: Estimate | None = None
    tipping: float | None = None  # None: nothing the silent think could do it
    weighed: Weighed = field(default_factory=Weighed)
    weighted: Estimate | None = None
    by: str = ""
    columns: tuple[str, ...] = ()
    segments: tuple[SegmentRow, ...] = ()
    strata: tuple[SegmentRow, ...] = ()
    strata_by: str = ""
    is_withheld: bool = False

    @property
    def measure(self) -> Measure | None:
        """How the score is reckoned."""
        return self.ground.measure

    @property
    def asked(self) -> int:
        """How many were asked and reached."""
        return self.tally.delivered if self.tally else 0

    @property
    def answered(self) -> int:
        """How many of those answered."""
        return self.tally.count("partial", "complete") if self.tally else 0

    @property
    def silent(self) -> int:
        """How many of those kept silent."""
        return max(0, self.asked - self.answered)

    @property
    def rate(self) -> float | None:
        """Answered of those reached."""
        return self.answered / self.asked if self.asked else None


def coverage_report(look: Look, *, by: str = "", table: str = "") -> CoverageReport | None:
    """Coverage of the subject of a request; None where nobody answered anything.

    `by` is the column whose segments are listed, `table` that of the weights listed.
    """
    if look.subject is None:
        return None
    ground = ground_of(look, look.subject, teams=look.teams)
    ground = replace(ground, asked=replace(ground.asked, filters=(), band=None, period=None, by=""))
    report = CoverageReport(ground)
    measure = ground.measure
    if measure is None:
        return report
    selection = selection_of(ground, teams=look.teams)
    present = _present(analysis.run(look.source, Query(selection)).merged(), measure)
    if present is None or not present.n:
        return report
    if present.n < look.minimum:
        return replace(report, is_withheld=True)
    report = replace(
        report,
        bands=band_counts(measure.metric, measure.scale, present),
        estimate=measure.estimate(present),
    )
    if not look.teams:  # who was asked is not known by team
        report = _with_silent(report, measure, look, by=by)
    tables = queries.tables_in_use(look.organisation)
    weighed = queries.weigh(look.source, measure, selection, tables)
    report = replace(report, weighed=weighed)
    return _with_weights(report, measure, look, table=table)


def _present(merged: Histogram | None, measure: Measure) -> Histogram | None:
    ends = (float(measure.scale.minimum), float(measure.scale.maximum))
    is_same = merged is not None and (merged.values[0], merged.values[-1]) == ends
    return merged if is_same else None


def _with_silent(
    report: CoverageReport, measure: Measure, look: Look, *, by: str
) -> CoverageReport:
    subject, asked = report.ground.subject, report.ground.asked
    lines = ledger.asked_in(look.organisation, subject, asked.window)
    counted = ledger.tally_of(lines)
    report = replace(report, tally=counted)
    if not report.asked or report.estimate is None:
        return report
    points = measure.points_of(report.estimate.value)
    reached = {"invited": report.asked, "answered": report.answered}
    columns = ledger.columns_known(list(report.ground.choices))
    by = by if by in columns else _usual(columns)
    bounds = nonresponse_bounds(points, **reached)
    tipping = tipping_point(points, target=EVEN, **reached) if report.silent else None
    return replace(
        report,
        bounds=measure.from_points(bounds),
        tipping=None if tipping is None else measure.value_of(tipping),
        by=by,
        columns=tuple(columns),
        segments=_segments(lines, by, look.minimum) if by else (),
    )


def _usual(columns: list[str]) -> str:
    """An attribute where there is one."""
    own = [name for name in columns if name not in ledger.OTHER_COLUMNS]
    return next(iter([*own, *columns]), "")


def _segments(lines: ledger.Lines, by: str, minimum: int) -> tuple[SegmentRow, ...]:
    """Response per segment; where the answered or the silent are few, it is hidden."""
    found = ledger.by_segment(lines, by)
    if not found:
        return ()
    shown = {Visibility.SHOWN, Visibility.NO_RESPONSES}
    cells = suppress([one.answered for one in found], threshold=minimum).cells
    return tuple(
        SegmentRow(one.value, None if cell not in shown else one, is_hidden=cell not in shown)
        for one, cell in zip(found, cells, strict=True)
    )


def _with_weights(
    report: CoverageReport, measure: Measure, look: Look, *, table: str
) -> CoverageReport:
    weights = report.weighed.weights
    if weights is None:
        return report
    column = table if table in weights.columns else weights.columns[0]
    place = weights.columns.index(column)
    target = next(one for one in weights.tables if one.column == column).sizes
    counted: dict[str, float] = {}
    loads: dict[str, float] = {}
    for stratum, n in weights.fitted.sizes.items():
        counted[stratum[place]] = counted.get(stratum[place], 0) + n
        loads[stratum[place]] = loads.get(stratum[place], 0) + n * weights.weights[stratum]
    total, people = sum(counted.values()), sum(target.values())
    values = sorted(counted, key=lambda value: -target[value])
    cells = suppress([int(counted[value]) for value in values], threshold=look.minimum).cells
    strata = tuple(
        SegmentRow(value, is_hidden=True, population=target[value] / people)
        if cell is not Visibility.SHOWN
        else SegmentRow(
            value,
            population=target[value] / people,
            answers=counted[value] / total,
            weight=loads[value] / counted[value],
        )
        for value, cell in zip(values, cells, strict=True)
    )
    return replace(
        report,
        weighted=measure.from_points(weights.fitted.score),
        strata=strata,
        strata_by=column,
    )
