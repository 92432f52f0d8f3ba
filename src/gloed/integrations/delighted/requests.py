"""Reading what the old clients send: four ways to give a key, three places for parameters."""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest

from gloed.base.bulk import keepable

LARGEST = 1_000_000
_PART = re.compile(r"\[([^\]]*)\]")


@dataclass
class Refused(Exception):
    """A request that is not carried out, in the old shape."""

    status: int
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def unprocessable(name: str, *words: str) -> Refused:
    """A parameter that cannot be used."""
    return Refused(422, {name: list(words)})


def key_texts(request: HttpRequest) -> Iterator[str]:
    """What the key may be: the user name of Basic, or all of it where there is no colon."""
    kind, _blank, told = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic" or len(told) > 400:
        return
    try:
        plain = base64.b64decode(told.strip() + "=" * (-len(told.strip()) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return
    yield plain.partition(":")[0].strip()


def wants_json(request: HttpRequest, *, has_suffix: bool) -> bool:
    """Whether an answer in JSON will do; the suffix wins over Accept."""
    if has_suffix:
        return True
    accepted = request.headers.get("Accept", "*/*") or "*/*"
    kinds = {part.partition(";")[0].strip().lower() for part in accepted.split(",")}
    return bool(kinds & {"*/*", "application/*", "application/json"})


def parameters_of(request: HttpRequest) -> dict[str, Any]:
    """Everything that was sent, from the query and the body: JSON, or a form with nested names."""
    query = parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True)
    found: dict[str, Any] = keepable(nested(query))
    if request.method == "GET":
        return found  # one client sends {} along
    length = request.headers.get("Content-Length", "0")
    if length.isdigit() and int(length) > LARGEST:
        raise Refused(413)
    body = request.body
    if not body.strip():
        return found
    if request.content_type == "application/x-www-form-urlencoded":
        form = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        told: dict[str, Any] = keepable(nested(form))
        return found | told
    try:
        sent = keepable(json.loads(body))
    except (ValueError, RecursionError):
        raise Refused(400) from None
    return found | sent if isinstance(sent, dict) else found


def nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Names with brackets as maps and lists.

    >>> nested([("properties[plan]", "x"), ("expand[]", "person"), ("page", "2")])
    {'properties': {'plan': 'x'}, 'expand': ['person'], 'page': '2'}
    """
    found: dict[str, Any] = {}
    for name, value in pairs:
        head, parts = name.partition("[")[0], _PART.findall(name)
        if not parts:
            present = found.get(name)
            found[name] = value if present is None else [*_listed(present), value]
        elif parts[0] in {"", "0", "1", "2", "3"} and not isinstance(found.get(head), dict):
            found[head] = [*_listed(found.get(head)), value]
        else:
            inner = found.setdefault(head, {})
            if isinstance(inner, dict):
                inner[parts[0]] = value
    return found


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def names_in(value: Any) -> set[str]:
    """What is to be expanded: a list, or names with commas."""
    return {name.strip() for one in _listed(value) for name in str(one).split(",")}


def whole(parameters: Mapping[str, Any], name: str, *, default: int, most: int) -> int:
    """A positive whole number, no more than the most. Raises Refused for what is none."""
    value = parameters.get(name)
    if value is None or value == "":
        return default
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}", str(value)):
        raise unprocessable(name, "is not a number")
    return max(1, min(int(value), most))


def text(parameters: Mapping[str, Any], name: str, *, most: int = 255) -> str | None:
    """Words, None where nothing was sent. Raises Refused for too many."""
    value = parameters.get(name)
    if value is None:
        return None
    if isinstance(value, list | dict):
        raise unprocessable(name, "is invalid")
    words = str(value).strip()
    if len(words) > most:
        raise unprocessable(name, f"is too long (maximum is {most} characters)")
    return words
