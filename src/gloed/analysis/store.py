"""The only module that speaks to a columnar engine, always through Ibis.

An engine reads a source (the files of a projection, or a table in memory) and runs expressions on
it. DuckDB is built in. Another engine needs the two methods of `Engine` and a scheme in
`engine()`; the queries themselves stay as they are.

Ibis and the engine are imported when the first query runs: they cost 0.2 s and 60 MB, and a
process that shows no figures should not pay for them.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import uuid
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

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
    make_table,
    stored_name,
)
from gloed.base.arrow import pa

if TYPE_CHECKING:
    from gloed.base.models import Organisation

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
THREADS = 2
MEMORY = "512MB"
SETTINGS = (
    "parquet_metadata_cache=true",
    # the files lie on this machine, whose system keeps them at hand already
    "enable_external_file_cache=false",
    # give memory back after a large question: a fifth less stays with the process
    "allocator_flush_threshold='16MB'",
    "allocator_background_threads=true",
)


Build = Callable[..., Any]
"""Makes the expression of a question from a source and the question's shape."""
_SECRET = secrets.token_hex(8)  # no answer and no name of a column holds a stand-in by chance
_STAND_IN = re.compile(rf"""(?P<mark>['"])(?P<name>{_SECRET}:\w+)(?P=mark)""")


class NoEngine(Exception):
    """The analysis engine of the settings cannot be used; the text says why."""


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


class Engine(Protocol):
    """What an engine does: run expressions on `table_of` a source."""

    def run(self, source: Source, expression: Any) -> pa.Table:
        """The result of an expression."""

    def ask(
        self, source: Source, build: Build, shape: tuple[Hashable, ...], values: Mapping[str, str]
    ) -> pa.Table:
        """The result of `build(source, *shape)`, where each `stand_in` stands for its value.

        Questions of one shape differ in values, or in which column of text they filter by, and
        need to be compiled only once. A stand-in among the columns stands for a stored name.
        """


def table_of(source: Source) -> Any:
    """The answers of a source as an Ibis table with stored column names."""
    import ibis  # noqa: PLC0415  # heavy, see above

    return ibis.table(_types(source.columns), name=source.view)


def stand_in(name: str) -> str:
    """A text that stands for a value, or for a column, in the shape of a question."""
    return f"{_SECRET}:{name}"


def is_stand_in(name: str) -> bool:
    """Whether a name stands for a column."""
    return name.startswith(f"{_SECRET}:")


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


def rows_in(found: pa.Table) -> list[dict[str, Any]]:
    """A small result as plain values, a dictionary per row."""
    columns = [_plain_values(column) for column in found.columns]
    return [dict(zip(found.column_names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain_values(column: Any) -> list[Any]:
    """The values of a column; moments in UTC, for which Arrow alone would load pandas (40 MB)."""
    if not pa.types.is_timestamp(column.type):
        return list(column.to_pylist())
    since = column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).to_pylist()
    return [None if us is None else _EPOCH + timedelta(microseconds=us) for us in since]


def engine(url: str | None = None) -> Engine:
    """The engine of ANALYSIS_URL: `duckdb://?threads=2&memory=512MB`.

    One per process: threads that ask first at the same moment must not each make one.
    """
    with _MAKING:
        return _engine(url if url is not None else settings.ANALYSIS_URL)


_MAKING = threading.Lock()


@lru_cache(maxsize=4)
def _engine(url: str) -> Engine:
    address = urlsplit(url)
    if address.scheme == "duckdb":
        options = parse_qs(address.query)
        return DuckDB(
            threads=int(options.get("threads", [str(THREADS)])[0]),
            memory=options.get("memory", [MEMORY])[0],
        )
    raise NoEngine(f"This version of Gloed cannot analyse with {address.scheme}://.")


class DuckDB:
    """DuckDB in this process: one database in memory, one connection per thread.

    Expressions are compiled by Ibis and run on a cursor of our own: Ibis 12 still calls what
    DuckDB 2 no longer wants to be called.
    """

    def __init__(self, *, threads: int, memory: str) -> None:
        # 0.2 s and 60 MB: only where something is asked
        import duckdb  # noqa: PLC0415

        self._database = duckdb.connect(
            ":memory:", config={"threads": threads, "memory_limit": memory}
        )
        self._database.execute("LOAD parquet")
        for setting in SETTINGS:
            self._database.execute(f"SET {setting}")
        self._local = threading.local()

    def run(self, source: Source, expression: Any) -> pa.Table:
        """The result of an expression over a source."""
        return self._found(source, _statement(expression.op()))

    def ask(
        self, source: Source, build: Build, shape: tuple[Hashable, ...], values: Mapping[str, str]
    ) -> pa.Table:
        """The result of `build(source, *shape)` with `values` in place of their stand-ins."""
        statement = _template(build, source.view, source.columns, shape)
        return self._found(source, _STAND_IN.sub(lambda m: _filled(m, values), statement))

    def _found(self, source: Source, statement: str) -> pa.Table:
        """The answers of a source stand behind the view of its name in this thread."""
        if self._shown().get(source.view) != source.version:
            self._show(source)
        found: pa.Table = self._cursor().sql(statement).to_arrow_table()
        return found

    def _show(self, source: Source) -> None:
        cursor = self._cursor()
        view = source.view
        self._shown().pop(view, None)
        cursor.execute(f'DROP VIEW IF EXISTS "{view}"')
        if source.files:
            names = ", ".join(map(_quoted, source.files))
            by_name = "false" if source.is_even else "true"  # true opens every file each time
            files = f"read_parquet([{names}], union_by_name={by_name}, hive_partitioning=false)"
            # names of our own files, quoted; a view takes no parameters
            cursor.execute(f'CREATE TEMP VIEW "{view}" AS SELECT * FROM {files}')  # noqa: S608
        else:
            held = source.table if source.table is not None else make_table({})
            cursor.register(view, held)
        self._shown()[view] = source.version

    def _shown(self) -> dict[str, str]:
        """Which version of a source stands behind each view of this thread."""
        shown: dict[str, str] | None = getattr(self._local, "shown", None)
        if shown is None:
            shown = self._local.shown = {}
        return shown

    def _cursor(self) -> Any:
        cursor = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self._database.cursor()
        return cursor


def _quoted(text: str, mark: str = "'") -> str:
    return mark + text.replace(mark, mark * 2) + mark


def _filled(found: re.Match[str], values: Mapping[str, str]) -> str:
    return _quoted(values[found["name"]], found["mark"])


@lru_cache(maxsize=512)
def _template(
    build: Build, view: str, columns: tuple[str, ...], shape: tuple[Hashable, ...]
) -> str:
    """The SQL of all questions of a shape; to make it takes longer than to answer one."""
    import ibis  # noqa: PLC0415  # heavy, see above

    return str(ibis.to_sql(build(Source("", columns, view=view), *shape), dialect="duckdb"))


@lru_cache(maxsize=256)
def _statement(operation: Any) -> str:
    """The SQL of an expression; compiling takes as long as running, so it is kept."""
    import ibis  # noqa: PLC0415  # heavy, see above

    return str(ibis.to_sql(operation.to_expr(), dialect="duckdb"))


_KINDS = rollup.COLUMNS | CORE


@lru_cache(maxsize=64)
def _types(columns: tuple[str, ...]) -> Any:
    """The Ibis schema of these columns under their stored names."""
    import ibis  # noqa: PLC0415  # heavy, see above

    kinds = {stored_name(name): arrow_type(_KINDS.get(name, Kind.TEXT)) for name in columns}
    return ibis.Schema.from_pyarrow(pa.schema(kinds))
