"""The scores of a file: the same arithmetic as the library, on what a plain reader counts."""

import csv
from collections import Counter

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gloed.channels.file_report.as_json import as_object
from gloed.channels.file_report.scoring import SMALLEST
from gloed.channels.file_report.wishes import NoScore
from gloed.stats import Histogram, ces, csat, csat_mean, nps
from tests.channels.file_report.conftest import SAMPLES

NPS_KEYS = [
    "value", "low", "high", "n", "method", "promoters", "passives", "detractors", "histogram",
]  # fmt: skip
ROWS = [("2026-01-05", 9, "north"), ("2026-01-06", 3, "south"), ("2026-01-07", 10, "north")]


def nps_file(write, ratings, **columns):
    """A CSV with these ratings, and a column for each keyword."""
    heads = ["nps", *columns]
    rows = zip(ratings, *columns.values(), strict=True)
    return write(",".join(heads), *(",".join(map(str, row)) for row in rows))


def test_the_object_has_exactly_its_keys(scored, write):
    path = nps_file(write, [10, 9, 8, 3, 0] * 3, team=["a", "b", "a", "b", "a"] * 3)
    found = as_object(scored(path, "team"))
    assert list(found) == [
        "format", "rows", "imported", "skipped", "warnings", "metrics", "segments",
    ]  # fmt: skip
    assert list(found["metrics"]) == ["nps"]
    assert list(found["metrics"]["nps"]) == NPS_KEYS
    assert list(found["segments"]) == ["team"]
    for segment in found["segments"]["team"]:
        assert list(segment) == ["value", "metrics", "significant"]
        assert list(segment["metrics"]["nps"]) == NPS_KEYS
        assert segment["significant"] is False
    assert found["rows"] == found["imported"] == 15
    assert found["skipped"] == {}
    assert found["metrics"]["nps"]["histogram"] == [3, 0, 0, 3, 0, 0, 0, 0, 3, 3, 3]
    assert found["metrics"]["nps"]["n"] == 15


def test_the_telecom_file_scores_as_a_plain_reader_counts_it(scored, telecom):
    with telecom.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    counted = Counter(int(row["score"]) for row in rows)
    expected = nps(Histogram.of([counted[rating] for rating in range(11)], scale=(0, 10)))
    found = as_object(scored(telecom, "touchpoint"))
    score = found["metrics"]["nps"]
    assert score["n"] == 1626
    assert round(score["value"], 1) == -28.2
    assert (score["value"], score["low"], score["high"], score["method"]) == (
        expected.value, expected.low, expected.high, "score",
    )  # fmt: skip
    by_value = {one["value"]: one["metrics"]["nps"] for one in found["segments"]["touchpoint"]}
    order = Counter(int(row["score"]) for row in rows if row["touchpoint"] == "Order")
    own = nps(Histogram.of([order[rating] for rating in range(11)], scale=(0, 10)))
    assert by_value["Order"]["value"] == pytest.approx(own.value)
    assert by_value["Order"]["low"] == pytest.approx(own.low, abs=1e-6)
    assert sum(one["n"] for one in by_value.values()) == 1626


def test_satisfaction_is_told_as_share_and_mean(scored, write):
    ratings = [5] * 12 + [4] * 9 + [3] * 5 + [2] * 2 + [1] * 4
    found = as_object(scored(write("csat", *map(str, ratings))))["metrics"]["csat"]
    histogram = Histogram.of([4, 2, 5, 9, 12], scale=(1, 5))
    share, mean = csat(histogram), csat_mean(histogram)
    assert list(found) == [
        "value", "low", "high", "n", "method", "scale", "satisfied", "satisfied_percent", "mean",
        "histogram",
    ]  # fmt: skip
    assert found["value"] == pytest.approx(100 * 21 / 32)
    assert found["value"] == pytest.approx(share.value * (100 if share.value <= 1 else 1))
    assert found["satisfied"] == 21
    assert found["scale"] == [1, 5]
    assert found["mean"]["value"] == pytest.approx(mean.value)
    assert found["mean"]["low"] == pytest.approx(mean.low, abs=1e-6)
    assert found["low"] < found["value"] < found["high"]
    assert found["satisfied_percent"]["value"] == found["value"]
    assert found["histogram"] == [4, 2, 5, 9, 12]


