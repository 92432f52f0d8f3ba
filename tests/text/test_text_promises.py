"""What the library's texts promise: examples run, and starting it is light."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

import gloed.text

MODULES = sorted(
    f"gloed.text.{module.name}" for module in pkgutil.iter_modules(gloed.text.__path__)
)


@pytest.mark.parametrize("name", ["gloed.text", *MODULES])
def test_examples_in_the_code_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_importing_and_coding_bring_neither_django_nor_scikit_learn() -> None:
    work = (
        "import sys, gloed.text as t;"
        "b = t.shipped_codebook();"
        "c = t.code([t.Answer(1, 'Veel te duur', 3)], t.Matcher(b)); t.summarise(c, b);"
        "print(*{'django', 'sklearn', 'duckdb'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", work], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr, done.returncode) == ("", "", 0)


def test_every_public_name_is_there() -> None:
    assert all(hasattr(gloed.text, name) for name in gloed.text.__all__)
