"""Codebooks as TOML files: reading with every problem named, writing, and those that come along.

The form: a table `[codebook]` with `id`, `names` and `general` (ids of themes about nothing in
particular), all of which may be left out, then one `[[theme]]` after the other with `id`, `parent`,
`names`, `definition`, `seeds`, `examples` and `counter_examples`, each of the last five by
language; seeds hold `words`, `prefixes`, `phrases` and `not`.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib import resources
from typing import Any

from gloed.text.codebook import Codebook, Seeds, Theme, combine
from gloed.text.tokens import words_of

_ID = re.compile(r"[a-z][a-z0-9_-]{0,63}\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_KEYS = ("id", "parent", "names", "definition", "seeds", "examples", "counter_examples")
_SEED_KEYS = ("words", "prefixes", "phrases", "not")
_SHORTEST_PREFIX = 3
_LONGEST_PHRASE = 8
_MOST_THEMES = 2_000
_MOST_PROBLEMS = 50


class BadCodebook(ValueError):  # the field's word: it is refused, nothing went wrong
    """A codebook that cannot be used; `problems` names everything that is to be mended."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


def read_codebook(text: str, *, name: str = "own", known: Iterable[str] = ()) -> Codebook:
    """The codebook in a TOML text, checked. `known` are themes of a codebook that it extends.

    Raises BadCodebook with every problem, each in a sentence that names the theme.

    >>> book = read_codebook('''
    ... [[theme]]
    ... id = "price"
    ... names.en = "Price"
    ... [theme.seeds.en]
    ... words = ["price"]
    ... ''')
    >>> book.themes[0].seeds["en"].words
    ('price',)
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadCodebook([f"The file is not TOML: {problem}."]) from None
    return codebook_from(data, name=name, known=known)


def codebook_from(
    data: Mapping[str, Any], *, name: str = "own", known: Iterable[str] = ()
) -> Codebook:
    """A codebook from plain data of the file's form, checked. Raises BadCodebook."""
    problems: list[str] = []
    head = data.get("codebook", {})
    if not isinstance(head, dict):
        raise BadCodebook(["[codebook] is not a table."])
    problems += [f"{key} is not a key of a codebook." for key in data if key not in _TOP]
    book_id = head.get("id", name)
    if not isinstance(book_id, str) or not all(map(_ID.match, book_id.split("+"))):
        problems.append(f"{book_id!r} is not an id: small letters, digits, _ and -.")
    given = data.get("theme", [])
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise BadCodebook(["Themes are tables that begin with [[theme]]."])
    if len(given) > _MOST_THEMES:
        raise BadCodebook([f"{len(given)} themes are too many; at most {_MOST_THEMES}."])
    themes = [_theme(each, place, problems) for place, each in enumerate(given, start=1)]
    problems += _family_problems(themes, set(known))
    themes = _with_general(themes, head.get("general", []), problems)
    if problems:
        raise BadCodebook(problems[:_MOST_PROBLEMS])
    names = _texts(head.get("names", {}), "The codebook", "names", [])
    return Codebook(id=str(book_id), themes=tuple(themes), names=names)


_TOP = ("codebook", "theme")


def write_codebook(book: Codebook) -> str:
    """The codebook as TOML; reading it back gives the same version."""
    lines = ["[codebook]", f"id = {_quoted(book.id)}"]
    lines += [f"names.{language} = {_quoted(text)}" for language, text in book.names.items()]
    if general := [theme.id for theme in book.themes if theme.general]:
        lines.append(f"general = {_listed(general)}")
    for theme in book.themes:
        data = theme.as_data()
        lines += ["", "[[theme]]", f"id = {_quoted(theme.id)}"]
        if theme.parent:
            lines.append(f"parent = {_quoted(theme.parent)}")
        for key in ("names", "definition"):
            for language, text in data.get(key, {}).items():
                lines.append(f"{key}.{language} = {_quoted(text)}")
        for key in ("examples", "counter_examples"):
            for language, texts in data.get(key, {}).items():
                lines.append(f"{key}.{language} = {_listed(texts)}")
        for language, seeds in data.get("seeds", {}).items():
            lines.append(f"[theme.seeds.{language}]")
            lines += [f"{key} = {_listed(entries)}" for key, entries in seeds.items()]
    return "\n".join(lines) + "\n"


