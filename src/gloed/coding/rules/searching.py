"""What is looked for in answers: words as people type them, found inside compounds as well.

Each word must be there, anywhere inside a word: `tijd` finds *wachttijd*, `klachten` finds *klacht*
and *klachtenlijn*. What stands between quotation marks is looked for as it is written.
"""

import re
import unicodedata
from dataclasses import dataclass

SHORTEST = 3
"""Shorter pieces have no entry in the index and are looked for in what the rest finds."""
MOST_WORDS = 12
_PARTS = re.compile(r'"([^"]*)"|(\S+)')
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_ENDINGS = ("ingen", "ing", "en", "es", "ed", "s", "e", "n")
_SHORTEST_STEM = 4
_VOWELS = frozenset("aeiouy")
_SOUNDS = {"z": "s", "v": "f"}  # prijzen, prijs; brieven, brief


@dataclass(frozen=True, slots=True)
class Sought:
    """One thing that must be there: any of these pieces, folded."""

    pieces: tuple[str, ...]


def sought_in(text: str) -> list[Sought]:
    """What a search asks for; empty where it holds nothing but blanks and signs.

    >>> [one.pieces for one in sought_in('Klachten "te duur"')]
    [('klacht',), ('te duur',)]
    """
    found = []
    for exact, word in _PARTS.findall(text)[:MOST_WORDS]:
        said = " ".join(folded(exact).split()) if exact else _AROUND.sub("", folded(word))
        if said:
            found.append(Sought((said,) if exact else stems_of(said)))
    return found


def folded(text: str) -> str:
    """Small letters without accents, by which words are compared.

    >>> folded("CAFÉ Straße")
    'cafe strasse'
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def stems_of(word: str) -> tuple[str, ...]:
    """The pieces that stand for a word: without its ending, where enough of it is left.

    >>> stems_of("prijzen"), stems_of("parking"), stems_of("duur")
    (('prijz', 'prijs'), ('park',), ('duur',))
    """
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_STEM and _VOWELS & set(stem):
            if stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
                return (stem[:-1],)
            sound = _SOUNDS.get(stem[-1])
            return (stem, stem[:-1] + sound) if sound else (stem,)
    return (word,)
