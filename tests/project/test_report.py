"""`gloed report` in a process of its own: one file, in one step, never over another."""

import re
from pathlib import Path

import pytest

from gloed.project.commands.report import language_of, write_whole
from gloed.project.refusals import Refused

ROWS = b"date,nps,comment\n" + b"\n".join(
    b"2026-%02d-%02d 10:00,%d,the visit of number %d took very long again"
    % (1 + row % 3, 1 + row % 28, row % 11, row)
    for row in range(60)
)


@pytest.fixture
def answers(tmp_path):
    """A file of 60 answers."""
    path = tmp_path / "answers.csv"
    path.write_bytes(ROWS)
    return path


def test_a_report_is_made_and_never_overwrites_unasked(gloed, surroundings, answers, tmp_path):
    out = tmp_path / "report.html"
    told = gloed("report", answers, "-o", out, "--language", "nl", "--title", "Ons jaar").stdout
    page = out.read_text("utf-8")
    assert "60 answers" in told
    assert '<html lang="nl">' in page
    assert "<h1>Ons jaar</h1>" in page
    assert "Wat deze antwoorden niet laten zien" in page
    done = gloed("report", answers, "-o", out, code=2)
    assert "is there already" in done.stderr
    assert out.read_text("utf-8") == page
    gloed("report", answers, "-o", out, "--force", "--language", "en", DATABASE_URL="nonsense")
    assert "What these answers cannot show" in out.read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.csv", "report.html"]
    assert not re.search(r"gloed-nowhere|" + str(tmp_path), out.read_text("utf-8"))
    assert not Path(surroundings["GLOED_DATA"]).exists()


def test_a_refusal_leaves_no_file(gloed, tmp_path):
    path = tmp_path / "words.csv"
    path.write_text("name\nAnna\n")
    done = gloed("report", path, "-o", tmp_path / "report.html", code=2)
    assert "--score-column" in done.stderr
    assert not (tmp_path / "report.html").exists()


def test_where_a_report_cannot_stand_is_said_before_the_work(gloed, answers, tmp_path):
    for out, part in (
        (tmp_path, "is a folder"),
        (tmp_path / "no" / "report.html", "There is no folder"),
        (answers, "would overwrite the answers"),
    ):
        assert part in gloed("report", answers, "-o", out, "--force", code=2).stderr
    assert answers.read_bytes() == ROWS
    done = gloed("report", answers, "-o", tmp_path / "a.html", "--language", "fr", code=2)
    assert "fr is not a language of reports" in done.stderr


@pytest.mark.parametrize(
    ("lang", "said", "chosen"),
    [("nl_NL.UTF-8", "", "nl"), ("de_DE", "", "en"), ("", "", "en"), ("nl_NL", "en", "en")],
)
def test_the_language_is_the_one_said_else_the_systems(monkeypatch, lang, said, chosen):
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", lang)
    assert language_of(said) == chosen


def test_a_file_that_appears_meanwhile_is_kept(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("somebody else's")
    with pytest.raises(Refused, match="is there already"):
        write_whole(path, "ours", force=False)
    assert path.read_text() == "somebody else's"
    write_whole(path, "ours", force=True)
    assert [found.read_text() for found in tmp_path.iterdir()] == ["ours"]
