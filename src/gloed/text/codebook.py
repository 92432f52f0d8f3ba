"""A codebook as frozen values: themes with names, definitions and seeds per language.

Theme ids are free of language, so one theme counts over languages. A version is the hash of all
that a codebook says: the same content is the same version wherever it was written.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Seeds:
    """What speaks of a theme in one language, in small letters.

    `words` match a word as written or its base form, `prefixes` the beginning of a word,
    `phrases` words that follow each other (one that ends in * stands for its beginning). Where one
    of `excluded` (a word, a beginning* or a phrase) stands in a clause, the theme is not in it.
    """

    words: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def __or__(self, other: "Seeds") -> "Seeds":
        return Seeds(
            words=_joined(self.words, other.words),
            prefixes=_joined(self.prefixes, other.prefixes),
            phrases=_joined(self.phrases, other.phrases),
            excluded=_joined(self.excluded, other.excluded),
        )


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme. All mappings go from a language to what is said in it.

    A `general` theme is about nothing in particular (praise, blame): it is only found in a clause
    that names no other.
    """

    id: str
    names: Mapping[str, str]
    definition: Mapping[str, str] = field(default_factory=dict)
    parent: str | None = None
    seeds: Mapping[str, Seeds] = field(default_factory=dict)
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counter_examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    general: bool = False

    def name(self, language: str) -> str:
        """The name in a language, else in English, else in any, else the id."""
        return self.names.get(language) or self.names.get("en") or _first(self.names) or self.id

    def as_data(self) -> dict[str, Any]:
        """The theme as plain data in the order of the file form; what is empty is left out."""
        said: dict[str, Any] = {
            "id": self.id,
            "parent": self.parent,
            "general": self.general,
            "names": _sorted(self.names),
            "definition": _sorted(self.definition),
            "seeds": {
                language: filled
                for language, seeds in sorted(self.seeds.items())
                if (filled := _seeds_as_data(seeds))
            },
            "examples": {k: list(v) for k, v in sorted(self.examples.items()) if v},
            "counter_examples": {k: list(v) for k, v in sorted(self.counter_examples.items()) if v},
        }
        return {key: value for key, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Codebook:
    """Themes in the order in which people see them."""

    id: str
    themes: tuple[Theme, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits of the hash over everything that is said."""
        data = {"id": self.id, "themes": [theme.as_data() for theme in self.themes]}
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which at least one theme has seeds, sorted."""
        return tuple(sorted({language for theme in self.themes for language in theme.seeds}))

    def theme(self, theme_id: str) -> Theme | None:
        """The theme with this id, or None."""
        return next((theme for theme in self.themes if theme.id == theme_id), None)


def combine(first: Codebook, *others: Codebook) -> Codebook:
    """A codebook with packs laid over it, in this order.

    A theme with a known id adds its seeds and examples to that theme (names and definition stay);
    the rest comes at the end. The id names all parts: `core+retail`.

    >>> core = Codebook("core", (Theme("price", {"en": "Price"}),))
    >>> pack = Codebook("retail", (Theme("fitting", {"en": "Fit"}, parent="price"),))
    >>> book = combine(core, pack)
    >>> book.id, [theme.id for theme in book.themes]
    ('core+retail', ['price', 'fitting'])
    """
    themes = {theme.id: theme for theme in first.themes}
    for other in others:
        for theme in other.themes:
            known = themes.get(theme.id)
            themes[theme.id] = theme if known is None else _merged(known, theme)
    return Codebook(
        id="+".join(book.id for book in (first, *others)),
        themes=tuple(themes.values()),
        names=first.names,
    )


def _merged(known: Theme, added: Theme) -> Theme:
    languages = {*known.seeds, *added.seeds}
    return replace(
        known,
        names={**added.names, **known.names},
        definition={**added.definition, **known.definition},
        seeds={
            language: known.seeds.get(language, Seeds()) | added.seeds.get(language, Seeds())
            for language in sorted(languages)
        },
        examples=_with_more(known.examples, added.examples),
        counter_examples=_with_more(known.counter_examples, added.counter_examples),
    )


def _with_more(
    known: Mapping[str, tuple[str, ...]], added: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    languages = sorted({*known, *added})
    return {each: _joined(known.get(each, ()), added.get(each, ())) for each in languages}


def _joined(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _sorted(said: Mapping[str, str]) -> dict[str, str]:
    return {language: text for language, text in sorted(said.items()) if text}


def _first(said: Mapping[str, str]) -> str:
    return next((text for _language, text in sorted(said.items()) if text), "")


def _seeds_as_data(seeds: Seeds) -> dict[str, list[str]]:
    said = {
        "words": seeds.words,
        "prefixes": seeds.prefixes,
        "phrases": seeds.phrases,
        "not": seeds.excluded,
    }
    return {key: list(value) for key, value in said.items() if value}
