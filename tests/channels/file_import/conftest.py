"""An organisation with a time zone, the sample files, and an import through its operations."""

import json
from pathlib import Path

import pytest

from tests.conftest import NOW, ROOT

SAMPLES = Path(__file__).parent / "samples"
TELECOM = ROOT.parent / "shared" / "data" / "nps_telecom_en.csv"
CASES = [
    case
    for case in json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))["files"]
    if "imported" in case
]


@pytest.fixture
def telecom():
    """The public telecom file: 1,626 answers, NPS −28.2."""
    if not TELECOM.exists():
        pytest.skip("../shared/data is not beside the repository")
    return TELECOM


@pytest.fixture(autouse=True)
def _own_uploads(settings, tmp_path):
    settings.UPLOADS = tmp_path / "uploads"


@pytest.fixture
def take_in(organisation):
    """Upload and understand a file: `take_in(path, **options)`."""
    from gloed.channels.file_import import operations

    def take(path, **options):
        structure = options.pop("structure", None)
        of_import = operations.upload(
            organisation, name=path.name, chunks=[path.read_bytes()], by=None, now=NOW
        )
        if structure:
            beside = path.parent / structure
            operations.add_structure(of_import, name=structure, chunks=[beside.read_bytes()])
        of_import.options = options
        operations.understand(of_import)
        return of_import

    return take


@pytest.fixture
def bring_in(take_in):
    """The same, brought into the record to the end."""
    from gloed.channels.file_import import operations

    def bring(path, **options):
        of_import = operations.start(take_in(path, **options), by=None, now=NOW)
        operations.run(of_import, now=lambda: NOW, chunk=5)
        of_import.refresh_from_db()
        return of_import

    return bring


@pytest.fixture
def write(tmp_path):
    """Write a text file and give its path."""

    def write_text(text, name="answers.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_text
