"""Rule R11, R12: bytes, delimiters, lines and headers of text files."""

from pathlib import Path

import pytest

from gloed.channels.file_import.reading import Options, understand

HEADER = ("naam", "e-mail", "datum", "NPS", "opmerking")
ROWS = (
    ("Zoë", "zoe@example.nl", "28-5-2026 19:01:33", "9", "Fijn, goed en snel geholpen"),
    ("René", "rene@example.nl", "29-5-2026 08:15", "0", 'Hij zei "nee"; en dat was het'),
    ("Anouk", "anouk@example.nl", "1-6-2026 10:00:00", "7", "Twee\nregels tekst hier"),
)
ZONE = Options(timezone="Europe/Amsterdam")


def _lines(delimiter: str) -> list[str]:
    return [
        delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row)
        for row in (HEADER, *ROWS)
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "utf-16-le"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_delimiter_encoding_and_line_end_gives_the_same(
    write, read, delimiter: str, encoding: str, newline: str
) -> None:
    path = write(_lines(delimiter), encoding=encoding, newline=newline)

    found = read(path, ZONE)

    assert found.scores == [9, 0, 7]
    assert found.times == ["2026-05-28T17:01:33Z", "2026-05-29T06:15:00Z", "2026-06-01T08:00:00Z"]
    assert [r.respondent.name for r in found.records] == ["Zoë", "René", "Anouk"]
    assert [r.comment for r in found.records] == [row[4] for row in ROWS]


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-be"])
def test_the_high_byte_first(write, read, encoding: str) -> None:
    path = write("\ufeff" + "\n".join(_lines("\t")), encoding=encoding)

    assert read(path, ZONE).scores == [9, 0, 7]


def test_bytes_that_windows_1252_leaves_undefined_are_kept(tmp_path: Path, read) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"nps,comment\n9,caf\xe9 \x81 \x80\n")

    assert read(path).records[0].comment == "café \x81 €"


def test_excels_line_about_the_delimiter_is_not_the_header(write, read) -> None:
    assert read(write(["sep=;", *_lines(";")]), ZONE).scores == [9, 0, 7]


def test_commas_inside_quoted_questions_do_not_decide_the_delimiter(write, read) -> None:
    path = write(
        [
            '"Hoe waarschijnlijk, van 0 tot 10, is het dat u ons, al met al, aanbeveelt?";Waarom',
            "9;Goed geholpen door de monteur",
        ]
    )

    assert read(path).scores == [9]


def test_titles_above_the_header_are_passed_over(write, read) -> None:
    path = write(["Klantonderzoek 2026", "", "nps,comment,regio", "9,goed,Noord", "3,slecht,Zuid"])

    assert read(path).scores == [9, 3]


def test_lines_above_the_header_can_be_skipped_by_hand(write, read) -> None:
    path = write(["a,b,c", "1,2,3", "nps,comment,regio", "9,goed,Noord"])

    assert read(path, Options(skip_rows=2)).scores == [9]


def test_short_lines_are_padded_and_surplus_cells_kept(write, read) -> None:
    found = read(write(["nps,comment,regio", "9", "8,goed,Noord,extra", ",,", "", "7,,"]))

    assert found.scores == [9, 8, 7]
    assert found.records[1].attributes == {"regio": "Noord", "column 4": "extra"}
    assert [r.row for r in found.records] == [1, 2, 3]


def test_repeated_and_empty_headers_get_names_of_their_own(write, read) -> None:
    found = read(write(["nps,Comment,comment,,Comment (2),comment", "9,goed,b,c,d,e"]))

    assert found.records[0].comment == "goed"
    assert found.records[0].attributes == {
        "comment (3)": "b",
        "column 4": "c",
        "Comment (2)": "d",
        "comment (4)": "e",
    }


def test_numbers_in_attributes_keep_their_text(write, read) -> None:
    found = read(write(["nps;bedrag;klantnummer", "9;1.249,50;0042"]))

    assert found.records[0].attributes == {"bedrag": "1.249,50"}
    assert found.records[0].respondent.external_id == "0042"


def test_formulas_are_text_like_any_other(write, read) -> None:
    cells = ["=1+1", "+31 6 1234", "-5", "@SUM(A1)"]
    found = read(write(["nps,comment,note", *(f"9,{cell},{cell}x" for cell in cells)]))

    assert [r.comment for r in found.records] == cells


def test_a_header_alone_in_a_file_has_a_plan(write) -> None:
    plan = understand(write(["nps,comment"]))

    assert (plan.rows, plan.preview) == (0, ())
    assert [column.target for column in plan.columns] == ["nps", "comment"]


def test_a_single_column_without_any_delimiter(write, read) -> None:
    assert read(write(["NPS", "9", "10", "0"])).scores == [9, 10, 0]
