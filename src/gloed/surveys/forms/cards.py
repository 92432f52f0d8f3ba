"""The editor's cards as plain values: what stands on the page for each question."""

from collections.abc import Sequence
from dataclasses import dataclass, field

Choice = tuple[str, str, bool]
"""A value, its words and whether it is chosen."""


@dataclass(frozen=True, slots=True)
class Box:
    """One text in one language; `limit` in characters."""

    name: str
    value: str
    language: str
    language_name: str
    limit: int
    is_long: bool = False
    is_piped: bool = False
    is_missing: bool = False
    is_too_long: bool = False
    kind: str = "text"

    @property
    def id(self) -> str:
        """Its id on the page."""
        return self.name.replace(".", "_")


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing to write, in every language beside each other."""

    label: str
    boxes: Sequence[Box]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class OptionLine:
    """An answer to choose from."""

    key: str
    boxes: Sequence[Box]
    number: int
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One condition as a sentence with what may be chosen in it."""

    place: int
    what: str
    about: str
    is_not: bool
    choices: Sequence[Choice] = ()
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A question on the page: its words, and what belongs to its kind."""

    key: str
    number: int
    kind: str
    kind_name: str
    title: str
    topics: Sequence[Topic]
    sentence: str = ""
    findings: Sequence[str] = ()
    is_open: bool = False
    is_first: bool = False
    is_last: bool = False
    scales: Sequence[Choice] = ()
    metrics: Sequence[Choice] = ()
    presentations: Sequence[Choice] = ()
    options: Sequence[OptionLine] = ()
    has_options: bool = False
    has_other: bool = False
    other: Topic | None = None
    is_shuffled: bool = False
    most: int = 0
    purposes: Sequence[Choice] = ()
    fields: Sequence[Choice] = ()
    rules: Sequence[RuleLine] = ()
    any_of: bool = False
    may_ask: Sequence[tuple[str, str]] = ()
    starts_page: bool = False
    missing: Sequence[str] = field(default=())
