"""SPSS: variable labels ask the questions, value labels name the answers."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from gloed.channels.file_import.reading.cells import Cell, text_of
from gloed.channels.file_import.reading.containers.inspection import Inspection
from gloed.channels.file_import.reading.formats import generic
from gloed.channels.file_import.reading.refusals import Reason, refuse
from gloed.channels.file_import.reading.scores import fold
from gloed.channels.file_import.reading.tables import (
    MOST_COLUMNS,
    Header,
    Layout,
    Row,
    Table,
    name_headers,
)
from gloed.channels.file_import.reading.values import Options

LARGEST = 200_000_000
_MOST_SECONDS = 300
_WORKER = Path(__file__).parents[1] / "containers" / "spss_worker.py"


def lay_out_file(inspection: Inspection, options: Options) -> Layout:
    """Open a .sav, .zsav or .por. User-missing values are no answers."""
    if inspection.size > LARGEST:
        refuse(Reason.TOO_LARGE, limit=LARGEST)
    first, *lines = _read(inspection)
    variables = json.loads(first)
    if len(variables) > MOST_COLUMNS:
        refuse(Reason.TOO_MANY_COLUMNS, limit=MOST_COLUMNS)
    if not variables:
        refuse(Reason.EMPTY)
    headers = tuple(
        replace(
            header,
            labels={fold(text_of(code)): label.strip() for code, label in variable["labels"]},
        )
        for header, variable in zip(
            name_headers([v["name"] for v in variables], [v["text"] for v in variables]),
            variables,
            strict=True,
        )
    )

    def rows() -> Iterator[Row]:
        return ([_typed(cell) for cell in json.loads(line)] for line in lines)

    layout = generic.lay_out(Table(headers, rows), options, "spss_sav")
    mapped = layout.mapped
    for header in headers:
        if header.labels and header.index not in mapped:
            layout.expand[header.index] = _beside(header)
    return layout


def _read(inspection: Inspection) -> list[bytes]:
    """The file as JSON lines, from a process that may crash without harm to this one."""
    command = [sys.executable, str(_WORKER), str(inspection.path.resolve()), inspection.kind]
    try:
        done = subprocess.run(  # noqa: S603 - our own script; the path is an argument, no shell
            command, capture_output=True, timeout=_MOST_SECONDS, check=False
        )
    except (subprocess.TimeoutExpired, OSError):
        refuse(Reason.DAMAGED, kind="an SPSS file")
    lines = done.stdout.splitlines()
    if done.returncode != 0 or not lines:
        refuse(Reason.DAMAGED, kind="an SPSS file")
    return lines


def _typed(cell: object) -> Cell:
    if isinstance(cell, dict):
        return (
            datetime.fromisoformat(cell["at"]) if "at" in cell else date.fromisoformat(cell["on"])
        )
    return cell


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
