"""Expressions as SQL, compiled once per shape: to compile takes longer than to answer."""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any, Final

from gloed.analysis.store.sources import Source

Build = Callable[..., Any]
"""Makes the expression of a question from a source and the question's shape."""
_SECRET = secrets.token_hex(8)  # no answer and no name of a column holds a stand-in by chance
_VIEW: Final = f"{_SECRET}:view"
_STAND_IN = re.compile(rf"""(?P<mark>['"`])(?P<name>{_SECRET}:\w+)(?P=mark)""")

DUCKDB: Final = "duckdb"
SPARK: Final = "pyspark"

EVERYTHING: Final = 2**62
"""A limit that leaves nothing out: it keeps a choice of rows apart, which is then made once."""
_ALL: Final = f"LIMIT {EVERYTHING}"
_CHOICE: Final = re.compile(r'^(WITH "\w+" AS) \(')


def stand_in(name: str) -> str:
    """A text that stands for a value, or for a column, in the shape of a question."""
    return f"{_SECRET}:{name}"


def is_stand_in(name: str) -> bool:
    """Whether a name stands for a column."""
    return name.startswith(f"{_SECRET}:")


def quoted(text: str, mark: str = "'", *, dialect: str = DUCKDB) -> str:
    """A text or a name as a dialect writes it; Spark reads a backslash in texts as a sign."""
    if dialect == SPARK and mark != "`":
        text = text.replace("\\", "\\\\").replace(mark, f"\\{mark}")
    else:
        text = text.replace(mark, mark * 2)
    return f"{mark}{text}{mark}"


def statement_of(expression: Any, dialect: str) -> str:
    """The SQL of an expression."""
    return _statement(expression.op(), dialect)


def question_of(
    build: Build,
    source: Source,
    shape: tuple[Hashable, ...],
    values: Mapping[str, str],
    dialect: str,
) -> str:
    """The SQL of `build(source, *shape)` with values in place of their stand-ins."""
    sql = template(build, source.columns, shape, dialect)
    named = {**values, _VIEW: source.view}
    return _STAND_IN.sub(lambda m: quoted(named[m["name"]], m["mark"], dialect=dialect), sql)


@lru_cache(maxsize=512)
def template(
    build: Build,
    columns: tuple[str, ...],
    shape: tuple[Hashable, ...],
    dialect: str,
) -> str:
    """The SQL of all questions of a shape, whatever the engine calls the source."""
    import ibis  # noqa: PLC0415  # heavy, see the package

    question = build(Source("", columns, view=_VIEW), *shape)
    sql = str(ibis.to_sql(question, dialect=dialect))
    return _made_once(sql, dialect) if _ALL in sql else sql


def _made_once(sql: str, dialect: str) -> str:
    """Say in the engine's own way what the limit stands for.

    DuckDB would count up to it in one thread. Spark takes no limit that large, and for any it would
    gather all rows in one place.
    """
    plain = sql.replace(_ALL, "")
    return _CHOICE.sub(r"\1 MATERIALIZED (", plain, count=1) if dialect == DUCKDB else plain


@lru_cache(maxsize=256)
def _statement(operation: Any, dialect: str) -> str:
    import ibis  # noqa: PLC0415  # heavy, see the package

    return str(ibis.to_sql(operation.to_expr(), dialect=dialect))
