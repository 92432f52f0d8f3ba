"""Icons, taken out of an archive that is opened once.

The library opens its archive of some two thousand icons anew for each icon it has not shown yet: 5
ms every time, on the first page of a process for every icon on it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from zipfile import ZipFile

import lucide


def keep_open() -> None:
    """Have the library read from an archive that stays open."""
    vars(lucide)["ZipFile"] = _opened


@contextmanager
def _opened(_file: object, _mode: str) -> Iterator[ZipFile]:
    yield _archive()


@cache
def _archive() -> ZipFile:
    return ZipFile(str(files("lucide") / "lucide.zip"))
