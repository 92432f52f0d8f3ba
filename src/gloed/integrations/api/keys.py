"""The key on a request, and what it must be allowed for each operation."""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from gloed.base.keys import Scope
from gloed.integrations.api.problems import Problem


class Bearer(HttpBearer):
    """A key of the organisation; an operation may need a right of it."""

    def __init__(self, scope: Scope | None = None) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The key, which the door has found already. Raises the problem "forbidden"."""
        key = request.api_key  # type: ignore[attr-defined]  # put there by the door
        if self.scope is not None and self.scope not in key.scopes:
            raise Problem("forbidden", f"The key lacks the right {self.scope.value}.")
        return key


def needs(scope: Scope) -> Bearer:
    """An operation that only a key with this right may use."""
    return Bearer(scope)
