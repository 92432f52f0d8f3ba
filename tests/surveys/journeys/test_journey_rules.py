"""Decisions about touchpoints, as plain values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.surveys.journeys.rules import (
    Standing,
    family_of,
    line_range,
    metric_of,
    placed,
    standing_of,
)
from gloed.surveys.metric_words import FOR_EVERYBODY, mixing_words, words_of
from gloed.surveys.rules import Metric

items = st.lists(st.integers(), unique=True)


@given(order=items, item=st.integers(), before=st.integers() | st.none())
def test_placing_loses_nobody_and_keeps_the_others_in_order(order, item, before):
    new = placed(order, item, before)
    assert sorted(new) == sorted({*order, item} if item != before else order)
    assert [one for one in new if one != item] == [one for one in order if one != item]


@given(order=st.lists(st.integers(), unique=True, min_size=2), data=st.data())
def test_placing_puts_it_just_before(order, data):
    item, before = data.draw(st.permutations(order))[:2]
    new = placed(order, item, before)
    assert new[new.index(before) - 1] == item


@given(low=st.floats(-100, 100), width=st.floats(0, 50), line=st.floats(-100, 100))
def test_a_verdict_needs_the_whole_interval(low, width, line):
    standing = standing_of(low, low + width, line)
    if low < line <= low + width:
        assert standing is Standing.UNCLEAR
    else:
        assert standing is (Standing.ABOVE if line <= low else Standing.BELOW)


def test_a_number_without_an_interval_is_no_verdict():
    assert standing_of(None, None, 5) is Standing.UNCLEAR


@pytest.mark.parametrize(
    ("chosen", "asked", "metric"),
    [
        ("ces", ["nps"], Metric.CES),
        ("", ["csat", "thumbs"], Metric.CSAT),
        ("", ["csat", "nps"], None),
        ("", [], None),
    ],
)
def test_the_metric_of_a_touchpoint(chosen, asked, metric):
    assert metric_of(chosen, asked) is metric


@pytest.mark.parametrize(
    ("metric", "ends"),
    [(Metric.NPS, (-100, 100)), (Metric.CSAT, (0, 100)), (Metric.CES, (1, 7))],
)
def test_a_line_lies_on_the_scale_of_its_score(metric, ends):
    assert line_range(metric) == ends
    assert line_range(Metric.CES, 5) == (1, 5)


def test_every_metric_has_words():
    assert {words_of(metric).metric for metric in Metric} == {
        words.metric for words in FOR_EVERYBODY
    }


@given(st.lists(st.sampled_from(Metric)))
def test_a_warning_comes_with_the_second_yardstick_and_not_before(metrics):
    assert bool(mixing_words(metrics)) == (len({family_of(metric) for metric in metrics}) > 1)
