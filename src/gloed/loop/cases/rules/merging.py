"""Two people edit one case: what both changed differently is shown to both, the rest merges."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people changed differently: what it was, theirs (saved) and mine."""

    name: str
    was: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """What to write, and what must be decided first; with clashes nothing is written."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    clashes: tuple[Clash, ...] = ()


def merge(*, was: Mapping[str, Any], now: Mapping[str, Any], mine: Mapping[str, Any]) -> Merged:
    """Field by field: mine where only I changed it, theirs where only they did.

    `was` is what I had read, `now` what is saved, `mine` what I send; only names in `mine` count.

    >>> merge(was={"a": 1, "b": 1}, now={"a": 2, "b": 1}, mine={"a": 1, "b": 3}).changes
    {'b': 3}
    >>> merge(was={"a": 1}, now={"a": 2}, mine={"a": 3}).clashes[0].theirs
    2
    """
    changes: dict[str, Any] = {}
    clashes: list[Clash] = []
    for name, value in mine.items():
        before, saved = was.get(name), now.get(name)
        if value in (before, saved):
            continue
        if saved == before:
            changes[name] = value
        else:
            clashes.append(Clash(name, before, saved, value))
    return Merged({} if clashes else changes, tuple(clashes))


def as_it_was(
    now: Mapping[str, Any], edits_since: Iterable[Mapping[str, tuple[Any, Any]]]
) -> dict[str, Any]:
    """What was saved before these edits, given what is saved now; the newest edit comes first.

    Each edit is {name: (before, after)}.
    """
    values = dict(now)
    for edit in edits_since:
        values.update({name: before for name, (before, _after) in edit.items()})
    return values
