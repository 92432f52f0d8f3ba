"""How long a survey takes: from what is asked while few have answered, then as measured."""

from dataclasses import dataclass
from math import ceil

from gloed.surveys.rules.content import CHOICES, AskedQuestion, Kind, PublishedVersion
from gloed.surveys.rules.metrics import Band
from gloed.surveys.rules.pages import bands_shown

ENOUGH = 20
"""From so many measured answers on the median is told instead of an estimate."""
LONGEST = 3_600
"""Seconds; who took longer left the page open and did something else."""
WORDS_PER_SECOND = 3.5
_TO_ANSWER = {
    Kind.RATING: 4.0,
    Kind.SINGLE: 5.0,
    Kind.MULTIPLE: 8.0,
    Kind.OPEN: 20.0,
    Kind.CONSENT: 4.0,
    Kind.CONTACT: 20.0,
}


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a survey takes, in seconds: the median of `n` answers, or an estimate."""

    seconds: int
    is_measured: bool
    n: int = 0

    @property
    def minutes(self) -> int:
        """Whole minutes, rounded up; 0 for what takes less than one."""
        return 0 if self.seconds < 60 else ceil(self.seconds / 60)


def estimated(version: PublishedVersion, language: str) -> Duration:
    """The time to read and answer, for the band that is asked most.

    Reading at 3.5 words a second (210 a minute, a slow reader on a phone); answering takes a few
    seconds a question, words twenty.
    """
    longest = 0.0
    for band in Band:
        shown = [
            question
            for question in version.questions
            if question.further is None or band in bands_shown(question.further.show_if)
        ]
        longest = max(longest, sum(_seconds(version, one, language) for one in shown))
    return Duration(ceil(longest / 5) * 5, is_measured=False)


def _seconds(version: PublishedVersion, question: AskedQuestion, language: str) -> float:
    words = version.words.get((question.position, language, ""))
    text = " ".join([words.text, words.hint, *words.options.values()]) if words else ""
    kind = Kind(question.kind) if question.kind in set(Kind) else Kind.RATING
    thinking = _TO_ANSWER[kind] + (0.5 * len(question.option_keys) if kind in CHOICES else 0)
    return thinking + len(text.split()) / WORDS_PER_SECOND
