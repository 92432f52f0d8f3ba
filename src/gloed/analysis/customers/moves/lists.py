"""The people behind one cell: their two answers, read from the record."""

from dataclasses import dataclass

from gloed.analysis.answers import Line, lines_of
from gloed.analysis.customers.moves.pairs import list_pairs
from gloed.analysis.customers.moves.report import MovesReport
from gloed.analysis.measures import ratings_of
from gloed.analysis.store import Source
from gloed.base.models import Organisation
from gloed.surveys.rules import Band

PAGE = 50


@dataclass(frozen=True, slots=True)
class Both:
    """Two answers of one person."""

    before: Line
    after: Line


def list_cell(
    organisation: Organisation,
    source: Source,
    report: MovesReport,
    way: tuple[Band, Band],
    *,
    page: int,
) -> tuple[list[Both], bool]:
    """A page of the people who went `way` (from, to), newest first, and whether there are more.

    What was withdrawn since the projection was made is gone.
    """
    if report.pairing is None or report.measure is None:
        return [], False
    before, after = way
    metric, scale = report.measure.metric, report.measure.scale
    found = list_pairs(
        source,
        report.pairing,
        ratings_of(metric, scale, before),
        ratings_of(metric, scale, after),
        limit=PAGE + 1,
        offset=(page - 1) * PAGE,
    )
    keys = [key for pair in found for key in (pair.before_key, pair.after_key)]
    lines = lines_of(organisation, keys)
    shown = [
        Both(lines[pair.before_key], lines[pair.after_key])
        for pair in found[:PAGE]
        if pair.before_key in lines and pair.after_key in lines
    ]
    return shown, len(found) > PAGE
