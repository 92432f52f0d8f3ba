"""A Spark Connect server: Spark itself, or another engine that speaks its protocol.

The server reads the same Parquet files, at the same path or at another root (`files`), and knows a
source as a temporary view named after its version: what a view holds never changes.
"""

from __future__ import annotations

import hashlib
import sys
import threading
import warnings
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from gloed.analysis.schema import Kind, make_table, stored_name
from gloed.analysis.store.engines import NoEngine
from gloed.analysis.store.sources import Source, kind_of
from gloed.analysis.store.statements import SPARK, Build, question_of, quoted, statement_of
from gloed.base.arrow import pa

_MAIN = sys.modules["__main__"]
if _IS_BARE := not hasattr(_MAIN, "__file__"):  # as in a process started by another
    _MAIN.__file__ = "gloed"  # or PySpark takes this for a test of its own, and ends the process
with warnings.catch_warnings():  # see `_quiet`
    warnings.simplefilter("ignore")
    from pyspark.errors import PySparkException
    from pyspark.sql import types as kinds
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession
if _IS_BARE:
    del _MAIN.__file__

RETRIES = 2
MOST_VIEWS = 64
"""Views of sources that the server keeps; an older one is made again when it is asked for."""


class Spark:
    """One session with the server at `url`, shared by all threads of this process."""

    def __init__(self, url: str, *, files: str = "") -> None:
        self._url = url
        self._files = files.rstrip("/")
        self._lock = threading.Lock()
        self._session: Any = None
        self._views: OrderedDict[str, None] = OrderedDict()

    def run(self, source: Source, expression: Any) -> pa.Table:
        """The result of an expression over a source."""
        return self._found(source, statement_of(expression, SPARK))

    def ask(
        self, source: Source, build: Build, shape: tuple[Hashable, ...], values: Mapping[str, str]
    ) -> pa.Table:
        """The result of `build(source, *shape)` with `values` in place of their stand-ins."""
        return self._found(source, question_of(build, source, shape, values, SPARK))

    def _found(self, source: Source, statement: str) -> pa.Table:
        """Asked again where the server has forgotten the session, as after a restart."""
        for is_last in (False, True):
            try:
                session, view = self._view_of(source)
                own = statement.replace(quoted(source.view, "`"), quoted(view, "`"))
                with _quiet():
                    found: pa.Table = session.sql(own).toArrow()
            except PySparkException as failed:
                self._forget()
                if is_last and "UNAVAILABLE" in str(failed):
                    raise NoEngine(f"Spark does not answer at {self._url}.") from failed
                if is_last:
                    raise
            else:
                return found
        raise AssertionError("a question is answered or it fails")

    def _view_of(self, source: Source) -> tuple[Any, str]:
        """The session, and the name under which it knows a source."""
        name = (
            f"gloed_{hashlib.sha256(f'{source.version} {source.view}'.encode()).hexdigest()[:24]}"
        )
        with self._lock:
            if self._session is None:
                self._session = _session(self._url)
            if name not in self._views:
                self._frame(source).createOrReplaceTempView(name)
            self._views[name] = None
            self._views.move_to_end(name)
            while len(self._views) > MOST_VIEWS:
                gone, _none = self._views.popitem(last=False)
                self._session.catalog.dropTempView(gone)
            return self._session, name

    def _frame(self, source: Source) -> Any:
        if source.files:
            schema = _schema(source.columns)
            return self._session.read.schema(schema).parquet(*map(self._path, source.files))
        held = source.table if source.table is not None else make_table({})
        with _quiet():
            return self._session.createDataFrame(_plain(held), schema=_schema(source.columns))

    def _path(self, file: str) -> str:
        """Where the server finds a file: under its own root where it has one."""
        if not self._files:
            return file
        return f"{self._files}/{Path(file).relative_to(settings.PROJECTION).as_posix()}"

    def _forget(self) -> None:
        with self._lock:
            self._session = None
            self._views.clear()


def _session(url: str) -> Any:
    with _quiet():
        session = SparkSession.builder.remote(url).create()
        # by itself it goes on for ten minutes, and somebody waits for the page
        session.client.set_retry_policies([DefaultPolicy(max_retries=RETRIES)])
        session.conf.set("spark.sql.session.timeZone", "UTC")
    return session


@contextmanager
def _quiet() -> Iterator[None]:
    """Without PySpark's warnings: of pandas 3, which we never hand it, and of trying again."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _schema(columns: tuple[str, ...]) -> Any:
    """Told, not found out: then no file is opened to know it, and a missing column is empty."""
    fields = [kinds.StructField(stored_name(name), _kind(kind_of(name))) for name in columns]
    return kinds.StructType(fields)


def _kind(kind: Kind) -> Any:
    return _KINDS.get(kind, kinds.StringType)()


_KINDS = {
    Kind.TEXTS: lambda: kinds.ArrayType(kinds.StringType()),
    Kind.FLAG: kinds.BooleanType,
    Kind.SHORT: kinds.ShortType,
    Kind.WHOLE: kinds.IntegerType,
    Kind.LONG: kinds.LongType,
    Kind.DAY: kinds.DateType,
    Kind.MOMENT: kinds.TimestampType,
}


def _plain(table: pa.Table) -> pa.Table:
    """Words written out: Arrow's dictionaries do not travel."""
    columns = {
        name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pa.table(columns)
