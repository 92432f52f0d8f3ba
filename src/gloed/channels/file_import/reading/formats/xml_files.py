"""XML: only LimeSurvey's structure, which has questions but no answers."""

from gloed.channels.file_import.reading.containers.inspection import Inspection
from gloed.channels.file_import.reading.formats.limesurvey import read_structure
from gloed.channels.file_import.reading.tables import Layout, Table
from gloed.channels.file_import.reading.values import Options


def lay_out_file(inspection: Inspection, options: Options) -> Layout:  # noqa: ARG001 - every opener takes options
    """The structure's figures, without rows. Raises UnreadableFile for other XML."""
    structure = read_structure(inspection.path)
    table = Table((), lambda: iter(()))
    return Layout("limesurvey_lss", table, facts_of_structure=structure.facts())
