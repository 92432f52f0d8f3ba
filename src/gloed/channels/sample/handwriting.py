"""How somebody types: capitals, full stops, slips of the finger. A person's hand stays the same."""

import re
from dataclasses import dataclass
from random import Random

from gloed.channels.sample.chance import stream
from gloed.channels.sample.corpus import slips
from gloed.channels.sample.values import Device, Language

_LONG_WORD = re.compile(r"\b[a-zé]{7,}\b")
_LOUD = frozenset(
    ("niet", "nooit", "echt", "weer", "veel", "niks", "niemand", "not", "never", "again", "really")
)


@dataclass(frozen=True, slots=True)
class Hand:
    """One person's way of typing; `care` runs from 0 (slips everywhere) to 1 (none)."""

    lower: bool
    end_mark: str
    splice: str
    care: float
    shouts: bool
    wordy: float

    @classmethod
    def of(cls, seed: int, number: int) -> "Hand":
        """The hand of the person with this number."""
        rng = stream(seed, "hand", number)
        return cls(
            lower=rng.random() < 0.2,
            end_mark=rng.choices(("", ".", "!", "...", ".."), weights=(46, 42, 7, 3, 2))[0],
            splice=rng.choices(
                (". ", ", ", "... ", " - ", "! ", "\n"), weights=(70, 17, 4, 3, 3, 3)
            )[0],
            care=rng.betavariate(4, 1.1),
            shouts=rng.random() < 0.05,
            wordy=rng.lognormvariate(0, 0.45),
        )

    def write(self, rng: Random, text: str, language: Language, device: Device) -> str:
        """The text as this hand types it on that device."""
        if self.lower or (device == "mobile" and rng.random() < 0.08):
            text = _lowered(text)
        chance = (1 - self.care) * (1.3 if device == "mobile" else 0.9)
        if rng.random() < chance * 1.5:
            text = _slipped(rng, text, language)
        if rng.random() < chance * 0.55:
            text = _fumbled(rng, text)
        if self.shouts:
            text = _shouted(rng, text)
        if rng.random() < chance * 0.3:
            text = re.sub(r"([a-z]), ", r"\1,", text, count=1)
        return text


def _lowered(text: str) -> str:
    return text.lower().replace("i'm", "im") if text.isascii() else text.lower()


def _slipped(rng: Random, text: str, language: Language) -> str:
    """One or two of the usual slips, where the word they belong to was used."""
    found = [
        (meant, written)
        for meant, written in slips(language)
        if re.search(rf"(?<![\w']){re.escape(meant)}(?![\w'])", text)
    ]
    if not found:
        return text
    rarely = [0.12 if len(meant) < 5 else 1.0 for meant, _ in found]
    for meant, written in rng.choices(found, weights=rarely, k=rng.choice((1, 1, 2))):
        text = re.sub(rf"(?<![\w']){re.escape(meant)}(?![\w'])", written, text, count=1)
    return text


def _fumbled(rng: Random, text: str) -> str:
    """Two letters swapped, one lost or one doubled, in one long word."""
    words = list(_LONG_WORD.finditer(text))
    if not words:
        return text
    word = rng.choice(words)
    at = rng.randrange(word.start() + 1, word.end() - 2)
    pair = text[at : at + 2]
    typed = rng.choice((pair[::-1], pair[0], pair[0] + pair))
    return text[:at] + typed + text[at + 2 :]


def _shouted(rng: Random, text: str) -> str:
    """Everything in capitals for the very cross; otherwise one word of it."""
    if rng.random() < 0.25:
        return text.upper()
    words = text.split(" ")
    loud = [index for index, word in enumerate(words) if index and word.lower() in _LOUD]
    if loud:
        index = rng.choice(loud)
        words[index] = words[index].upper()
    return " ".join(words)
