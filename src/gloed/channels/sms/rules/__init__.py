"""Lengths, numbers, hours, replies and outcomes of text messages: decisions on plain values."""

from gloed.channels.sms.rules.hours import Hours, next_moment, zone_or
from gloed.channels.sms.rules.length import Length, length_of
from gloed.channels.sms.rules.numbers import COUNTRIES, masked, normal_number
from gloed.channels.sms.rules.outcomes import Fate, Outcome, outcome_of_status, rest_after
from gloed.channels.sms.rules.providers import (
    PROVIDERS,
    BadProvider,
    Problem,
    address_for,
    hint_of,
    read_provider,
)
from gloed.channels.sms.rules.replies import Reply, read_reply, wish_of

__all__ = [
    "COUNTRIES",
    "PROVIDERS",
    "BadProvider",
    "Fate",
    "Hours",
    "Length",
    "Outcome",
    "Problem",
    "Reply",
    "address_for",
    "hint_of",
    "length_of",
    "masked",
    "next_moment",
    "normal_number",
    "outcome_of_status",
    "read_provider",
    "read_reply",
    "rest_after",
    "wish_of",
    "zone_or",
]
