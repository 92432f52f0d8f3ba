"""Rules R3, R6, R7, R13 to R15 on tables of no known tool."""

from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.channels.file_import.reading import (
    Metric,
    Options,
    Record,
    options_from,
    summary,
    understand,
)
from gloed.channels.file_import.reading.duplicates import LastWins

# Workbooks and Parquet files hold times without a zone.
WRITTEN = datetime.fromisoformat("2026-01-02T03:04:05")
NOON = datetime.fromisoformat("2026-07-01T12:00:00")


def _targets(path: Path, options: Options | None = None) -> dict[str, str | None]:
    return {column.name: column.target for column in understand(path, options).columns}


@pytest.mark.parametrize(
    ("question", "metric"),
    [
        ("How likely are you to recommend us?", "nps"),
        ("Beveelt u ons bij anderen aan?", "nps"),
        ("Raadt u ons aan?", "nps"),
        ("Zou je ons aanraden?", "nps"),
        ("nps_score", "nps"),
        ("How likely are you to recommend Acme Group?", "nps"),
        ("Overall, how satisfied are you?", "csat"),
        ("Hoe tevreden bent u?", "csat"),
        ("CSAT", "csat"),
        ("How easy was it?", "ces"),
        ("Hoeveel moeite kostte het?", "ces"),
        ("eNPS", "enps"),
        ("CSAT[SQ001]", "csat"),
    ],
)
def test_words_in_two_languages_name_the_metric(write, question: str, metric: str) -> None:
    path = write([f'"{question}",Waarom', "5,omdat het kan", "3,geen idee eigenlijk"])

    assert _targets(path)[question] == metric


@pytest.mark.parametrize(
    "question",
    ["Please increase the lease", "Q1_NPS_GROUP", "NPS groep", "Diseases", "Sometimes"],
)
def test_words_inside_other_words_name_nothing(write, question: str) -> None:
    targets = _targets(write([f"{question},comment", "5,omdat het kan"]))

    assert targets[question] is None


def test_a_question_with_several_rows_is_not_a_metric_by_itself(write) -> None:
    path = write(["Hoe tevreden? [Prijs],Hoe tevreden? [Hulp],nps", "4,5,9"])

    assert _targets(path) == {"Hoe tevreden? [Prijs]": None, "Hoe tevreden? [Hulp]": None,
                              "nps": "nps"}  # fmt: skip
    wished = Options(mapping={"csat": "Hoe tevreden? [Hulp]"})
    assert _targets(path, wished)["Hoe tevreden? [Hulp]"] == "csat"


def test_open_questions_with_the_words_of_a_metric_are_comments(write) -> None:
    path = write(
        [
            "nps,What would make you recommend us more?",
            "9,Answer the phone a bit faster please",
            "3,Send me a bill that I understand",
        ]
    )

    assert list(_targets(path).values()) == ["nps", "comment"]


def test_addresses_are_found_by_their_cells(write, read) -> None:
    path = write(["wie,nps", "A@Example.org,9", " b@example.org ,8", "geen,7", "n/a,6"])
    found = read(path)

    assert [r.respondent and r.respondent.email for r in found.records] == [
        "A@Example.org", "b@example.org", None, None,
    ]  # fmt: skip
    assert found.records[2].attributes == {"wie": "geen"}
    assert summary(path)["distinct_emails"] == 2


@pytest.mark.parametrize("name", ["Anonymous", "Deleted person", "permanently deleted user"])
def test_placeholders_are_nobody(write, read, name: str) -> None:
    found = read(write(["name,nps,comment", f"{name},9,goed", f"{name},2,slecht"]))

    assert [r.respondent for r in found.records] == [None, None]


def test_the_last_of_equal_ids_wins_and_equal_addresses_are_kept(write, read) -> None:
    path = write(
        ["id,e-mail,nps", "1,a@example.org,3", "2,a@example.org,4", "1,a@example.org,9",
         ",a@example.org,5", ",a@example.org,5"]
    )  # fmt: skip
    found = read(path)

    assert found.scores == [4, 9, 5]
    assert found.skipped == [(1, "duplicate"), (4, "duplicate")]


def test_without_ids_only_wholly_equal_rows_are_duplicates(write, read) -> None:
    found = read(write(["naam,nps", "Zoë,9", "Zoë,8", "Zoë,9", "Zoë,9"]))

    assert found.scores == [8, 9]
    assert found.skipped == [(1, "duplicate"), (3, "duplicate")]


