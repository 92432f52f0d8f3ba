"""Real answers that are not part of the repository: read where they lie beside it."""

from pathlib import Path

import pytest

from gloed.channels.file_import.reading import Options, options_from, summary, understand

DATA = Path(__file__).parents[5] / "shared" / "data"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the shared data are not beside the repository"
)


def test_the_telecom_answers_are_understood_without_a_question() -> None:
    """Their README: 1,626 answers, NPS -28.2."""
    path = DATA / "nps_telecom_en.csv"
    found = summary(path)
    plan = understand(path)

    assert (found["format"], found["rows"], found["imported"]) == ("generic_csv", 1626, 1626)
    assert found["metrics"]["nps"]["nps"] == pytest.approx(-28.23)
    assert {c.name: c.target for c in plan.columns if c.target} == {
        "id": "response_id",
        "responded_at": "time",
        "touchpoint": "touchpoint",
        "score": "nps",
        "comment": "comment",
        "language": "language",
    }
    assert [note.code for note in plan.notes] == ["metric_assumed"]


def test_the_hospital_answers_ask_which_column_is_the_score() -> None:
    """1 is very good and 6, 7 mean no answer: only a person can know that."""
    path = DATA / "nhs_fft_en.csv"
    plan = understand(path)

    asked = next(question for question in plan.questions if question.code == "score_column")
    assert {"fft_answer", "comment_sentiment"} <= set(asked.choices)
    wishes = {
        "mapping": {"csat": "fft_answer"},
        "inverted": ["csat"],
        "labels": {"csat": {"6": None, "7": None}},
    }
    found = summary(path, options_from(wishes))
    assert found["rows"] == found["imported"] + sum(found["skipped"].values())
    assert found["metrics"]["csat"]["mean"] > 3
    assert "score_out_of_range" not in found["warnings"]


@pytest.mark.parametrize(
    "name", ["books_polarity_nl.csv", "mabsa_nl_en_de_fr.csv", "skytrax_lounge_seat_en.csv"]
)
def test_reviews_without_a_known_score_keep_their_comments(name: str) -> None:
    found = summary(DATA / name, Options(timezone="UTC"), most_records=0)

    assert found["with_comment"] == found["imported"]
