"""Conditions on what is known of a person or told by an event: plain, frozen, readable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any


class Where(StrEnum):
    """Whose property is looked at."""

    PERSON = "person"
    EVENT = "event"


class Relation(StrEnum):
    """What is asked of the value. Stored: never rename one."""

    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    KNOWN = "known"
    UNKNOWN = "unknown"


COMPARED = frozenset({Relation.AT_LEAST, Relation.AT_MOST})
WITHOUT_VALUES = frozenset({Relation.KNOWN, Relation.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Condition:
    """One property and what must hold of it; of several `values` any one will do."""

    where: Where
    name: str
    relation: Relation
    values: tuple[str, ...] = ()


def read_conditions(stored: Iterable[Mapping[str, Any]]) -> tuple[Condition, ...]:
    """Conditions from the plain values they are stored as."""
    return tuple(
        Condition(
            Where(one["where"]),
            str(one["name"]),
            Relation(one["relation"]),
            tuple(one.get("values", ())),
        )
        for one in stored
    )


def plain_conditions(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    """Conditions as plain values, to be stored."""
    return [
        {
            "where": one.where.value,
            "name": one.name,
            "relation": one.relation.value,
            "values": list(one.values),
        }
        for one in conditions
    ]


def first_that_fails(
    conditions: Iterable[Condition],
    *,
    person: Mapping[str, Any],
    event: Mapping[str, Any] | None = None,
) -> Condition | None:
    """The first condition that does not hold; None when all do, and when there are none."""
    for condition in conditions:
        known = person if condition.where is Where.PERSON else event or {}
        if not holds(condition, known.get(condition.name)):
            return condition
    return None


def holds(condition: Condition, value: Any) -> bool:
    """Whether a condition holds of a value; None and empty text are unknown.

    Text is compared without regard to case, numbers as numbers. What is unknown is never a
    given value, and never large or small.

    >>> country = Condition(Where.PERSON, "country", Relation.IS, ("DE", "AT"))
    >>> holds(country, "de"), holds(country, "NL"), holds(country, None)
    (True, False, False)
    >>> holds(Condition(Where.EVENT, "amount", Relation.AT_LEAST, ("1000",)), 1500.0)
    True
    """
    texts = _texts(value)
    match condition.relation:
        case Relation.KNOWN:
            return bool(texts)
        case Relation.UNKNOWN:
            return not texts
        case Relation.IS:
            return not texts.isdisjoint(_wanted(condition))
        case Relation.IS_NOT:
            return texts.isdisjoint(_wanted(condition))
    sizes = [number for number in map(_number, texts) if number is not None]
    limits = [number for number in map(_number, condition.values) if number is not None]
    if not sizes or not limits:
        return False
    if condition.relation is Relation.AT_LEAST:
        return max(sizes) >= min(limits)
    return min(sizes) <= max(limits)


def _wanted(condition: Condition) -> frozenset[str]:
    return frozenset(_text(value) for value in condition.values)


def _texts(value: Any) -> frozenset[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return frozenset(text for text in map(_text, values) if text)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    number = _number(value)
    return str(value).strip().casefold() if number is None else f"{number.normalize():f}"


def _number(value: Any) -> Decimal | None:
    """A number, written with a point or one decimal comma."""
    try:
        number = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 30 else None
