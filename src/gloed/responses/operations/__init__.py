"""Writing responses: the one door in, single and in bulk; correcting, withdrawing, erasing."""

from gloed.responses.operations.change import (
    NotThere,
    change_context,
    correct_answer,
    take_consent_back,
    undo_withdraw,
    withdraw_answer,
)
from gloed.responses.operations.check_many import Checked, RefusedRow, check_many
from gloed.responses.operations.erase import erase_person
from gloed.responses.operations.receive import receive_answer
from gloed.responses.operations.receive_many import (
    Progress,
    receive_checked,
    receive_many,
)
from gloed.responses.operations.remove import (
    Removal,
    delete_person,
    remove_batch,
    remove_everything,
)
from gloed.responses.operations.signals import judge_real, note_signal, undo_judge_real

__all__ = [
    "Checked",
    "NotThere",
    "Progress",
    "RefusedRow",
    "Removal",
    "change_context",
    "check_many",
    "correct_answer",
    "delete_person",
    "erase_person",
    "judge_real",
    "note_signal",
    "receive_answer",
    "receive_checked",
    "receive_many",
    "remove_batch",
    "remove_everything",
    "take_consent_back",
    "undo_judge_real",
    "undo_withdraw",
    "withdraw_answer",
]
