"""Workbooks: the sheet with the most answers, its header below titles, its typed cells."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from gloed.channels.file_import.reading.cells import Cell, is_blank
from gloed.channels.file_import.reading.containers.archives import check_archive
from gloed.channels.file_import.reading.containers.inspection import Inspection, Kind
from gloed.channels.file_import.reading.formats import generic
from gloed.channels.file_import.reading.opening import table_from
from gloed.channels.file_import.reading.plans import Remark
from gloed.channels.file_import.reading.refusals import Reason, refuse
from gloed.channels.file_import.reading.tables import Layout, Row, is_blank_row
from gloed.channels.file_import.reading.values import Options

_TITLE_LINES = 30
_HEADER_TEXTS = 4
_LARGEST_OLD_WORKBOOK = 100_000_000


def lay_out_file(inspection: Inspection, options: Options) -> Layout:
    """Open a workbook safely, choose the sheet (R15), recognise its layout."""
    _check(inspection)
    sheets = _read_sheets(inspection, options)
    names = tuple(sheets)
    if options.sheet is not None:
        if options.sheet not in sheets:
            refuse(Reason.UNKNOWN_SHEET, sheet=options.sheet, sheets=", ".join(names))
        sheets = {options.sheet: sheets[options.sheet]}
    layouts = [
        (_lay_out_sheet(rows, options, name, names), len(rows))
        for name, rows in sheets.items()
        if any(not is_blank_row(row) for row in rows)
    ]
    if not layouts:
        refuse(Reason.EMPTY)
    return max(layouts, key=lambda found: (_is_known(found[0]), found[1]))[0]


def _check(inspection: Inspection) -> None:
    if inspection.kind is Kind.ZIP:
        check_archive(inspection.path, inspection.size)
        return
    if inspection.size > _LARGEST_OLD_WORKBOOK:
        refuse(Reason.TOO_LARGE, limit=_LARGEST_OLD_WORKBOOK)
    content = inspection.path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        refuse(Reason.PASSWORD)
    if "WordDocument".encode("utf-16-le") in content:
        refuse(Reason.NOT_A_TABLE, kind="a Word document")


def _read_sheets(inspection: Inspection, options: Options) -> dict[str, list[Row]]:
    try:
        with CalamineWorkbook.from_path(str(inspection.path)) as workbook:
            names = list(workbook.sheet_names)
            wanted = [options.sheet] if options.sheet in names else names
            return {name: _rows_of(workbook, name) for name in wanted} if wanted else {}
    except PasswordError:
        refuse(Reason.PASSWORD)
    except (CalamineError, OSError, ValueError, OverflowError):
        refuse(Reason.DAMAGED, kind="an Excel workbook")
    except BaseException as fault:
        # The reader is written in Rust, whose panics are no Exception.
        if type(fault).__name__ != "PanicException":
            raise
        refuse(Reason.DAMAGED, kind="an Excel workbook")


def _rows_of(workbook: CalamineWorkbook, name: str) -> list[Row]:
    sheet = workbook.get_sheet_by_name(name)
    rows: list[Row] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    _fill_merged(rows, sheet)
    return rows


def _fill_merged(rows: list[Row], sheet: Any) -> None:
    """A header merged over several columns stands above each of them."""
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top != bottom or right == left or top >= min(len(rows), _TITLE_LINES):
            continue
        row = rows[top]
        if isinstance(row, list) and left < len(row) and not _is_title(row):
            for column in range(left + 1, min(right + 1, len(row))):
                row[column] = row[left]


def _is_title(row: Sequence[Cell]) -> bool:
    return sum(1 for cell in row if not is_blank(cell)) <= 1


def _lay_out_sheet(rows: list[Row], options: Options, name: str, names: tuple[str, ...]) -> Layout:
    start = options.skip_rows if options.skip_rows is not None else _header_at(rows)

    def from_header() -> Iterator[Row]:
        return iter(rows[start:])

    table_format, table = table_from(from_header, options)
    table = replace(table, sheet=name, sheets=names, notes=_notes(names, name))
    if table_format is None:
        return generic.lay_out(table, options, "excel")
    found = table_format.name.removesuffix("_csv") + "_xlsx"
    return table_format.lay_out(table, options, found)


def _header_at(rows: list[Row]) -> int:
    """The first line with at least four text cells, else the fullest of the first lines."""
    counts = []
    for number, row in enumerate(rows[:_TITLE_LINES]):
        texts = sum(1 for cell in row if isinstance(cell, str) and cell.strip())
        if texts >= _HEADER_TEXTS:
            return number
        counts.append(texts)
    return counts.index(max(counts)) if counts else 0


def _is_known(layout: Layout) -> bool:
    return layout.format != "excel" or bool(layout.scores or layout.switch)


def _notes(names: tuple[str, ...], name: str) -> tuple[Remark, ...]:
    if len(names) == 1:
        return ()
    others = ", ".join(other for other in names if other != name)
    return (
        Remark(
            "sheet_chosen",
            f"The sheet {name} was read; not read: {others}.",
            {"sheet": name, "others": others},
            names,
        ),
    )
