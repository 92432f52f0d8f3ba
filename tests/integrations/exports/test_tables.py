"""Tables of answers: what a spreadsheet, Python and SPSS read in them."""

import csv

import openpyxl
import pyarrow.parquet as pq
import pyreadstat
import pytest

from gloed.integrations.exports.kinds import COLLEAGUES, KINDS, ORGANISATION
from gloed.integrations.exports.rows import fields_of
from gloed.integrations.exports.tables.making import make_table
from tests.conftest import ROOT


@pytest.fixture
def table(rich, tmp_path):
    """Make a table and return its path."""

    def make(kind, **wishes):
        path = tmp_path / f"answers.{kind}"
        survey = rich.surveys.get(state="open")
        wishes = {"survey": str(survey.public_id), **wishes}
        make_table(rich.memberships.get(), path, kind=kind, **wishes)
        return path

    return make


def test_a_csv_holds_every_answer_and_no_formula(table):
    with table("csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 30
    first = rows[0]
    assert first["verbatim"] == "'=Zoë & “Søn”"
    assert (first["rating"], first["band"], first["touchpoint"]) == ("0", "detractor", "Rekening")
    assert (first["q_why"], first["q_which_speed"], first["q_wait"]) == ("Price", "ja", "1")
    assert (first["q_ok"], first["attr_region"], first["team"]) == ("ja", "N", "Zuid")
    assert first["responded_at"] == "2026-03-02 10:30:12"  # the organisation's clock
    assert not [name for name in first if name.startswith("person_")]
    assert "@example.org" not in str(rows)


def test_names_and_addresses_only_where_somebody_chose_them(table):
    with table("csv", personal=("email", "account")).open(encoding="utf-8-sig") as stream:
        first = next(csv.DictReader(stream))
    assert first["person_email"] == "P0@example.org"
    assert first["person_account"] == "Bakkerij"
    assert "person_name" not in first


def test_the_filters_of_the_page_hold(table):
    for address, count in (("attr:region=N", 15), ("q=Zo%C3%AB", 6), ("attr:region=X", 0)):
        with table("csv", address=address).open(encoding="utf-8-sig", newline="") as stream:
            assert len(list(csv.DictReader(stream))) == count, address


def test_all_surveys_together_have_the_usual_columns(table):
    with table("csv", survey="").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 30
    assert "q_why" not in rows[0]


def test_excel_reads_words_and_no_formula(table):
    book = openpyxl.load_workbook(table("xlsx"), read_only=True)
    head, first, *others = book["Answers"].iter_rows(values_only=True)
    row = dict(zip(head, first, strict=True))
    assert len(others) == 29
    assert row["verbatim"] == "'=Zoë & “Søn”"
    assert (row["rating"], row["q_why"]) == (0, "Price")
    assert row["responded_at"].isoformat() == "2026-03-02T10:30:12"
    assert dict(list(book["Columns"].values)[1:])["q_wait"] == "Vraag 5"


def test_parquet_has_types_and_descriptions(table):
    found = pq.read_table(table("parquet"))
    assert found.num_rows == 30
    assert str(found.schema.field("rating").type) == "int64"
    assert found.schema.field("q_why").metadata[b"label"] == b"Vraag 3"
    assert found.column("verbatim")[0].as_py() == "=Zoë & “Søn”"  # no spreadsheet reads this


def test_spss_has_labels(table):
    found, about = pyreadstat.read_sav(str(table("sav")))
    assert len(found) == 30
    assert about.column_names_to_labels["q_why"] == "Vraag 3"
    assert about.variable_value_labels["q_why"] == {1.0: "Price", 2.0: "Speed"}
    assert about.variable_value_labels["q_which_speed"] == {0.0: "nee", 1.0: "ja"}
    assert found["q_wait"].iloc[1] == 2
    assert found["responded_at"].iloc[0].isoformat() == "2026-03-02T10:30:12"
    assert found["verbatim"].iloc[0] == "=Zoë & “Søn”"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "sav"])
def test_nothing_found_is_a_table_without_rows(table, kind):
    assert table(kind, address="attr:region=X").stat().st_size > 0


def test_every_column_of_the_archive_is_in_the_reference():
    page = (ROOT / "docs" / "reference" / "exports.md").read_text(encoding="utf-8")
    for kind in (ORGANISATION, COLLEAGUES, *KINDS):
        told = ", ".join(f"`{field.attname}`" for field in fields_of(kind))
        assert f"| `{kind.file}` | {told} |" in page
