"""A file written for one test, gathered and scored."""

from pathlib import Path

import pytest

from gloed.channels.file_report.gathering import gather
from gloed.channels.file_report.scoring import score_file
from gloed.channels.file_report.wishes import Wishes, open_as_wished
from tests.conftest import ROOT

SAMPLES = Path(__file__).parents[1] / "file_import" / "samples"
TELECOM = ROOT.parent / "shared" / "data" / "nps_telecom_en.csv"


@pytest.fixture
def telecom():
    """The public telecom file: 1,626 answers."""
    if not TELECOM.exists():
        pytest.skip("../shared/data is not beside the repository")
    return TELECOM


@pytest.fixture
def write(tmp_path):
    """Write lines to a file and give its path."""

    def write_lines(*lines, name="answers.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes("\n".join([*lines, ""]).encode(encoding))
        return path

    return write_lines


@pytest.fixture
def gathered():
    """Gather a file as a report does: `gathered(path, by=None, metric="csat")`."""

    def gather_file(path, by=None, **said):
        wishes = Wishes(by=tuple(by or ()), **said)
        source, options = open_as_wished(path, wishes)
        return gather(source, options, by=by)

    return gather_file


@pytest.fixture
def scored(gathered):
    """Score a file as `gloed score` does: `scored(path, "team", metric="csat")`."""

    def score(path, *by, **said):
        return score_file(gathered(path, by=by, **said), wanted=said.get("metric", ""))

    return score
