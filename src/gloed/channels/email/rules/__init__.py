"""Decisions about mails on plain values: building, handing over, pace, and who opened a link."""

from gloed.channels.email.rules.handing import (
    MOST_TROUBLES,
    Stage,
    message_id,
    one_line,
    outcome_of,
)
from gloed.channels.email.rules.pacing import count_domains, domain_of, minute_of, pace

__all__ = [
    "MOST_TROUBLES",
    "Stage",
    "count_domains",
    "domain_of",
    "message_id",
    "minute_of",
    "one_line",
    "outcome_of",
    "pace",
]
