"""Small results as plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from gloed.base.arrow import pa

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
