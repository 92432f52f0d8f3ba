"""Writing the projection: columnar files made from the record, never a second truth.

Everything here is safe to repeat and to kill: new files are written beside the old ones, and only
the list of files (`manifest`) says which of them count.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings

from gloed.analysis import manifest as manifests
from gloed.analysis import rollup
from gloed.analysis.manifest import GRACE, Manifest, Part
from gloed.analysis.record import Record, Rows
from gloed.analysis.schema import count_values, make_table
from gloed.base.arrow import pa, pc, pq
from gloed.base.models import Organisation

PIECE = 50_000
"""Rows written at a time while a month is made from the record."""
SMALL = 50_000
"""A file of fewer rows is small; many small ones of a month are put together."""
MOST_SMALL = 12
LOCK = "lock"

Progress = Callable[[int], None]


class Busy(Exception):
    """Another worker writes this organisation's projection at the moment."""


@dataclass(slots=True)
class Changes:
    """What changed in the record: answers by key, whole UTC months, or everything."""

    responses: set[int] = field(default_factory=set)
    months: set[str] = field(default_factory=set)
    everything: bool = False


def folder_of(organisation: Organisation) -> Path:
    """Where an organisation's projection lives."""
    return Path(settings.PROJECTION) / str(organisation.public_id)


@contextmanager
def writing(organisation: Organisation) -> Iterator[Path]:
    """Be the only writer of an organisation's projection, or raise Busy.

    The lock belongs to the process: it falls away when that is killed.
    """
    folder = folder_of(organisation)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield folder


def project(
    organisation: Organisation,
    changes: Changes,
    *,
    now: datetime,
    on_rows: Progress | None = None,
) -> Manifest:
    """Bring the projection up to date with the record; returns the new list of files.

    Raises Busy while another worker does so. `on_rows` is told how many rows were written so far.
    """
    with writing(organisation) as folder:
        old = manifests.read(folder) or manifests.EMPTY
        everything = changes.everything or old.time_zone != organisation.time_zone
        pen = _Pen(folder, on_rows or _nobody)
        record = Record(organisation)
        if everything:
            parts = [part for month in record.months() for part in pen.month(record, month)]
        else:
            parts = _changed(record, old, changes, pen)
        parts = pen.put_together(parts)
        new = old.replaced(parts, as_of=now, time_zone=organisation.time_zone, at=now)
        manifests.write(folder, new)
        return new


def must_be_made(organisation: Organisation) -> bool:
    """Whether there is no projection yet, or one of another format or time zone."""
    present = manifests.read(folder_of(organisation))
    return present is None or present.time_zone != organisation.time_zone


def sweep(organisation: Organisation, *, now: datetime) -> bool:
    """Delete files that were let go a while ago or never came to count.

    Returns whether some must wait for a later sweep. Raises Busy while another worker writes.
    """
    with writing(organisation) as folder:
        present = manifests.read(folder) or manifests.EMPTY
        kept = {file for part in present.parts for file in part.files}
        gone, waiting = [], False
        for path in folder.glob("*/*.parquet"):
            name = path.relative_to(folder).as_posix()
            if name in kept:
                continue
            if _let_go_at(present, name, path) + GRACE.total_seconds() > now.timestamp():
                waiting = True
                continue
            path.unlink()
            gone.append(name)
        if gone:
            manifests.write(folder, present.without_retired(gone))
        return waiting


def _nobody(rows: int) -> None:
    """Nobody asked how far it is."""


def _let_go_at(present: Manifest, name: str, path: Path) -> float:
    retired = present.retired.get(name)
    return datetime.fromisoformat(retired).timestamp() if retired else path.stat().st_mtime


def _changed(record: Record, old: Manifest, changes: Changes, pen: _Pen) -> list[Part]:
    """Months that changed are made anew; single answers leave their file and stand in a new one."""
    kept = [part for part in old.parts if part.month not in changes.months]
    parts = [part for month in sorted(changes.months) for part in pen.month(record, month)]
    if changes.responses:
        kept = [left for part in kept for left in pen.without(part, changes.responses)]
        for month, rows in record.of_responses(changes.responses).items():
            if month not in changes.months:
                parts.append(pen.write(month, make_table(rows.finished())))
    return kept + parts


@dataclass(slots=True)
class _Pen:
    """Writes files below one organisation's folder."""

    folder: Path
    on_rows: Progress
    written: int = 0

    def month(self, record: Record, month: str) -> Iterator[Part]:
        """One UTC month from the record."""
        for rows in record.of_month(month, size=PIECE):
            yield self.write(month, _table(rows))

    def write(self, month: str, table: pa.Table) -> Part:
        """One file, on disk when this returns."""
        table = table.take(_order(table))
        name = f"{month}/{uuid.uuid4().hex}.parquet"
        keys = table["response_id"]
        first, last = pc.min(keys).as_py(), pc.max(keys).as_py()
        part = Part(name, month, len(table), first, last, count_values(table))
        (self.folder / month).mkdir(exist_ok=True)
        self._put(part.path, table)
        self._put(part.rollup, rollup.counts_of(table, part.distinct))
        manifests.sync_folder(self.folder / month)
        self.written += table.num_rows
        self.on_rows(self.written)
        return part

    def _put(self, name: str, table: pa.Table) -> None:
        with (self.folder / name).open("wb") as stream:
            # without Arrow's own notes: some engines would read its dictionaries as another type
            pq.write_table(
                table, stream, compression="zstd", row_group_size=250_000, store_schema=False
            )
            stream.flush()
            os.fsync(stream.fileno())

    def without(self, part: Part, responses: set[int]) -> Iterator[Part]:
        """The same file without these answers: itself if none is in it, nothing if all are."""
        asked = pa.array(sorted(r for r in responses if part.first <= r <= part.last), pa.int64())
        if not len(asked):
            yield part
            return
        path = self.folder / part.path
        keys = pq.read_table(path, columns=["response_id"], partitioning=None)["response_id"]
        theirs = pc.is_in(keys, value_set=asked)
        if not pc.any(theirs).as_py():
            yield part
        elif not pc.all(theirs).as_py():
            rest = pq.read_table(path, partitioning=None).filter(pc.invert(theirs))
            yield self.write(part.month, rest)

    def put_together(self, parts: list[Part]) -> list[Part]:
        """Months with many small files get one in their place."""
        small: defaultdict[str, list[Part]] = defaultdict(list)
        for part in parts:
            if part.rows < SMALL:
                small[part.month].append(part)
        crowded = {month: them for month, them in small.items() if len(them) > MOST_SMALL}
        merged = {part.path for them in crowded.values() for part in them}
        result = [part for part in parts if part.path not in merged]
        for month, them in crowded.items():
            tables = [pq.read_table(self.folder / p.path, partitioning=None) for p in them]
            whole = pa.concat_tables(tables, promote_options="default").unify_dictionaries()
            result.append(self.write(month, whole))
        return result


def _order(table: pa.Table) -> pa.Array[pa.UInt64Scalar]:
    """Surveys together, so that a reader of one survey skips the others."""
    keys = pa.table(
        {"survey": table["survey"].cast(pa.string()), "response_id": table["response_id"]}
    )
    return pc.sort_indices(keys, [("survey", "ascending"), ("response_id", "ascending")])


def _table(rows: Rows) -> pa.Table:
    return make_table(rows.finished())
