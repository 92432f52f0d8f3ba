"""Quotes: the masked words of an answer around what was found, cut to a fit length."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gloed.text.likeness import is_told, words_in
from gloed.text.masking import mask

AROUND = 160
"""Characters kept on either side of what was found."""
BEST_LENGTH = 110
_NOT_BACKED = 0.4


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote in three pieces; `said` is what speaks of the theme."""

    before: str
    said: str
    after: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mention that may be quoted: its answer, the text, the first place, and its value.

    `is_backed` where it sounds the same with the score.
    """

    answer: int
    text: str
    spans: Sequence[Sequence[float]]
    value: float
    is_backed: bool = True


def quoted(text: str, spans: Sequence[Sequence[float]]) -> Quoted:
    """The words around the first place that speaks of it; all of it where none is known.

    >>> quoted("Nice. Too dear, mail me at a@b.nl", [[6, 14, -0.5]])
    Quoted(before='Nice. ', said='Too dear', after=', mail me at [e-mail]')
    """
    masked = mask(text)
    if not spans:
        return Quoted("", _short(masked.text, 2 * AROUND), "")
    start, end = masked.place(int(spans[0][0])), masked.place(int(spans[0][1]))
    before, said, after = masked.text[:start], masked.text[start:end], masked.text[end:]
    if len(before) > AROUND:
        before = "…" + before[-AROUND:].partition(" ")[2]
    return Quoted(before, said, _short(after, AROUND))


def choose(candidates: Iterable[Candidate], most: int) -> list[Candidate]:
    """The most telling, none like another; ties go by answer.

    Clear, backed by the score, and neither a word nor a page.
    """
    found: list[Candidate] = []
    told: list[frozenset[str]] = []
    for each in sorted(candidates, key=lambda one: (-_worth(one), one.answer)):
        words = words_in(each.text)
        if not is_told(words, told):
            told.append(words)
            found.append(each)
        if len(found) == most:
            break
    return found


def _worth(candidate: Candidate) -> float:
    length = max(1, len(candidate.text))
    fits = min(length / BEST_LENGTH, BEST_LENGTH / length)
    clear = (0.4 + abs(candidate.value)) * (0.3 + fits)
    return clear if candidate.is_backed else _NOT_BACKED * clear


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rpartition(" ")[0] + "…"
