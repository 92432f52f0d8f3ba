"""What came in, kept so that its form can be seen and nobody can be recognised."""

import json
import re
from typing import Any

LONGEST, MOST, DEEPEST = 8_000, 60, 6
_CODE = re.compile(r"[a-z]{2,24}(?:[._:-][a-z]{2,24}){1,4}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?")
_TELLING = frozenset(
    {"type", "event", "kind", "status", "action", "source", "channel", "topic", "priority"}
)
_WORD = re.compile(r"[^\W\d_]+")


def veiled(body: bytes) -> str:
    """The body as JSON with every word and long number unrecognisable, and bounded.

    >>> veiled(b'{"event": "ticket", "mail": "anna@example.org", "score": 7, "n": "0612345678"}')
    '{\\n "event": "ticket",\\n "mail": "a•••@e•••.o•••",\\n "score": 7,\\n "n": "0000000000"\\n}'
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return json.dumps(veil(found), ensure_ascii=False, indent=1)[:LONGEST]


def veil(value: Any, name: str = "", depth: int = 0) -> Any:
    """The same value without what could point at somebody."""
    if isinstance(value, dict):
        if depth >= DEEPEST:
            return {}
        pairs = list(value.items())[:MOST]
        return {str(key)[:80]: veil(one, str(key), depth + 1) for key, one in pairs}
    if isinstance(value, list):
        return [veil(one, name, depth + 1) for one in value[:3]] if depth < DEEPEST else []
    if isinstance(value, str):
        return _words(value, name)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) > 1_000:
        return 0
    return value


def _words(text: str, name: str) -> str:
    text = text[:200]
    if _CODE.fullmatch(text) or _MOMENT.fullmatch(text):
        return text
    if name.lower() in _TELLING and len(text) <= 40 and "@" not in text:
        return text
    hidden = _WORD.sub(lambda word: f"{word.group()[0]}•••" if len(word.group()) > 1 else "•", text)
    return re.sub(r"\d", "0", hidden) if len(re.findall(r"\d", text)) > 2 else hidden
