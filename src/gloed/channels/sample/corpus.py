"""Reading the sentences the verbatims are made of, and expanding one of them.

A file holds sections `== theme polarity tags...` with one sentence a line. `[a|b]` is a choice and
may be nested, `{name}` a detail, and `@tag` at the end limits when the sentence may be said.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from gloed.channels.sample.values import Language, Polarity

_POLARITIES: dict[str, Polarity] = {"pos": "pos", "neg": "neg", "mid": "mid"}
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_DETAIL = re.compile(r"\{([a-z]+2?)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of a text file; `needs` are the tags that must hold before it may be said."""

    key: str
    template: str
    theme: str
    polarity: Polarity
    needs: frozenset[str]

    def may_be_said(self, tags: frozenset[str]) -> bool:
        """Whether everything it needs holds; `a|b` needs one of the two."""
        if self.needs <= tags:
            return True
        return all(not tags.isdisjoint(need.split("|")) for need in self.needs - tags)

    def expand(self, rng: Random, detail: Callable[[str], str]) -> str:
        """Settle the choices, then fill in the details."""
        text = self.template
        while _CHOICE.search(text):
            text = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), text)
        text = _DETAIL.sub(lambda match: detail(match[1]), text)
        return re.sub(r"\s+(?=[\s,])", "", text).strip()


@cache
def sentences(language: Language, part: str) -> tuple[Sentence, ...]:
    """All sentences of one file: a touchpoint's, or `common`. Raises ValueError on a bad line."""
    theme, tags = "", frozenset[str]()
    polarity: Polarity = "mid"
    found = []
    for number, line in enumerate(_lines(language, part), start=1):
        if line.startswith("=="):
            theme, sign, *rest = line.removeprefix("==").split()
            if sign not in _POLARITIES:
                raise ValueError(f"{language}/{part}.txt line {number}: {sign!r} is no polarity")
            polarity, tags = _POLARITIES[sign], frozenset(rest)
        elif line and not line.startswith("#"):
            text, own = _split_tags(line)
            needs = tags | own | _implied(part, theme, polarity, text, tags)
            key = f"{language}/{part}:{number}"
            found.append(Sentence(key, text, theme, polarity, needs))
    return tuple(found)


@cache
def slips(language: Language) -> tuple[tuple[str, str], ...]:
    """What was meant and what fingers made of it."""
    pairs = [line.split(" = ") for line in _lines(language, "slips") if " = " in line]
    return tuple((meant, written) for meant, written in pairs if not meant.startswith("#"))


def _lines(language: Language, part: str) -> list[str]:
    place = files("gloed.channels.sample").joinpath(f"texts/{language}/{part}.txt")
    return [line.strip() for line in place.read_text("utf-8").splitlines()]


def _split_tags(line: str) -> tuple[str, frozenset[str]]:
    words = line.split(" ")
    tags = set()
    while words[-1].startswith("@"):
        tags.add(words.pop().removeprefix("@"))
    return " ".join(words), frozenset(tags)


def _implied(
    part: str, theme: str, polarity: Polarity, text: str, tags: frozenset[str]
) -> frozenset[str]:
    """Conditions a sentence has by what it says: a right bill, a long custom, a long wait."""
    implied = set()
    if theme == "invoice" and polarity == "pos" and not tags & {"dip", "recovery"}:
        implied.add("calm")
    if "{years}" in text:
        implied.add("longstanding")
    if part == "phone" and ("{minutes}" in text or (theme == "waiting" and polarity != "pos")):
        implied.add("long_wait")
    if part == "phone" and theme == "waiting" and polarity == "pos":
        implied.add("short_wait")
    return frozenset(implied)
