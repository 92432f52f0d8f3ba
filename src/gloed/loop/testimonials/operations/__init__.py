"""Proposing to quote a customer, asking them, and keeping to what they say."""

from gloed.loop.testimonials.operations.asking import PURPOSE, ask, take_ask_back
from gloed.loop.testimonials.operations.deciding import (
    agree,
    decline,
    end,
    may_withdraw,
    withdraw,
)
from gloed.loop.testimonials.operations.keeping import Refused
from gloed.loop.testimonials.operations.proposing import (
    Wanted,
    change,
    known_of,
    propose,
    remove,
    restore,
    take_change_back,
)
from gloed.loop.testimonials.operations.showing import arrange, put_on_wall, take_off_wall

__all__ = [
    "PURPOSE",
    "Refused",
    "Wanted",
    "agree",
    "arrange",
    "ask",
    "change",
    "decline",
    "end",
    "known_of",
    "may_withdraw",
    "propose",
    "put_on_wall",
    "remove",
    "restore",
    "take_ask_back",
    "take_change_back",
    "take_off_wall",
    "withdraw",
]
