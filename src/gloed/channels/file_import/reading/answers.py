"""Scores of a column as answers: equal cells are read once and give the same answer."""

from typing import NamedTuple

from gloed.channels.file_import.reading.cells import text_of
from gloed.channels.file_import.reading.scores import ScoreReader, fold
from gloed.channels.file_import.reading.tables import Layout, Row, ScoreColumn
from gloed.channels.file_import.reading.values import (
    Answer,
    Metric,
    Options,
    Scale,
    WarningCode,
)

_GROUPS = {
    "promoter": range(9, 11), "promotor": range(9, 11),
    "passive": range(7, 9), "passief": range(7, 9),
    "detractor": range(7), "criticaster": range(7),
}  # fmt: skip
_MOST_CACHED = 5_000
_LONGEST_CACHED = 200


class Scored(NamedTuple):
    """The answers of one row with what could not be read in them."""

    answers: tuple[Answer, ...]
    warnings: tuple[WarningCode, ...]

    @property
    def has_score(self) -> bool:
        """Whether at least one score could be read."""
        return any(answer.score is not None for answer in self.answers)


NOT_SCORED = Scored((), ())


class AnswerReader:
    """Scores of one column as answers; equal cells give the same answer object."""

    def __init__(self, column: ScoreColumn, options: Options) -> None:
        self.column = column
        labels: dict[str, int | None] = dict(column.labels)
        labels.update(
            {fold(label): score for label, score in options.labels.get(column.metric, {}).items()}
        )
        self.scale: Scale = options.scales.get(column.metric, column.scale)
        self._reader = ScoreReader(
            self.scale, labels, is_inverted=column.metric in options.inverted
        )
        self._cached: dict[object, Scored] = {}

    @property
    def metric(self) -> Metric:
        """What the column measures."""
        return self.column.metric

    @property
    def texts(self) -> dict[str, int | None]:
        """The distinct texts met, with the number that each became."""
        return {
            text_of(cell): scored.answers[0].score if scored.answers else None
            for cell, scored in self._cached.items()
        }

    def read(self, cell: object) -> Scored:
        """The answer in a cell, if there is one."""
        if cell is True or cell is False:  # equal to 1 and 0, but not numbers (R8)
            return self._read_anew(cell)
        try:
            return self._cached[cell]
        except (KeyError, TypeError):
            return self._read_anew(cell)

    def _read_anew(self, cell: object) -> Scored:
        raw = text_of(cell).strip()
        reading = self._reader.read(cell)
        if reading.score is None and reading.warning is None:
            scored = NOT_SCORED
        else:
            column = self.column
            answer = Answer(
                column.metric,
                self.scale,
                reading.score,
                raw,
                column.header.question,
                reading.label,
            )
            warnings = (reading.warning,) if reading.warning else ()
            scored = Scored((answer,), warnings)
        may_cache = isinstance(cell, (str, int, float)) and not isinstance(cell, bool)
        if may_cache and len(raw) <= _LONGEST_CACHED and len(self._cached) < _MOST_CACHED:
            self._cached[cell] = scored
        return scored


def count_disagreeing(layout: Layout, score: ScoreColumn) -> int:
    """In how many of the first rows a column of groups does not fit the number (rule R13)."""
    facts = layout.table.facts
    if score.metric not in {Metric.NPS, Metric.ENPS}:
        return 0
    groups = [h for h in layout.free if {fold(t) for t in facts[h.index].texts} & set(_GROUPS)]
    if not groups:
        return 0
    reader, group = ScoreReader(score.scale, score.labels), groups[0].index
    return sum(1 for row in facts.head if _disagrees(row, score.header.index, group, reader))


def _disagrees(row: Row, at: int, group: int, reader: ScoreReader) -> bool:
    if max(at, group) >= len(row):
        return False
    number, numbers = reader.read(row[at]).score, _GROUPS.get(fold(text_of(row[group])))
    return number is not None and numbers is not None and number not in numbers
