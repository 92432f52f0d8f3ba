"""One pass over a file's bytes: what it is, its checksum, whether reading it is safe."""

import codecs
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from gloed.channels.file_import.reading.refusals import Reason, refuse

_BLOCK = 1 << 20
_HEAD = 1 << 16
LONGEST_LINE = 16 << 20
_MOST_CONTROLS = 0.02

_KINDS_OF_NO_TABLE = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "a sound, film or image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "a text document"),
    (b"ID3", "a sound"),
)
_PACKED = (
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
)


class Kind(StrEnum):
    """What the bytes say that a file is."""

    ZIP = "zip"
    OLE = "ole"
    PARQUET = "parquet"
    SPSS = "spss"
    SPSS_PORTABLE = "spss_portable"
    XML = "xml"
    JSON = "json"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file's kind, size in bytes, SHA-256 and, for text, its encoding."""

    path: Path
    kind: Kind
    size: int
    sha256: str
    encoding: str


def inspect(path: Path) -> Inspection:
    """Look at a file once, in blocks. Raises UnreadableFile for what is no table."""
    size = _size_of(path)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            file.seek(0)
            kind = _kind_of(head)
            is_text = kind in {Kind.TEXT, Kind.JSON, Kind.XML}
            if not is_text:
                return Inspection(
                    path, kind, size, hashlib.file_digest(file, "sha256").hexdigest(), ""
                )
            encoding = _encoding_marked(head)
            digest, is_utf8 = _read_through(file, bound_lines=kind is Kind.TEXT)
    except PermissionError:
        refuse(Reason.NOT_PERMITTED, path=path)
    except OSError:
        refuse(Reason.MISSING, path=path)
    if encoding is None:
        encoding = "utf-8" if is_utf8 else "windows-1252"
    _refuse_controls(head, encoding)
    return Inspection(path, kind, size, digest, encoding)


def _size_of(path: Path) -> int:
    try:
        if path.is_dir():
            refuse(Reason.NOT_A_FILE, path=path)
        size = path.stat().st_size
    except PermissionError:
        refuse(Reason.NOT_PERMITTED, path=path)
    except (OSError, ValueError):
        refuse(Reason.MISSING, path=path)
    if size == 0:
        refuse(Reason.EMPTY)
    return size


def _kind_of(head: bytes) -> Kind:
    for magic, kind in _KINDS_OF_NO_TABLE:
        if head.startswith(magic):
            refuse(Reason.NOT_A_TABLE, kind=kind)
    for magic, kind in _PACKED:
        if head.startswith(magic):
            refuse(Reason.PACKED, kind=kind)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return Kind.ZIP
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Kind.OLE
    if head.startswith(b"PAR1"):
        return Kind.PARQUET
    if head.startswith((b"$FL2", b"$FL3")):
        return Kind.SPSS
    if b"SPSS PORT FILE" in head[:400]:
        return Kind.SPSS_PORTABLE
    return _kind_of_text(head)


def _kind_of_text(head: bytes) -> Kind:
    encoding = _encoding_marked(head)
    if encoding is None and b"\x00" in head:
        refuse(Reason.NOT_A_TABLE, kind="a binary file")
    text = head.decode(encoding or "latin-1", "replace").lstrip("\ufeff").removeprefix("ï»¿")
    begin = text.lstrip()
    if not begin and len(head) < _HEAD:
        refuse(Reason.EMPTY)
    if begin.startswith("<"):
        return Kind.XML
    return Kind.JSON if begin.startswith(("{", "[")) else Kind.TEXT


def _encoding_marked(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"  # its mark begins with that of UTF-16
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16"
    sample = head[:400]
    if len(sample) >= 4 and b"\x00" in sample:
        odd, even = sample[1::2], sample[0::2]
        if odd.count(0) > 0.8 * len(odd) and 0 not in even:
            return "utf-16-le"
        if even.count(0) > 0.8 * len(even) and 0 not in odd:
            return "utf-16-be"
    return None


def _read_through(file: BinaryIO, *, bound_lines: bool) -> tuple[str, bool]:
    """The SHA-256 of the whole, and whether it is UTF-8; refuses lines without an end."""
    digest = hashlib.sha256()
    decode = codecs.getincrementaldecoder("utf-8")("strict").decode
    is_utf8, since_break = True, 0
    while block := file.read(_BLOCK):
        digest.update(block)
        if is_utf8:
            try:
                decode(block)
            except UnicodeDecodeError:
                is_utf8 = False
        if bound_lines:
            since_break = _bytes_since_break(block, since_break)
    if is_utf8:
        try:
            decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False
    return digest.hexdigest(), is_utf8


def _bytes_since_break(block: bytes, before: int) -> int:
    last = max(block.rfind(b"\n"), block.rfind(b"\r"))
    since = before + len(block) if last < 0 else len(block) - last - 1
    if since > LONGEST_LINE:
        refuse(Reason.LINE_TOO_LONG, limit=LONGEST_LINE)
    return since


def _refuse_controls(head: bytes, encoding: str) -> None:
    """Bytes that are hardly ever text: say so instead of showing rubbish as rows."""
    if encoding.startswith(("utf-16", "utf-32")):
        return
    controls = sum(head.count(bytes((code,))) for code in (*range(1, 9), *range(14, 32), 127))
    if controls > _MOST_CONTROLS * len(head):
        refuse(Reason.NOT_A_TABLE, kind="a binary file")
