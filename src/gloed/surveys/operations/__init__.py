"""Writing surveys: make, edit, publish, open and close."""

from gloed.surveys.operations.surveys import (
    CannotPublish,
    WrongState,
    close_survey,
    create_survey,
    delete_draft,
    discard_draft,
    edit_survey,
    find_or_make_touchpoint,
    open_survey,
    publish,
    restore_draft,
    usual_content,
)

__all__ = [
    "CannotPublish",
    "WrongState",
    "close_survey",
    "create_survey",
    "delete_draft",
    "discard_draft",
    "edit_survey",
    "find_or_make_touchpoint",
    "open_survey",
    "publish",
    "restore_draft",
    "usual_content",
]
