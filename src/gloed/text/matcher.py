"""Finding themes in clauses: one look-up per word, whatever the size of the codebook."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gloed.text.clauses import Clause, clauses_of
from gloed.text.codebook import Codebook, Seeds
from gloed.text.lemmas import lemma_of
from gloed.text.tokens import Token, words_of

_REMEMBERED = 500_000
_NOTHING: frozenset[int] = frozenset()


class Hit(NamedTuple):
    """A theme found in a clause: its place in the codebook, and where the first seed stands."""

    theme: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one word can mean: themes that it names, themes that it excludes, phrases it begins."""

    themes: frozenset[int] = _NOTHING
    excluded: frozenset[int] = _NOTHING
    phrases: tuple["_Phrase", ...] = ()


_EMPTY = _Entry()


@dataclass(frozen=True, slots=True)
class _Phrase:
    rest: tuple[str, ...]
    theme: int
    excludes: bool


@dataclass(slots=True)
class _Dictionary:
    """The seeds of one language, and what each word met so far came to."""

    language: str
    words: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    prefixes: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    no_words: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    no_prefixes: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    phrases: dict[str, list[_Phrase]] = field(default_factory=lambda: defaultdict(list))
    begun: dict[str, list[_Phrase]] = field(default_factory=lambda: defaultdict(list))
    lengths: tuple[int, ...] = ()
    met: dict[str, _Entry] = field(default_factory=dict)

    def add(self, theme: int, seeds: Seeds) -> None:
        """Add the seeds of a theme."""
        for word in seeds.words:
            self.words[words_of(word)[0]].add(theme)
        for prefix in seeds.prefixes:
            self.prefixes[words_of(prefix)[0]].add(theme)
        for phrase in seeds.phrases:
            self._add_phrase(phrase, theme, excludes=False)
        for entry in seeds.excluded:
            parts = _parts(entry)
            if len(parts) > 1:
                self._add_phrase(entry, theme, excludes=True)
            elif parts[0].endswith("*"):
                self.no_prefixes[parts[0][:-1]].add(theme)
            else:
                self.no_words[parts[0]].add(theme)

    def _add_phrase(self, text: str, theme: int, *, excludes: bool) -> None:
        first, *rest = _parts(text)
        phrase = _Phrase(tuple(rest), theme, excludes)
        if first.endswith("*"):
            self.begun[first[:-1]].append(phrase)
        else:
            self.phrases[first].append(phrase)

    def close(self) -> None:
        """Note how long beginnings are, once all seeds are in."""
        begun = (self.prefixes, self.no_prefixes, self.begun)
        self.lengths = tuple(sorted({len(each) for table in begun for each in table}))

    def entry(self, form: str) -> _Entry:
        """What a word can mean, worked out once."""
        found = self.met.get(form)
        if found is None:
            found = self._entry(form)
            if len(self.met) < _REMEMBERED:
                self.met[form] = found
        return found

    def _entry(self, form: str) -> _Entry:
        lemma = lemma_of(form, self.language)
        themes: set[int] = set()
        excluded: set[int] = set()
        phrases: list[_Phrase] = []
        for each in {form, lemma, *form.split("'")[:1]}:
            themes |= self.words.get(each, _NOTHING)
            excluded |= self.no_words.get(each, _NOTHING)
        for each in dict.fromkeys((form, lemma)):
            phrases += self.phrases.get(each, ())
        for length in self.lengths:
            if length > len(form):
                break
            begin = form[:length]
            themes |= self.prefixes.get(begin, _NOTHING)
            excluded |= self.no_prefixes.get(begin, _NOTHING)
            phrases += self.begun.get(begin, ())
        if not themes and not excluded and not phrases:
            return _EMPTY
        return _Entry(frozenset(themes), frozenset(excluded), tuple(phrases))


