"""Writing cases: opening, assigning, working on them, and the end."""

from gloed.loop.cases.operations.assigning import assign, handlers
from gloed.loop.cases.operations.editing import FIELDS, Edited, contents_of, edit_case
from gloed.loop.cases.operations.forgetting import forget
from gloed.loop.cases.operations.handling import (
    add_task,
    close_case,
    finish_task,
    log_call,
    note_contact,
    reopen_case,
    say_no_room,
    see_mentions,
    set_priority,
    use_gesture,
    write_note,
)
from gloed.loop.cases.operations.opening import (
    case_of,
    join_running,
    open_case,
    open_case_of,
    open_for_person,
    traits_of,
)
from gloed.loop.cases.operations.story import Refused, write_line

__all__ = [
    "FIELDS",
    "Edited",
    "Refused",
    "add_task",
    "assign",
    "case_of",
    "close_case",
    "contents_of",
    "edit_case",
    "finish_task",
    "forget",
    "handlers",
    "join_running",
    "log_call",
    "note_contact",
    "open_case",
    "open_case_of",
    "open_for_person",
    "reopen_case",
    "say_no_room",
    "see_mentions",
    "set_priority",
    "traits_of",
    "use_gesture",
    "write_line",
    "write_note",
]
