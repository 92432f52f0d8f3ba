"""Rows as JSON, one array a line, and back into either database."""

import base64
import datetime as dt
import gzip
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, models

from gloed.project.backups.shape import fields_of

CHUNK = 1000
Report = Callable[[int], None]

PLAIN = (
    models.AutoField,
    models.BooleanField,
    models.CharField,
    models.FloatField,
    models.IntegerField,
    models.TextField,
)
"""Fields whose value in JSON is the value in the database."""


def write_rows(model: type[models.Model], path: Path, report: Report) -> tuple[int, str]:
    """Write all rows of a table to a gzipped file; returns their number and the checksum."""
    names = [field.attname for field in fields_of(model)]
    rows = model._base_manager.order_by("pk").values_list(*names)
    count = 0
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 3, raw, mtime=0) as packed:
        for row in rows.iterator(chunk_size=CHUNK):
            packed.write(f"{_as_line(row)}\n".encode())
            count += 1
            if count % CHUNK == 0:
                report(CHUNK)
    report(count % CHUNK)
    with path.open("rb") as handle:
        return count, hashlib.file_digest(handle, "sha256").hexdigest()


def read_rows(path: Path) -> Iterator[list[Any]]:
    """The rows of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterator[list[Any]], report: Report
) -> int:
    """Insert rows as they are, without defaults or automatic times; returns their number."""
    fields = {field.attname: field for field in fields_of(model)}
    chosen = [fields[name] for name in columns]
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(quote(str(field.column)) for field in chosen)
    places = ", ".join(["%s"] * len(chosen))
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - names of our models
    converters = [_converter(field) for field in chosen]
    count = 0
    with connection.cursor() as cursor:
        while chunk := list(islice(rows, CHUNK)):
            cursor.executemany(statement, [_converted(row, converters) for row in chunk])
            count += len(chunk)
            report(len(chunk))
    return count


def _converter(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    """How to get a value from JSON into the database; None when it can go as it is."""
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    if isinstance(target, PLAIN):
        return None
    return lambda value: field.get_db_prep_save(target.to_python(value), connection)


def _converted(row: list[Any], converters: Sequence[Callable[[Any], Any] | None]) -> list[Any]:
    pairs = zip(row, converters, strict=True)
    return [
        value if value is None or convert is None else convert(value) for value, convert in pairs
    ]


def _as_line(row: Sequence[Any]) -> str:
    """The same row gives the same line, whichever database it comes from."""
    return json.dumps(row, default=_encode, ensure_ascii=False, sort_keys=True)


def _encode(value: object) -> str:
    """What JSON does not know, so exactly that the field reads the same value again."""
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal | dt.timedelta):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    raise TypeError(f"a {type(value).__name__} cannot be written to a backup")
