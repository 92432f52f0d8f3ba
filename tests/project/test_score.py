"""`gloed score`: one object, a table, a sentence for each refusal, and nothing left behind."""

import json
import zipfile
from pathlib import Path

import pytest

from gloed.project.cli import main

TELECOM = Path(__file__).parents[3] / "shared" / "data" / "nps_telecom_en.csv"


@pytest.fixture
def write(tmp_path):
    """Write bytes to a file and give its path."""

    def write_bytes(content, name="answers.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write_bytes


def test_the_telecom_file_as_it_is(gloed, surroundings):
    if not TELECOM.exists():
        pytest.skip("../shared/data is not beside the repository")
    done = gloed("score", TELECOM, "--json", "--by", "touchpoint")
    found = json.loads(done.stdout)
    score = found["metrics"]["nps"]
    assert (score["n"], round(score["value"], 1), score["method"]) == (1626, -28.2, "score")
    assert (round(score["low"], 1), round(score["high"], 1)) == (-32.4, -23.9)
    assert [one["significant"] for one in found["segments"]["touchpoint"]].count(True) == 3
    assert done.stderr == ""
    assert not Path(surroundings["GLOED_DATA"]).exists()


def test_the_table_says_score_base_and_what_was_left_out(gloed, write):
    rows = b"datum;nps;regio\n" + b"\n".join(
        b"2026-01-%02d 10:%02d;%d;%s" % (day, day, [9, 2, 8][day % 3], [b"noord", b"zuid"][day % 2])
        for day in range(1, 29)
    )
    told = gloed("score", write(rows + b"\n2026-02-01 09:00;;\n"), "--by", "regio").stdout
    for part in (
        "NPS",
        "95% interval",
        "promoters",
        "regio",
        "noord",
        "no clear difference",
        "Few answers (NPS): read the interval, not the score.",
        "Skipped, without an answer that can be read: 1",
        "Read 28 of 29 rows as generic_csv, utf-8, separated by semicolons.",
        "nps, from 0 to 10",
        "time: datum",
    ):
        assert part in told, told


def test_settings_of_an_installation_do_not_matter(gloed, write):
    gloed("score", write(b"nps\n9\n"), DATABASE_URL="nonsense", GLOED_DEBUG="perhaps")


@pytest.fixture
def refused(capsys):
    """Run the verb in this process; the one sentence with which it refuses."""

    def run(*words):
        with pytest.raises(SystemExit) as ended:
            main(["score", *map(str, words), "--json"])
        told = capsys.readouterr()
        assert (ended.value.code, told.out) == (2, "")
        assert len(told.err.splitlines()) == 1
        return told.err

    return run


REFUSALS = {
    "missing": (None, "There is no file at"),
    "empty": (b"", "The file is empty."),
    "no score": (b"name,town\nAnna,Delft\n", "Use --score-column C."),
    "only words": (b"comment\nfine\nbad\n", "--score-column"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(99), "not a table"),
    "binary": (bytes(range(256)) * 400, "not a table"),
    "one endless line": (b"nps," + b"9" * (17 << 20), "longer than"),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_what_is_no_table_of_answers_is_refused_in_a_sentence(refused, write, tmp_path, kind):
    content, part = REFUSALS[kind]
    assert part in refused(tmp_path / "nowhere.csv" if content is None else write(content))


def test_a_zip_bomb_is_not_opened(gloed, tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(30_000_000))
    done = gloed("score", path, "--json", code=2)
    assert done.stdout == ""
    assert "not safe to open" in done.stderr


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--metric", "joy"], "joy is not a metric."),
        (["--by", "town"], "There is no column called town."),
        (["--score-column", "town"], "There is no column called town."),
        (["--timezone", "Mars"], "Mars is not a time zone."),
        (["--options", "nonsense"], "--options is not JSON."),
        (["--options", '{"colour": 1}'], "The option colour"),
    ],
)
def test_an_option_that_does_not_fit_is_refused_in_a_sentence(refused, write, words, part):
    assert part in refused(write(b"nps,team\n9,a\n2,b\n"), *words)
