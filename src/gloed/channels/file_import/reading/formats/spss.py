"""SPSS: variable labels ask the questions, value labels name the answers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pyreadstat

from gloed.channels.file_import.reading.cells import Cell, text_of
from gloed.channels.file_import.reading.containers.inspection import Inspection, Kind
from gloed.channels.file_import.reading.formats import generic
from gloed.channels.file_import.reading.refusals import Reason, refuse
from gloed.channels.file_import.reading.scores import fold
from gloed.channels.file_import.reading.tables import (
    MOST_COLUMNS,
    Header,
    Layout,
    Table,
    name_headers,
)
from gloed.channels.file_import.reading.values import Options

LARGEST = 500_000_000


def lay_out_file(inspection: Inspection, options: Options) -> Layout:
    """Open a .sav, .zsav or .por. User-missing values are no answers."""
    if inspection.size > LARGEST:
        refuse(Reason.TOO_LARGE, limit=LARGEST)
    columns, metadata = _read(inspection)
    names = list(columns)
    if len(names) > MOST_COLUMNS:
        refuse(Reason.TOO_MANY_COLUMNS, limit=MOST_COLUMNS)
    if not names:
        refuse(Reason.EMPTY)
    texts = metadata.column_names_to_labels
    headers = tuple(
        replace(header, labels=_labels(metadata.variable_value_labels.get(name, {})))
        for header, name in zip(
            name_headers(names, [texts.get(name) or name for name in names]), names, strict=True
        )
    )
    cells = list(columns.values())
    table = Table(headers, lambda: zip(*cells, strict=True))
    layout = generic.lay_out(table, options, "spss_sav")
    mapped = layout.mapped
    for header in headers:
        if header.labels and header.index not in mapped:
            layout.expand[header.index] = _beside(header)
    return layout


def _read(inspection: Inspection) -> tuple[Mapping[str, list[Cell]], Any]:
    path = str(inspection.path)
    try:
        if inspection.kind is Kind.SPSS_PORTABLE:
            return pyreadstat.read_por(path, output_format="dict")
        return pyreadstat.read_sav(path, output_format="dict", user_missing=False)
    except (
        pyreadstat.ReadstatError,
        pyreadstat.PyreadstatError,
        ValueError,
        OverflowError,
        OSError,
        UnicodeError,
        MemoryError,
    ):
        refuse(Reason.DAMAGED, kind="an SPSS file")


def _labels(values: Mapping[object, object]) -> dict[str, str]:
    return {fold(text_of(code)): text_of(label).strip() for code, label in values.items()}


def _beside(header: Header) -> Callable[[Cell], Mapping[str, str]]:
    """The code as it is, and its label in an attribute beside it."""

    def expand(cell: Cell) -> dict[str, str]:
        code = text_of(cell).rstrip()
        if not code:
            return {}
        label = header.labels.get(fold(code))
        beside = {f"{header.name} (label)": label} if label else {}
        return {header.name: code, **beside}

    return expand
