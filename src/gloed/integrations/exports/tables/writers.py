"""Tables of answers as files. All but SPSS are written row by row: memory stays flat."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from gloed.analysis.views.scores import harmless
from gloed.integrations.exports.refusals import ArchiveRefused, Reason
from gloed.integrations.exports.tables.columns import Column, Holds, Row

Rows = Iterable[Row]
Writer = Callable[[Path, Sequence[Column], Rows], int]
PIECE: Final = 5_000
MOST_IN_EXCEL: Final = 1_048_575
MOST_IN_SPSS: Final = 250_000
"""An SPSS file is put together in memory."""
LONGEST_CELL: Final = 32_767
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_NAME = re.compile(r"[^A-Za-z0-9_]")
SPSS_NAME: Final = 60
SPSS_LABEL: Final = 250


def write_csv(path: Path, columns: Sequence[Column], rows: Rows) -> int:
    """UTF-8 with a mark that Excel knows; choices in words; nothing is taken for a formula."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([harmless(column.name) for column in columns])
        for values in _read(columns, rows):
            writer.writerow([harmless(_shown(c, v)) for c, v in zip(columns, values, strict=True)])
            count += 1
    return count


def write_xlsx(path: Path, columns: Sequence[Column], rows: Rows) -> int:
    """A sheet of answers and a sheet that explains its columns."""
    from openpyxl import Workbook  # noqa: PLC0415 - heavy, only where a workbook is made

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Answers")
    sheet.freeze_panes = "A2"
    sheet.append([_cell(column.name) for column in columns])
    count = 0
    for values in _read(columns, rows):
        if count == MOST_IN_EXCEL:
            raise ArchiveRefused(Reason.TOO_MANY_ROWS, limit=MOST_IN_EXCEL)
        shown = (_shown(c, v) for c, v in zip(columns, values, strict=True))
        sheet.append([_cell(value) for value in shown])
        count += 1
    about = book.create_sheet("Columns")
    about.append(["Column", "What it is"])
    for column in columns:
        about.append([_cell(column.name), _cell(column.label)])
    book.save(path)
    return count


def write_parquet(path: Path, columns: Sequence[Column], rows: Rows) -> int:
    """Typed columns, each with its description; choices in words."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, only where such a file is made
    import pyarrow.parquet as pq  # noqa: PLC0415 - likewise

    types = {Holds.NUMBER: pa.int64(), Holds.MOMENT: pa.timestamp("ms")}
    fields = [
        pa.field(c.name, types.get(c.holds, pa.string()), metadata={"label": c.label})
        for c in columns
    ]
    schema, count = pa.schema(fields), 0
    stream = _read(columns, rows)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while piece := list(islice(stream, PIECE)):
            turned = zip(*piece, strict=True)
            arrays = [
                pa.array([_shown(column, value) for value in values], fields[place].type)
                for place, (column, values) in enumerate(zip(columns, turned, strict=True))
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(piece)
    return count


def write_sav(path: Path, columns: Sequence[Column], rows: Rows) -> int:
    """Variables with their labels; choices as numbers with value labels."""
    import pandas as pd  # noqa: PLC0415 - heavy, and pyreadstat asks for it
    import pyreadstat  # noqa: PLC0415 - likewise

    table = list(islice(_read(columns, rows), MOST_IN_SPSS + 1))
    if len(table) > MOST_IN_SPSS:
        raise ArchiveRefused(Reason.TOO_MANY_ROWS, limit=MOST_IN_SPSS)
    names = _spss_names(columns)
    data: dict[str, Any] = {}
    for place, (name, column) in enumerate(zip(names, columns, strict=True)):
        values = [row[place] for row in table]
        if column.holds is Holds.TEXT:
            data[name] = pd.Series([_text(value) for value in values], dtype=object)
        elif column.holds is Holds.MOMENT:
            data[name] = pd.Series(values, dtype="datetime64[ms]")
        else:
            data[name] = pd.Series(values, dtype="float64")
    labelled: dict[str, dict[int | float, str]] = {
        name: {float(number): text for number, text in column.labels.items()}
        for name, column in zip(names, columns, strict=True)
        if column.labels
    }
    whole = (Holds.NUMBER, Holds.CHOICE)
    plain = [n for n, c in zip(names, columns, strict=True) if c.holds in whole]
    pyreadstat.write_sav(
        pd.DataFrame(data),
        str(path),
        column_labels=[column.label[:SPSS_LABEL] for column in columns],
        variable_value_labels=labelled,
        variable_format=dict.fromkeys(plain, "F8.0"),
        row_compress=True,
    )
    return len(table)


WRITERS: Final[dict[str, Writer]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
    "sav": write_sav,
}


def _read(columns: Sequence[Column], rows: Rows) -> Iterator[list[Any]]:
    for row in rows:
        yield [column.value(row) for column in columns]


def _shown(column: Column, value: Any) -> Any:
    """A value in words: the label of a choice, nothing where there is none."""
    if column.holds is Holds.CHOICE:
        return "" if value is None else column.labels.get(value, str(value))
    return value


def _cell(value: Any) -> Any:
    """A value as a sheet takes it: no formula, no control characters, not too long."""
    if isinstance(value, str):
        return harmless(_FORBIDDEN.sub("", value))[:LONGEST_CELL]
    if isinstance(value, datetime) and value.year < 1900:  # before the calendar of a sheet
        return value.isoformat(" ")
    return value


def _text(value: Any) -> str:
    """A text that fits in a variable of SPSS, which counts bytes."""
    kept = _FORBIDDEN.sub("", "" if value is None else str(value)).encode()[:LONGEST_CELL]
    return kept.decode(errors="ignore")


def _spss_names(columns: Sequence[Column]) -> list[str]:
    """Names that SPSS takes: letters, digits and _, no two the same."""
    seen: set[str] = set()
    names = []
    for column in columns:
        base = _NO_NAME.sub("_", column.name)[:SPSS_NAME].rstrip("_") or "column"
        base = base if base[0].isalpha() else f"v_{base}"
        name, number = base, 1
        while name.casefold() in seen:
            number += 1
            name = f"{base}_{number}"
        seen.add(name.casefold())
        names.append(name)
    return names
