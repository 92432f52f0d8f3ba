"""Fields of a body by their place, and what a body becomes by a mapping: plain values only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

MOST, DEEPEST = 80, 6
ATTRIBUTE, PROPERTY = "attribute", "property"
FIELD = "f:"
"""Begins the place of a field in a mapping, so that it is no wish of another kind."""


class What(StrEnum):
    """What a body becomes."""

    EVENT = "event"
    PERSON = "person"
    ANSWER = "answer"


class Means(StrEnum):
    """What a field is."""

    ID = "id"
    KIND = "kind"
    EMAIL = "email"
    PHONE = "phone"
    EXTERNAL_ID = "external_id"
    NAME = "name"
    LANGUAGE = "language"
    ACCOUNT = "account"
    AT = "at"
    RATING = "rating"
    WORDS = "words"
    ATTRIBUTE = ATTRIBUTE
    PROPERTY = PROPERTY


@dataclass(frozen=True, slots=True)
class Read:
    """A body read by a mapping; empty where a field is not there."""

    what: What
    texts: Mapping[Means, str]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    rating: int | None = None

    def get(self, means: Means) -> str:
        """A text; empty where there is none."""
        return self.texts.get(means, "")


def places(value: Any, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Every plain field with its JSON pointer; of a list the first only.

    >>> list(places({"a": {"b": 1}, "c": ["x", "y"], "d/e": None}))
    [('/a/b', 1), ('/c/0', 'x'), ('/d~1e', None)]
    """
    if isinstance(value, dict) and depth < DEEPEST:
        for name, inner in list(value.items())[:MOST]:
            own = str(name).replace("~", "~0").replace("/", "~1")
            yield from places(inner, f"{prefix}/{own}", depth + 1)
    elif isinstance(value, list) and depth < DEEPEST:
        for inner in value[:1]:
            yield from places(inner, f"{prefix}/0", depth + 1)
    elif not isinstance(value, dict | list):
        yield prefix, value


def at_place(value: Any, place: str) -> Any:
    """What stands at a place; None where nothing does.

    >>> at_place({"a": [{"b": 7}]}, "/a/0/b"), at_place({"a": 1}, "/a/b")
    (7, None)
    """
    for part in place.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isascii() and name.isdigit():
            index = int(name[:4])
            value = value[index] if index < len(value) else None
        else:
            return None
    return value


def read(body: Any, mapping: Mapping[str, str]) -> Read:
    """What a body means by a mapping: places (`f:/a/b`) with what they are, and `what`, `kind`.

    An attribute or property is written `attribute:plan`; without a name it is called as its field.
    """
    texts: dict[Means, str] = {}
    more: dict[str, dict[str, Any]] = {ATTRIBUTE: {}, PROPERTY: {}}
    for place, meaning in mapping.items():
        if not place.startswith(FIELD):
            continue
        value = at_place(body, place.removeprefix(FIELD))
        if value is None or isinstance(value, dict | list):
            continue
        means, _colon, name = meaning.partition(":")
        if means in more:
            more[means][name or _last(place)] = value
        elif means in set(Means):
            texts[Means(means)] = _plain(value)
    if mapping.get("kind") and not texts.get(Means.KIND):
        texts[Means.KIND] = mapping["kind"]
    return Read(
        what=What(mapping.get("what") or What.EVENT),
        texts=texts,
        attributes=more[ATTRIBUTE],
        properties=more[PROPERTY],
        at=moment_of(texts.get(Means.AT, "")),
        rating=_rating(texts.get(Means.RATING, "")),
    )


def moment_of(text: str) -> datetime | None:
    """A moment as ISO 8601, or as seconds or milliseconds since 1970; None for what is none.

    >>> moment_of("2026-03-02T09:30:00Z") == moment_of("1772443800") == moment_of("1772443800000")
    True
    """
    if text.isascii() and text.isdigit() and 9 <= len(text) <= 13:
        seconds = int(text) / (1000 if len(text) > 11 else 1)
        return datetime.fromtimestamp(seconds, UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        return None


def _rating(text: str) -> int | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() and abs(number) <= 1_000 else None


def _plain(value: Any) -> str:
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return text.replace("\x00", "").strip()[:5_000]


def _last(place: str) -> str:
    return place.rpartition("/")[2].replace("~1", "/").replace("~0", "~")[:120]
