"""Who sees which team: the decisions, without a database."""

from hypothesis import given
from hypothesis import strategies as st

from gloed.analysis.teams.rules import SHOWN_TO_ALL, Reader, Sight, clearly, reckoned, sights

NOBODYS = Reader(frozenset())
SIZES = st.dictionaries(st.sampled_from([*"abcdefgh"]), st.integers(0, 90), min_size=1)


def test_fourteen_answers_are_shown_to_the_team_and_not_to_the_company():
    sizes = {"a": 14, "b": 60, "c": 80, "d": 31}
    assert sights(sizes, NOBODYS, minimum=5)["a"] is Sight.OWN_ONLY
    assert sights(sizes, Reader(frozenset("a")), minimum=5)["a"] is Sight.SHOWN


def test_a_team_alone_under_the_line_takes_the_next_smallest_along():
    seen = sights({"a": 14, "b": 60, "c": 80}, NOBODYS, minimum=5)
    assert seen == {"a": Sight.OWN_ONLY, "b": Sight.BESIDE, "c": Sight.SHOWN}


def test_nobody_sees_a_team_in_which_somebody_could_be_recognised():
    seen = sights({"a": 4, "b": 40, "c": 0}, Reader(frozenset("a")), minimum=5)
    assert seen["a"] is Sight.TOO_FEW
    assert seen["c"] is Sight.NOBODY


def test_who_sees_the_own_team_only_is_told_nothing_of_others():
    seen = sights({"a": 40, "b": 50, "c": 3}, Reader(frozenset("a"), sees_own_only=True), minimum=5)
    assert seen["a"] is Sight.BESIDE or seen["a"] is Sight.SHOWN
    assert seen["b"] is not Sight.SHOWN


def test_a_filter_that_leaves_out_a_few_is_a_question_about_those_few():
    assert reckoned(40, 41, minimum=5) == 4
    assert reckoned(40, 45, minimum=5) == 40
    assert reckoned(3, 3, minimum=5) == 3


def test_certain_differences_are_counted_from_the_places():
    assert clearly([(1, 2), (1, 3), (3, 3)], 3) == [(1, 0), (0, 0), (0, 2)]


@given(SIZES, st.sets(st.sampled_from([*"abcdefgh"])), st.integers(1, 10), st.booleans())
def test_what_is_hidden_cannot_be_reckoned_back(sizes, own, minimum, own_only):
    seen = sights(sizes, Reader(frozenset(own), sees_own_only=own_only), minimum=minimum)
    shown = {key for key, sight in seen.items() if sight is Sight.SHOWN}
    assert all(sizes[key] >= minimum for key in shown)
    assert all(sizes[key] >= max(SHOWN_TO_ALL, minimum) for key in shown - own)
    if own_only:
        assert shown <= own
        return
    hidden = sum(size for key, size in sizes.items() if key not in shown)
    assert hidden == 0 or hidden >= minimum or not shown
