"""Zip archives that are workbooks: refuse what unpacks too large before a reader opens it."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from gloed.channels.file_import.reading.refusals import Reason, refuse

MOST_BYTES = 500_000_000
MOST_TIMES = 20
# Honest small workbooks with repeated rows pack better than 20 to 1, and hurt nobody.
HARMLESS_BYTES = 10_000_000
MOST_TIMES_WHEN_SMALL = 150
MOST_CELLS = 50_000_000
_BLOCK = 1 << 18
_CELL = re.compile(rb'<c\b[^>]{0,200}?\br="([A-Z]{1,3})(\d{1,7})"')
_KINDS = (
    ("word/", "a Word document"),
    ("ppt/", "a presentation"),
    ("META-INF/MANIFEST.MF", "a program"),
)


def check_archive(path: Path, size: int) -> None:
    """Look at a zip without trusting it.

    Raises UnreadableFile for anything that is not a workbook or is not safe to unpack.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if any(member.flag_bits & 1 for member in members):
                refuse(Reason.PASSWORD)
            _check_names([member.filename for member in members])
            _check_declared(members, size)
            _check_real(path, members, size)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        refuse(Reason.DAMAGED, kind="an Excel workbook")


def _check_names(names: list[str]) -> None:
    if "xl/workbook.bin" in names:
        refuse(Reason.OTHER_SHEET, kind="a binary Excel workbook (.xlsb)")
    if any(name.startswith("xl/") for name in names):
        return
    if "content.xml" in names and "mimetype" in names:
        refuse(Reason.OTHER_SHEET, kind="an OpenDocument sheet")
    for begin, kind in _KINDS:
        if any(name.startswith(begin) for name in names):
            refuse(Reason.NOT_A_TABLE, kind=kind)
    refuse(Reason.PACKED, kind="a zip archive")


def _check_declared(members: list[zipfile.ZipInfo], size: int) -> None:
    _check_size(sum(member.file_size for member in members), size)


def _check_size(unpacked: int, packed: int) -> None:
    times = MOST_TIMES if unpacked > HARMLESS_BYTES else MOST_TIMES_WHEN_SMALL
    if unpacked > MOST_BYTES or unpacked > times * packed:
        refuse(Reason.UNPACKS_TOO_LARGE, packed=packed, limit=min(MOST_BYTES, times * packed))


def _check_real(path: Path, members: list[zipfile.ZipInfo], size: int) -> None:
    """Unpack in blocks and throw away: a directory can lie about sizes, the data cannot."""
    unpacked = 0
    with path.open("rb") as file:
        for member in members:
            reach = _Reach()
            for block in _unpacked(file, member):
                unpacked += len(block)
                _check_size(unpacked, size)
                if member.filename.startswith("xl/worksheets/"):
                    reach.look(block)


class _Reach:
    """How far the cells of a sheet reach: two cells at opposite corners would fill memory."""

    def __init__(self) -> None:
        self._tail = b""
        self._rows = self._columns = 0

    def look(self, block: bytes) -> None:
        """Note the cells of one more block; raises UnreadableFile when they reach too far."""
        text = self._tail + block
        for letters, digits in _CELL.findall(text):
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            self._columns = max(self._columns, column)
            self._rows = max(self._rows, int(digits))
        self._tail = text[-300:]
        if self._rows * self._columns > MOST_CELLS:
            refuse(Reason.TOO_MANY_COLUMNS, limit=max(1, MOST_CELLS // max(1, self._rows)))


def _unpacked(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(member.header_offset)
    header = file.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile(member.filename)
    skip = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    file.seek(skip, 1)
    left = member.compress_size
    if member.compress_type == zipfile.ZIP_STORED:
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError(member.compress_type)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and not inflate.eof:
        packed = file.read(min(_BLOCK, left))
        if not packed:
            raise EOFError(member.filename)
        left -= len(packed)
        while packed and not inflate.eof:
            yield inflate.decompress(packed, _BLOCK)
            packed = inflate.unconsumed_tail
