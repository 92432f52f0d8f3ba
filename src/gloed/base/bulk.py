"""Writing many rows at once: executemany on SQLite, COPY on PostgreSQL.

The ORM makes an object per row; an import cannot afford that. Values are given as the database
stores them: use `moment` and `as_json`. Call everything inside a transaction.
"""

# ruff: noqa: S608 - names of tables and columns come from our models, values are parameters

import json
import math
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection, models

from gloed.base.prepared import prepared_cursor

Row = Sequence[Any]
_ENCODER = json.JSONEncoder(allow_nan=False, default=str)


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Append rows to the model's table; `columns` names what each row holds.

    What makes the rows, where they are made as they are taken, must not ask the database.
    """
    table, names = _quoted(model, columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = f"COPY {table} ({names}) FROM STDIN"
            # COPY goes round Django's cursor, so its complaints are translated here
            with connection.wrap_database_errors, cursor.copy(sql) as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            signs = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({signs})", list(rows))


def insert_new(
    model: type[models.Model], columns: Sequence[str], row: Row, *, unique: Sequence[str]
) -> int | None:
    """Insert one row and return its key, or nothing where `unique` is already taken."""
    table, names = _quoted(model, columns)
    signs = ", ".join(["%s"] * len(columns))
    _, conflict = _quoted(model, unique)
    with prepared_cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) VALUES ({signs}) "
            f'ON CONFLICT ({conflict}) DO NOTHING RETURNING "id"',
            row,
        )
        found = cursor.fetchone()
    return None if found is None else int(found[0])


def append_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Append a handful of rows in one statement."""
    if not rows:
        return
    table, names = _quoted(model, columns)
    signs = ", ".join(["%s"] * len(columns))
    values = ", ".join([f"({signs})"] * len(rows))
    with prepared_cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) VALUES {values}",
            [value for row in rows for value in row],
        )


def upsert_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Row],
    *,
    unique: Sequence[str],
) -> None:
    """Insert rows; where `unique` is already taken the other columns are written over."""
    if not rows:
        return
    table, names = _quoted(model, columns)
    _, conflict = _quoted(model, unique)
    changes = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in columns if name not in unique)
    last = f"ON CONFLICT ({conflict}) DO UPDATE SET {changes}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            source, arrays = _as_arrays(model, columns, rows)
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT * FROM {source} {last}", arrays)
        else:
            signs = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({signs}) {last}", rows)


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Write over `columns` of existing rows; each row ends with its key."""
    if not rows:
        return
    table, _ = _quoted(model, columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            source, arrays = _as_arrays(model, [*columns, "id"], rows)
            changes = ", ".join(f'"{name}" = given."{name}"' for name in columns)
            cursor.execute(
                f'UPDATE {table} SET {changes} FROM {source} WHERE {table}."id" = given."id"',
                arrays,
            )
        else:
            changes = ", ".join(f'"{name}" = %s' for name in columns)
            cursor.executemany(f'UPDATE {table} SET {changes} WHERE "id" = %s', rows)


def _as_arrays(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]
) -> tuple[str, list[list[Any]]]:
    """Rows as a table that PostgreSQL reads from one array per column: one statement for all."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    types = [fields[name].rel_db_type(connection) for name in columns]
    signs = ", ".join(f"%s::{kind}[]" for kind in types)
    names = ", ".join(f'"{name}"' for name in columns)
    arrays = [list(column) for column in zip(*rows, strict=True)]
    return f"unnest({signs}) AS given({names})", arrays


def delete_rows(model: type[models.Model], column: str, values: Sequence[int]) -> int:
    """Delete the rows whose `column` is one of many whole numbers; how many there were."""
    if not values:
        return 0
    table, name = _quoted(model, [column])
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {name} {one_of()}", [many(values)])
        return int(cursor.rowcount)


@cache
def held_by(model: type[models.Model]) -> tuple[tuple[type[models.Model], str], ...]:
    """The tables whose rows the database itself holds to rows of this one: (model, column)."""
    relations = model._meta.get_fields(include_hidden=True)
    keys = [one.field for one in relations if isinstance(one, models.ForeignObjectRel)]
    return tuple(
        (key.model, key.column)
        for key in keys
        if isinstance(key, models.ForeignKey) and getattr(key, "db_constraint", True)  # no stub
    )


def delete_pairs(model: type[models.Model], columns: Sequence[str], pairs: Sequence[Row]) -> None:
    """Delete the rows that each of `pairs` names by its columns."""
    if not pairs:
        return
    table, _ = _quoted(model, columns)
    where = " AND ".join(f'"{name}" = %s' for name in columns)
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {table} WHERE {where}", pairs)


