"""Files that cannot be read are refused in a sentence: what it is and what to do."""

import io
import json
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from gloed.channels.file_import.reading import (
    SENTENCES,
    Options,
    Reason,
    UnreadableFile,
    options_from,
    summary,
    understand,
)

SAMPLES = Path(__file__).parents[1] / "samples"


def _reason(path: Path, options: Options | None = None) -> Reason:
    with pytest.raises(UnreadableFile) as refusal:
        summary(path, options)
    message = refusal.value.message
    assert message[-1] == "."
    assert "error" not in message.casefold()
    assert not re.search(r"[{}]", message)
    return refusal.value.reason


def test_a_missing_file(tmp_path: Path) -> None:
    assert _reason(tmp_path / "nowhere.csv") is Reason.MISSING


def test_a_name_that_no_file_can_have() -> None:
    assert _reason(Path("a\0b")) is Reason.MISSING


def test_a_folder(tmp_path: Path) -> None:
    assert _reason(tmp_path) is Reason.NOT_A_FILE


def test_a_file_that_may_not_be_read(write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(["nps", "9"])

    def forbid(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", forbid)

    assert _reason(path) is Reason.NOT_PERMITTED


@pytest.mark.parametrize("content", ["", "\n\n  \n", "\ufeff"])
def test_an_empty_file(write, content: str) -> None:
    assert _reason(write(content)) is Reason.EMPTY


def test_a_header_without_rows(write) -> None:
    assert _reason(write(["nps,comment"])) is Reason.NO_ROWS


def test_a_table_without_score_or_comment_names_its_columns(write) -> None:
    path = write(["region,amount", "North,12.50"])

    assert _reason(path) is Reason.NO_SCORE_COLUMN
    with pytest.raises(UnreadableFile, match="region, amount"):
        summary(path)


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n%\xe2\xe3", b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xd8\xff\xe0\0", b"\x7fELF\2\1\1",
     b"SQLite format 3\0", bytes(range(256)) * 20, b"\1\2\3\4\5\6\7" * 100],
)  # fmt: skip
def test_what_is_no_table(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(content)

    assert _reason(path) is Reason.NOT_A_TABLE


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08\0", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"])
def test_archives_are_to_be_unpacked(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(content)

    assert _reason(path) is Reason.PACKED


def _zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_zip_with_a_table_inside_is_to_be_unpacked(tmp_path: Path) -> None:
    assert _reason(_zip(tmp_path / "a.zip", {"a.csv": b"nps\n9\n"})) is Reason.PACKED
    assert _reason(_zip(tmp_path / "a.docx", {"word/d.xml": b"<a/>"})) is Reason.NOT_A_TABLE


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    bomb = _zip(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": bytes(30_000_000)})

    assert _reason(bomb) is Reason.UNPACKS_TOO_LARGE


def test_a_zip_bomb_that_lies_about_its_size_is_not_opened(tmp_path: Path) -> None:
    size = 30_000_000
    bomb = _zip(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": bytes(size)})
    content = bomb.read_bytes().replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    bomb.write_bytes(content)

    assert _reason(bomb) is Reason.UNPACKS_TOO_LARGE


def test_two_cells_at_opposite_corners_do_not_fill_the_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "nps"
    book.active["XFD1048576"] = 9
    book.save(tmp_path / "a.xlsx")

    assert _reason(tmp_path / "a.xlsx") is Reason.TOO_MANY_COLUMNS


@pytest.mark.parametrize("name", ["survey.xlsx", "responses.parquet", "survey.sav"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
def test_a_truncated_file_is_damaged(tmp_path: Path, name: str, share: float) -> None:
    content = (SAMPLES / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(content[: int(len(content) * share)])

    assert _reason(path) is Reason.DAMAGED


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    stream = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + stream + bytes(1000))

    assert _reason(path) is Reason.PASSWORD


def test_a_line_that_never_ends_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(b"nps,comment\n9,")
        for _ in range(40):
            file.write(b"a" * 1_000_000)

    assert _reason(path) is Reason.LINE_TOO_LONG


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('nps,comment\n9,"' + "word word word\n" * 400_000, encoding="utf-8")

    assert _reason(path) is Reason.CELL_TOO_LONG


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
def test_a_quotation_mark_that_swallows_the_rows_behind_it(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f'nps,comment\n8,"fine"\n9,"not closed\n8,b\n7,c{end}'.encode())

    with pytest.raises(UnreadableFile) as refusal:
        summary(path, None)
    assert refusal.value.reason is Reason.NEVER_ENDS
    assert "line 3" in refusal.value.message


@pytest.mark.parametrize(
    "last", ['9,"two\nlines"', '9,"two\nlines" \n\n', '9,"cut off', '9,5" pipe']
)
def test_a_last_cell_that_ends_as_it_should_is_read(tmp_path: Path, last: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"nps,comment\n8,fine\n{last}", encoding="utf-8")

    assert summary(path, None)["rows"] == 2


def test_a_million_columns(write) -> None:
    header = ",".join(f"c{number}" for number in range(1_000_000))

    assert _reason(write([header, "9"])) is Reason.TOO_MANY_COLUMNS


def test_utf_16_that_is_cut_in_the_middle_of_a_sign(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("nps,comment\n9,goed\n".encode("utf-16")[:-1])

    assert _reason(path) is Reason.ENCODING


def test_json_that_stops(write) -> None:
    assert _reason(write('[{"score": 9}, {"sco', name="a.json")) is Reason.BAD_JSON
    assert _reason(write("[" * 200_000, name="b.json")) is Reason.BAD_JSON
    assert _reason(write('{"a": 1}', name="c.json")) is Reason.UNKNOWN_JSON


def test_xml_that_is_no_structure(write) -> None:
    assert _reason(write("<html><body>x</body></html>", name="a.xls")) is Reason.NOT_A_TABLE
    assert _reason(write("<html><br>", name="b.xls")) is Reason.DAMAGED


def test_xml_that_blows_itself_up(write) -> None:
    entities = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' if n else '<!ENTITY a0 "ha">' for n in range(9)
    )
    bomb = f'<?xml version="1.0"?><!DOCTYPE d [{entities}]><document>&a8;</document>'

    assert _reason(write(bomb, name="a.lss")) is Reason.DAMAGED


@pytest.mark.parametrize(
    ("wishes", "reason"),
    [
        ({"timezone": "Mars/Olympus"}, Reason.UNKNOWN_ZONE),
        ({"mapping": {"nps": "Nowhere"}}, Reason.UNKNOWN_COLUMN),
        ({"mapping": {"happiness": "nps"}}, Reason.BAD_OPTION),
        ({"metric": "joy"}, Reason.BAD_OPTION),
        ({"scales": {"nps": [10, 0]}}, Reason.BAD_OPTION),
        ({"scales": {"nps": "0-10"}}, Reason.BAD_OPTION),
        ({"labels": {"nps": {"ja": "9"}}}, Reason.BAD_OPTION),
        ({"skip_rows": -1}, Reason.BAD_OPTION),
        ({"time_zone": "UTC"}, Reason.BAD_OPTION),
        ({"undated_at": "yesterday"}, Reason.BAD_OPTION),
        ({"date_order": "year_first"}, Reason.BAD_OPTION),
        ({"keep_private": "yes"}, Reason.BAD_OPTION),
        ({"format": "lotus_123"}, Reason.UNKNOWN_FORMAT),
    ],
)
def test_wishes_that_cannot_be_fulfilled(write, wishes: dict[str, object], reason: Reason) -> None:
    path = write(["nps,comment,when", "9,goed geholpen door u,2026-01-01 10:00"])

    with pytest.raises(UnreadableFile) as refusal:
        summary(path, options_from(wishes))
    assert refusal.value.reason is reason


def test_a_sheet_that_is_not_there() -> None:
    with pytest.raises(UnreadableFile, match="Responses, Toelichting"):
        understand(SAMPLES / "survey.xlsx", Options(sheet="Blad1"))


def test_every_reason_has_a_sentence_that_says_what_to_do() -> None:
    assert set(SENTENCES) == set(Reason)
    for reason, sentence in SENTENCES.items():
        assert sentence.endswith("{hint}" if reason is Reason.BAD_OPTION else ".")


def test_a_summary_is_json(write) -> None:
    found = summary(write(["nps,comment", "9,goed"]))

    assert json.load(io.StringIO(json.dumps(found))) == found


def test_sheets_of_other_kinds_say_what_to_save_as(tmp_path: Path) -> None:
    open_document = _zip(tmp_path / "a.ods", {"mimetype": b"x", "content.xml": b"<a/>"})
    binary = _zip(tmp_path / "a.xlsb", {"xl/workbook.bin": b"x"})

    assert _reason(open_document) is Reason.OTHER_SHEET
    assert _reason(binary) is Reason.OTHER_SHEET


def test_half_a_letter_in_json_is_shown_as_one_that_is_lost(write) -> None:
    text = r'[{"NPS": 9, "Comment": "\ud83d, \uD83D\uDE00, \\ud800, \udc00"}]'
    [record] = summary(write(text, name="a.json"))["records"]
    assert record["comment"] == "\ufffd, \U0001f600, \\ud800, \ufffd"
    json.dumps(record, ensure_ascii=False).encode()
