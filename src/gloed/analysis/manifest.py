"""Which files are the projection of an organisation at one moment.

Readers take the list from here; the writer replaces it in one step, so that nobody ever sees half
a change. A file no list names any more is deleted after a grace period.
"""

import json
import os
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from gloed.analysis.schema import CORE

FORMAT = 4
NAME = "manifest.json"
GRACE = timedelta(minutes=10)

_KNOWN: "dict[Path, tuple[tuple[int, int, int], Manifest | None]]" = {}


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of one month. `first` and `last` bound the record keys of its answers."""

    path: str  # below the organisation's folder
    month: str
    rows: int
    first: int
    last: int
    distinct: dict[str, int]  # per column by which answers can be split: how many values

    @property
    def rollup(self) -> str:
        """Where its counts stand (see `rollup`)."""
        return self.path.removesuffix(".parquet") + ".counts.parquet"

    @property
    def files(self) -> tuple[str, ...]:
        """Everything on disk that belongs to it."""
        return (self.path, self.rollup)


@dataclass(frozen=True)
class Manifest:
    """The projection at one moment: everything known at `as_of` stands in it."""

    version: str
    as_of: datetime | None
    time_zone: str
    parts: tuple[Part, ...] = ()
    retired: dict[str, str] = field(default_factory=dict)  # path: when it was let go

    @property
    def rows(self) -> int:
        """How many rows it holds."""
        return sum(part.rows for part in self.parts)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """All columns, the core first."""
        return columns_of(self.parts)

    @cached_property
    def most_values(self) -> dict[str, int]:
        """Per column by which answers can be split: the most values any one file holds."""
        return most_values_of(self.parts)

    def replaced(
        self, parts: Iterable[Part], *, as_of: datetime, time_zone: str, at: datetime
    ) -> "Manifest":
        """The next list; files that are no longer in it are let go at `at`."""
        kept = tuple(sorted(parts, key=lambda part: (part.month, part.path)))
        gone = {file for part in self.parts for file in part.files}
        gone -= {file for part in kept for file in part.files}
        retired = self.retired | dict.fromkeys(sorted(gone), at.isoformat())
        return Manifest(uuid.uuid4().hex, as_of, time_zone, kept, retired)

    def without_retired(self, paths: Iterable[str]) -> "Manifest":
        """The same list without the memory of files that are deleted now."""
        gone = set(paths)
        return replace(self, retired={p: at for p, at in self.retired.items() if p not in gone})


EMPTY = Manifest("empty", None, "")


def columns_of(parts: Iterable[Part]) -> tuple[str, ...]:
    """All columns of some files, the core first."""
    extra = {name for part in parts for name in part.distinct} - set(CORE)
    return (*CORE, *sorted(extra))


def most_values_of(parts: Iterable[Part]) -> dict[str, int]:
    """Per column by which answers can be split: the most values any one of some files holds."""
    most: dict[str, int] = {}
    for part in parts:
        for name, number in part.distinct.items():
            most[name] = max(number, most.get(name, 0))
    return most


def read(folder: Path) -> Manifest | None:
    """The present list; None where there is none, or one of another format."""
    path = folder / NAME
    try:
        stamp = path.stat()
    except FileNotFoundError:
        return None
    identity = (stamp.st_ino, stamp.st_mtime_ns, stamp.st_size)
    known = _KNOWN.get(path)
    if known is None or known[0] != identity:
        known = _KNOWN[path] = (identity, _parsed(path))
    return known[1]


def write(folder: Path, manifest: Manifest) -> None:
    """Replace the list in one step that also survives a power cut."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "format": FORMAT,
        "version": manifest.version,
        "as_of": manifest.as_of.isoformat() if manifest.as_of else None,
        "time_zone": manifest.time_zone,
        "retired": manifest.retired,
        "files": [asdict(part) for part in manifest.parts],
    }
    fresh = folder / f".{NAME}.{uuid.uuid4().hex}"
    with fresh.open("w", encoding="utf-8") as stream:
        json.dump(content, stream, ensure_ascii=False)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(folder / NAME)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _parsed(path: Path) -> Manifest | None:
    """The list as it was written; None for one that this version does not understand.

    The projection can always be made anew, so a strange list is no reason to fail a page.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            return None
        as_of = content["as_of"]
        return Manifest(
            content["version"],
            datetime.fromisoformat(as_of) if as_of else None,
            content["time_zone"],
            tuple(Part(**part) for part in content["files"]),
            content["retired"],
        )
    except (KeyError, TypeError, ValueError):
        return None
