"""Reading a population table, and where answers and tables do not meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.analysis.coverage.rules import (
    Bad,
    BadTable,
    Misfit,
    Unfit,
    misfit_of,
    number_of,
    read_population,
    text_of,
)

KNOWN = {"north": "North", "south": "South", "team zuid": "6f1c"}


def read(rows, heads=("Region", "People"), label="Region"):
    return read_population(heads, rows, label=label, known=KNOWN)


def test_segments_are_found_as_the_answers_call_them():
    found = read([("north", "1.200"), ("SOUTH", "3,400"), ("Team Zuid", 7.0)])
    assert found.sizes == {"North": 1200, "South": 3400, "6f1c": 7}
    assert found.unknown == ()


def test_the_column_of_that_name_holds_the_segments_and_the_fullest_other_the_numbers():
    rows = [(1.0, "x", "North", "10"), (2.0, "", "South", "20")]
    found = read(rows, heads=("id", "note", "region", "count"))
    assert found.sizes == {"North": 1, "South": 2}  # both hold numbers: the first of them
    assert read([("x", "North", "10"), ("y", "South", "20")],
                heads=("note", "region", "count")).sizes == {"North": 10, "South": 20}  # fmt: skip


def test_segments_that_no_answer_has_are_kept_and_named():
    assert read([("North", 1), ("Isle", 2)]).unknown == ("Isle",)


@pytest.mark.parametrize(
    ("rows", "why", "line"),
    [
        ([("North", "many"), ("South", 2)], Bad.BAD_NUMBER, 2),
        ([("North", 1), ("South", 0)], Bad.BAD_NUMBER, 3),
        ([("North", 1), ("South", -4.0)], Bad.BAD_NUMBER, 3),
        ([("North", 1), ("", 2)], Bad.NO_NAME, 3),
        ([("North", 1), ("NORTH", 2)], Bad.TWICE, 3),
        ([("North", 1)], Bad.ONE_SEGMENT, 0),
        ([("North", "a"), ("South", "b")], Bad.NO_NUMBERS, 0),
        ([(f"S{i}", 1) for i in range(101)], Bad.TOO_MANY, 0),
    ],
)
def test_what_is_wrong_is_told_with_its_line(rows, why, line):
    with pytest.raises(BadTable) as refused:
        read(rows)
    assert (refused.value.why, refused.value.line) == (why, line)


def test_one_column_is_no_table():
    with pytest.raises(BadTable) as refused:
        read([("North",)], heads=("Region",))
    assert refused.value.why is Bad.ONE_COLUMN


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1'234", 1234), ("1.234.567", 1234567), ("12,5", 12.5), (True, None), ("1,2,3", None),
     (float("inf"), None), ("٣", None), ("1.23", 1.23)],
)  # fmt: skip
def test_numbers_are_read_however_they_are_written(cell, number):
    assert number_of(cell) == number


@given(st.integers(0, 10**9))
def test_every_whole_number_is_read_in_three_notations(number):
    for text in (str(number), f"{number:,}", f"{number:,}".replace(",", ".")):
        assert number_of(text) == number


@given(st.text())
def test_any_text_is_a_name_of_one_line(text):
    assert "\n" not in text_of(text)
    assert len(text_of(text)) <= 200


def test_where_table_and_answers_do_not_meet_is_named():
    assert misfit_of([("a", "x")], ["p", "q"], [{"a": 1, "b": 1}, {"x": 1}]) == Misfit(
        Unfit.EMPTY, "p", ("b",)
    )
    assert misfit_of([("a", "x")], ["p", "q"], [{"a": 1}, {"y": 1, "x": 2}]) == Misfit(
        Unfit.EMPTY, "q", ("y",)
    )
    assert misfit_of([("a",), ("b",)], ["p"], [{"a": 1}]) == Misfit(Unfit.NO_TARGET, "p", ("b",))
    assert misfit_of([], ["p"], [{"a": 1}]) == Misfit(Unfit.NO_ANSWERS)
    assert misfit_of([("a",)], ["p"], [{"a": 1}]) is None
