"""Why an archive or a table is refused, in a sentence."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reason(StrEnum):
    """Why nothing was brought in or made."""

    NO_ARCHIVE = "no_archive"
    BROKEN = "broken"
    UNKNOWN_FORMAT = "unknown_format"
    TOO_NEW = "too_new"
    CHANGED = "changed"
    MISSING = "missing"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    DOES_NOT_FIT = "does_not_fit"
    UPLOAD_TOO_LARGE = "upload_too_large"
    TOO_MANY_ROWS = "too_many_rows"
    CANNOT_WRITE = "cannot_write"


SENTENCES: Final[Mapping[Reason, str | Promise]] = {
    Reason.NO_ARCHIVE: _(
        "This is no archive that Gloed made: it is no zip file with a manifest.json in it."
    ),
    Reason.BROKEN: _(
        "The archive is not whole: its end is missing or it cannot be unpacked. "
        "Copy or download it again."
    ),
    Reason.UNKNOWN_FORMAT: _("The manifest names another format than “gloed-archive”."),
    Reason.TOO_NEW: _(
        "The archive has format %(version)s, made by Gloed %(gloed)s; this Gloed reads format 1. "
        "Bring Gloed up to date first."
    ),
    Reason.CHANGED: _("%(file)s is not as it was when the archive was made: its checksum differs."),
    Reason.MISSING: _("%(file)s is missing from the archive, or is not in its manifest."),
    Reason.TOO_LARGE: _("A line of %(file)s is longer than an archive of Gloed can hold."),
    Reason.BOMB: _("%(file)s unpacks to far more than an archive of Gloed can hold."),
    Reason.DOES_NOT_FIT: _("%(file)s holds something that does not fit, in line %(line)s."),
    Reason.UPLOAD_TOO_LARGE: _(
        "The file is larger than %(megabytes)s MB. On the server `gloed import-archive FILE` "
        "takes archives of any size."
    ),
    Reason.TOO_MANY_ROWS: _(
        "A file of this kind holds at most %(limit)s answers. Narrow the choice, or take CSV or "
        "Parquet."
    ),
    Reason.CANNOT_WRITE: _("There was no room to write the file: %(why)s."),
}


class ArchiveRefused(Exception):
    """Something that cannot be brought in or made; its text says why."""

    def __init__(self, reason: Reason, **details: Any) -> None:
        super().__init__(reason, details)
        self.reason = reason
        self.details = details

    def __str__(self) -> str:
        return sentence(self.reason, self.details)

    def as_json(self) -> dict[str, Any]:
        """As a job keeps it, to be said later in the reader's language."""
        return {"reason": self.reason.value, "details": self.details}


def sentence(reason: Reason, details: Mapping[str, Any]) -> str:
    """A refusal in the language of the moment."""
    return str(SENTENCES[reason]) % details


def stored_sentence(kept: Mapping[str, Any]) -> str:
    """A refusal that `as_json` wrote down."""
    return sentence(Reason(kept["reason"]), kept["details"])
