"""Writing letters: what colleagues send, what comes in, and what follows a closed case."""

from gloed.loop.letters.operations.delivering import (
    DueLetter,
    claim_due,
    note_bounced,
    note_failed,
    note_handing,
    note_later,
    note_sent,
    note_uncertain,
    release,
)
from gloed.loop.letters.operations.following import answer_solved, ask_again_due, hear_of_closings
from gloed.loop.letters.operations.forgetting import forget_people, tidy
from gloed.loop.letters.operations.receiving import discard, key_of, place, receive
from gloed.loop.letters.operations.writing import (
    BODY_LIMIT,
    UNDO_WITHIN,
    NoAddress,
    keep_draft,
    send_again,
    send_reply,
    take_over,
    thread_of,
    throw_away,
    withdraw,
)

__all__ = [
    "BODY_LIMIT",
    "UNDO_WITHIN",
    "DueLetter",
    "NoAddress",
    "answer_solved",
    "ask_again_due",
    "claim_due",
    "discard",
    "forget_people",
    "hear_of_closings",
    "keep_draft",
    "key_of",
    "note_bounced",
    "note_failed",
    "note_handing",
    "note_later",
    "note_sent",
    "note_uncertain",
    "place",
    "receive",
    "release",
    "send_again",
    "send_reply",
    "take_over",
    "thread_of",
    "throw_away",
    "tidy",
    "withdraw",
]
