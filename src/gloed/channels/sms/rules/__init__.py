"""Lengths, numbers, hours, replies, reports and outcomes: decisions on plain values."""

from gloed.channels.outcomes import Fate, Outcome, rest_after
from gloed.channels.sms.rules.hours import Hours, next_moment, zone_or
from gloed.channels.sms.rules.length import Length, length_of
from gloed.channels.sms.rules.numbers import COUNTRIES, masked, normal_number
from gloed.channels.sms.rules.outcomes import outcome_of_status
from gloed.channels.sms.rules.providers import (
    PROVIDERS,
    BadProvider,
    Problem,
    address_for,
    hint_of,
    read_provider,
)
from gloed.channels.sms.rules.replies import Reply, read_reply, wish_of
from gloed.channels.sms.rules.reports import Arrival, Report, given_id, read_reports

__all__ = [
    "COUNTRIES",
    "PROVIDERS",
    "Arrival",
    "BadProvider",
    "Fate",
    "Hours",
    "Length",
    "Outcome",
    "Problem",
    "Reply",
    "Report",
    "address_for",
    "given_id",
    "hint_of",
    "length_of",
    "masked",
    "next_moment",
    "normal_number",
    "outcome_of_status",
    "read_provider",
    "read_reply",
    "read_reports",
    "rest_after",
    "wish_of",
    "zone_or",
]
