"""Web and worker in one process tree: it starts, answers, ends whole, however it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from gloed.project.listening import answers, refuse_taken_port
from gloed.project.refusals import Refused


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def serve(surroundings, installed, port, tmp_path):
    """Start `gloed serve` and wait until it answers; whatever is left is killed afterwards."""
    trees = []

    def start(**settings):
        log = (tmp_path / "log").open("w")
        process = subprocess.Popen(
            [sys.executable, "-m", "gloed.project.cli", "serve", "--port", str(port)],
            env={**surroundings, **settings},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        log.close()
        told = (tmp_path / "log").read_text
        wait_until(lambda: "Gloed is at" in told() or process.poll() is not None)
        assert process.poll() is None, told()
        wait_until(lambda: len(tree_of(process.pid)) >= 4, "web, its server, and the worker")
        trees.append([process, *tree_of(process.pid)[1:]])
        return process

    yield start
    for process, *below in trees:
        process.kill()
        process.wait()
        for pid in below:
            if exists(pid):
                os.kill(pid, signal.SIGKILL)


def wait_until(condition, what="it"):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come in time"
        time.sleep(0.02)


def tree_of(pid):
    """The process and all below it, from /proc."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [pid]
    for parent in found:
        found += parents.get(parent, [])
    return found


def exists(pid):
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")


@linux
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_whole_tree_starts_answers_and_ends(serve, port, number):
    process = serve()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/") as page:
        assert page.status == 200
    tree = tree_of(process.pid)
    process.send_signal(number)
    code = process.wait(30)
    assert code == (-signal.SIGKILL if number == signal.SIGKILL else 0)
    wait_until(lambda: not any(exists(pid) for pid in tree), "the end of every process")
    assert not answers("127.0.0.1", port)


@linux
def test_a_killed_child_is_started_again(serve, port, tmp_path):
    process = serve()
    web = next(pid for pid in tree_of(process.pid)[1:] if "web" in command_of(pid))
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: "it starts again in" in (tmp_path / "log").read_text())
    wait_until(lambda: any("web" in command_of(pid) for pid in tree_of(process.pid) if pid != web))
    wait_until(lambda: answers("127.0.0.1", port))


def command_of(pid):
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_text().split("\0")
    except OSError:
        return []


@linux
def test_what_is_written_is_its_owners_alone(serve, surroundings):
    serve()
    open_to_others = [
        path for path in Path(surroundings["GLOED_DATA"]).rglob("*") if path.stat().st_mode & 0o077
    ]
    assert open_to_others == []


def test_a_taken_port_is_told_in_a_sentence(gloed, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        told = gloed("serve", "--port", port, code=2).stderr
    assert f"Port {port} on 127.0.0.1 is taken" in told
    assert "--port" in told


def test_a_port_that_another_server_shares_is_taken_as_well(port):
    """The web server shares its port between processes; a second one must not slip in."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(Refused, match="is taken"):
            refuse_taken_port("127.0.0.1", port)


def test_a_foreign_address_is_told():
    with pytest.raises(Refused, match="no address"):
        refuse_taken_port("192.0.2.1", 8000)
