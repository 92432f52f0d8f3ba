"""Replies that are lists."""

import json
from typing import Any

from gloed.base.outward import Reply


def rows_of(reply: Reply, name: str = "") -> list[dict[str, Any]]:
    """The objects of a reply that is a list, or holds one under a name; empty where it does not."""
    try:
        found = json.loads(reply.body) if reply.is_success else []
    except (ValueError, RecursionError):
        return []
    if name:
        found = found.get(name) if isinstance(found, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
