"""Texts as sparse numbers: words, pairs of words, pieces of 3 to 5 letters, and codebook hits.

Features are hashed, so a model carries no vocabulary; pieces of letters see into compounds.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from scipy import sparse

from gloed.text.tokens import words_of

SIZE = 1 << 18
_PIECES = (3, 4, 5)
_LONGEST_WORD = 40


def counted(texts: Sequence[str], hits: Sequence[Iterable[str]]) -> sparse.csr_array:
    """How often each feature is in each text, damped: 1 + ln. Rows are texts, SIZE columns."""
    indptr, indices, values = [0], [], []
    for text, themes in zip(texts, hits, strict=True):
        counts = Counter(_features(text, themes))
        for feature in sorted(counts):
            indices.append(feature)
            values.append(1.0 + math.log(counts[feature]))
        indptr.append(len(indices))
    return sparse.csr_array(
        (np.array(values, dtype=np.float32), np.array(indices, np.int32), np.array(indptr)),
        shape=(len(indptr) - 1, SIZE),
    )


def weighed(counts: sparse.csr_array, columns: np.ndarray, rarity: np.ndarray) -> sparse.csr_array:
    """The chosen columns times their rarity, each row of length 1."""
    chosen = sparse.csr_array(counts[:, columns].multiply(rarity[None, :]))
    lengths = np.sqrt(chosen.multiply(chosen).sum(axis=1))
    scale = 1 / np.where(lengths > 0, lengths, 1)
    return sparse.csr_array(sparse.diags_array(scale.astype(np.float32)) @ chosen)


def _features(text: str, themes: Iterable[str]) -> list[int]:
    words = words_of(text)
    found = [_hashed("t", theme) for theme in themes] * 2
    for place, word in enumerate(words):
        found += _of_word(word)
        if place:
            found.append(_hashed("p", f"{words[place - 1]} {word}"))
    return found


@lru_cache(maxsize=100_000)
def _of_word(word: str) -> tuple[int, ...]:
    short = f" {word[:_LONGEST_WORD]} "
    pieces = [
        _hashed("c", short[at : at + length])
        for length in _PIECES
        for at in range(len(short) - length + 1)
    ]
    return (_hashed("w", word), *pieces)


def _hashed(kind: str, text: str) -> int:
    return crc32(f"{kind}:{text}".encode("utf-8", "surrogatepass")) & (SIZE - 1)