def test_an_empty_row_is_empty_before_it_is_a_duplicate(write, read) -> None:
    found = read(write(["id,nps,comment", "1,,", "1,9,", "1,weet niet,", "2,n.v.t.,"]))

    assert found.scores == [9]
    assert found.skipped == [(1, "empty"), (3, "empty"), (4, "empty")]


@given(st.lists(st.integers(-5, 5), max_size=60))
def test_of_every_key_only_the_last_is_kept(keys: list[int]) -> None:
    rows = LastWins()
    for key in keys:
        rows.note(key)
    rows.close()
    second = rows.started_over()
    kept = [place for place, key in enumerate(keys) if not second.comes_again(key)]

    assert kept == sorted({key: place for place, key in enumerate(keys)}.values())


def test_a_comment_without_a_score_stays_out_of_the_base(write) -> None:
    found = summary(write(["nps,comment", ",alleen maar tekst", "9,"]))

    assert (found["imported"], found["metrics"]["nps"]["scored"]) == (2, 1)


# A score without a name


@pytest.mark.parametrize(
    ("numbers", "metric", "scale"),
    [
        ([0, 5, 6], "nps", (0, 10)),
        ([3, 8, 6], "nps", (0, 10)),
        ([1, 5, 3], "csat", (1, 5)),
    ],
)
def test_a_bare_score_is_proposed_by_its_range_and_said_so(
    write, numbers: list[int], metric: str, scale: tuple[int, int]
) -> None:
    plan = understand(write(["score,comment", *(f"{n},tekst" for n in numbers)]))

    assert [(m.metric, m.scale, m.is_assumed) for m in plan.metrics] == [(metric, scale, True)]
    assert "metric_assumed" in [note.code for note in plan.notes]


def test_a_bare_score_from_one_to_seven_is_asked_about(write) -> None:
    path = write(["cijfer,opmerking", "7,prima gedaan", "1,slecht gedaan"])
    plan = understand(path)

    assert plan.metrics == ()
    assert "metric" in [question.code for question in plan.questions]
    wished = options_from({"metric": "ces"})
    assert summary(path, wished)["metrics"]["ces"]["scale"] == [1, 7]


def test_a_column_of_groups_makes_its_neighbour_an_nps(write) -> None:
    plan = understand(write(["score,kind", "3,Detractor", "5,Detractor", "4,Promoter"]))

    assert [metric.metric for metric in plan.metrics] == ["nps"]


def test_a_scale_that_the_question_states_counts(write) -> None:
    path = write(["Hoe tevreden bent u (1-10)?,waarom", "9,goed", "2,slecht"])

    assert understand(path).metrics[0].scale == (1, 10)


def test_scales_and_labels_of_the_user_decide(write) -> None:
    path = write(["csat,comment", "3,a", "blij,b", "4,c", "boos,d"])
    found = summary(
        path,
        options_from({"scales": {"csat": [1, 3]}, "labels": {"csat": {"Blij": 3, "boos": None}}}),
    )

    assert found["metrics"]["csat"]["satisfied"] == 2
    assert found["warnings"] == {"score_out_of_range": 1, "time_missing": 4}


def test_an_inverted_scale_is_turned_round(write, read) -> None:
    path = write(["fft,comment", "1,very good", "5,very poor", "6,dunno"])
    options = options_from(
        {"mapping": {"csat": "fft"}, "inverted": ["csat"], "scales": {"csat": [1, 5]}}
    )

    assert read(path, options).scores == [5, 1, None]


def test_yes_or_no_is_not_an_nps(write) -> None:
    path = write(["recommended,comment", *(f"{n % 2},tekst {n}" for n in range(40))])

    assert understand(path).metrics == ()


def test_a_column_of_metrics_beside_a_score(write) -> None:
    path = write(["metric,score,comment", "nps,0,a", "csat,5,b", "ces,7,c"])
    found = summary(path)

    assert {key: m["scored"] for key, m in found["metrics"].items()} == {
        "nps": 1, "csat": 1, "ces": 1,
    }  # fmt: skip


def test_a_mapping_can_take_a_target_away(write, read) -> None:
    path = write(["nps,comment,touchpoint", "9,goed,Winkel"])
    found = read(path, options_from({"mapping": {"touchpoint": None, "comment": ""}}))

    assert found.records[0].touchpoint is None
    assert found.records[0].attributes == {"comment": "goed", "touchpoint": "Winkel"}


