"""Subjects that the codebook does not know yet, as suggestions for a person to accept or not.

Non-negative matrix factorisation of TF-IDF (Lee and Seung 1999) over the clauses without a theme,
by alternating least squares per column (Cichocki and Phan 2009), begun at the non-negative double
singular vectors (Boutsidis and Gallopoulos 2008): no chance in it, and the order of rows is taken
away by sorting before anything is computed.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from gloed.text.polarity import Polarity, label_of
from gloed.text.quotes import Candidate, Quote, choose
from gloed.text.terms import terms_of
from gloed.text.wordlists import word_list

MOST_SUBJECTS = 15
FEWEST_ANSWERS = 5
FEWEST_PIECES = 30

Floats = NDArray[np.float64]
_MOST_TERMS = 1_200
_ROUNDS = 60
_WORDS = 6
_LEAST_SHARE = 0.003
_QUOTES = 3
_TELLING = 0.1
_MARK = re.compile(r"\[[a-z-]+\]")  # what masking left: no subject


class Piece(NamedTuple):
    """A clause without a theme: its row, masked text, how it sounds, and its answer's class."""

    row: int
    text: str
    value: float
    score_class: int | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A subject that may become a theme.

    `count` answers speak of it; `shift` is their net score less that of all, in points, None where
    there are no scores. `words` and `phrases` are seeds to begin with, `rows` the answers.
    """

    name: str
    language: str
    terms: tuple[str, ...]
    count: int
    share: float
    shift: float | None
    words: tuple[str, ...]
    phrases: tuple[str, ...]
    quotes: tuple[Quote, ...]
    rows: tuple[int, ...] = ()


def discover(
    pieces: Sequence[Piece], language: str, *, answers: int, net: float | None = None
) -> list[Suggestion]:
    """Subjects among pieces of one language, the most named first; of `answers` in all.

    `net` is the net score of all answers in points. Fewer than 30 pieces give nothing.
    """
    ordered = sorted(pieces, key=lambda p: (p.text, p.score_class or 0, p.row))
    said = [_subjects(_MARK.sub(" . ", piece.text), language) for piece in ordered]
    fewest = max(FEWEST_ANSWERS, math.ceil(_LEAST_SHARE * answers))
    terms = _frequent(said, fewest)
    if len(ordered) < FEWEST_PIECES or len(terms) < 4:
        return []
    matrix = _weighed(said, terms)
    parts, subjects = factorise(matrix, min(MOST_SUBJECTS, len(terms) // 4, len(ordered) // 10))
    strongest = parts.argmax(axis=1)
    is_clear = parts.max(axis=1) > 1e-6
    found = []
    for place in range(subjects.shape[0]):
        members = np.flatnonzero((strongest == place) & is_clear)
        weights = subjects[place]
        ranked = np.argsort(-weights, kind="stable")[: 2 * _WORDS]
        telling = [terms[at] for at in ranked if weights[at] > _TELLING * weights[ranked[0]]]
        chosen = _distinct(telling)[:_WORDS]
        spoken = set(chosen)
        inside = [
            (ordered[at], len(said[at] & spoken) / len(spoken))
            for at in members
            if said[at] & spoken
        ]
        rows = {piece.row for piece, _typical in inside}
        if len(rows) >= fewest and chosen:
            found.append(_suggestion(chosen, inside, sorted(rows), language, answers, net))
    return sorted(found, key=lambda s: (-s.count, s.name))


def _subjects(text: str, language: str) -> frozenset[str]:
    """The terms of a text that may be a subject: not only times, places and the like."""
    bare = word_list("no_subjects", language)
    return frozenset(t for t in terms_of(text, language) if not bare.issuperset(t.split()))


def factorise(matrix: sparse.csr_array, rank: int) -> tuple[Floats, Floats]:
    """Non-negative W (rows x rank) and H (rank x columns) whose product is near the matrix."""
    rank = max(1, min(rank, *matrix.shape))
    parts, subjects = _beginning(matrix, rank)
    for _ in range(_ROUNDS):
        parts = _improved(parts, np.asarray(matrix @ subjects.T), subjects @ subjects.T)
        subjects = _improved(subjects.T, np.asarray(matrix.T @ parts), parts.T @ parts).T
    scale = np.linalg.norm(subjects, axis=1)
    scale[scale == 0] = 1
    return parts * scale[None, :], subjects / scale[:, None]


def _improved(left: Floats, product: Floats, gram: Floats) -> Floats:
    """One round of least squares over the columns of the left factor, none below 0."""
    better = left.copy()
    for column in range(left.shape[1]):
        weight = gram[column, column]
        if weight > 1e-12:
            slope = product[:, column] - better @ gram[:, column]
            better[:, column] = np.maximum(better[:, column] + slope / weight, 0)
    return better


def _beginning(matrix: sparse.csr_array, rank: int) -> tuple[Floats, Floats]:
    gram = (matrix.T @ matrix).toarray()
    values, vectors = np.linalg.eigh(gram)
    order = np.argsort(-values, kind="stable")[:rank]
    parts = np.zeros((matrix.shape[0], rank))
    subjects = np.zeros((rank, matrix.shape[1]))
    for place, at in enumerate(order):
        size = math.sqrt(max(float(values[at]), 1e-12))
        right = vectors[:, at]
        left = np.asarray(matrix @ right) / size
        plus = np.linalg.norm(np.maximum(left, 0)) * np.linalg.norm(np.maximum(right, 0))
        minus = np.linalg.norm(np.maximum(-left, 0)) * np.linalg.norm(np.maximum(-right, 0))
        sign = 1.0 if plus >= minus else -1.0  # an eigenvector's own sign is chance
        left, right = np.maximum(sign * left, 0), np.maximum(sign * right, 0)
        strength = math.sqrt(size * float(max(plus, minus)))
        parts[:, place] = strength * left / max(float(np.linalg.norm(left)), 1e-12)
        subjects[place] = strength * right / max(float(np.linalg.norm(right)), 1e-12)
    return parts, subjects


def _frequent(said: Iterable[frozenset[str]], fewest: int) -> list[str]:
    counts: Counter[str] = Counter()
    for terms in said:
        counts.update(terms)
    ranked = sorted(counts, key=lambda term: (-counts[term], term))
    return sorted(term for term in ranked[:_MOST_TERMS] if counts[term] >= fewest)


def _weighed(said: Sequence[frozenset[str]], terms: Sequence[str]) -> sparse.csr_array:
    place = {term: at for at, term in enumerate(terms)}
    indptr, indices = [0], list[int]()
    for found in said:
        indices += sorted(place[term] for term in found if term in place)
        indptr.append(len(indices))
    columns = np.array(indices, dtype=np.int32)
    counts = np.bincount(columns, minlength=len(terms))
    rarity = np.log((1 + len(said)) / (1 + counts)) + 1
    lengths = np.zeros(len(said))
    owners = np.repeat(np.arange(len(said)), np.diff(indptr))
    np.add.at(lengths, owners, rarity[columns] ** 2)
    values = rarity[columns] / np.sqrt(np.where(lengths > 0, lengths, 1))[owners]
    return sparse.csr_array(
        (values, columns, np.array(indptr)), shape=(len(said), len(terms)), dtype=np.float64
    )


def _distinct(terms: Sequence[str]) -> list[str]:
    """Without a word whose pair is there already, and the reverse."""
    kept: list[str] = []
    for term in terms:
        words = set(term.split())
        if not any(words <= set(k.split()) or set(k.split()) <= words for k in kept):
            kept.append(term)
    return kept


def _suggestion(
    terms: Sequence[str],
    pieces: Sequence[tuple[Piece, float]],
    rows: Sequence[int],
    language: str,
    answers: int,
    net: float | None,
) -> Suggestion:
    classes: dict[int, int] = {}
    sounds: dict[Polarity, list[Candidate]] = defaultdict(list)
    for piece, typical in pieces:
        if piece.score_class is not None:
            classes[piece.row] = piece.score_class
        told = Candidate(piece.row, piece.text, piece.value, 1.0, 1, typical)
        sounds[label_of(piece.value)].append(told)
    shift = None
    if classes and net is not None:
        shift = 100 * sum(classes.values()) / len(classes) - net
    ranked = sorted(sounds, key=lambda polarity: (-len(sounds[polarity]), polarity))
    quotes: list[Quote] = []
    for each in ranked:
        quotes += choose(sounds[each], each, _QUOTES - len(quotes), beside=quotes)
    return Suggestion(
        name=", ".join(terms[:3]),
        language=language,
        terms=tuple(terms),
        count=len(rows),
        share=len(rows) / answers if answers else 0.0,
        shift=shift,
        words=tuple(term for term in terms if " " not in term),
        phrases=tuple(term for term in terms if " " in term),
        quotes=tuple(quotes),
        rows=tuple(rows),
    )
