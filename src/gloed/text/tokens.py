"""Words in a text, with their places. Apostrophes and inner hyphens belong to a word."""

import re
from typing import NamedTuple

_TORN = r"(?<![^\W_])(?i:ca|do|wo|did|is|was|does|are|has|had|have|could|would|should|were)n t"
WORD = (
    rf"{_TORN}(?![^\W_])"
    r"|[^\W_]+(?:['’ʼ`´\ufffd\-‐‑][^\W_]+)*(?: ['’`´] (?:t|s|re|ve|ll|d|m)(?![^\W_]))?"
)
"""A word: letters with inner apostrophes or hyphens; or a number with what is joined to it.

Between letters the sign of a character that was lost stands for an apostrophe: that is what gets
lost. English words that were torn at theirs (`can ' t`, `don t`) are one word again.
"""

_WORD = re.compile(WORD)
_MARKS = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "´": "'", "\ufffd": "'", "‐": "-", "‑": "-"})


class Token(NamedTuple):
    """One word: its form in small letters and where it stands in the text."""

    form: str
    start: int
    end: int


def tokens_of(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The words of a text, or of its part from `start` to `end`, in order.

    >>> tokens_of("Niet goed!")
    [Token(form='niet', start=0, end=4), Token(form='goed', start=5, end=9)]
    """
    stop = len(text) if end is None else end
    return [
        Token(form_of(match.group()), match.start(), match.end())
        for match in _WORD.finditer(text, start, stop)
    ]


def words_of(text: str) -> list[str]:
    """The forms alone.

    >>> words_of("Don’t e-mail me")
    ["don't", 'e-mail', 'me']
    """
    return [form_of(word) for word in _WORD.findall(text)]


def form_of(word: str) -> str:
    """The form under which a word is looked up: small letters, plain apostrophes and hyphens.

    >>> form_of("Can ` t"), form_of("Didn t")
    ("can't", "didn't")
    """
    form = word.lower() if word.isascii() and "`" not in word else word.translate(_MARKS).lower()
    return form.replace(" ' ", "'").replace(" ", "'") if " " in form else form
