"""What a provider says by itself, as a form or as JSON: read into plain pairs of name and value."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

Pairs = tuple[tuple[str, str], ...]
"""Names in lower case with their values, what stands nearest first."""
DEEPEST = 8
MOST = 500
MOST_FIELDS = 100


def told_of(body: bytes, content_type: str = "", query: str = "") -> Any:
    """The tree of a form, a query or JSON; None for what cannot be read."""
    try:
        text = body.decode("utf-8")
        if "json" in content_type or text.lstrip().startswith(("{", "[")):
            return json.loads(text)
        return dict(parse_qsl(text or query, max_num_fields=MOST_FIELDS))
    except (ValueError, RecursionError):
        return None


def items_of(told: Any) -> list[Pairs]:
    """Each innermost item of a tree with what stands around it.

    A list of three reports below one name gives three items.

    >>> items_of({"results": [{"id": 1, "status": {"name": "OK"}}]})
    [(('id', '1'), ('name', 'OK'))]
    """
    found: list[Pairs] = []
    for one in _items(told, (), DEEPEST):
        found.append(one)
        if len(found) == MOST:
            break
    return found


def _items(told: Any, around: Pairs, deep: int) -> Iterator[Pairs]:
    if deep and isinstance(told, list):
        for one in told:
            yield from _items(one, around, deep - 1)
    elif deep and isinstance(told, Mapping):
        own, lists = _scalars(told, deep)
        inner = [one for each in lists for one in _items(each, (*own, *around), deep - 1)]
        yield from inner or [(*own, *around)]


def _scalars(told: Mapping[str, Any], deep: int) -> tuple[list[tuple[str, str]], list[list[Any]]]:
    """The values of a mapping, those of the mappings in it behind them, and the lists of items."""
    own: list[tuple[str, str]] = []
    inner: list[tuple[str, str]] = []
    lists: list[list[Any]] = []
    for name, value in told.items():
        if isinstance(value, Mapping) and deep:
            below, more = _scalars(value, deep - 1)
            inner += below
            lists += more
        elif isinstance(value, list):
            own += [(name.lower(), str(one)) for one in value if _is_plain(one)]
            lists.append([one for one in value if isinstance(one, Mapping)])
        elif _is_plain(value):
            own.append((name.lower(), str(value)))
    return [*own, *inner], [one for one in lists if one]


def _is_plain(value: Any) -> bool:
    """Text or a number; yes and no are neither."""
    return isinstance(value, str | int) and not isinstance(value, bool)
