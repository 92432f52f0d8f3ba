"""The library in an environment that has numpy and scipy and nothing else."""

import subprocess
import venv
from importlib import metadata, util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = ("numpy", "scipy")
TRIED = """
import doctest, importlib.metadata, importlib.util, pathlib, pkgutil, sys
import gloed.stats

assert importlib.util.find_spec("django") is None, "Django is here"
told = [
    doctest.testmod(importlib.import_module(f"gloed.stats.{module.name}"))
    for module in pkgutil.iter_modules(gloed.stats.__path__)
]
told += [
    doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    for page in pathlib.Path(sys.argv[1]).glob("*.md")
]
known = sorted(d.metadata["Name"].lower() for d in importlib.metadata.distributions())
print(sum(one.failed for one in told), sum(one.attempted for one in told) > 300, *known)
"""


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A fresh environment: numpy and scipy linked in as they are installed here, and our source."""
    home = tmp_path_factory.mktemp("bare") / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    library = next((home / "lib").glob("python*")) / "site-packages"
    for name in NEEDED:
        found = metadata.distribution(name)
        folders = {Path(file).parts[0] for file in found.files if Path(file).parts[0] != ".."}
        for folder in folders:
            (library / folder).symlink_to(found.locate_file(folder))
    (library / "gloed.pth").write_text(str(ROOT / "src"))
    return home / "bin" / "python"


def test_every_example_runs_without_django(bare):
    assert util.find_spec("django") is not None  # it is here, and not there
    done = subprocess.run(
        [bare, "-I", "-c", TRIED, ROOT / "docs" / "methods"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "0 True numpy scipy", done.stdout
