"""When a question is shown: rules about the score, earlier answers and the person asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MOST_CONDITIONS = 8


class About(StrEnum):
    """What a condition looks at."""

    BAND = "band"
    ANSWER = "answer"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: the thing looked at has one of `values` (has none of them when `is_not`).

    `name` is empty for the band, the key of an earlier question for an answer ("rating" and "why"
    are the first two), the name of an attribute of the person. Values are bands; option keys,
    ratings as text, or "yes" for a consent; or what an attribute holds as text. No values: it is
    answered (or known) at all.
    """

    about: About
    name: str = ""
    values: tuple[str, ...] = ()
    is_not: bool = False


@dataclass(frozen=True, slots=True)
class ShowIf:
    """When a question is shown: all of the conditions, or any of them."""

    conditions: tuple[Condition, ...]
    any_of: bool = False


def as_stored(rule: ShowIf | None) -> dict[str, Any]:
    """A rule as it is stored with its question; `read_stored` is the reverse."""
    if rule is None or not rule.conditions:
        return {}
    return {
        "any_of": rule.any_of,
        "conditions": [
            {
                "about": one.about.value,
                "name": one.name,
                "values": list(one.values),
                "is_not": one.is_not,
            }
            for one in rule.conditions
        ],
    }


def read_stored(stored: Mapping[str, Any]) -> ShowIf | None:
    """A rule as it was stored; None where there is none."""
    if not stored:
        return None
    return ShowIf(
        tuple(
            Condition(About(one["about"]), one["name"], tuple(one["values"]), one["is_not"])
            for one in stored["conditions"]
        ),
        stored["any_of"],
    )


@dataclass(frozen=True, slots=True)
class Situation:
    """What rules are judged by: the band (empty without a rating), answers, attributes.

    Answers are texts by question key: a rating as its number, options by their keys, words and
    contact details as "*", a consent that was given as "yes". Attributes are texts.
    """

    band: str = ""
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)


def holds(condition: Condition, situation: Situation) -> bool:
    """Whether one condition holds; of a stranger no attribute is known."""
    found: frozenset[str]
    if condition.about is About.BAND:
        found = frozenset({situation.band} if situation.band else ())
    elif condition.about is About.ANSWER:
        found = situation.answers.get(condition.name, frozenset())
    else:
        value = situation.attributes.get(condition.name, "")
        found = frozenset({value} if value else ())
    hit = bool(found & set(condition.values)) if condition.values else bool(found)
    return hit is not condition.is_not


def is_shown(rule: ShowIf | None, situation: Situation) -> bool:
    """Whether a question with this rule is shown."""
    if rule is None or not rule.conditions:
        return True
    judged = (holds(condition, situation) for condition in rule.conditions)
    return any(judged) if rule.any_of else all(judged)
