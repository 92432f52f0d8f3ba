"""The codebooks that come along: whole in three languages, clean, and true to their examples."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

from gloed.text import Codebook, Seeds, Theme, read_codebook, shipped_codebook, shipped_names
from gloed.text.matcher import Matcher
from gloed.text.tokens import tokens_of, words_of

LANGUAGES = ("nl", "en", "de")
PACKS = tuple(name for name in shipped_names() if name != "core")
KINDS = ("words", "prefixes", "phrases", "not")

# Seeds that speak of two themes of one book, each with its reason.
SHARED = {
    ("finance", "nl", "hypotheekrente"): "the rate of a mortgage is a rate and about a mortgage",
    ("finance", "nl", "hypotheekadvies"): "advice on a mortgage is advice and about a mortgage",
}


def _raw(name: str) -> dict[str, Any]:
    folder = resources.files("gloed.text") / "codebooks"
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


RAW = {name: _raw(name) for name in shipped_names()}
THEMES = [(name, theme) for name, book in RAW.items() for theme in book["theme"]]
THEME_IDS = [f"{name}-{theme['id']}" for name, theme in THEMES]
each_theme = pytest.mark.parametrize(("name", "theme"), THEMES, ids=THEME_IDS)


def _seeds_of(theme: dict[str, Any], language: str) -> list[str]:
    seeds = theme["seeds"][language]
    return [entry for kind in KINDS[:3] for entry in seeds.get(kind, [])]


def _book(name: str) -> Codebook:
    """One file alone, its core parents taken as known."""
    folder = resources.files("gloed.text") / "codebooks"
    known = [theme["id"] for theme in RAW["core"]["theme"]]
    text = (folder / f"{name}.toml").read_text(encoding="utf-8")
    return read_codebook(text, name=name, known=known)


BOOKS = {name: _book(name) for name in RAW}
MATCHERS = {name: Matcher(book) for name, book in BOOKS.items()}


def _found(matcher: Matcher, text: str, language: str) -> set[str]:
    themes = matcher.codebook.themes
    return {themes[hit.theme].id for _, hits in matcher.find(text, language) for hit in hits}


def test_core_and_the_eight_packs_are_there() -> None:
    """The books of the documentation are exactly those in the folder."""
    assert shipped_names() == (
        "core",
        "b2b_services",
        "care",
        "finance",
        "hospitality",
        "public_transport",
        "retail",
        "software",
        "telecom_energy",
    )
    assert 28 <= len(BOOKS["core"].themes) <= 36
    assert all(8 <= len(BOOKS[pack].themes) <= 15 for pack in PACKS)


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_lies_over_the_core(pack: str) -> None:
    """A pack adds its own themes after those of the core and changes none of them."""
    core, both = shipped_codebook(), shipped_codebook(pack)
    assert both.themes[: len(core.themes)] == core.themes
    assert both.themes[len(core.themes) :] == BOOKS[pack].themes


@pytest.mark.parametrize("name", RAW)
def test_books_name_themselves(name: str) -> None:
    head = RAW[name]["codebook"]
    assert head["id"] == name
    assert sorted(head["names"]) == sorted(LANGUAGES)


def test_ids_are_unique_over_all_books() -> None:
    ids = [theme["id"] for _, theme in THEMES]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", theme_id) for theme_id in ids)


@each_theme
def test_a_theme_is_whole_in_every_language(name: str, theme: dict[str, Any]) -> None:
    for language in LANGUAGES:
        assert theme["names"][language].strip()
        assert theme["definition"][language].strip().endswith(".")
        least = 30 if name == "core" else 10
        assert len(_seeds_of(theme, language)) >= least, language
    for kind, least in (("examples", 2), ("counter_examples", 1)):
        for language in ("nl", "en"):
            assert len(theme[kind][language]) >= least, (kind, language)


@each_theme
def test_parents_exist(name: str, theme: dict[str, Any]) -> None:
    known = {each["id"] for book in ("core", name) for each in RAW[book]["theme"]}
    assert theme.get("parent") is None or theme["parent"] in known - {theme["id"]}


@each_theme
def test_seeds_are_clean(name: str, theme: dict[str, Any]) -> None:
    """Small letters, trimmed, once; one word among words, several among phrases."""
    for language in LANGUAGES:
        seeds = theme["seeds"][language]
        assert set(seeds) <= set(KINDS)
        every = [entry for kind in KINDS for entry in seeds.get(kind, [])]
        assert len(every) == len(set(every))
        assert [entry for entry in every if entry != " ".join(entry.lower().split())] == []
        single = [*seeds.get("words", []), *seeds.get("prefixes", [])]
        assert [entry for entry in single if words_of(entry) != [entry]] == []
        assert [entry for entry in seeds.get("phrases", []) if len(words_of(entry)) < 2] == []


@each_theme
def test_no_word_repeats_what_a_prefix_catches(name: str, theme: dict[str, Any]) -> None:
    for language in LANGUAGES:
        seeds = theme["seeds"][language]
        prefixes = tuple(seeds.get("prefixes", []))
        assert [word for word in seeds.get("words", []) if word.startswith(prefixes)] == []


def _shared_seeds(name: str, language: str) -> Iterator[tuple[str, str, str]]:
    owners: dict[str, str] = {}
    prefixes: dict[str, set[str]] = defaultdict(set)
    for theme in RAW[name]["theme"]:
        for prefix in theme["seeds"][language].get("prefixes", []):
            prefixes[prefix].add(theme["id"])
    for theme in RAW[name]["theme"]:
        for entry in _seeds_of(theme, language):
            others = {owners.setdefault(entry, theme["id"])}
            if " " not in entry:
                others |= {o for p, ids in prefixes.items() if entry.startswith(p) for o in ids}
            if others != {theme["id"]}:
                yield name, language, entry


@pytest.mark.parametrize("name", RAW)
def test_no_seed_stands_in_two_themes_without_a_reason(name: str) -> None:
    """A word is one theme's, and no prefix of another theme catches it."""
    shared = {found for language in LANGUAGES for found in _shared_seeds(name, language)}
    assert shared == {key for key in SHARED if key[0] == name}


