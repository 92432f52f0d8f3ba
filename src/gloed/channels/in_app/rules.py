"""What an app sent: decisions on plain values. What cannot be read is refused by name."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gloed.responses.rules import ContactData, GivenAnswer, IncomingAnswer

BODY_LIMIT = 65_536
TEXT_LIMIT = 5_000
MOST_ANSWERS = 40
MOST_ATTRIBUTES, NAME_LIMIT, VALUE_LIMIT = 20, 60, 200
_KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")
_NAME = re.compile(rf"[^\x00-\x1f]{{1,{NAME_LIMIT}}}")
_LARGEST = 10**15
_MOST_POSITIONS = 200


class Unreadable(Exception):
    """What was sent cannot be read; `field` says which part of it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class SentAnswers:
    """The answers of one respondent as an app sends them, again and again until we confirm."""

    key: str
    token: str
    answers: tuple[GivenAnswer, ...]
    version: int | None
    revision: int | None
    is_complete: bool
    language: str
    attributes: dict[str, Any]
    page: str

    def incoming(self, *, channel: str, **further: Any) -> IncomingAnswer:
        """The same for the one door in; `further` are fields of `IncomingAnswer`."""
        attributes = {**self.attributes, **({"page": self.page} if self.page else {})}
        return IncomingAnswer(
            answers=self.answers,
            source=channel,
            channel=channel,
            token=self.token,
            client_key="" if self.token else self.key,
            version=self.version,
            revision=self.revision,
            is_complete=self.is_complete,
            language=self.language,
            attributes=attributes,
            **further,
        )


def read_body(body: bytes) -> dict[str, Any]:
    """The JSON object of a request."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("body") from None
    if not isinstance(sent, dict):
        raise Unreadable("body")
    return sent


def read_answers(sent: Mapping[str, Any]) -> SentAnswers:
    """Read what an app sends. An attribute that is too long or too many is left out, not refused.

    Raises Unreadable with the name of the field.
    """
    token = text_of(sent, "token", 64)
    key = text_of(sent, "key", 64)
    if not token and not _KEY.fullmatch(key):
        raise Unreadable("key")
    answers = sent.get("answers")
    if not isinstance(answers, list) or not 0 < len(answers) <= MOST_ANSWERS:
        raise Unreadable("answers")
    is_complete = sent.get("is_complete", True)
    if not isinstance(is_complete, bool):
        raise Unreadable("is_complete")
    return SentAnswers(
        key=key,
        token=token,
        answers=tuple(_answer(one) for one in answers),
        version=whole_of(sent, "version"),
        revision=whole_of(sent, "revision"),
        is_complete=is_complete,
        language=text_of(sent, "language", 8),
        attributes=bounded(sent.get("attributes")),
        page=page_of(sent.get("page")),
    )


def _answer(sent: object) -> GivenAnswer:
    if not isinstance(sent, dict):
        raise Unreadable("answers")
    position = whole_of(sent, "position")
    if position is None or not 0 < position <= _MOST_POSITIONS:
        raise Unreadable("position")
    rating = whole_of(sent, "rating")
    text = text_of(sent, "text", None).replace("\r\n", "\n").strip()[:TEXT_LIMIT]
    return GivenAnswer(
        position,
        rating=rating,
        verbatim=text,
        choices=_choices(sent.get("choices")),
        contact=_contact(sent.get("contact")),
    )


def _choices(sent: object) -> tuple[str, ...]:
    if sent is None:
        return ()
    if not isinstance(sent, list) or len(sent) > MOST_ANSWERS:
        raise Unreadable("choices")
    if any(not isinstance(one, str) or len(one) > NAME_LIMIT for one in sent):
        raise Unreadable("choices")
    return tuple(sent)


def _contact(sent: object) -> ContactData | None:
    if sent is None:
        return None
    if not isinstance(sent, dict):
        raise Unreadable("contact")
    return ContactData(
        name=text_of(sent, "name", 200),
        email=text_of(sent, "email", 254),
        phone=text_of(sent, "phone", 40),
    )


def text_of(sent: Mapping[str, Any], name: str, limit: int | None) -> str:
    """A text field; absent or null is empty. Raises Unreadable for anything else, or too long."""
    value = sent.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or (limit is not None and len(value) > limit):
        raise Unreadable(name)
    return value


def whole_of(sent: Mapping[str, Any], name: str) -> int | None:
    """A whole number from 0, or None where there is none. Raises Unreadable for anything else."""
    value = sent.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _LARGEST:
        raise Unreadable(name)
    return value


def bounded(sent: object) -> dict[str, Any]:
    """The attributes we keep: at most twenty short ones with a plain value.

    >>> bounded({"plan": "pro", "seats": 3, "cart": ["a"], "x" * 61: 1})
    {'plan': 'pro', 'seats': 3}
    """
    kept: dict[str, Any] = {}
    if not isinstance(sent, dict):
        return kept
    for name, value in sent.items():
        if len(kept) == MOST_ATTRIBUTES:
            break
        is_short = isinstance(value, str) and len(value) <= VALUE_LIMIT
        is_number = isinstance(value, int | float) and abs(value) < _LARGEST
        if _NAME.fullmatch(name) and (is_short or is_number):
            kept[name] = value
    return kept


def page_of(sent: object) -> str:
    """The address of a page without what stands behind ? and #: that may be personal.

    >>> page_of("https://example.nl/order/done?mail=a@example.nl#top"), page_of("javascript:x")
    ('https://example.nl/order/done', '')
    """
    if not isinstance(sent, str) or not re.match(r"https?://[^\s/]", sent):
        return ""
    return re.split(r"[?#]", sent, maxsplit=1)[0][:VALUE_LIMIT]
