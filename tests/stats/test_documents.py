"""What the library's texts promise: examples run, pages exist, start-up is light."""

import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import gloed.stats

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "methods").glob("*.md"))
MODULES = sorted(
    f"gloed.stats.{module.name}" for module in pkgutil.iter_modules(gloed.stats.__path__)
)


@pytest.mark.parametrize("name", ["gloed.stats", *MODULES])
def test_examples_in_the_code_run(name):
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_runs_and_says_what_it_must(page):
    outcome = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    if page.stem != "index":
        assert outcome.attempted > 0
        for heading in ("## What question", "## Formula", "## Source", "## When not to use"):
            assert heading in text
    assert outcome.failed == 0


def test_every_public_function_is_explained_on_a_page():
    pages = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    unexplained = [name for name in gloed.stats.__all__ if f"`{name}" not in pages]
    assert unexplained == []


def test_every_page_is_in_the_index():
    index = (ROOT / "docs" / "methods" / "index.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if f"({page.name})" not in index] == ["index.md"]


def test_the_library_starts_without_heavy_parts_and_without_django():
    heavy = {
        "scipy",
        "scipy.stats",
        "scipy.special",
        "numpy.random",
        "statsmodels",
        "pandas",
        "django",
    }
    code = "import sys, gloed.stats; print(*sorted(set(sys.modules) & set(sys.argv[1:])))"
    done = subprocess.run(
        [sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
