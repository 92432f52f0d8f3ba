"""Run a command with a PostgreSQL of its own: `postgresql.py COMMAND …`.

Finds PostgreSQL (installs it by the system's package tool where it is missing), makes a cluster in
a temporary folder, starts it on a free port of 127.0.0.1, sets DATABASE_URL, runs the command, and
takes everything away again. PostgreSQL refuses to run as root; then it runs as user `postgres`.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)


def find() -> Path | None:
    """The folder with initdb and pg_ctl, the newest where there are several."""
    found = [path for pattern in FOLDERS for path in Path("/").glob(pattern.lstrip("/"))]
    found = sorted(path for path in found if (path / "initdb").exists())
    if found:
        return found[-1]
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def install() -> Path | None:
    """Install the server by the system's own package tool."""
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get"):
        subprocess.run([*root, "apt-get", "update", "-qq"], check=False)
        subprocess.run([*root, "apt-get", "install", "-y", "-qq", "postgresql"], check=False)
    elif shutil.which("brew"):
        subprocess.run(["brew", "install", "postgresql"], check=False)
    return find()


@contextlib.contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """A running server; yields the DATABASE_URL of an empty database.

    Tests do without fsync; `durable` waits for the disk as a server in use does.
    """
    programs = find() or install()
    if programs is None:
        sys.exit("No PostgreSQL here, and none could be installed. Install it and try again.")
    folder = Path(tempfile.mkdtemp(prefix="gloed-postgresql-"))
    port = _free_port()
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c max_connections=200"
    options += "" if durable else " -c fsync=off"
    as_server = _as_server_user(folder)
    try:
        _quiet(
            [*as_server, programs / "initdb", "-D", folder / "data", "-U", "gloed", "-A", "trust"]
        )
        _quiet([*as_server, programs / "pg_ctl", "-D", folder / "data", "-w", "-o", options,
                "-l", folder / "log", "start"])  # fmt: skip
        _quiet([programs / "createdb", "-h", "127.0.0.1", "-p", port, "-U", "gloed", "gloed"])
        yield f"postgresql://gloed@127.0.0.1:{port}/gloed"
    finally:
        stop = [*as_server, programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"]
        subprocess.run([str(part) for part in stop], check=False, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)


def _as_server_user(folder: Path) -> list[str]:
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres", "postgres")
    return ["runuser", "-u", "postgres", "--"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _quiet(command: Sequence[object]) -> None:
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, cwd="/")


if __name__ == "__main__":
    with server() as url:
        result = subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}, check=False)
    sys.exit(result.returncode)
