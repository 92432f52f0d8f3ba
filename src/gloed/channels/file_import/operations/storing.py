"""Files on disk: taken in as a stream, kept as they were, deleted when the user says so."""

import os
import re
import uuid
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.channels.file_import.models import Import
from gloed.channels.file_import.rules import ImportRefused, Problem

_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}$")


class _Stored(NamedTuple):
    name: str
    sha256: str
    size: int


def upload(
    organisation: Organisation,
    *,
    name: str,
    chunks: Iterable[bytes],
    by: Staff | None,
    now: datetime,
) -> Import:
    """Keep a file as it is, below UPLOADS/<organisation>, and open an import for it.

    Streams: memory stays flat. Raises ImportRefused for a file above the limit; then nothing is
    kept.
    """
    name = _plain_name(name)
    stored = _store(organisation, name, chunks)
    try:
        with transaction.atomic():
            return Import.objects.create(
                organisation=organisation,
                file_name=name,
                stored_name=stored.name,
                sha256=stored.sha256,
                size=stored.size,
                created_by=by,
                created_at=now,
            )
    except BaseException:
        (folder_of(organisation) / stored.name).unlink(missing_ok=True)
        raise


def add_structure(of_import: Import, *, name: str, chunks: Iterable[bytes]) -> None:
    """Keep the file that explains the codes of this one (a LimeSurvey .lss, a survey's JSON)."""
    stored = _store(of_import.organisation, _plain_name(name), chunks)
    before = of_import.structure_name
    of_import.structure_name = stored.name
    of_import.save(update_fields=["structure_name"])
    if before:
        (folder_of(of_import.organisation) / before).unlink(missing_ok=True)


def path_of(of_import: Import) -> Path:
    """Where the file is kept. Raises ImportRefused when it was deleted."""
    path = folder_of(of_import.organisation) / of_import.stored_name
    if not of_import.stored_name or not path.is_file():
        raise ImportRefused(Problem.FILE_GONE)
    return path


def delete_file(of_import: Import, *, by: Staff | None, now: datetime) -> None:
    """Delete the uploaded file and what was quoted from it; the answers stay."""
    with transaction.atomic():
        _forget_file(of_import)
        of_import.plan = without_quotes(of_import.plan)
        of_import.save(update_fields=["stored_name", "structure_name", "plan"])
        audit.record(
            by,
            "import.file_deleted",
            of_import.file_name,
            organisation=of_import.organisation,
            at=now,
        )


def discard(of_import: Import) -> None:
    """Throw away an import that never started, with its file."""
    _forget_file(of_import)
    of_import.delete()


def without_quotes(plan: dict[str, object]) -> dict[str, object]:
    """A plan without the cells that were shown from the file: they are people's words."""
    emptied: dict[str, object] = {"preview": [], "first_skipped": {}, "first_warned": {}}
    columns = plan.get("columns")
    if isinstance(columns, list):
        emptied["columns"] = [{**column, "samples": []} for column in columns]
    metrics = plan.get("metrics")
    if isinstance(metrics, list):
        emptied["metrics"] = [{**metric, "labels": []} for metric in metrics]
    return {**plan, **emptied}


def refuse_large(size: int) -> None:
    """Raise ImportRefused for more bytes than a file may have."""
    if size > settings.UPLOAD_LIMIT_BYTES:
        megabytes = settings.UPLOAD_LIMIT_BYTES // 1_000_000
        raise ImportRefused(Problem.UPLOAD_TOO_LARGE, limit=megabytes)


def folder_of(organisation: Organisation) -> Path:
    """Where an organisation's files are."""
    uploads: Path = settings.UPLOADS
    return uploads / str(organisation.public_id)


def _forget_file(of_import: Import) -> None:
    for name in (of_import.stored_name, of_import.structure_name):
        if name:
            (folder_of(of_import.organisation) / name).unlink(missing_ok=True)
    of_import.stored_name = of_import.structure_name = ""


def _store(organisation: Organisation, name: str, chunks: Iterable[bytes]) -> _Stored:
    folder = folder_of(organisation)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    suffix = _SUFFIX.search(name)
    stored = f"{uuid.uuid4().hex}{suffix.group().lower() if suffix else ''}"
    part = folder / f"{stored}.part"
    digest, size = sha256(), 0
    try:
        with part.open("xb") as target:
            for chunk in chunks:
                size += len(chunk)
                refuse_large(size)
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        part.replace(folder / stored)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return _Stored(stored, digest.hexdigest(), size)


def _plain_name(name: str) -> str:
    """The last part of a path, without signs that a page or a log could stumble over."""
    last = re.split(r"[\\/]", name)[-1]
    clean = "".join(sign for sign in last if sign.isprintable()).strip()
    return clean[-255:] or "import"
