"""Writing an archive: one zip file, row by row, as everything was at one moment."""

import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from django.db import connection, models

from gloed.base.models import Organisation, Staff
from gloed.base.snapshot import one_moment
from gloed.integrations.exports import rows
from gloed.integrations.exports.kinds import (
    COLLEAGUES,
    LEFT_OUT,
    ORGANISATION,
    Kind,
    present_kinds,
)
from gloed.integrations.exports.manifest import NAME, README, Beside, Manifest, Part
from gloed.integrations.exports.refusals import ArchiveRefused, Reason

EVERY = 500
"""Rows between two signs of progress."""
ABOUT = """This is everything that one organisation keeps in Gloed, to be kept or to be brought
into another Gloed with `gloed import-archive FILE` or on the page "Take it along".

manifest.json   what is in here: counts, checksums (sha256), and what was left out and why
*.jsonl         one kind of thing each; every line is one of them, as JSON
files/          logos

A column that ends in _id points at the "id" of another file of this archive. Moments are written
with their offset from UTC. All fields: docs/reference/exports.md in the manual of Gloed.

It holds names, addresses and what people said: keep it as safe as the original.
"""


class Report(Protocol):
    """Told how far it is; may raise to stop the work."""

    def __call__(self, done: int, total: int | None = None, /) -> None: ...


def silent(done: int, total: int | None = None, /) -> None:
    """Tell nobody."""


def make_archive(
    organisation: Organisation, path: Path, *, now: datetime, report: Report = silent
) -> Manifest:
    """Write all of an organisation to a new file that its owner alone can read.

    Only the finished archive gets the name asked for. Raises ArchiveRefused where there is no room.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as stream, _sorted_on_disk(), one_moment():
            manifest = _Writer(organisation, report).write(stream, now=now)
        unfinished.replace(path)
    except OSError as problem:
        why = problem.strerror or str(problem)
        raise ArchiveRefused(Reason.CANNOT_WRITE, why=why) from None
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


@contextmanager
def _sorted_on_disk() -> Iterator[None]:
    """Let SQLite put a million rows in order in a file, as PostgreSQL does, not in memory."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA temp_store=FILE")
        try:
            yield
        finally:
            cursor.execute("PRAGMA temp_store=MEMORY")


Tables = list[tuple[Kind, "models.QuerySet[models.Model]"]]


class _Writer:
    """One archive being written."""

    def __init__(self, organisation: Organisation, report: Report) -> None:
        self._organisation = organisation
        self._report = report
        self._done = 0

    def write(self, stream: object, *, now: datetime) -> Manifest:
        """Write all kinds, then the manifest that describes them."""
        tables = self._tables()
        self._report(0, sum(found.count() for _kind, found in tables))
        parts: list[Part] = []
        files: list[Beside] = []
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:  # type: ignore[call-overload]  # any writable file
            packed.writestr(_named(README), ABOUT)
            for kind, found in tables:
                parts.append(self._write_kind(packed, kind, found))
                files += self._write_files(packed, kind, found)
            manifest = Manifest(
                gloed=version("gloed"),
                made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
                organisation={
                    "name": self._organisation.name,
                    "public_id": str(self._organisation.public_id),
                },
                parts=tuple(parts),
                files=tuple(files),
                left_out=dict(LEFT_OUT),
            )
            packed.writestr(_named(NAME), manifest.as_json())
        return manifest

    def _tables(self) -> Tables:
        house = self._organisation
        staff = Staff.objects.filter(memberships__organisation=house).values("pk")
        first: Tables = [
            (ORGANISATION, Organisation._base_manager.filter(pk=house.pk)),
            (COLLEAGUES, Staff._base_manager.filter(pk__in=staff).order_by("pk")),
        ]
        return [*first, *((kind, kind.rows_of(house)) for kind in present_kinds())]

    def _write_kind(
        self, packed: zipfile.ZipFile, kind: Kind, found: "models.QuerySet[models.Model]"
    ) -> Part:
        digest, size, count, first, last = hashlib.sha256(), 0, 0, 0, 0
        with packed.open(_named(kind.file), "w", force_zip64=True) as member:
            for pk, line in rows.lines_of(kind, found):
                member.write(line)
                digest.update(line)
                size, count = size + len(line), count + 1
                first, last = first or pk, pk
                self._done += 1
                if self._done % EVERY == 0:
                    self._report(self._done)
        self._report(self._done)
        return Part(kind.name, kind.file, count, first, last, size, digest.hexdigest())

    def _write_files(
        self, packed: zipfile.ZipFile, kind: Kind, found: "models.QuerySet[models.Model]"
    ) -> Iterator[Beside]:
        name = rows.binary_of(kind)
        if name is None:
            return
        there = found.exclude(**{name: None}).values_list("pk", name)
        for pk, value in there.iterator(chunk_size=50):
            content = bytes(value)
            path = rows.file_of(kind, pk)
            packed.writestr(_named(path), content)
            yield Beside(path, len(content), hashlib.sha256(content).hexdigest())


def _named(name: str) -> zipfile.ZipInfo:
    """A member that says nothing of this machine: the same rows make the same archive."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info