def shipped_names() -> tuple[str, ...]:
    """The names of the codebooks that come with Gloed: `core` first, then the packs, sorted."""
    names = {
        entry.name.removesuffix(".toml")
        for entry in (resources.files("gloed.text") / "codebooks").iterdir()
        if entry.name.endswith(".toml")
    }
    return tuple(sorted(names, key=lambda name: (name != "core", name)))


def shipped_codebook(*packs: str) -> Codebook:
    """The core codebook, with industry packs laid over it. Raises BadCodebook for unknown ones."""
    known = shipped_names()
    unknown = [pack for pack in packs if pack not in known]
    if unknown:
        raise BadCodebook(
            [f"There is no pack {', '.join(unknown)}. There are: {', '.join(known)}."]
        )
    folder = resources.files("gloed.text") / "codebooks"
    core = read_codebook((folder / "core.toml").read_text(encoding="utf-8"), name="core")
    ids = [theme.id for theme in core.themes]
    others = [
        read_codebook((folder / f"{pack}.toml").read_text(encoding="utf-8"), name=pack, known=ids)
        for pack in packs
        if pack != "core"
    ]
    return combine(core, *others) if others else core


def _theme(data: Mapping[str, Any], place: int, problems: list[str]) -> Theme:
    theme_id = data.get("id", "")
    who = f"Theme {theme_id}" if isinstance(theme_id, str) and theme_id else f"Theme {place}"
    problems += [f"{who}: {key} is not a key of a theme." for key in data if key not in _KEYS]
    if not isinstance(theme_id, str) or not _ID.match(theme_id):
        problems.append(f"{who}: an id is small letters, digits, _ and -, a letter first.")
        theme_id = f"theme_{place}"
    parent = data.get("parent") or None
    if parent is not None and not isinstance(parent, str):
        problems.append(f"{who}: the parent is the id of another theme.")
        parent = None
    names = _texts(data.get("names", {}), who, "names", problems)
    if not names:
        problems.append(f"{who}: a theme needs a name in at least one language.")
    return Theme(
        id=theme_id,
        parent=parent,
        names=names,
        definition=_texts(data.get("definition", {}), who, "definition", problems),
        seeds=_seeds(data.get("seeds", {}), who, problems),
        examples=_lists(data.get("examples", {}), who, "examples", problems),
        counter_examples=_lists(
            data.get("counter_examples", {}), who, "counter_examples", problems
        ),
    )


def _with_general(themes: list[Theme], ids: Any, problems: list[str]) -> list[Theme]:
    known = {theme.id for theme in themes}
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        problems.append("The codebook: general is a list of ids of themes.")
        return themes
    problems += [f"The general theme {each} is not there." for each in ids if each not in known]
    return [replace(theme, general=theme.id in ids) for theme in themes]


def _family_problems(themes: list[Theme], known: set[str]) -> list[str]:
    problems = []
    parents: dict[str, str | None] = {}
    for theme in themes:
        if theme.id in parents:
            problems.append(f"Theme {theme.id} is there twice.")
        parents[theme.id] = theme.parent
    for theme in themes:
        if theme.parent and theme.parent not in parents and theme.parent not in known:
            problems.append(f"Theme {theme.id}: its parent {theme.parent} is not there.")
        if _is_own_ancestor(theme.id, parents):
            problems.append(f"Theme {theme.id} is its own parent in the end.")
    return problems


