"""Who was told that something was done: rooms above this one know, and say how to look it up.

A room that tells customers (`channels.told_back`) registers itself; the meter only asks.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.expressions import Combinable

Lookup = Callable[[], Combinable]


@dataclass(frozen=True, slots=True)
class Teller:
    """How to find out, for a row of `Case`, whether its customer was told, and asked again since.

    Both make an `Exists(...)` about `OuterRef("pk")`, the case.
    """

    name: str
    told: Lookup
    asked_again: Lookup


_tellers: dict[str, Teller] = {}


def register(teller: Teller) -> None:
    """Let the meter ask this room too; called from its AppConfig.ready."""
    _tellers[teller.name] = teller


def told() -> Q:
    """The customer was told by one of the rooms that tell."""
    return _either([teller.told() for teller in _tellers.values()])


def asked_again() -> Q:
    """One of the rooms that tell has asked the customer again."""
    return _either([teller.asked_again() for teller in _tellers.values()])


def _either(found: list[Combinable]) -> Q:
    """True where one holds; never true where there is none."""
    every = Q(pk__in=[])
    for one in found:
        every |= Q(one)
    return every
