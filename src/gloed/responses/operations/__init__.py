"""Writing responses: the one door in, single and in bulk; correcting, withdrawing, erasing."""

from gloed.responses.operations.change import (
    NotThere,
    correct_answer,
    undo_withdraw,
    withdraw_answer,
)
from gloed.responses.operations.erase import erase_person
from gloed.responses.operations.receive import receive_answer
from gloed.responses.operations.receive_many import Progress, RefusedRow, receive_many
from gloed.responses.operations.remove import Removal, remove_batch

__all__ = [
    "NotThere",
    "Progress",
    "RefusedRow",
    "Removal",
    "correct_answer",
    "erase_person",
    "receive_answer",
    "receive_many",
    "remove_batch",
    "undo_withdraw",
    "withdraw_answer",
]
