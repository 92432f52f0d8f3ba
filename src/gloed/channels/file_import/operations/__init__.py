"""Writing imports: take a file in, understand it, bring it into the record, take it back."""

from gloed.channels.file_import.operations.deciding import (
    decide,
    offer_again,
    understand_now_or_soon,
)
from gloed.channels.file_import.operations.removing import cancel, redo, remove, undo
from gloed.channels.file_import.operations.running import run
from gloed.channels.file_import.operations.starting import needs_no_worker, start, wait_longer
from gloed.channels.file_import.operations.storing import (
    add_structure,
    delete_file,
    discard,
    path_of,
    refuse_large,
    upload,
)
from gloed.channels.file_import.operations.understanding import open_file, understand

__all__ = [
    "add_structure",
    "cancel",
    "decide",
    "delete_file",
    "discard",
    "needs_no_worker",
    "offer_again",
    "open_file",
    "path_of",
    "redo",
    "refuse_large",
    "remove",
    "run",
    "start",
    "understand",
    "understand_now_or_soon",
    "undo",
    "upload",
    "wait_longer",
]
