"""Choosing answers that show what is meant: clear, whole, short enough, and masked."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gloed.text.clauses import Clause
from gloed.text.likeness import is_told, words_in
from gloed.text.masking import Masked
from gloed.text.polarity import Polarity
from gloed.text.tokens import words_of
from gloed.text.wordlists import word_list

BEST_LENGTH = 110
LONGEST = 280
CLEAR = 0.3
"""So strongly a quote must sound to stand for what few say."""
_NOT_BACKED = 0.4
_SHARED = 0.05


class Candidate(NamedTuple):
    """A mention that may be quoted: its row, the piece of text, how it sounds, and for how sure.

    `themes` are those that its answer names, `typical` says how much of what others write of the
    theme is in it, `backed` whether text and score together sound as the text does.
    """

    row: int
    text: str
    value: float
    probability: float
    themes: int
    typical: float = 0.0
    backed: bool = True


class Quote(NamedTuple):
    """A quote as shown."""

    row: int
    text: str
    polarity: Polarity


def choose(
    candidates: Iterable[Candidate], polarity: Polarity, most: int, *, beside: Iterable[Quote] = ()
) -> list[Quote]:
    """The most telling of one polarity, none like another or one `beside`; ties by text and row.

    A piece that names one theme alone, sounds clearly, and is neither a word nor a page goes first.

    >>> said = [Candidate(1, "Slow.", -0.6, 0.8, 1), Candidate(2, "Slow.", -0.6, 0.8, 1)]
    >>> choose(said, Polarity.NEGATIVE, 3)
    [Quote(row=1, text='Slow.', polarity=<Polarity.NEGATIVE: 'neg'>)]
    """
    ranked = sorted(candidates, key=lambda c: (-_worth(c), c.text, c.row))
    found: list[Quote] = []
    told = [words_in(quote.text) for quote in beside]
    for candidate in ranked:
        if len(found) >= most:
            break
        words = words_in(candidate.text)
        if words and not is_told(words, told):
            told.append(words)
            found.append(Quote(candidate.row, candidate.text, polarity))
    return found


def is_clear(candidate: Candidate) -> bool:
    """Whether it may stand for a sound that few have: said clearly, and the score agrees."""
    return candidate.backed and abs(candidate.value) >= CLEAR


def typical_of(texts: Sequence[str], languages: Sequence[str]) -> list[float]:
    """How much each text has in common with the others: by the share of them that has its words.

    >>> typical_of(["Cold coffee", "Coffee and tea", "Bingo"], ["en"] * 3)[2]
    0.0
    """
    held = [
        frozenset(words_of(text)) - word_list("stop", language)
        for text, language in zip(texts, languages, strict=True)
    ]
    counts = Counter(word for words in held for word in words)
    return [
        sum(counts[word] - 1 for word in words) / (len(texts) * math.sqrt(len(words) or 1))
        for words in held
    ]


def sentence_around(masked: Masked, text: str, clauses: list[Clause], clause: Clause) -> str:
    """The masked sentence in which a clause stands; the clause alone where that is too long."""
    beside = [each for each in clauses if each.sentence == clause.sentence]
    start, end = beside[0].start, _with_marks(text, beside[-1].end)
    if end - start > LONGEST:
        start, end = clause.start, _with_marks(text, clause.end)
    piece = masked.cut(start, end)
    return piece if len(piece) <= LONGEST else piece[: LONGEST - 1].rstrip() + "…"


def _worth(candidate: Candidate) -> float:
    length = len(candidate.text)
    fits = min(length / BEST_LENGTH, BEST_LENGTH / max(length, 1))
    clear = candidate.probability * (0.3 + fits) * (0.4 + abs(candidate.value))
    backed = 1.0 if candidate.backed else _NOT_BACKED
    return clear * backed * (_SHARED + candidate.typical) / candidate.themes


def _with_marks(text: str, end: int) -> int:
    while end < len(text) and text[end] in "!?.…)”\"'’":
        end += 1
    return end
