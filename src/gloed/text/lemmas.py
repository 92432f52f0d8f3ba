"""Base forms of words by dictionary, remembered for each word and language."""

from collections.abc import Callable
from functools import lru_cache

LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pt")
"""Languages with a dictionary here; a word of any other language is its own base form."""

_REMEMBERED = 400_000
_LONGEST = 40


@lru_cache(maxsize=_REMEMBERED)
def lemma_of(form: str, language: str) -> str:
    """The base form of a word in small letters; the word itself where none is known.

    >>> lemma_of("prijzen", "nl"), lemma_of("was", "en"), lemma_of("xyzzy", "en")
    ('prijs', 'be', 'xyzzy')
    """
    if language not in LANGUAGES or len(form) > _LONGEST or not form.isalpha():
        return form
    # German nouns are in its dictionary with their capital
    written = _dictionary()(form, lang=language)
    if language == "de" and written == form:
        written = _dictionary()(form.capitalize(), lang=language)
    return written.lower() or form


@lru_cache(maxsize=1)
def _dictionary() -> Callable[..., str]:
    # 19 MB of dictionaries: read when the first word is looked up, never at start-up
    from simplemma import lemmatize  # noqa: PLC0415

    return lemmatize
