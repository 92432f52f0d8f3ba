"""Other rooms that write mails, and hear the answers to them that come into the mailbox."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gloed.base.models import Organisation
from gloed.loop.letters.rules import Became, Incoming


@dataclass(frozen=True, slots=True)
class Ear:
    """One such room.

    `owner` says whose mail one of these names is (an organisation's key), None where none is the
    room's; it is asked of every mail, so it looks nothing up for names that cannot be. `take` takes
    a mail in: `take(incoming, organisation, now=…)`, harmless twice.
    """

    owner: Callable[[Sequence[str]], int | None]
    take: Callable[..., Became]


_EARS: list[Ear] = []


def listen(ear: Ear) -> None:
    """Hear answers. Called from an AppConfig.ready."""
    if ear not in _EARS:
        _EARS.append(ear)


def owner_of(names: Sequence[str]) -> int | None:
    """Whose mail one of these names is; None where no room knows it."""
    found = (ear.owner(names) for ear in _EARS)
    return next((one for one in found if one is not None), None)


def hear(incoming: Incoming, organisation: Organisation, *, now: datetime) -> Became:
    """Hand a mail to the room whose mail it answers."""
    for ear in _EARS:
        if ear.owner(incoming.names) == organisation.pk:
            became: Became = ear.take(incoming, organisation, now=now)
            return became
    return Became.FOREIGN
