"""Bringing the tables up to date: somebody who watches sees how far it is."""

import os
import pty
import subprocess
import sys

import pytest

from tests.project.conftest import run_gloed


def watched(environment, *words):
    """Run a verb in a terminal; everything that stood there."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "gloed.project.cli", *words]
    with subprocess.Popen(
        command, env={**environment, "TERM": "xterm"}, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
        assert process.wait(400) == 0, shown.decode()
    os.close(ours)
    return shown.decode()


@pytest.mark.usefixtures("installed")
def test_steps_are_counted_in_a_terminal_and_never_in_a_log(surroundings):
    back = [sys.executable, "-m", "django", "migrate", "leaks", "zero"]
    settings = {"DJANGO_SETTINGS_MODULE": "gloed.project.settings"}
    subprocess.run(back, env={**surroundings, **settings}, check=True, capture_output=True)
    shown = watched(surroundings, "prepare")
    assert "Preparing the database" in shown
    assert "1/1" in shown
    assert "The database is up to date: 1 migration applied." in shown
    assert "Preparing" not in watched(surroundings, "prepare")

    subprocess.run(back, env={**surroundings, **settings}, check=True, capture_output=True)
    told = run_gloed(surroundings, ["prepare"])
    assert told.stdout.strip() == "The database is up to date: 1 migration applied."
    assert told.stderr == ""
