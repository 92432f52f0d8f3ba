"""Conditions: what holds of what is known, and what is unknown never holds by accident."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.fieldwork.rules import (
    Condition,
    Relation,
    Where,
    first_that_fails,
    holds,
    plain_conditions,
    read_conditions,
)


def of_person(name, test, *values):
    return Condition(Where.PERSON, name, Relation(test), values)


@pytest.mark.parametrize(
    ("test", "values", "value", "expected"),
    [
        ("is", ["yes"], "Yes ", True),
        ("is", ["yes", "maybe"], "maybe", True),
        ("is", ["yes"], None, False),
        ("is", ["10"], 10.0, True),
        ("is", ["true"], True, True),
        ("is", ["b"], ["a", "b"], True),
        ("is_not", ["yes"], None, True),
        ("is_not", ["yes"], "yes", False),
        ("at_least", ["100"], "100", True),
        ("at_least", ["100"], "99,5", False),
        ("at_least", ["100"], "many", False),
        ("at_least", ["100"], None, False),
        ("at_most", ["1.5"], 1, True),
        ("at_most", ["1"], float("nan"), False),
        ("known", [], 0, True),
        ("known", [], "", False),
        ("unknown", [], "  ", True),
    ],
)
def test_a_condition_holds_as_a_person_would_say(test, values, value, expected):
    assert holds(of_person("x", test, *values), value) is expected


def test_all_conditions_must_hold_and_the_first_that_fails_is_told():
    key = of_person("key_account", "is", "yes")
    large = Condition(Where.EVENT, "amount", Relation.AT_LEAST, ("1000",))
    person = {"key_account": "yes"}
    assert first_that_fails([key, large], person=person, event={"amount": 2000}) is None
    assert first_that_fails([key, large], person=person, event={"amount": 20}) is large
    assert first_that_fails([key, large], person={}, event={}) is key
    assert first_that_fails([], person={}) is None


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)


@given(values, st.text(min_size=1, max_size=8).filter(str.strip))
def test_is_not_is_the_opposite_of_is(value, wanted):
    same = of_person("x", "is", wanted)
    assert holds(same, value) is not holds(of_person("x", "is_not", wanted), value)


@given(st.sampled_from(Where), st.sampled_from(Relation), st.lists(st.text(max_size=5), max_size=3))
def test_conditions_are_stored_whole(where, test, texts):
    condition = Condition(where, "a name", test, tuple(texts))
    assert read_conditions(plain_conditions([condition])) == (condition,)
