"""One request of an old client, and one reply."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gloed.integrations.delighted.models import Project
from gloed.integrations.delighted.requests import unprocessable
from gloed.integrations.delighted.rules import read_unix
from gloed.integrations.marks import read_mark

MOST = 100
USUAL = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: the project the key selects, the path without suffix, all parameters."""

    project: Project
    path: str
    parameters: Mapping[str, Any]
    now: datetime

    def moment(self, name: str) -> datetime | None:
        """A moment among the parameters. Raises Refused for what is none."""
        try:
            return read_unix(self.parameters.get(name))
        except ValueError as problem:
            raise unprocessable(name, str(problem)) from None

    def given(self, name: str) -> Any:
        """A parameter, None where it is empty or was not sent."""
        value = self.parameters.get(name)
        return None if value == "" else value

    def page_mark(self) -> tuple[int, dict[str, Any]]:
        """The row the page follows, and what its mark holds. Raises Refused for no mark of ours."""
        told = self.given("page_info")
        if told is None:
            return 0, {}
        try:
            return read_mark(str(told))
        except ValueError:
            raise unprocessable("page_info", "is invalid") from None


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back; `next_page` are the parameters of the page that follows."""

    body: Any
    status: int = 200
    next_page: Mapping[str, Any] | None = None