def test_score_and_time_columns_can_be_named_as_the_command_line_does(write, read) -> None:
    path = write(["a,b,c", "9,2026-01-01 10:00,2026-02-02 10:00"])
    options = options_from({"mapping": {"score": "a", "time": "c"}, "metric": "nps",
                            "timezone": "UTC"})  # fmt: skip

    assert read(path, options).times == ["2026-02-02T10:00:00Z"]


def test_one_date_for_a_file_without_times(write, read) -> None:
    found = read(write(["nps", "9"]), options_from({"undated_at": "2026-03-01"}))

    assert found.times == ["2026-03-01T00:00:00Z"]
    assert found.warnings == [["time_missing"]]


def test_dates_that_could_be_either_way_are_asked_about(write) -> None:
    path = write(["nps,date", "9,3/4/2026 10:00", "8,5/6/2026 10:00"])
    plan = understand(path)

    assert plan.time is not None
    assert plan.time.order_is_assumed
    assert len(plan.time.examples) == 2
    assert {"timezone", "date_order"} <= {question.code for question in plan.questions}
    sure = understand(path, options_from({"date_order": "day_first", "timezone": "UTC"}))
    assert sure.time is not None
    assert sure.time.examples[0] == ("3/4/2026 10:00", "2026-04-03T10:00:00Z")


def test_the_column_decides_the_order_of_every_cell(write, read) -> None:
    path = write(["nps,date", "9,3/4/2026 10:00", "8,25/6/2026 10:00", "7,6/25/2026 10:00",
                  "6,26/6/2026 10:00"])  # fmt: skip
    found = read(path, Options(timezone="UTC"))

    assert found.times == ["2026-04-03T10:00:00Z", "2026-06-25T10:00:00Z", None,
                           "2026-06-26T10:00:00Z"]  # fmt: skip
    assert found.records[2].attributes == {"date": "6/25/2026 10:00"}


# Workbooks and Parquet


def _workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_the_sheet_with_the_most_answers_is_read(tmp_path: Path, read) -> None:
    path = _workbook(
        tmp_path / "a.xlsx",
        {
            "Uitleg": [["regel", "tekst", "en", "meer"], *[["a", "b", "c", "d"]] * 20],
            "Oud": [["E-mail", "Datum", "NPS", "Opmerking"], ["a@example.org", None, 1, "x"]],
            "Nieuw": [
                ["Onderzoek"],
                [],
                ["E-mail", "Datum", "NPS", "Opmerking", "Bedrag"],
                ["a@example.org", WRITTEN, "9", "goed", 12.5],
                [None, "2-1-2026 03:05", 0, None, 13],
                [None, None, 8, None, None],
                ["Gemiddelde", None, 8, None, 13],
                [None, "Totaal:", 8, None, None],
            ],
        },
    )
    found = read(path, Options(timezone="Europe/Amsterdam"))

    assert found.source.plan().sheet == "Nieuw"
    assert found.scores == [9, 0, 8]
    assert found.skipped == [(4, "empty"), (5, "empty")]
    assert found.times == ["2026-01-02T02:04:05Z", "2026-01-02T02:05:00Z", None]
    assert found.records[0].attributes == {"Bedrag": "12.5"}
    assert read(path, Options(sheet="Oud")).scores == [1]


def test_dates_without_a_time_of_day_in_a_workbook(tmp_path: Path, read) -> None:
    rows = [["datum", "nps", "reden", "regio"], [date(2026, 7, 1), 9, "prima", "N"]]
    found = read(_workbook(tmp_path / "a.xlsx", {"B": rows}), Options(timezone="Europe/Amsterdam"))

    assert found.times == ["2026-06-30T22:00:00Z"]
    assert found.warnings == [["date_only"]]


def test_answers_called_average_are_not_totals(write, read) -> None:
    path = write(
        ["nps,comment,date", "7,Average,2026-01-01 10:00", "5,Total,", "Total,,", ",,Total"]
    )
    found = read(path, Options(timezone="UTC"))

    assert found.scores == [7, 5]


