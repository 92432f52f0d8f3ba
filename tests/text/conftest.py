"""A codebook of three themes, read once."""

from pathlib import Path

import pytest

from gloed.text import Codebook, Matcher, read_codebook


@pytest.fixture(scope="session")
def three() -> Codebook:
    """The codebook of `three_themes.toml`."""
    return read_codebook((Path(__file__).parent / "three_themes.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def matcher(three: Codebook) -> Matcher:
    """A matcher for it."""
    return Matcher(three)
