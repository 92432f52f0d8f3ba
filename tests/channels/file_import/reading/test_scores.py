"""Rule R8: what a cell of a score column says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.channels.file_import.reading.scores import NO_ANSWER, ScoreReader
from gloed.channels.file_import.reading.values import Scale

NPS, CSAT, AGREEMENT = (0, 10), (1, 5), (1, 7)


@pytest.mark.parametrize(
    ("cell", "scale", "score"),
    [
        ("10 - zeer waarschijnlijk", NPS, 10),
        ("10 – zeer waarschijnlijk", NPS, 10),
        ("0 - Not at all likely", NPS, 0),
        ("5 (zeer tevreden)", CSAT, 5),
        ("8/10", NPS, 8),
        ("8 van de 10", NPS, 8),
        ("8 out of 10: prima", NPS, 8),
        ("9,0", NPS, 9),
        ("9.0000000000", NPS, 9),
        (" 7 ", NPS, 7),
        ("0", NPS, 0),
        (0, NPS, 0),
        (9.0, NPS, 9),
        ("ZEER TEVREDEN", CSAT, 5),
        ("niet tevreden,  niet ontevreden", CSAT, 3),
        ("Extremely dissatisfied", CSAT, 1),
        ("somewhat disagree", AGREEMENT, 3),
        ("Strongly agree", AGREEMENT, 7),
    ],
)
def test_scores_are_read(cell: object, scale: Scale, score: int) -> None:
    reading = ScoreReader(scale).read(cell)

    assert (reading.score, reading.warning) == (score, None)


@pytest.mark.parametrize(
    ("cell", "warning"),
    [
        ("Een 7, omdat het goed was", "score_unreadable"),
        ("7 omdat het goed was", "score_unreadable"),
        ("misschien", "score_unreadable"),
        ("tevreden", "score_unreadable"),
        (True, "score_unreadable"),
        ("7,5", "score_not_integer"),
        (7.5, "score_not_integer"),
        ("11", "score_out_of_range"),
        (-1, "score_out_of_range"),
        (99.0, "score_out_of_range"),
        ("9" * 400, "score_unreadable"),
    ],
)
def test_what_is_no_score_is_never_rounded_or_clipped(cell: object, warning: str) -> None:
    reading = ScoreReader(NPS).read(cell)

    assert (reading.score, reading.warning) == (None, warning)


@pytest.mark.parametrize("cell", [*sorted(NO_ANSWER), "N.V.T.", "  ", None, float("nan")])
def test_no_answer_is_no_warning(cell: object) -> None:
    assert ScoreReader(NPS).read(cell) == (None, None, None)


def test_labels_of_the_file_and_the_user_come_before_the_table() -> None:
    reader = ScoreReader(CSAT, {"tevreden": 2, "geen idee": None})

    assert reader.read("Tevreden").score == 2
    assert reader.read("Geen idee") == (None, None, None)
    assert reader.read("Zeer tevreden").score == 5


def test_an_inverted_scale_turns_round() -> None:
    reader = ScoreReader(CSAT, is_inverted=True)

    assert [reader.read(cell).score for cell in ("1", 3, "very satisfied")] == [5, 3, 1]


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.booleans(), st.none()))
def test_every_cell_gives_a_score_within_the_scale_or_none(cell: object) -> None:
    reading = ScoreReader(NPS).read(cell)

    assert reading.score is None or (0 <= reading.score <= 10 and reading.warning is None)


@given(st.integers(0, 10), st.sampled_from(["{}", " {} ", "{},0", "{}.00", "{}/10", "{} - x"]))
def test_every_notation_of_a_number_is_that_number(score: int, notation: str) -> None:
    assert ScoreReader(NPS).read(notation.format(score)).score == score
