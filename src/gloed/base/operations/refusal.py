"""An operation that cannot be done, and why."""

from gloed.base.rules import Refusal


class Refused(Exception):
    """Nothing was changed; `reason` says why, and the page tells it in words."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason
