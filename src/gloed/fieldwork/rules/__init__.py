"""Whom we may ask and when, and why somebody is not asked: decisions on plain frozen values."""

from gloed.fieldwork.rules.drawing import Lot, Sampling, choose, draw, is_drawn
from gloed.fieldwork.rules.policy import (
    Ask,
    Contact,
    Disposition,
    History,
    Kind,
    PastAsk,
    Policy,
    Skip,
    reason_to_skip,
    rest_between,
)
from gloed.fieldwork.rules.timing import Window, easter, holidays, is_working_day, schedule

__all__ = [
    "Ask",
    "Contact",
    "Disposition",
    "History",
    "Kind",
    "Lot",
    "PastAsk",
    "Policy",
    "Sampling",
    "Skip",
    "Window",
    "choose",
    "draw",
    "easter",
    "holidays",
    "is_drawn",
    "is_working_day",
    "reason_to_skip",
    "rest_between",
    "schedule",
]
