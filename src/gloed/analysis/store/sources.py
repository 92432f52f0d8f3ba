"""What questions are asked of: the files of a projection, or a table in memory."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gloed.analysis import manifest as manifests
from gloed.analysis import rollup
from gloed.analysis.manifest import Manifest, Part
from gloed.analysis.schema import (
    CORE,
    Kind,
    arrow_type,
    column_name,
    count_values,
    is_attribute,
    stored_name,
)
from gloed.base.arrow import pa

if TYPE_CHECKING:
    from gloed.base.models import Organisation


@dataclass(frozen=True)
class Source:
    """Answers to ask questions of: files, or a table in memory.

    `columns` are the logical names; two sources of one `version` hold the same answers. `most` is
    an upper idea of how many values a column holds in any one file. Engines know it as `view`.
    `is_even` says that all files hold the same columns, so that none but the first need be opened
    to know them.
    """

    version: str
    columns: tuple[str, ...]
    files: tuple[str, ...] = ()
    table: pa.Table | None = field(default=None, compare=False)
    rows: int = 0
    cut_off: datetime | None = None
    most: dict[str, int] = field(default_factory=dict, compare=False)
    view: str = "answers"
    parts: tuple[Source, ...] = field(default=(), compare=False)
    rollup: Source | None = field(default=None, compare=False)
    is_even: bool = False

    @property
    def pieces(self) -> tuple[Source, ...]:
        """Sources that together hold the same answers, some of which last longer than others.

        A piece with a `rollup` (see the module of that name) need not be read to be counted.
        """
        return self.parts or (self,)

    def __hash__(self) -> int:
        return hash(self.version)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The columns that hold attributes."""
        return tuple(column for column in self.columns if is_attribute(column))


def table_of(source: Source) -> Any:
    """The answers of a source as an Ibis table with stored column names."""
    import ibis  # noqa: PLC0415  # heavy, see the package

    return ibis.table(_types(source.columns), name=source.view)


def projection_of(organisation: Organisation) -> Source:
    """The projection of an organisation as it is now; empty where nothing is projected yet."""
    # the models, which a table in memory can do without: scoring a file sets no Django up
    from gloed.analysis.projection import folder_of  # noqa: PLC0415

    folder = folder_of(organisation)
    present = manifests.read(folder)
    return from_manifest(folder, present or manifests.EMPTY)


def from_manifest(folder: Path, present: Manifest) -> Source:
    """The files of one list: those that last apart from those of late."""
    lasting = [part for part in present.parts if part.rows >= rollup.LASTING]
    late = [part for part in present.parts if part.rows < rollup.LASTING]
    pieces = [
        _piece(folder, tuple(parts), view=view)
        for parts, view in ((lasting, "lasting"), (late, "late"))
        if parts
    ]
    return Source(
        version=present.version,
        columns=present.columns,
        files=tuple(str(folder / part.path) for part in present.parts),
        rows=present.rows,
        cut_off=present.as_of,
        most=present.most_values,
        parts=tuple(pieces),
    )


def _piece(folder: Path, parts: tuple[Part, ...], *, view: str) -> Source:
    """Some files of a list. What they hold never changes, so that their names are its version."""
    files = tuple(str(folder / part.path) for part in parts)
    names = tuple(str(folder / part.rollup) for part in parts)
    counts = Source(
        _version_of(names), tuple(rollup.COLUMNS), names, view=f"{view} counts", is_even=True
    )
    return Source(
        version=_version_of(files),
        columns=manifests.columns_of(parts),
        files=files,
        rows=sum(part.rows for part in parts),
        most=manifests.most_values_of(parts),
        view=view,
        rollup=counts,
        is_even=len({frozenset(part.distinct) for part in parts}) == 1,
    )


def _version_of(names: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def from_arrow(table: pa.Table, *, cut_off: datetime | None = None) -> Source:
    """Answers in memory with the projection's columns (see `schema.make_table`)."""
    missing = {stored_name(name) for name in CORE} - set(table.column_names)
    if missing:
        raise ValueError(f"these columns are missing: {', '.join(sorted(missing))}")
    columns = tuple(column_name(name) for name in table.column_names)
    return Source(
        version=uuid.uuid4().hex,
        columns=columns,
        table=table,
        rows=len(table),
        cut_off=cut_off,
        most=count_values(table),
    )


def kind_of(column: str) -> Kind:
    """What a column holds: an attribute is text."""
    return _KINDS.get(column, Kind.TEXT)


_KINDS = rollup.COLUMNS | CORE


@lru_cache(maxsize=64)
def _types(columns: tuple[str, ...]) -> Any:
    """The Ibis schema of these columns under their stored names."""
    import ibis  # noqa: PLC0415  # heavy, see the package

    kinds = {stored_name(name): arrow_type(kind_of(name)) for name in columns}
    return ibis.Schema.from_pyarrow(pa.schema(kinds))