def test_effort_is_told_as_its_mean(scored, write):
    ratings = [7] * 9 + [6] * 8 + [5] * 6 + [2] * 3
    found = as_object(scored(write("ces", *map(str, ratings))))["metrics"]["ces"]
    expected = ces(Histogram.of([0, 3, 0, 0, 6, 8, 9], scale=(1, 7)), polarity="high_is_good")
    assert found["value"] == pytest.approx(expected.value)
    assert (found["scale"], found["satisfied"]) == ([1, 7], 23)
    assert found["mean"]["value"] == found["value"]
    assert found["satisfied_percent"]["value"] == pytest.approx(100 * 23 / 26)


def _csv(path, delimiter, encoding):
    lines = [delimiter.join(map(str, row)) for row in [("datum", "nps", "regio"), *ROWS]]
    path.write_bytes("\n".join(lines).encode(encoding))


def _xlsx(path):
    book = openpyxl.Workbook()
    for row in [("datum", "nps", "regio"), *ROWS]:
        book.active.append(row)
    book.save(path)


def _parquet(path):
    columns = dict(zip(("datum", "nps", "regio"), zip(*ROWS, strict=True), strict=True))
    pq.write_table(pa.table({name: list(values) for name, values in columns.items()}), path)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("comma.csv", lambda path: _csv(path, ",", "utf-8")),
        ("semicolon.csv", lambda path: _csv(path, ";", "cp1252")),
        ("tab_utf16.txt", lambda path: _csv(path, "\t", "utf-16")),
        ("book.xlsx", _xlsx),
        ("table.parquet", _parquet),
    ],
)
def test_every_kind_of_file_gives_the_same_score(scored, tmp_path, name, make):
    path = tmp_path / name
    make(path)
    found = as_object(scored(path, "regio"))
    assert found["metrics"]["nps"]["histogram"] == [0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1]
    assert {one["value"] for one in found["segments"]["regio"]} == {"north", "south"}


def test_decimal_commas_are_whole_numbers_or_a_warning(scored, write):
    path = write("cijfer;opmerking", '"9,0";goed', '"8,5";half', '"3,0";slecht', name="a.csv")
    found = as_object(scored(path, score_column="cijfer", metric="nps"))
    assert found["metrics"]["nps"]["n"] == 2
    assert found["warnings"]["score_not_integer"] == 1


def test_what_is_skipped_is_counted_by_reason(scored):
    found = as_object(scored(SAMPLES / "asknicely.csv"))
    assert (found["rows"], found["imported"], found["skipped"]) == (17, 15, {"empty": 2})


def test_a_file_of_several_metrics_scores_each(scored):
    found = as_object(scored(SAMPLES / "hubspot_feedback.csv"))
    assert list(found["metrics"]) == ["nps", "csat", "ces"]
    assert found["metrics"]["csat"]["scale"] == [0, 2]


def test_a_metric_that_is_named_leaves_the_others_out(scored):
    found = as_object(scored(SAMPLES / "qualtrics.csv", metric="csat"))
    assert list(found["metrics"]) == ["csat"]


def test_only_the_user_knows_that_nps_was_asked_of_colleagues(scored, write):
    found = as_object(scored(write("nps", *"9830597"), metric="enps"))
    assert list(found["metrics"]) == ["enps"]
    assert list(found["metrics"]["enps"]) == NPS_KEYS


def test_a_small_group_is_listed_and_never_different(scored, write):
    ratings = [0] * 400 + [10] * (SMALLEST - 1) + [10] * 40
    team = ["big"] * 400 + ["tiny"] * (SMALLEST - 1) + ["good"] * 40
    path = nps_file(write, ratings, team=team)
    found = {one["value"]: one for one in as_object(scored(path, "team"))["segments"]["team"]}
    assert found["tiny"]["metrics"]["nps"]["n"] == SMALLEST - 1
    assert [found[name]["significant"] for name in ("tiny", "good", "big")] == [False, True, True]


