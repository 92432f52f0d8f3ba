"""The table of contents of a backup, and whether everything in it is whole."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from gloed.project.refusals import Refused

FORMAT = "gloed-backup"
VERSION = 1
NAME = "manifest.json"
TABLES, FILES, SETTINGS = "tables", "files", "settings.txt"


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its rows are arrays of `columns`, one a line, in `file`."""

    model: str
    file: str
    columns: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class File:
    """One file of the data folder, below `files`."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `migrations` says which shape its tables have."""

    gloed: str
    made_at: str
    database: str
    migrations: list[list[str]]
    tables: list[Table]
    files: list[File]

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(table.rows for table in self.tables)


def write(manifest: Manifest, folder: Path) -> None:
    """Write the manifest; a folder without one is no backup."""
    content = {"format": FORMAT, "version": VERSION, **asdict(manifest)}
    text = json.dumps(content, indent=1, ensure_ascii=False)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Read the manifest of a backup or raise Refused when it is none that we know."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise Refused(f"{folder} is no backup: it has no {NAME}.") from None
    except (OSError, ValueError) as problem:
        raise Refused(f"{folder / NAME} cannot be read: {problem}.") from None
    if not isinstance(content, dict) or content.pop("format", "") != FORMAT:
        raise Refused(f"{folder} is no backup of Gloed.")
    if content.pop("version", None) != VERSION:
        raise Refused(f"{folder} was made by a newer Gloed; restore it with that version.")
    try:
        tables = [Table(**table) for table in content.pop("tables")]
        files = [File(**file) for file in content.pop("files")]
        return Manifest(tables=tables, files=files, **content)
    except (KeyError, TypeError):
        raise Refused(f"{folder / NAME} is damaged; use another backup.") from None


def verify(manifest: Manifest, folder: Path) -> None:
    """Compare every checksum; raises Refused naming the first file that is missing or changed."""
    listed = [(table.file, table.sha256) for table in manifest.tables]
    listed += [(f"{FILES}/{file.path}", file.sha256) for file in manifest.files]
    for name, expected in listed:
        path = inside(folder, name)
        if not path.is_file():
            raise Refused(f"The backup lacks {name}; use another backup. Nothing was changed.")
        if digest(path) != expected:
            raise Refused(
                f"{name} in the backup differs from its checksum; use another backup. "
                "Nothing was changed."
            )


def inside(folder: Path, name: str) -> Path:
    """The path of `name` below `folder`; raises Refused for one that leads out of it."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Refused(f"The backup names a file outside its folder ({name}); it was not opened.")
    return path


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
