"""A table of no known tool: everything by words and data, and by what the user says."""

from gloed.channels.file_import.reading.mapping import map_freely
from gloed.channels.file_import.reading.tables import Layout, Table
from gloed.channels.file_import.reading.values import Options


def lay_out(table: Table, options: Options, name: str = "generic_csv") -> Layout:
    """Propose a mapping by rule R13."""
    layout = Layout(name, table)
    map_freely(layout, options)
    return layout