def test_parquet_with_floats_dictionaries_lists_and_naive_times(tmp_path: Path, read) -> None:
    table = pa.table(
        {
            "id": pa.array([1, 2, 3]),
            "nps": pa.array([9.0, float("nan"), 0.0]),
            "comment": pa.array(["a", None, "c"]).dictionary_encode(),
            "tags": pa.array([["x", "y"], None, []]),
            "when": pa.array([NOON, None, NOON + timedelta(days=1)],
                             pa.timestamp("ns")),
            "created": pa.array([date(2026, 7, 1)] * 3),
        }
    )  # fmt: skip
    pq.write_table(table, tmp_path / "a.parquet")
    found = read(tmp_path / "a.parquet", Options(mapping={"time": "when"}))

    assert found.scores == [9, 0]
    assert found.skipped == [(2, "empty")]
    assert found.records[0].tags == ("x", "y")
    assert found.times == ["2026-07-01T12:00:00Z", "2026-07-02T12:00:00Z"]
    assert found.records[0].source_response_id == "1"
    assert "timezone" in [question.code for question in found.source.plan().questions]


def test_reading_is_lazy(write) -> None:
    path = write(["nps,comment", *(f"{n % 11},tekst {n}" for n in range(1_000))])
    plan = understand(path)

    assert plan.rows == 1_000
    assert len(plan.preview) == 10
    assert all(isinstance(record, Record) for record in plan.preview)
    assert plan.metrics[0].metric is Metric.NPS


# What the report says beside the numbers


def test_groups_that_do_not_fit_their_numbers_are_reported(write) -> None:
    plan = understand(
        write(["score,nps_group,comment", "9,Promoter,a", "3,Promoter,b", "8,Passive,c"])
    )
    note = next(note for note in plan.notes if note.code == "groups_disagree")

    assert note.parameters["rows"] == 1


def test_a_zone_in_a_header_comes_before_the_users(write, read) -> None:
    path = write(["nps,Date (America/New_York)", "9,2026-01-01 10:00", "8,2026-01-01T10:00Z"])

    assert read(path, Options(timezone="Europe/Amsterdam")).times == [
        "2026-01-01T15:00:00Z", "2026-01-01T10:00:00Z",
    ]  # fmt: skip


def test_a_zone_in_a_header_that_does_not_exist_is_passed_over(write, read) -> None:
    path = write(["nps,Date (Alpha/Beta)", "9,2026-01-01 10:00"])

    assert read(path, Options(timezone="UTC")).times == ["2026-01-01T10:00:00Z"]


def test_a_value_is_found_under_its_column_wherever_it_went(write, read) -> None:
    found = read(write(["id,nps,touchpoint,region", "1,9,Order,North"]))
    values = [found.source.value(found.records[0], name) for name in ("touchpoint", "region", "x")]

    assert values == ["Order", "North", None]


def test_a_column_of_times_that_cannot_be_read_says_so(write, read) -> None:
    found = read(write(["nps,datum", "9,gisteren", "8,eergisteren"]))

    assert found.warnings == [["time_unreadable"], ["time_unreadable"]]
    assert found.records[0].attributes == {"datum": "gisteren"}


def test_numbers_of_ten_digits_are_not_times_by_themselves(write) -> None:
    targets = _targets(write(["nps,contract", "9,1180000001", "8,1180000002"]))

    assert targets["contract"] is None


def test_a_score_column_chosen_without_a_metric_is_taken_by_words_then_by_range(write) -> None:
    path = write(["a,hoe tevreden?,rating,reden", "0,4,3,te traag", "10,5,2,heel snel"])
    plans = [
        understand(path, options_from({"mapping": {"score": column}}))
        for column in ("a", "hoe tevreden?")
    ]

    assert [(m.metric, m.column) for m in plans[0].metrics] == [
        ("csat", "hoe tevreden?"), ("nps", "a"),
    ]  # fmt: skip
    assert "metric_assumed" in [note.code for note in plans[0].notes]
    assert [(m.metric, m.column) for m in plans[1].metrics] == [("csat", "hoe tevreden?")]


def test_a_header_merged_over_columns_stands_above_each(tmp_path: Path, read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["nps", "reden", "regio", "", "datum"], [9, "prima hoor", "N", "Z", "2026-01-01"]):
        sheet.append([cell or None for cell in row])
    sheet.merge_cells("C1:D1")
    book.save(tmp_path / "a.xlsx")
    found = read(tmp_path / "a.xlsx", Options(timezone="UTC"))

    assert found.records[0].attributes == {"regio": "N", "regio (2)": "Z"}
