"""Reading a score: a number, a label, a leading number, or no answer (rule R8)."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from gloed.channels.file_import.reading.cells import Cell, text_of
from gloed.channels.file_import.reading.values import Scale, WarningCode

NO_ANSWER = frozenset(
    {
        "", "n.v.t.", "n.v.t", "nvt", "n/a", "na", "geen mening", "weet niet", "weet ik niet",
        "geen antwoord", "not applicable", "don't know", "don’t know", "no opinion",
        "dismissed", "skipped", "-", "–", "—",
    }
)  # fmt: skip

SATISFACTION_LABELS: Mapping[str, int] = {
    "zeer tevreden": 5, "very satisfied": 5, "extremely satisfied": 5,
    "tevreden": 4, "satisfied": 4, "somewhat satisfied": 4,
    "neutraal": 3, "neutral": 3, "niet tevreden, niet ontevreden": 3,
    "niet tevreden en niet ontevreden": 3, "neither satisfied nor dissatisfied": 3,
    "ontevreden": 2, "dissatisfied": 2, "somewhat dissatisfied": 2,
    "zeer ontevreden": 1, "very dissatisfied": 1, "extremely dissatisfied": 1,
}  # fmt: skip

AGREEMENT_LABELS: Mapping[str, int] = {
    "strongly disagree": 1, "disagree": 2, "somewhat disagree": 3,
    "neither agree nor disagree": 4, "somewhat agree": 5, "agree": 6, "strongly agree": 7,
}  # fmt: skip

_LABELS_BY_SCALE: Mapping[Scale, Mapping[str, int]] = {
    (1, 5): SATISFACTION_LABELS,
    (1, 7): AGREEMENT_LABELS,
}

_LEADING_NUMBER = re.compile(
    r"(\d{1,12}(?:[.,]\d{1,20})?)\s*(?:/\s*10|van de 10|out of 10|of 10)?\s*(?:$|[-–—(:].*)",
    re.DOTALL | re.IGNORECASE | re.ASCII,
)


class ScoreReading(NamedTuple):
    """What one cell gives: the score, a warning where it could not be read, and its label."""

    score: int | None
    warning: WarningCode | None
    label: str | None = None


UNANSWERED = ScoreReading(None, None)


def fold(text: str) -> str:
    """A label for comparison: no outer blanks, single inner blanks, no capitals."""
    return " ".join(text.split()).casefold()


def number_in(cell: Cell) -> Decimal | None:
    """The number in a cell, by its type or as the text's leading number; None if none is."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, (int, float, Decimal)):
        number = Decimal(str(cell))
        return number if number.is_finite() else None
    match = _LEADING_NUMBER.match(text_of(cell).strip())
    return Decimal(match[1].replace(",", ".")) if match else None


class ScoreReader:
    """Reads the scores of one column; equal cells are read once.

    `labels` are those of the file and of the user, folded, and come before the tables above.
    `inverted` turns the scale round: the lowest number is the best answer.
    """

    def __init__(
        self,
        scale: Scale,
        labels: Mapping[str, int | None] | None = None,
        *,
        is_inverted: bool = False,
    ) -> None:
        self.scale = scale
        self._own_labels = dict(labels or {})
        self._labels = _LABELS_BY_SCALE.get(scale, {})
        self._is_inverted = is_inverted

    def read(self, cell: Cell) -> ScoreReading:
        """The score in a cell. Never rounds, never clips; zero is a score."""
        if isinstance(cell, bool):
            return ScoreReading(None, WarningCode.SCORE_UNREADABLE)
        folded = fold(text_of(cell))
        if folded in self._own_labels:
            return self._of_label(self._own_labels[folded], cell)
        if folded in NO_ANSWER:
            return UNANSWERED
        if folded in self._labels:
            return self._of_label(self._labels[folded], cell)
        number = number_in(cell)
        if number is None:
            return ScoreReading(None, WarningCode.SCORE_UNREADABLE)
        return self._of_number(number)

    def _of_label(self, score: int | None, cell: Cell) -> ScoreReading:
        if score is None:
            return UNANSWERED
        return self._of_number(Decimal(score))._replace(label=text_of(cell).strip())

    def _of_number(self, number: Decimal) -> ScoreReading:
        low, high = self.scale
        if number != number.to_integral_value():
            return ScoreReading(None, WarningCode.SCORE_NOT_INTEGER)
        if not low <= number <= high:
            return ScoreReading(None, WarningCode.SCORE_OUT_OF_RANGE)
        score = int(number)
        return ScoreReading(low + high - score if self._is_inverted else score, None)
