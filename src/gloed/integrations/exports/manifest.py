"""The table of contents of an archive, and whether everything in it is whole.

Nothing is unpacked to disk: each file is read as a stream, never further than the manifest says.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from gloed.integrations.exports.refusals import ArchiveRefused, Reason

FORMAT: Final = "gloed-archive"
VERSION: Final = 1
NAME: Final = "manifest.json"
README: Final = "README.txt"
FILES: Final = "files/"
MANIFEST_BYTES: Final = 5_000_000
LINE_BYTES: Final = 20_000_000
MOST_TIMES: Final = 200
HARMLESS_BYTES: Final = 20_000_000
"""Honest rows pack 10 to 60 times; a small file that packs better hurts nobody."""
BLOCK: Final = 1 << 18
LARGEST_ID: Final = 1 << 53
WIDEST: Final = 10**12


@dataclass(frozen=True, slots=True)
class Part:
    """One kind: `rows` lines in `file`, with ids from `first` to `last`."""

    kind: str
    file: str
    rows: int
    first: int
    last: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A file beside the lines: a logo."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds."""

    gloed: str
    made_at: str
    organisation: dict[str, str]
    parts: tuple[Part, ...]
    files: tuple[Beside, ...]
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """All lines of all kinds."""
        return sum(part.rows for part in self.parts)

    def part(self, kind: str) -> Part | None:
        """The part of one kind, where there is one."""
        return next((part for part in self.parts if part.kind == kind), None)

    def as_json(self) -> str:
        """As it stands in the archive."""
        content = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


class Archive:
    """An archive that was opened; made by `open_archive`."""

    def __init__(self, packed: zipfile.ZipFile, manifest: Manifest) -> None:
        self._zip = packed
        self.manifest = manifest
        self._paths = frozenset(beside.path for beside in manifest.files)

    def lines(self, part: Part) -> Iterator[Any]:
        """The rows of a kind, one after the other."""
        with self._zip.open(part.file) as stream:
            for number in range(1, part.rows + 1):
                line = stream.readline(LINE_BYTES)
                if not line.endswith(b"\n"):
                    raise ArchiveRefused(Reason.TOO_LARGE, file=part.file)
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError):
                    raise ArchiveRefused(Reason.DOES_NOT_FIT, file=part.file, line=number) from None

    def file(self, path: str) -> bytes:
        """A small file beside the lines."""
        if path not in self._paths:
            raise ArchiveRefused(Reason.MISSING, file=path)
        return self._zip.read(path)

    def check(self) -> None:
        """Raise ArchiveRefused where a file is not as the manifest says."""
        said: dict[str, Part | Beside] = {part.file: part for part in self.manifest.parts}
        said |= {beside.path: beside for beside in self.manifest.files}
        there = [info.filename for info in self._zip.infolist()]
        if len(set(there)) != len(there):
            raise ArchiveRefused(Reason.BROKEN)
        for name in sorted(set(said) ^ (set(there) - {NAME, README})):
            raise ArchiveRefused(Reason.MISSING, file=name)
        for name, what in said.items():
            self._check_one(self._zip.getinfo(name), what)

    def _check_one(self, info: zipfile.ZipInfo, what: Part | Beside) -> None:
        most = max(HARMLESS_BYTES, info.compress_size * MOST_TIMES)
        if max(info.file_size, what.bytes) > most:
            raise ArchiveRefused(Reason.BOMB, file=info.filename)
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info) as stream:
            while block := stream.read(BLOCK):
                size += len(block)
                if size > what.bytes:
                    raise ArchiveRefused(Reason.CHANGED, file=info.filename)
                digest.update(block)
        if size != what.bytes or digest.hexdigest() != what.sha256:
            raise ArchiveRefused(Reason.CHANGED, file=info.filename)


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open an archive and read its manifest; raises ArchiveRefused for what is none."""
    try:
        with zipfile.ZipFile(path) as packed:
            yield Archive(packed, _read(packed))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        reason = Reason.BROKEN if _begins_as_zip(path) else Reason.NO_ARCHIVE
        raise ArchiveRefused(reason) from None
    except RuntimeError as problem:  # what zipfile says of a member with a password
        if "encrypted" not in str(problem):
            raise
        raise ArchiveRefused(Reason.NO_ARCHIVE) from None


def _begins_as_zip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


def _read(packed: zipfile.ZipFile) -> Manifest:
    if NAME not in packed.namelist():
        raise ArchiveRefused(Reason.NO_ARCHIVE)
    stream: IO[bytes]
    with packed.open(NAME) as stream:
        text = stream.read(MANIFEST_BYTES + 1)
    try:
        content = json.loads(text) if len(text) <= MANIFEST_BYTES else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ArchiveRefused(Reason.UNKNOWN_FORMAT)
    if content.get("version") != VERSION:
        version, gloed = str(content.get("version"))[:20], str(content.get("gloed"))[:40]
        raise ArchiveRefused(Reason.TOO_NEW, version=version, gloed=gloed)
    try:
        return _as_manifest(content)
    except (KeyError, TypeError, ValueError):
        raise ArchiveRefused(Reason.CHANGED, file=NAME) from None


def _as_manifest(content: dict[str, Any]) -> Manifest:
    parts = tuple(Part(**part) for part in content["parts"])
    files = tuple(Beside(**beside) for beside in content["files"])
    for part in parts:
        numbers = (part.rows, part.first, part.last, part.bytes)
        if not all(type(number) is int and 0 <= number < LARGEST_ID for number in numbers):
            raise ValueError(part.kind)
        if part.last - part.first > WIDEST or part.rows > part.last - part.first + 1:
            raise ValueError(part.kind)
    house = {name: str(content["organisation"][name]) for name in ("name", "public_id")}
    gloed, made_at = str(content["gloed"]), str(content["made_at"])
    return Manifest(gloed, made_at, house, parts, files, dict(content["left_out"]))
