"""Every sample gives exactly the figures that were worked out for it by hand."""

import json
from pathlib import Path

import pytest

from gloed.channels.file_import.reading import (
    Options,
    Reason,
    UnreadableFile,
    open_source,
    options_from,
    summary,
    understand,
)

SAMPLES = Path(__file__).parents[1] / "samples"
CASES = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))["files"]
ANSWERED = [case for case in CASES if "spot_checks" in case]
_ABOUT = {"file", "note", "options", "spot_checks"}


def _summary(case: dict[str, object]) -> dict[str, object]:
    options = options_from(case.get("options", {}), folder=SAMPLES)
    return summary(SAMPLES / str(case["file"]), options)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_sample_gives_its_expected_figures(case: dict[str, object]) -> None:
    found = _summary(case)
    found.pop("records", None)

    assert found == {key: value for key, value in case.items() if key not in _ABOUT}


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case["file"])
def test_sample_gives_its_spot_checks(case: dict[str, list[dict[str, object]]]) -> None:
    records = {record["row"]: record for record in _summary(case)["records"]}

    for check in case["spot_checks"]:
        record = dict(records[check["row"]])
        record["email"] = record["email"] and str(record["email"]).lower()
        assert {key: record[key] for key in check} == check


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case["file"])
def test_reading_twice_gives_the_same_records(case: dict[str, object]) -> None:
    source = open_source(
        SAMPLES / str(case["file"]), options_from(case.get("options", {}), folder=SAMPLES)
    )

    assert list(source.records()) == list(source.records())


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case["file"])
def test_resuming_gives_the_rest_of_the_rows(case: dict[str, object]) -> None:
    source = open_source(
        SAMPLES / str(case["file"]), options_from(case.get("options", {}), folder=SAMPLES)
    )

    assert list(source.records(after_row=5)) == list(source.records())[5:]


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case["file"])
def test_a_file_is_recognised_by_content_and_not_by_its_name(
    case: dict[str, object], tmp_path: Path
) -> None:
    renamed = tmp_path / "upload.bin"
    renamed.write_bytes((SAMPLES / str(case["file"])).read_bytes())

    assert understand(renamed).format == case["format"]


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case["file"])
def test_no_cell_of_a_table_is_thrown_away(case: dict[str, object]) -> None:
    """Every filled cell of an imported row is in a field, in the attributes, or private."""
    plan = understand(
        SAMPLES / str(case["file"]), options_from(case.get("options", {}), folder=SAMPLES)
    )

    assert plan.rows == case["rows"]
    assert all(column.why in set(type(column.why)) for column in plan.columns)
    untaken = {c.name for c in plan.columns if c.target is None and c.why == "rest" and c.samples}
    found = {name.removesuffix(" (label)") for r in plan.preview for name in r.attributes}
    never_seen = {name for name in untaken if name not in found}
    assert never_seen <= {c.name for c in plan.columns if not _in_preview(c.samples, plan)} | {
        "person_properties",
        "additional_answers",
    }


def _in_preview(samples: tuple[str, ...], plan: object) -> bool:
    texts = {text for record in plan.preview for text in record.attributes.values()}
    return any(sample in texts for sample in samples)


def test_structure_has_no_answers_to_read() -> None:
    source = open_source(SAMPLES / "limesurvey.lss")

    with pytest.raises(UnreadableFile) as refusal:
        source.records()
    assert refusal.value.reason is Reason.STRUCTURE_ONLY


def test_codes_without_their_structure_are_asked_for() -> None:
    plan = understand(SAMPLES / "limesurvey.csv", Options(timezone="Europe/Amsterdam"))

    assert [metric.metric for metric in plan.metrics] == ["nps"]
    assert "structure" in [question.code for question in plan.questions]


def test_private_columns_are_left_out_with_a_line_in_the_report() -> None:
    path = SAMPLES / "qualtrics.csv"
    plan = understand(path)
    kept = understand(path, Options(keep_private=True))

    assert "private_left_out" in [note.code for note in plan.notes]
    assert not any("IPAddress" in record.attributes for record in plan.preview)
    assert any("IPAddress" in record.attributes for record in kept.preview)


def test_duplicated_header_does_not_overwrite_the_first() -> None:
    plan = understand(SAMPLES / "delighted_responses.csv")

    assert [column.name for column in plan.columns][-1] == "Comment (2)"
    assert plan.preview[4].attributes["Comment (2)"] == "intern: nabellen"
    assert str(plan.preview[4].comment).startswith("Onvriendelijk te woord gestaan.\n")


def test_people_who_were_deleted_leave_their_answer_without_a_name() -> None:
    plan = understand(SAMPLES / "delighted_responses.csv")

    assert plan.preview[9].respondent is None
    assert plan.preview[9].answers[0].score == 6


def test_value_labels_stand_beside_their_codes() -> None:
    plan = understand(SAMPLES / "survey.sav")

    assert plan.preview[0].attributes == {"regio": "1", "regio (label)": "Noord"}


def test_plan_shows_the_labels_with_their_numbers() -> None:
    plan = understand(SAMPLES / "surveymonkey.csv", Options(timezone="Europe/Amsterdam"))
    csat = next(metric for metric in plan.metrics if metric.metric == "csat")

    assert {label.text: label.score for label in csat.labels} == {
        "Very satisfied": 5,
        "Satisfied": 4,
        "Neither satisfied nor dissatisfied": 3,
        "Dissatisfied": 2,
        "Very dissatisfied": 1,
    }


def test_structs_of_parquet_become_attributes() -> None:
    plan = understand(SAMPLES / "responses.parquet")

    assert plan.preview[0].attributes["attributes.plan"] == "plus"
    assert plan.preview[0].touchpoint == "Aankoop"


def test_notes_and_tags_come_along_from_json() -> None:
    plan = understand(SAMPLES / "delighted_responses.json")

    assert plan.preview[0].tags == ("prijs",)
    assert plan.preview[2].notes == ("Gebeld, opgelost",)
    assert plan.preview[0].attributes["Heeft u eerder bij ons gekocht?"] == "Ja"
    assert plan.preview[1].attributes["plan"] == "plus"
    assert plan.preview[1].channel == "Email"
