"""A list of files that this version does not know leads to a new one, not to a broken page."""

import json

import pytest

from gloed.analysis import manifest as manifests
from gloed.analysis.manifest import EMPTY, FORMAT, NAME


@pytest.mark.parametrize(
    "content",
    [
        "not JSON",
        "[]",
        "{}",
        json.dumps({"format": FORMAT + 1}),
        json.dumps({"format": FORMAT, "version": "v", "as_of": "yesterday"}),
        json.dumps(
            {
                "format": FORMAT,
                "version": "v",
                "as_of": None,
                "time_zone": "UTC",
                "retired": {},
                "files": [{"path": "part.parquet", "of_the_future": True}],
            }
        ),
    ],
)
def test_a_strange_list_counts_as_none(tmp_path, content):
    (tmp_path / NAME).write_text(content)
    assert manifests.read(tmp_path) is None


def test_what_was_written_is_read(tmp_path):
    manifests.write(tmp_path, EMPTY)
    assert manifests.read(tmp_path) == EMPTY
