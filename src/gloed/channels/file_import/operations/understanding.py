"""Opening a file with the user's decisions and saying how it is understood."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from gloed.base import jobs
from gloed.channels.file_import import queries
from gloed.channels.file_import.examining import Report, examine, groups_of
from gloed.channels.file_import.models import Import, RememberedMapping
from gloed.channels.file_import.operations.storing import folder_of, path_of
from gloed.channels.file_import.reading import (
    Options,
    SkipReason,
    Source,
    UnreadableFile,
    open_source,
)
from gloed.channels.file_import.reading import options_from as read_options
from gloed.channels.file_import.reading.refusals import Reason
from gloed.channels.file_import.reading.refusals import refuse as refuse_file
from gloed.channels.file_import.rules import headers_key

LITTLE_BYTES = 2_000_000
"""A file up to this size is understood at once; a larger one by a worker."""
KIND = "file_import.understand"


def options_of(of_import: Import, wishes: Mapping[str, Any] | None = None) -> Options:
    """The user's decisions as the readers take them. Raises UnreadableFile for a bad one."""
    given = dict(of_import.options if wishes is None else wishes)
    given.pop("structure", None)
    options = replace(read_options(given), file_name=of_import.file_name)
    if of_import.structure_name:
        path = folder_of(of_import.organisation) / of_import.structure_name
        options = replace(options, structure=path)
    return options


def open_file(of_import: Import) -> Source:
    """The file, opened with the user's decisions. Raises UnreadableFile or ImportRefused."""
    return open_source(path_of(of_import), options_of(of_import))


def understand(of_import: Import, *, report: Report | None = None) -> None:
    """Read the file through and write down how it is understood.

    At the first time what was decided about the same headers before is proposed again, and a file
    that does not name its time zone is read in the organisation's. Raises UnreadableFile.
    """
    if of_import.state == Import.State.UPLOADED and not of_import.plan:
        _remember(of_import)
    source = open_file(of_import)
    if source.layout.facts_of_structure:
        refuse_file(Reason.STRUCTURE_ONLY)
    if source.rows == 0:
        refuse_file(Reason.NO_ROWS)
    zone_is_ours = _takes_own_zone(of_import, source)
    if zone_is_ours:
        source = open_file(of_import)
    of_import.plan = {
        **examine(source, report=report),
        "zone_is_ours": zone_is_ours,
        "read_as": _read_as(of_import),
    }
    of_import.format = source.file.format
    of_import.state, of_import.refusal = Import.State.UNDERSTOOD, {}
    proposed = queries.propose_targets(of_import, groups_of(of_import.plan))
    of_import.targets = {**proposed, **_still_there(of_import.targets, proposed)}
    of_import.save(
        update_fields=[
            "plan", "format", "state", "refusal", "targets", "options", "is_remembered"
        ]
    )  # fmt: skip


def rows_without_repeats(of_import: Import) -> int | None:
    """How many rows the file has, where it was read through as it is now and none came twice."""
    plan = of_import.plan
    if plan.get("read_as") != _read_as(of_import):
        return None
    if plan["counts"]["skipped"].get(SkipReason.DUPLICATE.value):
        return None
    return int(plan["rows"])


def _read_as(of_import: Import) -> str:
    """A digest of all that decides what is read from a file."""
    parts = [of_import.sha256, of_import.options, of_import.structure_name]
    return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def understand_soon(of_import: Import, *, now: datetime) -> None:
    """Have a worker understand it; the page watches the job."""
    of_import.state = Import.State.UPLOADED
    of_import.job = jobs.enqueue(
        KIND,
        {"import": str(of_import.public_id)},
        now=now,
        organisation=of_import.organisation,
    )
    of_import.save(update_fields=["state", "job"])


def refuse(of_import: Import, problem: UnreadableFile, *, now: datetime) -> None:
    """Write down why a file cannot be read, and keep nothing of it."""
    of_import.state, of_import.finished_at = Import.State.REFUSED, now
    of_import.refusal = refusal_as_data(problem)
    for name in (of_import.stored_name, of_import.structure_name):
        if name:
            (folder_of(of_import.organisation) / name).unlink(missing_ok=True)
    of_import.stored_name = of_import.structure_name = ""
    of_import.plan = {}
    of_import.save(
        update_fields=[
            "state", "finished_at", "refusal", "stored_name", "structure_name", "plan"
        ]
    )  # fmt: skip


def refusal_as_data(problem: UnreadableFile) -> dict[str, Any]:
    """A refusal of the readers, to be told in the reader's language later."""
    return {
        "code": problem.reason.value,
        "parameters": {key: str(value) for key, value in problem.parameters.items()},
        "message": problem.message,
    }


def _remember(of_import: Import) -> None:
    """Propose again what was decided about a file with the same headers (rule R14)."""
    if of_import.options:
        return
    headers = open_file(of_import).layout.table.headers
    memory = RememberedMapping.objects.filter(
        organisation=of_import.organisation,
        headers=headers_key(header.name for header in headers),
    ).first()
    if memory is None:
        return
    try:
        open_source(path_of(of_import), options_of(of_import, memory.options))
    except UnreadableFile:  # the same headers, but not the same cells
        return
    of_import.options, of_import.is_remembered = memory.options, True


def _takes_own_zone(of_import: Import, source: Source) -> bool:
    """Times of which the file tells no zone are read in the organisation's (rule R9)."""
    if of_import.options.get("timezone"):
        return False
    time = source.plan().time
    if time is None or not time.zone_is_assumed:
        return False
    of_import.options = {**of_import.options, "timezone": of_import.organisation.time_zone}
    return True


def _still_there(chosen: Mapping[str, Any], proposed: Mapping[str, Any]) -> dict[str, Any]:
    """What was chosen, for the groups that are still there; a lone group keeps its title."""
    kept = {key: target for key, target in chosen.items() if key in proposed}
    if not kept and len(chosen) == len(proposed) == 1:
        (target,), (key,) = chosen.values(), proposed
        if target.get("title"):
            kept[key] = target
    return kept