def select_rows(
    model: type[models.Model], columns: Sequence[str], where: str, parameters: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Rows as the database gives them; `where` is SQL of ours, values go as parameters."""
    table, names = _quoted(model, columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {table} WHERE {where}", parameters)
        return list(cursor.fetchall())


def commit_without_waiting() -> None:
    """Let PostgreSQL bring this transaction to disk a moment after it is told done.

    Only for work that is done again by itself where the power fails: what a transaction says of how
    far it came is lost together with what it did. What ends such work must wait again.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")


def refresh_statistics(*kinds: type[models.Model]) -> None:
    """Let PostgreSQL look at tables that just grew by thousands of rows.

    It looks by itself within a minute or so; until then it may read one row at a time what should
    be read at once, and a question of a second takes a quarter of an hour.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for kind in kinds:
            cursor.execute(f'ANALYZE "{kind._meta.db_table}"')


def one_of() -> str:
    """The SQL after a column for "is one of": any number of values in one parameter, `many`."""
    if connection.vendor == "postgresql":
        return "= ANY(%s)"
    return "IN (SELECT value FROM json_each(%s))"


def many(values: Iterable[Any]) -> Any:
    """The one parameter that goes with `one_of`."""
    found = list(values)
    return found if connection.vendor == "postgresql" else json.dumps(found)


def reserve_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Keys for `count` new rows, so that rows of another table can point at them at once."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(  # OFFSET 0: the sequence is looked up once, not for every key
                "SELECT nextval(sequence) FROM generate_series(1, %s), (SELECT"
                " pg_get_serial_sequence(%s, 'id')::regclass AS sequence OFFSET 0) AS found",
                [count, table],
            )
            return [row[0] for row in cursor.fetchall()]
        # the transaction is IMMEDIATE: nobody else writes until it ends
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    first = (found[0] if found else 0) + 1
    return range(first, first + count)


@cache
def _takes_moments() -> bool:
    """Whether the driver takes aware moments; asked once, as `connection` costs 10 us a look."""
    return connection.vendor == "postgresql"


def moment(value: datetime | None) -> Any:
    """An aware moment as the database stores it."""
    if value is None or _takes_moments():
        return value
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return utc.isoformat(" ")[:-6]  # without +00:00


def as_moment(value: Any) -> datetime | None:
    """A stored moment, read without the ORM, as an aware one."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if value is not None and value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return value if value is None or isinstance(value, datetime) else None


def as_json(value: Mapping[str, Any] | Sequence[Any]) -> str:
    """Plain data as JSON that every database and the projection take: see `keepable`."""
    if not value:
        return "{}" if isinstance(value, Mapping) else "[]"
    try:
        text = _ENCODER.encode(value)
    except ValueError:  # NaN and the infinities become words
        text = json.dumps(json.loads(json.dumps(value, default=str), parse_constant=str))
    if "\\u0000" in text or "\\ud" in text:  # all is ASCII
        return json.dumps(keepable(json.loads(text)))
    return text


def keepable(value: Any) -> Any:
    """Plain data without what cannot be kept: NUL, halves of letters; NaN and the like as words.

    >>> keepable({"a\\x00": ["\\ud800b", float("inf")]})
    {'a': ['b', 'inf']}
    """
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {clean(str(name)): keepable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [keepable(one) for one in value]
    return value


def from_json(value: Any) -> Any:
    """What a JSON column holds, however the driver hands it out."""
    if value == "{}":
        return {}
    return json.loads(value) if isinstance(value, str) else value


def clean(text: str) -> str:
    """Text without what a database cannot keep: NUL and halves of characters."""
    if not text:
        return text
    if text.isascii():
        return text.replace("\x00", "") if "\x00" in text else text
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")


def new_uuids(count: int) -> list[str]:
    """Fresh UUIDs (version 7) as 32 hexadecimal digits, rising with time.

    Rising keys go to the end of their index; random ones would touch a page each.
    """
    head = f"{time.time_ns() // 1_000_000:012x}"
    noise = os.urandom(10 * count).hex()
    return [
        f"{head}7{noise[i : i + 3]}{'89ab'[int(noise[i + 3], 16) & 3]}{noise[i + 4 : i + 19]}"
        for i in range(0, 20 * count, 20)
    ]


def _quoted(model: type[models.Model], columns: Sequence[str]) -> tuple[str, str]:
    return f'"{model._meta.db_table}"', ", ".join(f'"{name}"' for name in columns)
