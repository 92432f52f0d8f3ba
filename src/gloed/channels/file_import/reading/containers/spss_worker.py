"""Reads one SPSS file in a process of its own and writes it as JSON lines.

The library that reads SPSS is written in C and can be brought down by a damaged file. It must
not take the server along, so `formats/spss.py` runs this file as a script and reads its output:
first the columns with their labels, then one line per row. It imports nothing of the house.
"""

import json
import sys
from datetime import date, datetime, time
from itertools import islice
from typing import Any

import pyreadstat

LONGEST_STRING = 100_000


def main(path: str, kind: str) -> None:
    """Write the file as JSON lines to standard output."""
    if kind == "spss_portable":
        columns, metadata = pyreadstat.read_por(path, output_format="dict")
    else:
        columns, metadata = pyreadstat.read_sav(path, output_format="dict", user_missing=False)
    labels = metadata.variable_value_labels
    texts = metadata.column_names_to_labels
    head = [
        {
            "name": name,
            "text": texts.get(name) or name,
            "labels": [[_plain(code), str(label)] for code, label in labels.get(name, {}).items()],
        }
        for name in columns
    ]
    write = sys.stdout.write
    write(json.dumps(head) + "\n")
    for row in zip(*columns.values(), strict=True):
        write(json.dumps([_plain(cell) for cell in row]) + "\n")


def _plain(cell: Any) -> Any:
    """Moments as `{"at": text}`, days as `{"on": text}`, NaN as null."""
    if isinstance(cell, datetime):
        return {"at": cell.isoformat()}
    if isinstance(cell, date):
        return {"on": cell.isoformat()}
    if isinstance(cell, float):
        return cell if cell == cell else None
    if isinstance(cell, time):
        return cell.isoformat()
    if isinstance(cell, str):
        return cell[:LONGEST_STRING].rstrip()
    return cell if cell is None or isinstance(cell, (int, bool)) else str(cell)


if __name__ == "__main__":
    main(*islice(sys.argv, 1, 3))
