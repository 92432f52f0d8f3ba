"""The command line: quick help, the data folder anywhere on the line, sentences for refusals."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gloed.project.cli import VERBS, app, main, take_data_option
from gloed.project.commands import admin, key

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "commands.md"


def every_command():
    yield from (f"gloed {verb.__name__.rstrip('_').replace('_', '-')}" for verb in VERBS)
    for name, group in (("admin", admin), ("key", key)):
        for command in group.app.registered_commands:
            yield f"gloed {name} {command.name or command.callback.__name__}"


def test_every_command_has_a_heading():
    headings = re.findall(
        r"^## `(gloed [\w -]+)`$", REFERENCE.read_text("utf-8"), flags=re.MULTILINE
    )
    assert sorted(headings) == sorted(every_command())


def test_every_option_is_in_the_reference():
    text = REFERENCE.read_text("utf-8")
    groups = (admin.app.registered_commands, key.app.registered_commands)
    for verb in (*app.registered_commands, *groups[0], *groups[1]):
        name = verb.callback.__name__
        for option in re.findall(r"(--[a-z-]+)", _help_of(verb.callback)):
            assert option in text, f"{name} {option}"


def _help_of(callback):
    return " ".join(
        word
        for annotation in callback.__annotations__.values()
        for extra in getattr(annotation, "__metadata__", ())
        for word in (extra.param_decls or ())
    )


def test_help_does_not_load_django():
    """`gloed --help` has to be there at once."""
    code = (
        "import sys, gloed.project.cli as cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'django', 'granian', 'numpy', 'pyarrow', 'duckdb'} & sys.modules.keys()\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=300)


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        (["--data", "here", "serve"], ["serve"]),
        (["serve", "--data=here", "--port", "1"], ["serve", "--port", "1"]),
        (["backup", "there", "--data", "here"], ["backup", "there"]),
    ],
)
def test_the_data_folder_may_stand_anywhere(monkeypatch, words, rest):
    monkeypatch.setenv("GLOED_DATA", "before")
    assert take_data_option(words) == rest
    assert os.environ["GLOED_DATA"] == "here"


def test_after_two_strokes_everything_is_left_alone(monkeypatch):
    monkeypatch.setenv("GLOED_DATA", "before")
    words = ["backup", "--", "--data", "x"]
    assert take_data_option(words) == words
    assert os.environ["GLOED_DATA"] == "before"


def test_data_without_a_folder_is_told(gloed):
    assert "--data" in gloed("doctor", "--data", code=2).stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["frobnicate"], "No such command 'frobnicate'."),
        (["report", "answers.csv"], "Missing option '--output' / '-o'."),
    ],
)
def test_a_line_that_cannot_be_read_says_what_and_where_help_stands(capsys, words, told):
    with pytest.raises(SystemExit) as ended:
        main(words)
    first, *rest = capsys.readouterr().err.splitlines()
    assert (ended.value.code, first) == (2, told)
    assert rest[-1].endswith("-h")


def test_an_import_without_a_score_names_the_option(gloed, tmp_path):
    (tmp_path / "people.csv").write_text("name,city\nJan,Delft\n")
    told = gloed("import", tmp_path / "people.csv", "--survey", "X", code=2).stderr
    assert told.endswith("Say which one holds the score. Use --score-column C.\n")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("verb", ["serve", "web", "worker", "prepare", "backup x", "restore x"])
def test_a_bad_setting_is_one_sentence(gloed, verb):
    told = gloed(*verb.split(), code=2, GLOED_WORKERS="none").stderr
    assert told == ("GLOED_WORKERS: “none” cannot be used; write a whole number from 1 to 64.\n")


def test_a_database_that_is_away_is_one_sentence(gloed):
    url = "postgresql://me:hunter2@127.0.0.1:9/gloed"
    told = gloed("prepare", code=2, DATABASE_URL=url).stderr
    assert told.startswith("The database cannot be used: ")
    assert len(told.splitlines()) == 1
    assert "hunter2" not in told


def test_a_worker_without_tables_says_what_to_run(gloed):
    assert "gloed prepare" in gloed("worker", code=2).stderr


def test_version(gloed):
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*\n", gloed("version").stdout)
