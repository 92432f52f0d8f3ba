"""The key an assistant comes with: looked at anew for every question, as the API does."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.utils import timezone, translation

from gloed.base import audit, operations
from gloed.base.keys import KeyKind, Scope
from gloed.base.limits import LIMITER
from gloed.base.models import ApiKey
from gloed.base.queries import find_key

CLIENT = "assistant (MCP)"


class NotAllowed(Exception):
    """The question is not answered; the text says why, and what to do."""


@contextmanager
def asking(text: str, scope: Scope, question: str) -> Iterator[ApiKey]:
    """The living key with this text, if it has the right; times are those of its organisation.

    A key that was ended a moment ago opens nothing. Raises NotAllowed.
    """
    try:
        key = find_key(text, KeyKind.API) if 0 < len(text) < 200 else None
        if key is None:
            raise NotAllowed("There is no living key. Make one under Organisation, Keys.")
        allowance = LIMITER.take(key.pk)
        if not allowance.is_allowed:
            raise NotAllowed(f"Too many questions; try again in {allowance.retry_after} s.")
        if scope not in key.scopes:
            raise NotAllowed(f"The key lacks the right {scope.value}.")
        now, house = timezone.now(), key.organisation
        operations.note_use(key, CLIENT, at=now)
        audit.record(
            None, "assistant.asked", key, {"question": question}, organisation=house, at=now
        )
        with timezone.override(house.time_zone), translation.override(house.language):
            yield key
    finally:
        connections.close_all()  # the thread may never be used again


def is_living(text: str) -> bool:
    """Whether this is the text of a key that opens anything."""
    try:
        return 0 < len(text) < 200 and find_key(text, KeyKind.API) is not None
    finally:
        connections.close_all()
