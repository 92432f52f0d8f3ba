"""Parquet: typed columns, zoned timestamps, structs; read by row groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gloed.base.arrow import pa, pq
from gloed.channels.file_import.reading.cells import Cell
from gloed.channels.file_import.reading.containers.inspection import Inspection
from gloed.channels.file_import.reading.formats import generic
from gloed.channels.file_import.reading.formats.beginnings import Beginning
from gloed.channels.file_import.reading.formats.registry import TABLE_FORMATS
from gloed.channels.file_import.reading.refusals import Reason, refuse
from gloed.channels.file_import.reading.tables import (
    MOST_COLUMNS,
    Layout,
    Row,
    Table,
    name_headers,
)
from gloed.channels.file_import.reading.values import Options

_BATCH = 8_192


def lay_out_file(inspection: Inspection, options: Options) -> Layout:
    """Open a Parquet file; struct columns become `column.key`. Zone UTC is proposed."""
    path = str(inspection.path)
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError, ValueError):
        refuse(Reason.DAMAGED, kind="a Parquet file")
    titles = [title for field in schema for title in _titles(field)]
    if len(titles) > MOST_COLUMNS:
        refuse(Reason.TOO_MANY_COLUMNS, limit=MOST_COLUMNS)
    table = Table(name_headers(titles), lambda: _rows(path))
    beginning = Beginning([titles])
    known = next((f for f in TABLE_FORMATS if f.name == options.format), None) or next(
        (f for f in TABLE_FORMATS if f.name == "delighted_csv" and f.recognises(beginning)), None
    )
    if known is not None:
        layout = known.lay_out(table, options, "parquet")
    else:
        layout = generic.lay_out(table, options, "parquet")
    if layout.zone is None:
        layout.zone, layout.zone_is_assumed = "UTC", True
    return layout


def _titles(field: Any) -> list[str]:
    if pa.types.is_struct(field.type) and field.type.num_fields:
        return [f"{field.name}.{child.name}" for child in field.type]
    return [str(field.name)]


def _rows(path: str) -> Iterator[Row]:
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_BATCH):
                yield from zip(*(c for column in _columns(batch) for c in column), strict=True)
    except (pa.ArrowException, OSError, ValueError, OverflowError):
        refuse(Reason.DAMAGED, kind="a Parquet file")


def _columns(batch: Any) -> Iterator[list[list[Cell]]]:
    for field, column in zip(batch.schema, batch.columns, strict=True):
        kind = field.type
        if pa.types.is_struct(kind) and kind.num_fields:
            yield [_cells(child) for child in column.flatten()]
        else:
            yield [_cells(column)]


def _cells(column: Any) -> list[Cell]:
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    if pa.types.is_map(kind):
        return [None if pairs is None else dict(pairs) for pairs in column.to_pylist()]
    cells: list[Cell] = column.to_pylist()
    return cells
