"""Asking a language model on the own network, where one was set up; everything works without it.

    model = configured()
    if model is not None:
        said = ask(model, Question("Name this subject.", text, schema))

It sees masked text alone, is asked at temperature 0 for an object of a given form, and whatever
does not keep to the form is as if it had said nothing. It never writes a number: a schema cannot
ask for one, and a reply with digits that were not in the question is refused.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from gloed.base.outward import Allowed, Bounds, NotReached, call, read_allowed
from gloed.base.outward.addresses import PORTS
from gloed.text.masking import mask

LONGEST_TEXT = 20_000
LARGEST_REPLY = 200_000
_DIGITS = re.compile(r"\d+")
_KINDS = {"object": dict, "array": list, "string": str, "boolean": bool}


class Silence(StrEnum):
    """Why nothing usable was said."""

    AWAY = "away"  # not there, refused, or broken off
    SLOW = "slow"
    REFUSED = "refused"  # it answered, and not with success
    NONSENSE = "nonsense"  # not of the form asked for
    NUMBER = "number"  # it made up a number


class NoReply(Exception):
    """The model said nothing that can be used. The text holds nothing of question or reply."""

    def __init__(self, why: Silence) -> None:
        super().__init__(f"language model: {why.value}")
        self.why = why


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Where a model is reached: address up to `/v1`, name, key, and how long to wait for it."""

    url: str
    name: str
    key: str = field(default="", repr=False)
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: our own words, what people wrote (masked before it leaves), and the form.

    `schema` is JSON Schema of objects, arrays, strings (with `enum` or `maxLength`) and booleans;
    every property is required and none is added. `version` names the wording of the question.
    """

    task: str
    text: str
    schema: Mapping[str, Any]
    version: str = "1"
    longest: int = 2_000  # of the reply, in tokens

    def key(self, model: LanguageModel) -> str:
        """What the same question to the same model is kept under: a hash in hexadecimal digits."""
        parts = [model.url, model.name, self.version, self.task, _seen(self.text)]
        text = json.dumps([*parts, self.schema], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def configured() -> LanguageModel | None:
    """The model of the settings; None where there is none, which is how Gloed comes."""
    if not settings.LANGUAGE_MODEL_URL:
        return None
    return LanguageModel(
        settings.LANGUAGE_MODEL_URL,
        settings.LANGUAGE_MODEL,
        settings.LANGUAGE_MODEL_KEY,
        float(settings.LANGUAGE_MODEL_SECONDS),
    )


def ask(model: LanguageModel, question: Question) -> dict[str, Any]:
    """What the model says, in the form asked for. Raises NoReply; call it from a worker.

    `text` is masked here, whoever asks: links, addresses, numbers and names after a greeting never
    leave. Raises ValueError for a schema that asks for numbers.
    """
    check_schema(question.schema)
    seen = _seen(question.text)
    body = {
        "model": model.name,
        "temperature": 0,
        "seed": 0,
        "stream": False,
        "max_tokens": question.longest,
        "messages": [
            {"role": "system", "content": question.task},
            {"role": "user", "content": seen},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reply", "strict": True, "schema": question.schema},
        },
    }
    said = _said(_posted(model, body))
    if not fits(said, question.schema):
        raise NoReply(Silence.NONSENSE)
    known = set(_DIGITS.findall(f"{question.task} {seen}"))
    if not set(_DIGITS.findall(" ".join(_strings(said)))) <= known:
        raise NoReply(Silence.NUMBER)
    return dict(said)


def check_schema(schema: Mapping[str, Any]) -> None:
    """Raise ValueError for a form that the model may not be asked for: numbers, or anything else.

    >>> check_schema({"type": "object", "properties": {"name": {"type": "string"}}})
    """
    kind = schema.get("type")
    if kind not in _KINDS:
        raise ValueError(f"a language model is not asked for {kind!r}")
    for each in schema.get("properties", {}).values():
        check_schema(each)
    if kind == "array":
        check_schema(schema["items"])


def fits(said: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a value keeps to a form (see `Question`).

    >>> form = {"type": "array", "items": {"type": "string", "enum": ["price"]}, "maxItems": 2}
    >>> fits(["price"], form), fits(["speed"], form), fits("price", form)
    (True, False, False)
    """
    kind = _KINDS[schema["type"]]
    if not isinstance(said, kind):
        return False
    if isinstance(said, dict):
        parts = schema.get("properties", {})
        return said.keys() == parts.keys() and all(fits(said[key], parts[key]) for key in parts)
    if isinstance(said, list):
        is_short = len(said) <= schema.get("maxItems", len(said))
        return is_short and all(fits(each, schema["items"]) for each in said)
    if isinstance(said, str):
        is_known = "enum" not in schema or said in schema["enum"]
        return is_known and len(said) <= schema.get("maxLength", LONGEST_TEXT)
    return True


def _seen(text: str) -> str:
    """What the model sees of a text that people wrote."""
    return mask(text[:LONGEST_TEXT]).text


def _posted(model: LanguageModel, body: Mapping[str, Any]) -> bytes:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if model.key:
        headers["Authorization"] = f"Bearer {model.key}"
    seconds = model.seconds
    try:
        reply = call(
            "POST",
            f"{model.url.rstrip('/')}/chat/completions",
            headers=headers,
            body=json.dumps(body).encode(),
            bounds=Bounds(connect=5.0, read=seconds, total=seconds, reply=LARGEST_REPLY),
            allowed=_allowed(model.url),
        )
    except NotReached as trouble:
        is_slow = trouble.trouble.value == "too_slow"
        raise NoReply(Silence.SLOW if is_slow else Silence.AWAY) from None
    if not reply.is_success:
        raise NoReply(Silence.REFUSED)
    return reply.body


def _allowed(url: str) -> Allowed:
    """What may be called besides public addresses: whoever wrote the setting meant this host."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return read_allowed([*settings.OUTWARD_HOSTS, f"{host}:{parts.port or PORTS[parts.scheme]}"])


def _said(body: bytes) -> Any:
    """The object in the reply; models without a form of their own fence it in Markdown."""
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
        text = content.strip().removeprefix("```json").removeprefix("```").removesuffix("```")
        return json.loads(text)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError):
        raise NoReply(Silence.NONSENSE) from None


def _strings(said: Any) -> list[str]:
    """Every text in a value."""
    if isinstance(said, str):
        return [said]
    if isinstance(said, dict):
        return [text for each in said.values() for text in _strings(each)]
    return [text for each in said for text in _strings(each)] if isinstance(said, list) else []
