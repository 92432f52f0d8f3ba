"""Replies that are lists."""

import json
from typing import Any

from gloed.base.outward import Reply


def rows_of(reply: Reply) -> list[dict[str, Any]]:
    """The objects of a reply that is a list; empty where it is none."""
    try:
        found = json.loads(reply.body) if reply.is_success else []
    except (ValueError, RecursionError):
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
