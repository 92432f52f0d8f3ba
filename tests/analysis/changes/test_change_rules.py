"""Where a change sits: the decisions, and the laws they keep."""

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from gloed.analysis.changes import rules
from gloed.analysis.changes.asked import read_change
from gloed.analysis.changes.rules import Pair
from gloed.analysis.measures import measures_of
from gloed.analysis.queries import Window
from gloed.stats import Histogram, NetCounts, Visibility, suppress
from gloed.surveys.rules import Metric, Scale

TODAY = date(2026, 3, 2)


def hides(sizes):
    cells = suppress(sizes, threshold=5).cells
    return [cell not in {Visibility.SHOWN, Visibility.NO_RESPONSES} for cell in cells]


@given(st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), st.integers(0, 30), min_size=1
))  # fmt: skip
def test_no_hidden_cell_can_be_reckoned_from_its_row_or_column(sizes):
    hidden = rules.hide_in_table(sizes, threshold=5, hides=hides)
    assert {key for key, size in sizes.items() if 0 < size < 5} <= hidden
    for place in (0, 1):
        for name in {key[place] for key in sizes}:
            line = [key for key in sizes if key[place] == name]
            shut = [key for key in line if key in hidden]
            others = [key for key in line if sizes[key] and key not in hidden]
            assert len(shut) != 1 or not others


@given(st.lists(st.integers(0, 40), min_size=7, max_size=7).filter(any))
def test_three_classes_hold_the_mean_and_the_spread_of_any_scale(counts):
    scale = Scale(1, 7)
    for measure in measures_of(Metric.CES, scale):
        histogram = Histogram.of(counts, scale=(1, 7))
        net = measure.net_counts(histogram)
        assert net.n == pytest.approx(histogram.n)
        middle = (measure.low + measure.high) / 2
        score = middle + 100 * measure.net_unit * (net.promoters - net.detractors) / net.n
        assert score == pytest.approx(measure.estimate(histogram).value)


def test_classes_of_an_nps_are_its_own():
    (measure,) = measures_of(Metric.NPS, Scale(0, 10))
    histogram = Histogram.of([5, 0, 0, 0, 0, 0, 5, 3, 4, 6, 7])
    assert measure.net_counts(histogram) == NetCounts(13, 7, 10)
    assert measure.net_unit == 1


def test_groups_that_moved_alike_are_even_and_one_that_did_not_is_found():
    still = Pair(NetCounts(50, 20, 30), NetCounts(50, 20, 30))
    fell = Pair(NetCounts(50, 20, 30), NetCounts(10, 20, 70))
    (even,) = rules.rank_columns({"a": {("x",): still, ("y",): still}})
    assert even.p_value == 1
    ranked = rules.rank_columns(
        {"a": {("x",): still, ("y",): still}, "b": {("x",): still, ("y",): fell}}
    )
    assert [one.column for one in ranked] == ["b", "a"]
    assert ranked[0].is_clear


def test_a_group_is_new_only_where_chance_would_not_leave_it_empty():
    few, many, nobody = NetCounts(2, 1, 1), NetCounts(20, 10, 10), NetCounts(0, 0, 0)
    pairs = {
        ("large",): Pair(nobody, many),
        ("small",): Pair(few, nobody),
        ("stays",): Pair(many, many),
    }
    found = rules.new_and_gone({"region": pairs})
    assert [(one.value, one.is_new) for one in found] == [("large", True)]


@pytest.mark.parametrize(
    ("query", "past", "window"),
    [
        ("when=month", ("2026-02-01", "2026-03-01"), ("2026-03-01", "2026-03-03")),
        ("when=last_quarter", ("2025-07-01", "2025-10-01"), ("2025-10-01", "2026-01-01")),
        ("when=last_month&against=year", ("2025-02-01", "2025-03-01"),
         ("2026-02-01", "2026-03-01")),
        ("when=30d", ("2026-01-02", "2026-02-01"), ("2026-02-01", "2026-03-03")),
        ("from=2026-02-01&to=2026-02-10&pfrom=2025-01-01&pto=2025-01-31",
         ("2025-01-01", "2025-02-01"), ("2026-02-01", "2026-02-11")),
        ("from=2024-02-29&to=2024-02-29&against=year", ("2023-02-28", "2023-03-01"),
         ("2024-02-29", "2024-03-01")),
    ],
)  # fmt: skip
def test_whole_months_are_compared_with_whole_months_and_days_with_days(query, past, window):
    asked = read_change(QueryDict(query), today=TODAY)
    ends = [Window(*map(date.fromisoformat, pair)) for pair in (past, window)]
    assert [asked.past, asked.window] == ends
    assert asked.has_periods
    assert read_change(QueryDict(asked.address()[1:]), today=TODAY) == asked
