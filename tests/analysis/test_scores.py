"""From counts to what may be said."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gloed.analysis import schema, store
from gloed.analysis.measures import band_counts, measure_of, measures_of
from gloed.analysis.queries import Period, Query, Selection, count_few_people, run, run_each
from gloed.analysis.scores import corrected, split_of, trend_of
from gloed.stats import Histogram, Visibility, ces, csat, nps
from gloed.surveys.rules import SCALES, Metric, Scale

NPS = measure_of(Metric.NPS, Scale(0, 10))
EVERY = [(metric, scale) for metric, scales in SCALES.items() for scale in scales]


def source(*groups, people=None):
    """Ten-point answers: each group is (value, {rating: number})."""
    rows = [(v, r) for v, ratings in groups for r, n in ratings.items() for _ in range(n)]
    n = len(rows)
    columns = {
        "metric": ["nps"] * n, "scale_minimum": [0] * n, "scale_maximum": [10] * n,
        "high_is_good": [True] * n, "unreadable": [False] * n, "has_verbatim": [False] * n,
        "rating": [rating for _value, rating in rows], "attr:g": [value for value, _r in rows],
        "person": people or list(range(n)),
    }  # fmt: skip
    return store.from_arrow(schema.make_table(columns))


def split(*groups, minimum=5, people=None, is_glance=False):
    asked = source(*groups, people=people)
    results = run_each(asked, Selection(), ("attr:g",))
    few = count_few_people(asked, results, minimum=minimum).get("attr:g", {})
    return split_of(NPS, results["attr:g"], few, minimum=minimum, is_glance=is_glance)


def test_nps_is_that_of_the_library():
    histogram = Histogram.of([1, 0, 2, 0, 0, 7, 3, 4, 9, 8, 5])
    assert NPS.estimate(histogram) == nps(histogram)


def test_csat_is_the_share_of_the_top_two_of_five():
    # 43 of 60: 59.2327148 to 81.4931716 (R: prop.test(43, 60, correct = FALSE))
    histogram = Histogram.of([7, 0, 10, 23, 20], scale=(1, 5))
    share = measure_of(Metric.CSAT, Scale(1, 5)).estimate(histogram)
    assert (share.low, share.high) == pytest.approx((0.592327148, 0.814931716), abs=1e-8)
    assert 100 * share.value == pytest.approx(csat(histogram).value)


def test_effort_that_is_good_when_low_is_shown_as_ease():
    histogram = Histogram.of([30, 20, 5, 0, 0], scale=(1, 5))
    scale = Scale(1, 5, high_is_good=False)
    ease = measure_of(Metric.CES, scale).estimate(histogram)
    assert ease == ces(histogram, polarity="low_is_good")
    assert ease.value > 4


@pytest.mark.parametrize(("metric", "scale"), EVERY)
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_many_estimates_at_once_equal_each_alone(metric, scale, data):
    counts = st.lists(
        st.integers(0, 30), min_size=len(scale.values), max_size=len(scale.values)
    ).filter(any)
    rows = data.draw(st.lists(counts, min_size=1, max_size=3))
    histograms = [Histogram.of(row, scale=(scale.minimum, scale.maximum)) for row in rows]
    for measure in measures_of(metric, scale):
        for one, alone in zip(
            measure.estimates(histograms), map(measure.estimate, histograms), strict=True
        ):
            assert (one.value, one.low, one.high) == pytest.approx(
                (alone.value, alone.low, alone.high), abs=1e-9
            )
            assert one.n == alone.n
            assert measure.low <= one.low <= one.value <= one.high <= measure.high
    for histogram in histograms:
        assert sum(band_counts(metric, scale, histogram).values()) == histogram.n


def test_a_group_is_compared_with_the_rest():
    result = split(("a", {10: 40, 0: 10}), ("b", {10: 20, 0: 30}))
    by_value = {s.value: s for s in result.segments}
    rest = Histogram.of([30, *[0] * 9, 20])
    own = Histogram.of([10, *[0] * 9, 40])
    assert by_value["a"].difference == NPS.difference(rest, own)
    assert by_value["a"].is_up is True
    assert by_value["b"].is_up is False


def test_a_small_group_is_hidden_and_with_it_the_next_smallest():
    result = split(("big", {9: 40}), ("small", {9: 3}), ("next", {9: 12}))
    seen = {s.value: s.visibility for s in result.segments}
    assert seen["small"] is Visibility.TOO_SMALL
    assert seen["next"] is Visibility.COMPLEMENTARY
    assert seen["big"] is Visibility.SHOWN
    hidden = [s for s in result.segments if s.is_hidden]
    assert all(s.estimate is None and s.p_value is None for s in hidden)


def test_many_answers_of_few_people_are_a_small_group():
    people = [1, 2, 3, 4] * 5 + list(range(100, 140))
    result = split(("few", {9: 20}), ("many", {9: 40}), people=people)
    assert {s.value: s.is_hidden for s in result.segments}["few"] is True


def test_an_only_group_has_nothing_to_be_compared_with():
    result = split(("all", {9: 20}))
    assert result.segments[0].difference is None
    assert result.is_telling is False


def test_a_glance_says_the_same_as_a_close_look():
    groups = (("a", {10: 40, 0: 10}), ("b", {10: 20, 0: 30}), ("c", {7: 8}))
    close, glance = split(*groups), split(*groups, is_glance=True)
    assert {s.value: s.p_value for s in close.segments} == {
        s.value: s.p_value for s in glance.segments
    }


def test_p_values_are_corrected_for_everything_on_the_screen():
    strong = split(("a", {10: 30, 0: 20}), ("b", {10: 20, 0: 30}))
    raw = strong.segments[0].p_value
    same = split(*((f"v{i}", {10: 25, 0: 25}) for i in range(20)))
    (first, *_), (extra,) = corrected((strong, same), 0.9)
    assert first.segments[0].p_value > raw
    assert extra > 0.89
    assert corrected((), None) == ((), (None,))


def test_segments_stand_by_what_can_be_known():
    result = split(("lucky", {10: 6}), ("sure", {10: 180, 7: 20}))
    assert [s.value for s in result.segments] == ["sure", "lucky"]


def trend(days, *, measure=NPS, minimum=5):
    n = sum(len(ratings) for ratings in days.values())
    columns = {
        "metric": [measure.metric.value] * n, "scale_minimum": [0] * n, "scale_maximum": [10] * n,
        "high_is_good": [True] * n, "unreadable": [False] * n,
        "rating": [r for ratings in days.values() for r in ratings],
        "local_date": [day for day, ratings in days.items() for _ in ratings],
    }  # fmt: skip
    result = run(store.from_arrow(schema.make_table(columns)), Query(period=Period.MONTH))
    periods = [date(2026, month, 1) for month in (1, 2, 3)]
    return trend_of(measure, result, minimum=minimum, periods=periods)


def test_a_trend_hides_small_periods_and_leaves_empty_ones_empty():
    course = trend({date(2026, 1, 5): [9] * 20, date(2026, 3, 5): [9, 9], None: [3]})
    january, february, march = course.points
    assert january.estimate.n == 20
    assert (february.n, february.estimate, february.is_hidden) == (0, None, False)
    assert (march.estimate, march.is_hidden) == (None, True)
    assert course.undated == 1
    assert course.change is None


def test_a_stray_answer_hides_no_other_period_except_among_employees():
    days = {date(2026, 1, 5): [9], date(2026, 2, 5): [9] * 20, date(2026, 3, 5): [9] * 30}
    assert len(trend(days).shown) == 2
    employees = measure_of(Metric.ENPS, Scale(0, 10))
    assert len(trend(days, measure=employees).shown) == 1


def test_fewer_than_ten_answers_make_no_trend():
    assert trend({date(2026, 1, 5): [9] * 9}).points == ()


def test_the_last_change_is_told_with_its_p_value():
    course = trend({date(2026, 1, 5): [10] * 50, date(2026, 2, 5): [0] * 50})
    assert course.change.value == -200
    assert course.is_clear