class Matcher:
    """Finds the themes of a codebook. Safe to share between threads that only read.

    >>> from gloed.text.codebook import Theme
    >>> price = Theme("price", {"en": "Price"}, seeds={"en": Seeds(words=("price",))})
    >>> found = Matcher(Codebook("own", (price,))).find("Good prices, slow post", "en")
    >>> [[hit.theme for hit in hits] for _clause, hits in found]
    [[0], []]
    """

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self._dictionaries: dict[str, _Dictionary] = {}
        self._general = frozenset(at for at, theme in enumerate(codebook.themes) if theme.general)
        for place, theme in enumerate(codebook.themes):
            for language, seeds in theme.seeds.items():
                if language not in self._dictionaries:
                    self._dictionaries[language] = _Dictionary(language)
                self._dictionaries[language].add(place, seeds)
        for dictionary in self._dictionaries.values():
            dictionary.close()

    def find(self, text: str, language: str) -> list[tuple[Clause, list[Hit]]]:
        """The clauses of a text, each with the themes found in it, in the codebook's order."""
        return [(clause, self.hits(clause.tokens, language)) for clause in clauses_of(text)]

    def hits(self, tokens: Sequence[Token], language: str) -> list[Hit]:
        """The themes that the words of one clause name, each once, at its first seed."""
        dictionary = self._dictionaries.get(language)
        if dictionary is None:
            return []
        known, entry = dictionary.met, dictionary.entry
        found: dict[int, Token] = {}
        ends: dict[int, int] = {}
        excluded: set[int] = set()
        for place, token in enumerate(tokens):
            meant = known.get(token.form) or entry(token.form)
            if meant is _EMPTY:
                continue
            for theme in meant.themes:
                found.setdefault(theme, token)
            excluded |= meant.excluded
            for phrase in meant.phrases:
                last = place + len(phrase.rest)
                if last < len(tokens) and self._follows(phrase.rest, tokens, place, language):
                    if phrase.excludes:
                        excluded.add(phrase.theme)
                    elif phrase.theme not in found:
                        found[phrase.theme] = token
                        ends[phrase.theme] = tokens[last].end
        kept = found.keys() - excluded
        return [
            Hit(theme, found[theme].start, ends.get(theme, found[theme].end))
            for theme in sorted((kept - self._general) or kept)
        ]

    def _follows(
        self, rest: Sequence[str], tokens: Sequence[Token], place: int, language: str
    ) -> bool:
        for offset, part in enumerate(rest, start=1):
            form = tokens[place + offset].form
            if part.endswith("*"):
                if not form.startswith(part[:-1]):
                    return False
            elif part not in (form, lemma_of(form, language)):
                return False
        return True


class Preview(NamedTuple):
    """What another version of a codebook would do to one theme."""

    theme: str
    gained: tuple[int, ...]
    lost: tuple[int, ...]


def preview(
    before: Codebook, after: Codebook, answers: Iterable[tuple[str, str]]
) -> tuple[Preview, ...]:
    """Which answers (text, language) gain and which lose each theme, by their place.

    Themes without a change are left out.
    """
    old, new = Matcher(before), Matcher(after)
    gained: dict[str, list[int]] = defaultdict(list)
    lost: dict[str, list[int]] = defaultdict(list)
    for place, (text, language) in enumerate(answers):
        clauses = clauses_of(text)
        had = _theme_ids(old, clauses, language)
        has = _theme_ids(new, clauses, language)
        for theme in has - had:
            gained[theme].append(place)
        for theme in had - has:
            lost[theme].append(place)
    return tuple(
        Preview(theme, tuple(gained[theme]), tuple(lost[theme]))
        for theme in sorted({*gained, *lost})
    )


def _theme_ids(matcher: Matcher, clauses: Sequence[Clause], language: str) -> set[str]:
    themes = matcher.codebook.themes
    return {themes[h.theme].id for c in clauses for h in matcher.hits(c.tokens, language)}


def _parts(text: str) -> list[str]:
    """The words of a seed, each with its star if it has one."""
    parts = []
    for piece in text.split():
        words = words_of(piece)
        parts += words
        if words and piece.endswith("*"):
            parts[-1] += "*"
    return parts
