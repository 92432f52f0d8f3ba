"""Find Node and the official Node client of Delighted, or install them.

`python tests/environment/node_client.py` does so; the tests use `find`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = "delighted@2.2.0"
FOLDER = Path(__file__).parents[2] / ".venv" / "node"


def find() -> tuple[str, Path] | None:
    """The path of node, and the folder whose modules hold the client."""
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None or not (FOLDER / "node_modules" / "delighted").is_dir():
        return None
    return node, FOLDER


def install() -> tuple[str, Path] | None:
    """Install Node by the system's own package tool where it is missing, then the client."""
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("npm") is None and shutil.which("apt-get"):
        subprocess.run([*root, "apt-get", "update", "-qq"], check=False)
        subprocess.run([*root, "apt-get", "install", "-y", "-qq", "nodejs", "npm"], check=False)
    elif shutil.which("npm") is None and shutil.which("brew"):
        subprocess.run(["brew", "install", "node"], check=False)
    if shutil.which("npm"):
        FOLDER.mkdir(parents=True, exist_ok=True)
        options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
        command = ["npm", "install", "--prefix", str(FOLDER), *options, PACKAGE]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    return find()


if __name__ == "__main__":
    if (find() or install()) is None:
        sys.exit("The Node client is not here; tests that need it are skipped and say so.")
