"""What is published is what runs: the wheel, alone in an empty environment."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel as it is built from the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("gloed-*.whl"))


def test_the_wheel_carries_pages_styles_and_translations(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    sources = {
        str(path.relative_to(ROOT / "src"))
        for path in (ROOT / "src" / "gloed").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".mo"
    }
    assert sources - set(names) == set()
    translations = {name for name in sources if name.endswith("django.po")}
    assert {name.replace(".po", ".mo") for name in translations} - set(names) == set()
    assert "gloed/web/templates/gloed/frame.html" in names
    assert "gloed/web/static/gloed/css/tokens.css" in names


def test_the_constraints_pin_versions_and_hold_no_addresses():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+_-]+", line) for line in pins)
    assert len(pins) > 50


def test_the_wheel_starts_in_an_empty_environment(wheel, tmp_path):
    venv.create(tmp_path / "venv", with_pip=True)
    programs = tmp_path / "venv" / "bin"
    subprocess.run(
        [programs / "python", "-m", "pip", "install", "-q", "-c", ROOT / "constraints.txt", wheel],
        check=True,
        capture_output=True,
    )
    port = _free_port()
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GLOED_", "DJANGO_", "DATABASE_URL", "PYTHON"))
    }
    server = subprocess.Popen(
        [programs / "gloed", "--data", tmp_path / "data", "serve", "--port", str(port)],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        page = _fetch(f"http://127.0.0.1:{port}/accounts/login/", server)
        assert '<html lang="nl"' in page
        assert "Wachtwoord" in page
        assert "/static/gloed/css/tokens.css" in page
    finally:
        server.terminate()
        server.communicate(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _fetch(address: str, server: subprocess.Popen) -> str:
    """The page in Dutch, as soon as the server answers."""
    request = urllib.request.Request(address, headers={"Accept-Language": "nl"})
    for _attempt in range(2000):  # a slow machine prepares its database for a minute
        assert server.poll() is None, server.stdout.read()
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.read().decode()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError("the server never answered")