@each_theme
def test_every_not_is_used(name: str, theme: dict[str, Any]) -> None:
    """Each holds a seed that would speak of the theme, or saves a counter-example."""
    full = BOOKS[name].theme(theme["id"])
    assert full is not None
    for language in LANGUAGES:
        seeds = full.seeds[language]
        bare = Seeds(words=seeds.words, prefixes=seeds.prefixes, phrases=seeds.phrases)
        matcher = Matcher(Codebook("bare", (Theme("t", {"en": "t"}, seeds={language: bare}),)))
        saved = [
            text.lower()
            for text in full.counter_examples.get(language, ())
            if _found(matcher, text, language)
        ]
        idle = [
            entry
            for entry in seeds.excluded
            if not matcher.hits(tokens_of(entry.replace("*", "")), language)
            and not any(entry.rstrip("*") in text for text in saved)
        ]
        assert idle == [], language


@each_theme
def test_examples_are_found(name: str, theme: dict[str, Any]) -> None:
    for language, texts in theme["examples"].items():
        missed = [t for t in texts if theme["id"] not in _found(MATCHERS[name], t, language)]
        assert missed == []


@each_theme
def test_counter_examples_are_not_found(name: str, theme: dict[str, Any]) -> None:
    for language, texts in theme["counter_examples"].items():
        wrong = [t for t in texts if theme["id"] in _found(MATCHERS[name], t, language)]
        assert wrong == []


# Sentences as customers write them, with everything that is in them.
WHOLE_ANSWERS = [
    ("nl", "Afspraak niet nagekomen", {"appointment_technician"}),
    ("nl", "Een uur lang in de wacht gestaan", {"phone_reachability", "waiting_time"}),
    ("nl", "Nooit iemand aan de lijn", {"phone_reachability"}),
    ("nl", "De monteur kwam niet opdagen", {"appointment_technician"}),
    ("nl", "Klantonvriendelijk", {"staff_attitude"}),
    ("nl", "Parkeergarage veel te duur", {"location_parking", "price_value"}),
    ("en", "Put on hold for an hour", {"phone_reachability"}),
    ("en", "The food was cold, but the waitress was lovely", {"food", "staff_attitude"}),
    ("en", "Refund took weeks", {"payment_refund", "waiting_time"}),
    ("de", "Der Techniker ist nicht erschienen", {"appointment_technician"}),
    ("de", "Ewig in der Warteschleife", {"phone_reachability", "waiting_time"}),
    ("de", "Preis-Leistungs-Verhältnis stimmt", {"price_value"}),
    ("de", "Unfreundliches Personal", {"staff_attitude"}),
    ("de", "Rechnungsstellung fehlerhaft", {"invoice"}),
]


@pytest.mark.parametrize(("language", "text", "expected"), WHOLE_ANSWERS)
def test_core_reads_answers_as_people_write_them(
    language: str, text: str, expected: set[str]
) -> None:
    """Nothing else is found; general praise or blame may stand beside."""
    found = _found(MATCHERS["core"], text, language) - {"general_praise_blame"}
    assert found == expected


# Words of a judgement alone, which say nothing of what it is about.
JUDGEMENTS = [
    *(("nl", word) for word in ("goed", "top", "prima", "slecht", "waardeloos", "geweldig")),
    *(("en", word) for word in ("good", "great", "awful", "rubbish", "brilliant", "terrible")),
    *(("de", word) for word in ("gut", "super", "toll", "schlecht", "miserabel", "klasse")),
]


@pytest.mark.parametrize(("language", "word"), JUDGEMENTS)
def test_a_bare_judgement_is_general(language: str, word: str) -> None:
    assert _found(MATCHERS["core"], word, language) == {"general_praise_blame"}
