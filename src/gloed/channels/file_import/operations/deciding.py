"""What the user decides about a file: options of the readers, and where its answers go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gloed.channels.file_import import queries
from gloed.channels.file_import.models import Import, RememberedMapping
from gloed.channels.file_import.operations.understanding import (
    LITTLE_BYTES,
    options_of,
    understand,
    understand_soon,
)
from gloed.channels.file_import.rules import ImportRefused, Problem, headers_key

OPEN = (Import.State.UPLOADED, Import.State.UNDERSTOOD)


def decide(
    of_import: Import,
    *,
    options: Mapping[str, Any] | None = None,
    targets: Mapping[str, Mapping[str, str]] | None = None,
    anew: bool = False,
    now: datetime,
) -> bool:
    """Take over decisions and understand the file anew; whether it is understood by now.

    `anew` where a file beside it changed. A large file is read by a worker. Raises UnreadableFile
    for an option that does not fit (then nothing changes) and ImportRefused when it has started.
    """
    if of_import.state not in OPEN:
        raise ImportRefused(Problem.NOT_NOW)
    if targets is not None:
        of_import.targets = {key: dict(target) for key, target in targets.items()}
        of_import.save(update_fields=["targets"])
    if not anew and (options is None or dict(options) == of_import.options):
        return of_import.state == Import.State.UNDERSTOOD
    if options is not None:
        options_of(of_import, options)
        of_import.options, of_import.is_remembered = dict(options), False
    return understand_now_or_soon(of_import, now=now)


def understand_now_or_soon(of_import: Import, *, now: datetime) -> bool:
    """Understand a small file at once, have a worker read a large one; whether it is done."""
    if of_import.size <= LITTLE_BYTES:
        understand(of_import)
        return True
    of_import.save(update_fields=["options", "is_remembered"])
    understand_soon(of_import, now=now)
    return False


def offer_again(of_import: Import, *, now: datetime) -> None:
    """Remember the decisions under the set of headers (rule R14), for the next file like it."""
    targets = {
        row.group: str(row.survey.public_id)
        for row in of_import.surveys.select_related("survey")
        if not _survey_name(row.group)
    }
    RememberedMapping.objects.update_or_create(
        organisation=of_import.organisation,
        headers=headers_key(queries.list_names(of_import.plan)),
        defaults={"options": of_import.options, "targets": targets, "used_at": now},
    )


def _survey_name(group_key: str) -> str:
    return group_key.split(":", 3)[3]
