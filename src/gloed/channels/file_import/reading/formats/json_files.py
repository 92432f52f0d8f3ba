"""JSON that a tool's API gave: each shape becomes a table with the names of its own CSV."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from gloed.channels.file_import.reading.cells import Cell
from gloed.channels.file_import.reading.containers.inspection import Inspection
from gloed.channels.file_import.reading.containers.json_text import as_rows, load, titles_of
from gloed.channels.file_import.reading.formats import (
    delighted,
    feedback_tools,
    generic,
    helpdesks,
    json_shapes,
    qualtrics,
)
from gloed.channels.file_import.reading.formats.delighted_people import companions_in
from gloed.channels.file_import.reading.refusals import Reason, refuse
from gloed.channels.file_import.reading.tables import MOST_COLUMNS, Layout, Table, name_headers
from gloed.channels.file_import.reading.values import Companions, Options

Objects: TypeAlias = list[dict[str, Cell]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A JSON shape: its name, how its answers are taken out, and the layout of the table."""

    name: str
    rows_in: Callable[[object], Objects | None]
    lay_out: Callable[[Table, Options, str], Layout]


SHAPES: tuple[Shape, ...] = (
    Shape("delighted_json", json_shapes.delighted, delighted.lay_out),
    Shape("qualtrics_json", json_shapes.qualtrics, qualtrics.lay_out),
    Shape("zendesk_json", json_shapes.zendesk, json_shapes.lay_out_zendesk),
    Shape("hubspot_json", json_shapes.hubspot, helpdesks.lay_out_hubspot),
    Shape("retently_json", json_shapes.retently, feedback_tools.lay_out_retently),
    Shape("formbricks_json", json_shapes.formbricks, json_shapes.lay_out_formbricks),
    Shape("asknicely_json", json_shapes.asknicely, feedback_tools.lay_out_asknicely),
    Shape("generic_json", json_shapes.plain_objects, generic.lay_out),
)


def lay_out_file(inspection: Inspection, options: Options) -> Layout:
    """Recognise the shape of a JSON file. Raises UnreadableFile for an unknown one."""
    document = load(inspection)
    wanted = [shape for shape in SHAPES if shape.name == options.format] or SHAPES
    for shape in wanted:
        rows = shape.rows_in(document)
        if rows is not None:
            return _lay_out(shape, rows, document, options)
    return refuse(Reason.UNKNOWN_JSON)


def _lay_out(shape: Shape, found: Objects, document: object, options: Options) -> Layout:
    titles = titles_of(found)
    if not titles:
        refuse(Reason.UNKNOWN_JSON)
    if len(titles) > MOST_COLUMNS:
        refuse(Reason.TOO_MANY_COLUMNS, limit=MOST_COLUMNS)
    rows = as_rows(found, titles)
    companions = companions_in(document) if shape.name == "delighted_json" else Companions()
    table = Table(name_headers(titles), lambda: iter(rows), companions=companions)
    layout = shape.lay_out(table, options, shape.name)
    if shape.name not in {"generic_json", "asknicely_json"}:
        layout.zone, layout.zone_is_assumed = "UTC", False
    return layout
