"""Editing a codebook as a whole: every edit gives a new one, checked, or says why not.

A codebook here is plain data of the form of the files: {"codebook": {...}, "theme": [{...}, ...]}.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from enum import StrEnum
from importlib import resources
from typing import Any

from gloed.text.codebook import Codebook, combine
from gloed.text.codebook_files import (
    BadCodebook,
    codebook_from,
    read_codebook,
    shipped_codebook,
)

Data = dict[str, Any]


class Refused(StrEnum):
    """Why an edit cannot be made."""

    GONE = "gone"  # the theme is not there (any more)
    SAME = "same"  # a theme cannot be merged into itself
    NO_NAME = "no_name"
    NO_SEEDS = "no_seeds"  # nothing was chosen to split off
    OWN_PARENT = "own_parent"
    BAD_FORM = "bad_form"  # the checks of the file form; `problems` says what


class EditRefused(ValueError):  # the field's word: it is refused, nothing went wrong
    """An edit that cannot be made; `problems` are the sentences of the file form, if any."""

    def __init__(self, reason: Refused, problems: Iterable[str] = ()) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class ThemeWords:
    """What a person writes about a theme. All mappings go from a language to what is said in it."""

    names: Mapping[str, str]
    definition: Mapping[str, str] = field(default_factory=dict)
    seeds: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)
    examples: Mapping[str, list[str]] = field(default_factory=dict)
    counter_examples: Mapping[str, list[str]] = field(default_factory=dict)
    parent: str = ""
    is_general: bool = False


def as_data(book: Codebook) -> Data:
    """A codebook as plain data of the file form."""
    themes = [theme.as_data() for theme in book.themes]
    general = [theme["id"] for theme in themes if theme.pop("general", False)]
    head: Data = {"id": book.id, "names": dict(book.names)}
    return {"codebook": head | ({"general": general} if general else {}), "theme": themes}


def as_codebook(data: Data) -> Codebook:
    """Plain data as a codebook. Raises EditRefused with every problem."""
    try:
        return codebook_from(data)
    except BadCodebook as problem:
        raise EditRefused(Refused.BAD_FORM, problem.problems) from None


def started(packs: Iterable[str], languages: Iterable[str]) -> Data:
    """The core with packs laid over it, in the languages wanted (all where none is named)."""
    data = as_data(shipped_codebook(*packs))
    wanted = set(languages)
    return _in_languages(data, wanted) if wanted else data


def with_pack(data: Data, pack: str, languages: Iterable[str]) -> Data:
    """A codebook with a pack laid over it: new themes at the end, new seeds to known ones.

    A theme of the core that somebody removed stays away, and so does what the pack adds to it.
    """
    own = {theme["id"] for theme in data["theme"]}
    core = {theme.id for theme in shipped_codebook().themes}
    file = resources.files("gloed.text") / "codebooks" / f"{pack}.toml"
    added = as_data(read_codebook(file.read_text(encoding="utf-8"), name=pack, known=core))
    news = [theme for theme in added["theme"] if theme["id"] in own or theme["id"] not in core]
    kept = {theme["id"] for theme in news} | own
    for theme in news:
        if theme.get("parent") not in kept:
            theme.pop("parent", None)
    pieces = _in_languages({"codebook": {"id": pack}, "theme": news}, set(languages))
    book = codebook_from(pieces, known=own)
    return as_data(replace(combine(as_codebook(data), book), id=data["codebook"]["id"]))


def theme_of(data: Data, key: str) -> Data:
    """A theme of a codebook. Raises EditRefused where it is gone."""
    for theme in data["theme"]:
        if theme["id"] == key:
            found: Data = theme
            return found
    raise EditRefused(Refused.GONE)


def with_theme(data: Data, key: str, words: ThemeWords) -> Data:
    """A codebook with a theme changed, or with a new one at the end. Checked."""
    if not any(words.names.values()):
        raise EditRefused(Refused.NO_NAME)
    changed = deepcopy(data)
    theme = next((each for each in changed["theme"] if each["id"] == key), None)
    if theme is None:
        theme = {"id": key}
        changed["theme"].append(theme)
    _write(theme, "names", words.names)
    _write(theme, "definition", words.definition)
    _write(theme, "seeds", words.seeds)
    _write(theme, "examples", words.examples)
    _write(theme, "counter_examples", words.counter_examples)
    theme["parent"] = words.parent
    if not words.parent:
        del theme["parent"]
    _set_general(changed, key, is_general=words.is_general)
    if _is_own_ancestor(changed, key):
        raise EditRefused(Refused.OWN_PARENT)
    return as_data(as_codebook(changed))


def with_seeds(data: Data, key: str, language: str, seeds: Mapping[str, list[str]]) -> Data:
    """A codebook in which a theme has further seeds in one language. Checked."""
    changed = deepcopy(data)
    theme = theme_of(changed, key)
    _join_seeds(theme.setdefault("seeds", {}).setdefault(language, {}), seeds)
    return as_data(as_codebook(changed))


def without_theme(data: Data, key: str) -> Data:
    """A codebook without a theme; its children go up to its own parent."""
    gone = theme_of(data, key)
    changed = deepcopy(data)
    changed["theme"] = [theme for theme in changed["theme"] if theme["id"] != key]
    _rehang(changed, key, gone.get("parent", ""))
    _set_general(changed, key, is_general=False)
    return as_data(as_codebook(changed))


def merged(data: Data, key: str, into: str) -> Data:
    """A codebook in which one theme has gone into another, with its seeds and examples."""
    if key == into:
        raise EditRefused(Refused.SAME)
    book = as_codebook(data)
    gone, kept = book.theme(key), book.theme(into)
    if gone is None or kept is None:
        raise EditRefused(Refused.GONE)
    changed = deepcopy(data)
    source, target = theme_of(changed, key), theme_of(changed, into)
    for language, seeds in source.get("seeds", {}).items():
        own = target.setdefault("seeds", {}).setdefault(language, {})
        _join_seeds(own, seeds)
    for kind in ("examples", "counter_examples"):
        for language, texts in source.get(kind, {}).items():
            own_texts = target.setdefault(kind, {}).setdefault(language, [])
            own_texts += [text for text in texts if text not in own_texts]
    if target.get("parent") == key:
        target["parent"] = source.get("parent", "")
    return without_theme(changed, key)


def split(data: Data, key: str, *, new_key: str, names: Mapping[str, str], lines: set[str]) -> Data:
    """A codebook in which chosen seeds of a theme became a theme of their own, beneath it.

    `lines` are seeds as "language kind entry".
    """
    changed = deepcopy(data)
    theme = theme_of(changed, key)
    if not any(names.values()):
        raise EditRefused(Refused.NO_NAME)
    moved: dict[str, dict[str, list[str]]] = {}
    for language, seeds in theme.get("seeds", {}).items():
        for kind, entries in seeds.items():
            chosen = [entry for entry in entries if f"{language} {kind} {entry}" in lines]
            if chosen:
                moved.setdefault(language, {})[kind] = chosen
                seeds[kind] = [entry for entry in entries if entry not in chosen]
    if not moved:
        raise EditRefused(Refused.NO_SEEDS)
    named = {language: name for language, name in names.items() if name}
    made = {"id": new_key, "names": named, "seeds": moved}
    made |= {"parent": theme["parent"]} if theme.get("parent") else {}
    changed["theme"].insert(changed["theme"].index(theme) + 1, made)
    return as_data(as_codebook(changed))


def new_key(data: Data, name: str, taken: Iterable[str] = ()) -> str:
    """A key for a theme from its name: small letters, never one that is or was in use.

    >>> new_key({"theme": [{"id": "prix_eleve"}]}, "Prix élevé!")
    'prix_eleve_2'
    """
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:48]
    base = base if base and base[0].isalpha() else f"theme_{base}".rstrip("_")
    used = {theme["id"] for theme in data["theme"]} | set(taken)
    if base not in used:
        return base
    return next(f"{base}_{n}" for n in range(2, len(used) + 3) if f"{base}_{n}" not in used)


def resolve(merged_into: Mapping[str, str], key: str) -> str:
    """Where a theme went in the end.

    >>> resolve({"a": "b", "b": "c"}, "a"), resolve({}, "a")
    ('c', 'a')
    """
    seen = {key}
    while (key_after := merged_into.get(key)) is not None and key_after not in seen:
        seen.add(key_after)
        key = key_after
    return key


def _in_languages(data: Data, wanted: set[str]) -> Data:
    """Only what is said in these languages; names stay in all, so that none is without."""
    kinds = ("definition", "seeds", "examples", "counter_examples")
    for theme in data["theme"]:
        for kind in kinds:
            if kind in theme:
                theme[kind] = {k: v for k, v in theme[kind].items() if k in wanted}
                if not theme[kind]:
                    del theme[kind]
    return data


def _write(theme: Data, kind: str, said: Mapping[str, Any]) -> None:
    """Write what was edited; languages that were not in the form stay as they are."""
    kept = {**theme.get(kind, {}), **said}
    theme[kind] = {language: value for language, value in kept.items() if value}
    if not theme[kind]:
        del theme[kind]


def _set_general(data: Data, key: str, *, is_general: bool) -> None:
    head = data["codebook"]
    others = [each for each in head.get("general", []) if each != key]
    head["general"] = [*others, key] if is_general else others


def _rehang(data: Data, key: str, parent: str) -> None:
    for theme in data["theme"]:
        if theme.get("parent") == key:
            theme["parent"] = parent
            if not parent:
                del theme["parent"]


def _join_seeds(own: dict[str, list[str]], more: Mapping[str, list[str]]) -> None:
    for kind, entries in more.items():
        known = own.setdefault(kind, [])
        known += [entry for entry in entries if entry not in known]
    # what one of them looks for the other may not forbid
    sought = {*own.get("words", []), *own.get("phrases", [])}
    own["not"] = [entry for entry in own.get("not", []) if entry not in sought]


def _is_own_ancestor(data: Data, key: str) -> bool:
    parents = {theme["id"]: theme.get("parent", "") for theme in data["theme"]}
    seen: set[str] = set()
    at = parents.get(key, "")
    while at and at not in seen:
        if at == key:
            return True
        seen.add(at)
        at = parents.get(at, "")
    return False
