"""The real command in a process of its own, on a data folder of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

KEPT = {"PATH", "HOME", "LANG", "PYTHONPATH", "TMPDIR"}
INHABIT = Path(__file__).parent / "inhabit.py"


def environment_for(data):
    """The environment of an installation: none of the settings but its data folder."""
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    return {**kept, "GLOED_DATA": str(data)}


def run_gloed(environment, words, *, stdin="", code=0):
    """Run a verb to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "gloed.project.cli", *map(str, words)],
        check=False,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=400,
        cwd=Path(__file__).parent,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def surroundings(tmp_path):
    """The environment of a fresh installation."""
    return environment_for(tmp_path / "data")


@pytest.fixture
def gloed(surroundings):
    """Run a verb to its end: `gloed("doctor", "--json", GLOED_DEBUG="true")`."""

    def run(*words, stdin="", code=0, **settings):
        return run_gloed({**surroundings, **settings}, words, stdin=stdin, code=code)

    return run


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A data folder in which `gloed prepare` ran; leave it as it is."""
    data = tmp_path_factory.mktemp("prepared") / "data"
    run_gloed(environment_for(data), ["prepare"])
    return data


@pytest.fixture
def installed(prepared, surroundings):
    """The data folder of an installation that nobody uses yet."""
    return Path(shutil.copytree(prepared, surroundings["GLOED_DATA"]))


@pytest.fixture(scope="session")
def inhabited(prepared, tmp_path_factory):
    """The data folder of an installation with rows of every difficult kind; leave it as it is."""
    data = shutil.copytree(prepared, tmp_path_factory.mktemp("inhabited") / "data")
    environment = environment_for(data)
    subprocess.run([sys.executable, INHABIT], env=environment, check=True, timeout=400)
    return data


@pytest.fixture(scope="session")
def whole_backup(inhabited, tmp_path_factory):
    """A backup of it; leave it as it is."""
    folder = tmp_path_factory.mktemp("backups") / "backup"
    run_gloed(environment_for(inhabited), ["backup", folder])
    return folder


@pytest.fixture
def backup(whole_backup, tmp_path):
    """A copy of that backup, to do with as one likes."""
    return shutil.copytree(whole_backup, tmp_path / "backup")