def _is_own_ancestor(theme_id: str, parents: Mapping[str, str | None]) -> bool:
    seen: set[str] = set()
    at = parents.get(theme_id)
    while at is not None and at not in seen:
        if at == theme_id:
            return True
        seen.add(at)
        at = parents.get(at)
    return False


def _seeds(data: Any, who: str, problems: list[str]) -> dict[str, Seeds]:
    found: dict[str, Seeds] = {}
    for language, entry in _by_language(data, who, "seeds", problems):
        if not isinstance(entry, dict):
            problems.append(f"{who}: seeds.{language} is not a table.")
            continue
        where = f"{who}, {language}"
        problems += [
            f"{where}: {key} is not a kind of seed; there are {', '.join(_SEED_KEYS)}."
            for key in entry
            if key not in _SEED_KEYS
        ]
        kinds = {key: _entries(entry.get(key, []), where, key, problems) for key in _SEED_KEYS}
        found[language] = Seeds(
            words=kinds["words"],
            prefixes=tuple(dict.fromkeys(each.rstrip("*") for each in kinds["prefixes"])),
            phrases=kinds["phrases"],
            excluded=kinds["not"],
        )
        problems += [f"{where}: {text}" for text in _seed_problems(found[language])]
    return found


def _seed_problems(seeds: Seeds) -> list[str]:
    problems = [
        f"the word {word!r} is not one word; put it among the phrases."
        for word in seeds.words
        if len(words_of(word)) != 1 or "*" in word
    ]
    problems += [
        f"the beginning {prefix!r} is too short or not one word; it has {_SHORTEST_PREFIX} letters "
        "or more."
        for prefix in seeds.prefixes
        if len(prefix) < _SHORTEST_PREFIX or len(words_of(prefix)) != 1
    ]
    problems += [
        f"the phrase {phrase!r} has {len(words_of(phrase))} words; 2 to {_LONGEST_PHRASE} are fit."
        for phrase in seeds.phrases
        if not 2 <= len(words_of(phrase)) <= _LONGEST_PHRASE
    ]
    both = {*seeds.words, *seeds.phrases} & set(seeds.excluded)
    problems += [f"{entry!r} is a seed and excluded at once." for entry in sorted(both)]
    problems += [f"{each!r} holds no word." for each in seeds.excluded if not words_of(each)]
    return problems


def _entries(value: Any, where: str, key: str, problems: list[str]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        problems.append(f"{where}: {key} is not a list of texts.")
        return ()
    return tuple(dict.fromkeys(" ".join(each.lower().split()) for each in value))


def _texts(data: Any, who: str, key: str, problems: list[str]) -> dict[str, str]:
    found = {}
    for language, text in _by_language(data, who, key, problems):
        if isinstance(text, str) and text.strip():
            found[language] = " ".join(text.split())
        else:
            problems.append(f"{who}: {key}.{language} is not a text.")
    return found


def _lists(data: Any, who: str, key: str, problems: list[str]) -> dict[str, tuple[str, ...]]:
    found = {}
    for language, texts in _by_language(data, who, key, problems):
        if isinstance(texts, list) and all(isinstance(each, str) for each in texts):
            found[language] = tuple(" ".join(each.split()) for each in texts if each.strip())
        else:
            problems.append(f"{who}: {key}.{language} is not a list of texts.")
    return found


def _by_language(data: Any, who: str, key: str, problems: list[str]) -> list[tuple[str, Any]]:
    if not isinstance(data, dict):
        problems.append(f"{who}: {key} goes by language, as in {key}.nl.")
        return []
    strange = [language for language in data if not _LANGUAGE.match(language)]
    problems += [f"{who}: {language} is not a language such as nl or en." for language in strange]
    return [(language, value) for language, value in data.items() if language not in strange]


def _quoted(text: str) -> str:
    # JSON's quoting is TOML's, but for the one control character that JSON leaves bare
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _listed(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(_quoted, texts)) + "]"
