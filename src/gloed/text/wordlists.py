"""The small words that steer the reading of a text, from `lexicons/words.toml`."""

import tomllib
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=256)
def word_list(name: str, language: str = "all") -> frozenset[str]:
    """A list by its name, of one language or of all; empty where the language has none."""
    lists = _lists()[name]
    chosen = lists.values() if language == "all" else [lists.get(language, "")]
    return frozenset(word for text in chosen for word in text.split())


@lru_cache(maxsize=64)
def phrase_list(name: str, language: str) -> tuple[str, ...]:
    """A list of phrases, parted by line breaks, in the order of the file."""
    lines = _lists()[name].get(language, "").splitlines()
    return tuple(line.strip() for line in lines if line.strip())


@lru_cache(maxsize=1)
def _lists() -> dict[str, dict[str, str]]:
    file = resources.files("gloed.text") / "lexicons" / "words.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
