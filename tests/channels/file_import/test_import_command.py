"""`gloed import` as people run it: a process of its own on a data folder of its own."""

import json
import os
import subprocess
import sys

import pytest

from gloed.channels.file_import.reading import options_from, summary
from tests.channels.file_import.conftest import CASES, SAMPLES


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A data folder with one organisation."""
    data = tmp_path_factory.mktemp("data")
    made = gloed(
        data,
        *("admin", "create", "--email", "owner@example.org"),
        *("--organisation", "Proef", "--password-stdin"),
        typed="een lang genoeg wachtwoord 7\n",
    )
    assert made.returncode == 0, made.stderr
    return data


def gloed(data, *words, typed=""):
    environment = {**os.environ, "GLOED_DATA": str(data), "DATABASE_URL": ""}
    return subprocess.run(
        [sys.executable, "-m", "gloed.project.cli", *map(str, words)],
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_dry_run_prints_the_specified_object_and_makes_nothing(tmp_path):
    case = next(case for case in CASES if case["file"] == "hubspot_feedback.csv")
    path = SAMPLES / case["file"]

    run = gloed(
        tmp_path, "import", path, "--dry-run", "--json", "--options", json.dumps(case["options"])
    )

    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == summary(path, options_from(case["options"]))
    assert not list(tmp_path.iterdir())


def test_a_file_comes_in_and_again_without_a_change(folder, telecom):
    first = gloed(folder, "import", telecom, "--survey", "Telecom", "--json")
    again = gloed(folder, "import", telecom, "--survey", "telecom", "--json")

    assert first.returncode == again.returncode == 0, first.stderr + again.stderr
    told, told_again = json.loads(first.stdout), json.loads(again.stdout)
    assert (told["imported"], told["new"]) == (1626, 1626)
    assert (told_again["new"], told_again["unchanged"]) == (0, 1626)
    assert told["surveys"] == told_again["surveys"]
    assert "imported before" in again.stderr


def test_several_metrics_go_to_a_survey_each(folder):
    run = gloed(
        folder,
        *("import", SAMPLES / "limesurvey.csv", "--survey", "Klanten", "--json"),
        *("--options", '{"structure": "limesurvey.lss"}', "--timezone", "Europe/Amsterdam"),
    )

    assert run.returncode == 0, run.stderr
    assert [one["title"] for one in json.loads(run.stdout)["surveys"]] == [
        "Klanten (NPS)",
        "Klanten (CSAT)",
    ]


REFUSED = {
    "missing": (lambda _: ["/nowhere/answers.csv"], "There is no file"),
    "picture": (lambda write: [write("\x89PNG\r\n\x1a\n" + "\0" * 99)], "not a table"),
    "no rows": (lambda write: [write("nps,comment\n")], "no rows"),
    "no score": (lambda write: [write("colour,size\nred,XL\n")], "score"),
    "column": (lambda write: [write("nps\n9\n"), "--score-column", "x"], "no column called x"),
    "options": (lambda write: [write("nps\n9\n"), "--options", "{"], "not JSON"),
    "zone": (
        lambda write: [write("time,nps\n2026-01-05 10:00,9\n"), "--timezone", "Mars"],
        "not a time zone",
    ),
    "house": (lambda write: [write("nps\n9\n"), "--organisation", "X"], "no organisation called X"),
    "scale": (
        lambda write: [
            write("csat\n9\n"),
            *("--metric", "csat", "--options", '{"scales": {"csat": [0, 100]}}'),
        ],
        "No survey asks CSAT",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_done_is_a_sentence_and_exit_code_2(folder, write, name):
    words, sentence = REFUSED[name]

    run = gloed(folder, "import", *words(write))

    assert run.returncode == 2
    assert sentence in run.stderr
    assert "Traceback" not in run.stderr
    waiting = [path for path in (folder / "uploads").rglob("*") if path.suffix == ".part"]
    assert not waiting
