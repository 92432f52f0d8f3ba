"""The shape of a connector: what it needs to know, what it tells, what it takes in.

A folder beside this one holds one object of this shape and registers it from its own module; pages,
queue, log, retries and secrets are the same for all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.utils.functional import Promise

from gloed.base.models import Organisation
from gloed.integrations.webhooks.rules import Told
from gloed.people.rules import PersonData

Words = str | Promise


class Unusable(Exception):
    """A setting that cannot be used: which, and why in words for who typed it."""

    def __init__(self, name: str, words: Words) -> None:
        super().__init__(f"{name} cannot be used")
        self.name, self.words = name, words


class NotTaken(Exception):
    """What came in is not what it seems: a wrong signature, or nothing that can be read."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing a connector needs to know. A secret is sealed and never shown again."""

    name: str
    label: Words
    help: Words = ""
    is_secret: bool = False
    is_required: bool = True
    placeholder: str = ""
    choices: tuple[tuple[str, Words], ...] = ()


@dataclass(frozen=True, slots=True)
class Access:
    """A connection as its connector sees it, with its secrets open."""

    connection_id: int
    public_id: UUID
    organisation: Organisation
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    mapping: Mapping[str, str] = field(default_factory=dict)
    with_words: bool = True
    with_person: bool = False

    def get(self, name: str) -> str:
        """A setting or secret; empty where there is none."""
        return self.secrets.get(name) or self.settings.get(name, "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of telling: done; refused for good; or to be tried again."""

    is_done: bool = False
    is_refused: bool = False
    status: int | None = None
    reply: str = ""
    retry_after: str = ""


class Memory(Protocol):
    """What stands for ours on the other side."""

    def find(self, ours: str) -> str:
        """Their id for something of ours; empty where there is none."""

    def ours_of(self, theirs: str) -> str:
        """The other way round."""

    def keep(self, ours: str, theirs: str) -> None:
        """Remember their id from now on."""


@dataclass(frozen=True, slots=True)
class Arriving:
    """One request of the other side, as it came."""

    body: bytes
    headers: Mapping[str, str]
    address: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """Something happened to a person: an event for the triggers."""

    kind: str
    person: PersonData
    key: str
    occurred_at: datetime
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """A person to be found or made, and brought up to date."""

    person: PersonData
    key: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that another tool took down: rating and words to one survey."""

    person: PersonData
    key: str
    survey: str
    rating: int
    occurred_at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class Solved:
    """What stood for a case of ours was closed on the other side."""

    theirs: str
    key: str


@dataclass(frozen=True, slots=True)
class Passed:
    """Something that was understood and means nothing to us; `why` is for the log."""

    key: str
    why: Words


@dataclass(frozen=True, slots=True)
class Pointed:
    """Something happened to what only the other side can name: a worker asks it to whom."""

    key: str
    what: Mapping[str, str]
    occurred_at: datetime


Taken = Happening | Known | Given | Solved | Passed | Pointed


class Connector(Protocol):
    """One outside system."""

    name: str
    label: Words
    text: Words
    icon: str
    group: str
    settings: Sequence[Setting]
    hears: Sequence[str]
    takes_in: bool
    needs_person: bool

    def check(self, given: Mapping[str, str]) -> str:
        """Look at what was typed, calling nobody; a hint for the list. Raises Unusable."""

    def tell(self, access: Access, told: Told, memory: Memory) -> Outcome:
        """Tell one piece of news. Raises nothing it expects."""

    def try_out(self, access: Access) -> Outcome:
        """Whether the other side knows us; tells or makes nothing that bothers a customer."""

    def take(self, access: Access, arriving: Arriving, memory: Memory) -> Sequence[Taken]:
        """What a request of theirs means. Raises NotTaken."""

    def fields(self, access: Access) -> Sequence[tuple[str, str]]:
        """Their fields that scores may go to, as (name, label). Raises `outward.NotReached`."""


_connectors: dict[str, Callable[[], Connector]] = {}
_made: dict[str, Connector] = {}


def register(name: str, make: Callable[[], Connector]) -> None:
    """Make a connector known; it is made when somebody first needs it."""
    _connectors[name] = make


def find(name: str) -> Connector:
    """The connector of this name. Raises KeyError."""
    if name not in _made:
        _made[name] = _connectors[name]()
    return _made[name]


def every() -> list[Connector]:
    """All of them, in the order they were made known."""
    return [find(name) for name in _connectors]
