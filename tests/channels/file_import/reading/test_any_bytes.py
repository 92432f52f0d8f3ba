"""Whatever the bytes are: a result or a refusal, never anything else."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gloed.channels.file_import.reading import Metric, Options, UnreadableFile, summary, understand

SAMPLES = Path(__file__).parents[1] / "samples"
FILES = sorted(path for path in SAMPLES.iterdir() if path.name != "expected.json")
# A damaged SPSS file costs a process of its own, so these are tried less often.
TEXTS = [path for path in FILES if path.suffix != ".sav"]
CONTENTS = {path: path.read_bytes() for path in FILES}
OPTIONS = Options(timezone="Europe/Amsterdam", metric=Metric.NPS)

_often = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_seldom = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _read(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        found = summary(path, OPTIONS)
        understand(path, OPTIONS)
    except UnreadableFile:
        return
    if "rows" in found:
        assert found["rows"] == found["imported"] + sum(found["skipped"].values())


@_often
@given(source=st.sampled_from(TEXTS), share=st.floats(0, 1))
def test_truncated_anywhere(tmp_path: Path, source: Path, share: float) -> None:
    content = CONTENTS[source]

    _read(tmp_path / "file", content[: int(len(content) * share)])


@_often
@given(
    source=st.sampled_from(TEXTS),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=12),
)
def test_with_some_bytes_changed(
    tmp_path: Path, source: Path, changes: list[tuple[float, int]]
) -> None:
    content = bytearray(CONTENTS[source])
    for place, byte in changes:
        content[int(place * len(content))] = byte

    _read(tmp_path / "file", bytes(content))


@_often
@given(
    source=st.sampled_from([path for path in TEXTS if path.suffix in {".csv", ".json", ".lss"}]),
    encoding=st.sampled_from(["utf-16", "utf-16-be", "cp1252", "utf-8-sig", "utf-32", "cp037"]),
    cut=st.integers(0, 3),
)
def test_in_the_wrong_encoding(tmp_path: Path, source: Path, encoding: str, cut: int) -> None:
    content = CONTENTS[source].decode("utf-8-sig").encode(encoding, "replace")

    _read(tmp_path / "file", content[: len(content) - cut])


@_often
@given(content=st.binary(max_size=300))
def test_of_nobodys_making(tmp_path: Path, content: bytes) -> None:
    _read(tmp_path / "file", content)


_cells = st.one_of(
    st.sampled_from(
        ["9", "=1+1", "@x", "-", "", '"', "2026-01-01", "a@example.org", "1e999", "NaN", "nps",
         "=cmd|'/c calc'!A1", "٣", "²", "1774649592", "{", "[1]", "True"]
    ),
    st.text(max_size=12),
)  # fmt: skip


@_often
@given(
    header=st.lists(
        st.sampled_from(["nps", "score", "comment", "date", "id", "e-mail", "", "csat[1]", "#"]),
        min_size=1,
        max_size=8,
    ),
    rows=st.lists(st.lists(_cells, max_size=10), max_size=12),
)
def test_tables_of_strange_cells(tmp_path: Path, header: list[str], rows: list[list[str]]) -> None:
    lines = "\n".join(",".join(cells) for cells in [header, *rows])

    _read(tmp_path / "file", lines.encode("utf-8", "surrogatepass"))


@_seldom
@given(share=st.floats(0.01, 0.99))
def test_a_damaged_spss_file(tmp_path: Path, share: float) -> None:
    content = bytearray(CONTENTS[SAMPLES / "survey.sav"])
    content[int(share * len(content))] ^= 0xFF

    _read(tmp_path / "file", bytes(content))


@pytest.mark.parametrize("columns", [16_384, 16_385])
def test_many_columns(tmp_path: Path, columns: int) -> None:
    header = ",".join(["nps", *(f"c{number}" for number in range(columns - 1))])

    _read(tmp_path / "file", f"{header}\n9\n".encode())