def test_answers_without_a_value_are_a_group_of_their_own(scored, write):
    path = nps_file(write, [9, 9, 2], team=["a", "a", ""])
    found = as_object(scored(path, "team"))["segments"]["team"]
    assert {one["value"] for one in found} == {"a", None}


def test_more_looks_ask_for_more_proof(scored, write):
    ratings = ([9] * 15 + [2] * 5) + ([9] * 5 + [2] * 15)
    team = ["a"] * 20 + ["b"] * 20
    noise = {f"noise_{n}": [f"{(row * (n + 3)) % 7}" for row in range(40)] for n in range(12)}
    path = nps_file(write, ratings, team=team, **noise)
    alone = as_object(scored(path, "team"))["segments"]["team"]
    among = as_object(scored(path, "team", *noise))["segments"]["team"]
    assert {one["significant"] for one in alone} == {True}
    assert {one["significant"] for one in among} == {False}


def test_a_column_is_found_whatever_its_capitals_and_named_once(scored, write):
    path = nps_file(write, [9, 2], Team=["a", "b"])
    assert list(as_object(scored(path, "TEAM", "Team"))["segments"]) == ["Team"]


def test_a_field_that_the_format_knows_can_split(scored):
    found = as_object(scored(SAMPLES / "delighted_responses.csv", "language"))
    assert list(found["segments"]) != []


@pytest.mark.parametrize(
    ("by", "part"),
    [
        ("nothing", "There is no column called nothing. Answers can be split by: team"),
        ("nps", "The column nps is read as the nps"),
        ("ip address", '{"keep_private": true}'),
    ],
)
def test_a_column_that_cannot_split_is_refused_with_what_can(scored, write, by, part):
    path = nps_file(write, [9, 2], **{"team": ["a", "b"], "IP address": ["10.0.0.1", "10.0.0.2"]})
    with pytest.raises(NoScore) as refusal:
        scored(path, by)
    assert part in str(refusal.value)


@pytest.mark.parametrize(
    ("lines", "said", "part"),
    [
        (["nps", "9", "2"], {"metric": "csat"}, "The file holds no CSAT; it holds NPS."),
        (["nps", "9", "2"], {"metric": "fun"}, "fun is not a metric. Choose from nps, csat"),
        (["nps", "9", "2"], {"options": "{"}, "--options is not JSON."),
        (["nps", "9", "2"], {"options": "[1]"}, "--options is not an object."),
        (["nps", "9", "2"], {"options": '{"mapping": 1}'}, '"mapping" is not an object'),
        (["comment", "fine", "bad"], {}, "Name the column that holds it with --score-column."),
        (
            ["nps", "good", "bad"],
            {"score_column": "nps"},
            "nothing that can be read as a number from 0 to 10",
        ),
    ],
)
def test_a_file_without_a_score_says_what_to_do(scored, write, lines, said, part):
    with pytest.raises(NoScore) as refusal:
        scored(write(*lines), **said)
    assert part in str(refusal.value)


def test_two_people_may_agree(scored, write):
    """A bare list of ratings: whoever gave the same rating is somebody else."""
    assert as_object(scored(write("nps", *["9"] * 7, "3")))["metrics"]["nps"]["n"] == 8


def test_what_comes_twice_by_the_same_person_counts_once(scored, write):
    path = write("email,nps", "a@example.org,9", "a@example.org,9", "b@example.org,9")
    found = as_object(scored(path))
    assert (found["metrics"]["nps"]["n"], found["skipped"]) == (2, {"duplicate": 1})


def test_the_same_words_twice_count_once(scored, write):
    path = write("nps,comment", "9,so kind", "9,so kind", "9,", "9,")
    found = as_object(scored(path))
    assert (found["metrics"]["nps"]["n"], found["skipped"]) == (3, {"duplicate": 1})


def test_pieces_give_the_same_as_one(scored, write, monkeypatch):
    path = nps_file(write, [9, 2, 7, 10, 0] * 9, team=list("abcde") * 9)
    whole = as_object(scored(path, "team"))
    monkeypatch.setattr("gloed.channels.file_report.gathering.PIECE", 7)
    assert as_object(scored(path, "team")) == whole
