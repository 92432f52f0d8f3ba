"""What the own page offers and for how long: decisions on plain values."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gloed.fieldwork.rules import Kind

EXAMPLE = "example"
"""A token that nobody has: its page shows what a press would do, and does nothing."""
ANSWERS_SHOWN = timedelta(days=365)
"""So long after an ask its link opens the own answers; the choices it opens for ever.

A mail lies in a mailbox for years and is sent on; what somebody said need not lie there as long.
"""
ANSWER_WITHIN = timedelta(days=30)
"""The law gives an organisation a month to answer a request."""
RHYTHMS = {"": 0, "quarterly": 91, "twice": 182, "yearly": 365}
"""How often at most, by the code of the form: the least number of days between two asks."""
PAUSES = {"1": 30, "3": 91, "6": 182, "12": 365}
"""How long a pause lasts, by its number of months: days."""
AS_IT_IS = "as_it_is"


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody wants to be asked."""

    is_opted_out: bool = False
    refused: frozenset[str] = frozenset()
    rhythm_days: int = 0
    pause_until: datetime | None = None

    @property
    def rhythm(self) -> str:
        """The code of the form that comes closest from below; a rhythm is never made faster."""
        fitting = [code for code, days in RHYTHMS.items() if days <= self.rhythm_days]
        return fitting[-1] if fitting else ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was sent from the form, read: `pause_until` is the moment, None for no pause."""

    refused: frozenset[str] = frozenset()
    rhythm_days: int = 0
    pause_until: datetime | None = None

    @property
    def is_nothing_wanted(self) -> bool:
        """Whether no kind of survey is left."""
        return self.refused == frozenset(Kind)


def read_wishes(
    kinds: Collection[str], rhythm: str, pause: str, *, before: Wishes, now: datetime
) -> Chosen:
    """What a form asks for; what cannot be read stays as it was.

    >>> read_wishes(["relationship"], "yearly", "", before=Wishes(), now=datetime.min).rhythm_days
    365
    """
    wanted = {kind for kind in Kind if kind in kinds}
    is_same = rhythm not in RHYTHMS or rhythm == before.rhythm
    until = before.pause_until
    if pause != AS_IT_IS:
        until = now + timedelta(days=PAUSES[pause]) if pause in PAUSES else None
    return Chosen(
        refused=frozenset(set(Kind) - wanted),
        rhythm_days=before.rhythm_days if is_same else RHYTHMS[rhythm],
        pause_until=until,
    )


def shows_answers(asked_at: datetime, *, now: datetime) -> bool:
    """Whether a link from this moment still opens what its person answered."""
    return now - asked_at < ANSWERS_SHOWN


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction sends for the questions of one response, by their position."""

    ratings: Mapping[int, int] = field(default_factory=dict)
    verbatims: Mapping[int, str] = field(default_factory=dict)


def read_change(
    posted: Mapping[str, str], *, rated: Collection[int], opened: Collection[int], limit: int
) -> Change:
    """Read `rating-1=9` and `words-2=…`; only positions that were asked.

    >>> read_change({"rating-1": "9", "words-2": " fine "}, rated=[1], opened=[2], limit=99)
    Change(ratings={1: 9}, verbatims={2: 'fine'})
    """
    ratings = {
        position: int(text)
        for position in rated
        if (text := posted.get(f"rating-{position}", "")).isdecimal() and len(text) < 4
    }
    words = {
        position: posted[f"words-{position}"].replace("\r\n", "\n").strip()[:limit]
        for position in opened
        if f"words-{position}" in posted
    }
    return Change(ratings, words)
