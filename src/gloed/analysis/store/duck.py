"""DuckDB in this process."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from gloed.analysis.schema import make_table
from gloed.analysis.store.sources import Source
from gloed.analysis.store.statements import DUCKDB, Build, question_of, quoted, statement_of
from gloed.base.arrow import pa

SETTINGS = (
    "parquet_metadata_cache=true",
    # the files lie on this machine, whose system keeps them at hand already
    "enable_external_file_cache=false",
    # give memory back after a large question: a fifth less stays with the process
    "allocator_flush_threshold='16MB'",
    "allocator_background_threads=true",
    # what is not in the wheel is not fetched from somewhere either
    "autoinstall_known_extensions=false",
)


class DuckDB:
    """DuckDB in this process: one database in memory, one connection per thread.

    Expressions are compiled by Ibis and run on a cursor of our own: Ibis 12 still calls what
    DuckDB 2 no longer wants to be called. What does not fit in `memory` goes to files in `spill`,
    a folder that several processes may share; what a killed one left, the next one removes.
    """

    def __init__(self, *, threads: int, memory: str, spill: Path) -> None:
        self._database = duckdb.connect(
            ":memory:",
            config={"threads": threads, "memory_limit": memory, "temp_directory": str(spill)},
        )
        self._database.execute("LOAD parquet")
        for setting in SETTINGS:
            self._database.execute(f"SET {setting}")
        self._local = threading.local()

    def run(self, source: Source, expression: Any) -> pa.Table:
        """The result of an expression over a source."""
        return self._found(source, statement_of(expression, DUCKDB))

    def ask(
        self, source: Source, build: Build, shape: tuple[Hashable, ...], values: Mapping[str, str]
    ) -> pa.Table:
        """The result of `build(source, *shape)` with `values` in place of their stand-ins."""
        return self._found(source, question_of(build, source, shape, values, DUCKDB))

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
            names = ", ".join(map(quoted, source.files))
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
