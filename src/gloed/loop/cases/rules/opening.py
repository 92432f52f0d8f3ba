"""What opens a case: conditions on an answer and on who gave it, each with its reason."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from gloed.fieldwork.rules import Condition, first_that_fails, plain_conditions, read_conditions
from gloed.loop.cases.rules.kinds import Because, Priority


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as it is stored: a kind and what it is about (a band, a word, a theme)."""

    because: Because
    about: str = ""

    def plain(self) -> dict[str, str]:
        """As it is stored."""
        return {"because": self.because.value, "about": self.about}


def read_reasons(stored: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """Reasons from what was stored."""
    return tuple(Reason(Because(one["because"]), str(one.get("about", ""))) for one in stored)


@dataclass(frozen=True, slots=True)
class Asks:
    """What a rule asks of an answer; everything that is set must hold.

    Of `bands`, `words` and `themes` any one will do. `silent_days` is about key contacts, not
    about answers: somebody of whom the `conditions` hold who gave no answer for so many days.
    `worth_from` is revenue a year, in whole units of the currency of the list of customers.
    `surveys` and `touchpoints` (public ids) narrow it down; what colleagues say of their work is
    only heard by a rule that names its survey.
    """

    bands: frozenset[str] = frozenset()
    at_most: int | None = None
    consent: bool = False
    words: tuple[str, ...] = ()
    themes: frozenset[str] = frozenset()
    conditions: tuple[Condition, ...] = ()
    worth_from: int | None = None
    silent_days: int | None = None
    surveys: frozenset[str] = frozenset()
    touchpoints: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether it would open a case for every answer there is."""
        return not (
            self.bands
            or self.at_most is not None
            or self.consent
            or self.words
            or self.themes
            or self.conditions
            or self.worth_from is not None
            or self.silent_days
        )

    @property
    def is_about_silence(self) -> bool:
        """Whether it looks at who is silent, and not at answers."""
        return self.silent_days is not None

    def plain(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "bands": sorted(self.bands),
            "at_most": self.at_most,
            "consent": self.consent,
            "words": list(self.words),
            "themes": sorted(self.themes),
            "conditions": plain_conditions(self.conditions),
            "worth_from": self.worth_from,
            "silent_days": self.silent_days,
            "surveys": sorted(self.surveys),
            "touchpoints": sorted(self.touchpoints),
        }


def read_asks(stored: Mapping[str, Any]) -> Asks:
    """What a rule asks, from what was stored."""
    return Asks(
        bands=frozenset(stored.get("bands", ())),
        at_most=stored.get("at_most"),
        consent=bool(stored.get("consent")),
        words=tuple(stored.get("words", ())),
        themes=frozenset(stored.get("themes", ())),
        conditions=read_conditions(stored.get("conditions", ())),
        worth_from=stored.get("worth_from"),
        silent_days=stored.get("silent_days"),
        surveys=frozenset(stored.get("surveys", ())),
        touchpoints=frozenset(stored.get("touchpoints", ())),
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of one answer when it is decided whether a case opens.

    `themes` are the keys of themes it speaks of without praise; `traits` what is known of the
    person; `words` everything they wrote; `worth` their revenue a year, None where it is not known.
    """

    band: str = ""
    rating: int | None = None
    has_consent: bool = False
    words: str = ""
    themes: frozenset[str] = frozenset()
    traits: Mapping[str, Any] = field(default_factory=dict)
    survey: str = ""
    touchpoint: str = ""
    worth: Decimal | None = None
    currency: str = ""
    is_of_colleagues: bool = False


def reasons_to_open(asks: Asks, heard: Heard) -> tuple[Reason, ...]:
    """Why this answer opens a case under this rule; nothing when it does not.

    >>> asks = Asks(bands=frozenset({"detractor"}), words=("advocaat",))
    >>> [r.about for r in reasons_to_open(asks, Heard("detractor", 2, words="Mijn Advocaat belt"))]
    ['detractor', 'advocaat']
    >>> reasons_to_open(asks, Heard("detractor", 2, words="Te duur"))
    ()
    """
    if asks.is_empty or asks.is_about_silence or not _is_meant(asks, heard):
        return ()
    found: list[Reason] = []
    for reasons in _checks(asks, heard):
        if not reasons:
            return ()
        found.extend(reasons)
    return (*found, *_attributes(asks.conditions, heard.traits))


def _is_meant(asks: Asks, heard: Heard) -> bool:
    """Whether the rule looks at this survey, this touchpoint and this person at all."""
    return (
        (heard.survey in asks.surveys or not (asks.surveys or heard.is_of_colleagues))
        and (not asks.touchpoints or heard.touchpoint in asks.touchpoints)
        and first_that_fails(asks.conditions, person=heard.traits) is None
    )


def _checks(asks: Asks, heard: Heard) -> Iterator[list[Reason]]:
    """For each thing the rule asks of the answer: the reasons found, none where it fails."""
    if asks.bands:
        yield [Reason(Because.BAND, heard.band)] if heard.band in asks.bands else []
    if asks.at_most is not None:
        is_low = heard.rating is not None and heard.rating <= asks.at_most
        yield [Reason(Because.RATING, str(heard.rating))] if is_low else []
    if asks.consent:
        yield [Reason(Because.CONSENT)] if heard.has_consent else []
    if asks.words:
        yield [Reason(Because.WORDS, word) for word in words_of_alarm(asks.words, heard.words)]
    if asks.themes:
        yield [Reason(Because.THEME, theme) for theme in sorted(asks.themes & heard.themes)]
    if asks.worth_from is not None:
        yield [_worth(heard)] if is_worth(asks, heard.worth) else []


def is_worth(asks: Asks, worth: Decimal | None) -> bool:
    """Whether a customer is worth what a rule asks; what is not known is never enough."""
    return asks.worth_from is None or (worth is not None and worth >= asks.worth_from)


def _worth(heard: Heard) -> Reason:
    return Reason(Because.WORTH, f"{heard.currency} {heard.worth or 0:.0f}".strip())


def _attributes(conditions: Iterable[Condition], traits: Mapping[str, Any]) -> list[Reason]:
    return [
        Reason(Because.ATTRIBUTE, f"{one.name}: {traits.get(one.name, '')}".rstrip(": "))
        for one in conditions
    ]


def words_of_alarm(words: Sequence[str], text: str) -> list[str]:
    """Which of these words or phrases stand in a text, as whole words, whatever their case.

    A star at the end stands for any ending: "opzeg*" finds "opzeggen" and "opzegtermijn".

    >>> words_of_alarm(["opzeg*", "geld terug"], "Ik ga opzeggen als ik mijn geld  terug krijg")
    ['opzeg*', 'geld terug']
    """
    return [word for word in words if word.strip() and _pattern(word).search(text)]


@lru_cache(maxsize=512)
def _pattern(word: str) -> re.Pattern[str]:
    stem = word.strip()
    ending = r"\w*" if stem.endswith("*") else r"\b"
    parts = r"\s+".join(re.escape(part) for part in stem.rstrip("*").split())
    return re.compile(rf"\b{parts}{ending}" if parts else r"(?!)", re.IGNORECASE)


def is_key_contact(asks: Asks, traits: Mapping[str, Any]) -> bool:
    """Whether a rule about silence means somebody of whom this is known."""
    return asks.is_about_silence and first_that_fails(asks.conditions, person=traits) is None


def priority_of(
    fitting: Sequence[tuple[Priority, Sequence[Reason]]], *, has_been_here: bool
) -> tuple[Priority, tuple[Reason, ...]]:
    """How soon a case must be taken up, and why: the highest of the rules that fit.

    Somebody who had a case in the last year goes one step up: the trouble came back.
    """
    top = max((priority for priority, _reasons in fitting), default=Priority.NORMAL)
    reasons = (
        [reason for priority, found in fitting if priority is top for reason in found]
        if top > Priority.NORMAL
        else []
    )
    if has_been_here:
        top = Priority(min(top + 1, Priority.URGENT))
        reasons.append(Reason(Because.AGAIN))
    return top, tuple(dict.fromkeys(reasons))
