"""`gloed themes`: a file in, one object out, and sentences for what cannot be."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TELECOM = Path(__file__).parents[3] / "shared" / "data" / "nps_telecom_en.csv"


def themes(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the verb as a person does."""
    command = [sys.executable, "-m", "gloed.project.cli", "themes", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of answers in two languages, one without words."""
    path = tmp_path / "answers.csv"
    lines = ["id;score;comment"]
    for at in range(20):
        lines.append(f"{2 * at};2;Veel te duur en slecht bereikbaar, zaak {at}")
        lines.append(f"{2 * at + 1};10;Very friendly staff on day {at}")
    path.write_text("\n".join([*lines, "99;5;"]), encoding="utf-8")
    return path


def test_the_object(file: Path) -> None:
    done = themes(file, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["answers"] == 40
    assert found["languages"] == {"en": 20, "nl": 20}
    price = next(theme for theme in found["themes"] if theme["polarity_text"]["neg"] == 20)
    assert price["impact"]["value"] < 0
    assert "a second" in done.stderr


def test_the_same_in_every_process(file: Path) -> None:
    command = [sys.executable, "-m", "gloed.project.cli", "themes", str(file), "--json"]
    texts = {
        subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1


def test_the_table(file: Path) -> None:
    done = themes(file)
    assert done.returncode == 0, done.stderr
    assert "40 answers in words" in done.stdout


def test_a_codebook_of_your_own_and_named_columns(tmp_path: Path) -> None:
    book = tmp_path / "own.toml"
    book.write_text(
        '[codebook]\nid = "mine"\n[[theme]]\nid = "gnome"\nnames.en = "Gnomes"\n'
        '[theme.seeds.en]\nwords = ["gnome"]\n'
    )
    file = tmp_path / "odd.csv"
    file.write_text("a,how,b\n1,Lovely gnomes here,7\n2,The gnome was rude,2\n")
    said = ("--text-column", "how", "--score-column", "b", "--language", "en")
    done = themes(file, "--codebook", book, *said, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["codebook"]["id"] == "mine"
    assert [theme["count"] for theme in found["themes"]] == [2]
    assert {mention["row"] for mention in found["mentions"]} == {1, 2}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv"], "nowhere.csv"),
        (["{file}", "--text-column", "nothing"], "nothing"),
        (["{file}", "--language", "klingon"], "klingon"),
        (["{file}", "--pack", "nothing"], "There is no pack nothing"),
        (["{file}", "--codebook", "{file}"], "not TOML"),
        (["{file}", "--codebook", "{file}x"], "cannot be read"),
        (["{file}", "--codebook", "{file}", "--pack", "core"], "not both"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    file: Path, arguments: list[str], said: str
) -> None:
    done = themes(*(each.replace("{file}", str(file)) for each in arguments))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_file_without_words_says_how_to_name_them(tmp_path: Path) -> None:
    file = tmp_path / "scores.csv"
    file.write_text("id,score\n1,9\n2,3\n")
    done = themes(file)
    assert done.returncode == 2
    assert "--text-column" in done.stderr


@pytest.mark.skipif(not TELECOM.exists(), reason="the sample feedback is not beside the repository")
def test_a_real_file() -> None:
    done = themes(TELECOM, "--json")
    found = json.loads(done.stdout)
    assert found["answers"] == 1626
    assert found["languages"]["en"] > 1600
    ids = {theme["id"]: theme for theme in found["themes"]}
    assert ids["waiting_time"]["polarity_text"]["neg"] > ids["waiting_time"]["polarity_text"]["pos"]
    assert all(theme["impact"]["low"] <= theme["impact"]["high"] for theme in found["themes"][:5])
