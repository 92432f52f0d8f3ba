"""What words and phrases sound like, by language, from the files in `lexicons`."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from gloed.text.lemmas import lemma_of
from gloed.text.wordlists import word_list

_GENERAL = {"nl": ("pattern_nl",), "en": ("vader_en", "pattern_en")}
_UNITS = {"vader_en": 3.2}
_WITH_TRADE = ("nl", "en", "de")
_REMEMBERED = 300_000


class Phrase(NamedTuple):
    """A phrase by the words after its first, and what it sounds like."""

    rest: tuple[str, ...]
    value: float


class Sound(NamedTuple):
    """What a word is: its polarity (0 for none), phrases that it begins, and its part in steering.

    `negators` and `wishes` hold the words that must follow for it to negate, or to tell that what
    is named was wanted; an empty one is the word itself. `force` is above 1 for a word that makes
    the next feeling stronger, below 1 for a weaker one.
    """

    value: float = 0.0
    phrases: tuple[Phrase, ...] = ()
    negators: tuple[tuple[str, ...], ...] = ()
    wishes: tuple[tuple[str, ...], ...] = ()
    wished: bool = False
    kept: bool = False
    exceeds: bool = False
    measures: bool = False
    force: float = 1.0


@dataclass(slots=True)
class Lexicon:
    """The lexicon of one language; each word is worked out once."""

    language: str
    words: dict[str, float]
    beginnings: dict[str, float]
    phrases: dict[str, list[Phrase]]
    _met: dict[str, Sound] = field(default_factory=dict)

    def sound(self, form: str) -> Sound:
        """What a word in small letters sounds like."""
        found = self._met.get(form)
        if found is None:
            found = self._sound(form)
            if len(self._met) < _REMEMBERED:
                self._met[form] = found
        return found

    def _sound(self, form: str) -> Sound:
        return Sound(
            value=self._value(form),
            phrases=tuple(sorted(self.phrases.get(form, ()), key=lambda p: -len(p.rest))),
            negators=((),) if form.endswith("n't") else self._continued("negators", form),
            wishes=self._continued("wishes", form),
            wished=form in word_list("wished", self.language),
            kept=form in word_list("kept", self.language),
            exceeds=form in word_list("excess", self.language),
            measures=form in word_list("measures", self.language),
            force=self._force(form),
        )

    def _continued(self, name: str, form: str) -> tuple[tuple[str, ...], ...]:
        """What follows a word in the phrases of a list that it begins, the longest first."""
        return continuations(name, self.language).get(form, ())

    def _value(self, form: str) -> float:
        if form in self.words:
            return self.words[form]
        for length in range(len(form), 2, -1):
            if form[:length] in self.beginnings:
                return self.beginnings[form[:length]]
        lemma = lemma_of(form, self.language)
        return self.words.get(lemma, 0.0) if lemma != form else 0.0

    def _force(self, form: str) -> float:
        if form in word_list("boosters", self.language):
            return 1.3
        return 0.6 if form in word_list("dampers", self.language) else 1.0


@lru_cache(maxsize=64)
def lexicon_of(language: str) -> Lexicon:
    """The lexicon of a language; an empty one where there is none.

    >>> lexicon_of("nl").sound("vriendelijke").value > 0.5
    True
    """
    words = _general(language)
    beginnings: dict[str, float] = {}
    phrases: dict[str, list[Phrase]] = defaultdict(list)
    for value, entry in _trade(language):
        first, *rest = entry.split("_")
        if rest:
            phrases[first].append(Phrase(tuple(rest), value))
        elif entry.endswith("*"):
            beginnings[entry[:-1]] = value
        else:
            words[entry] = value
    for begin in beginnings:  # the trade's word goes first, so the general one must not hide it
        for word in [word for word in words if word.startswith(begin)]:
            if word not in {entry for _value, entry in _trade(language)}:
                del words[word]
    return Lexicon(language, words, beginnings, dict(phrases))


@lru_cache(maxsize=64)
def continuations(name: str, language: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The phrases of a list of small words, by their first word, the longest first."""
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for entry in word_list(name, language):
        first, *rest = entry.split("_")
        found[first].add(tuple(rest))
    return {
        first: tuple(sorted(rests, key=lambda r: (-len(r), r))) for first, rests in found.items()
    }


def _general(language: str) -> dict[str, float]:
    """The mean over the general lexicons that know a word."""
    found: dict[str, list[float]] = defaultdict(list)
    for name in _GENERAL.get(language, ()):
        unit = _UNITS.get(name, 1.0)
        for line in _lines(f"{name}.tsv"):
            word, value = line.split("\t")
            found[word].append(max(-1.0, min(1.0, float(value) / unit)))
    return {word: sum(values) / len(values) for word, values in found.items()}


@lru_cache(maxsize=8)
def _trade(language: str) -> tuple[tuple[float, str], ...]:
    if language not in _WITH_TRADE:
        return ()
    entries = []
    for line in _lines(f"trade_{language}.txt"):
        value, *words = line.split()
        entries += [(float(value), word) for word in words]
    return tuple(entries)


def _lines(name: str) -> Iterator[str]:
    text = (resources.files("gloed.text") / "lexicons" / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
