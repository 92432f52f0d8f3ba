"""Files written for one test, and what reading them gives."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

import pytest

from gloed.channels.file_import.reading import Options, Record, Skipped, open_source

Write: TypeAlias = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a text file of these lines and give its path."""

    def write_lines(
        lines: str | Iterable[str],
        *,
        name: str = "answers.csv",
        encoding: str = "utf-8",
        newline: str = "\n",
    ) -> Path:
        text = lines if isinstance(lines, str) else newline.join(lines) + newline
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write_lines


class Read:
    """The records and skips of one file."""

    def __init__(self, path: Path, options: Options | None = None) -> None:
        self.source = open_source(path, options)
        self.items = list(self.source.records())
        self.records = [item for item in self.items if isinstance(item, Record)]
        self.skipped = [(s.row, s.reason.value) for s in self.items if isinstance(s, Skipped)]

    @property
    def scores(self) -> list[int | None]:
        """The first score of each record."""
        return [r.answers[0].score if r.answers else None for r in self.records]

    @property
    def times(self) -> list[str | None]:
        """The moment of each record in UTC."""
        return [
            r.responded_at.at.strftime("%Y-%m-%dT%H:%M:%SZ") if r.responded_at else None
            for r in self.records
        ]

    @property
    def warnings(self) -> list[list[str]]:
        """The warnings of each record."""
        return [[warning.value for warning in r.warnings] for r in self.records]


@pytest.fixture
def read() -> type[Read]:
    """Read a file whole."""
    return Read
