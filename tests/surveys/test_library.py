"""The library: every metric can be asked in every language, within the limits of a page."""

import pytest

from gloed.surveys import labels, library
from gloed.surveys.rules import (
    SCALES,
    Band,
    Content,
    Metric,
    Scale,
    band_of,
    problems_of,
    satisfied_from,
)


@pytest.mark.parametrize("wording", library.rating_wordings(), ids=lambda wording: wording.id)
def test_every_wording_can_be_asked_as_it_is(wording):
    opened = library.get_open_wording(wording.metric)
    content = Content(wording.metric, wording.scale, wording.words, opened.words)
    assert problems_of(content) == ()


@pytest.mark.parametrize("wording", library.open_wordings(), ids=lambda wording: wording.id)
def test_every_open_question_has_words_for_each_band(wording):
    for words in wording.words.values():
        assert set(words.by_band) == set(Band)
        assert len({words.everybody, *words.by_band.values()}) == 4


def test_every_metric_has_words_on_every_scale():
    for metric in Metric:
        for scale in SCALES[metric]:
            assert library.get_rating_wording(metric, scale).scale == scale
        assert library.get_open_wording(metric)


def test_ids_are_unique():
    ids = [w.id for w in (*library.rating_wordings(), *library.open_wordings())]
    assert len(ids) == len(set(ids))


def test_every_metric_has_a_name():
    assert set(labels.METRIC_NAMES) == set(Metric)


@pytest.mark.parametrize(
    ("metric", "scale", "rating", "band"),
    [
        (Metric.NPS, Scale(0, 10), 6, Band.DETRACTOR),
        (Metric.NPS, Scale(0, 10), 7, Band.PASSIVE),
        (Metric.NPS, Scale(0, 10), 9, Band.PROMOTER),
        (Metric.CSAT, Scale(1, 5), 4, Band.PROMOTER),
        (Metric.CSAT, Scale(1, 5), 3, Band.PASSIVE),
        (Metric.CSAT, Scale(1, 5), 2, Band.DETRACTOR),
        (Metric.CES, Scale(1, 5, high_is_good=False), 1, Band.PROMOTER),
        (Metric.CES, Scale(1, 5, high_is_good=False), 5, Band.DETRACTOR),
        (Metric.THUMBS, Scale(0, 1), 0, Band.DETRACTOR),
    ],
)
def test_the_band_of_an_answer(metric, scale, rating, band):
    assert band_of(metric, scale, rating) is band


@pytest.mark.parametrize("metric", list(Metric))
def test_every_scale_has_a_satisfied_end(metric):
    for scale in SCALES[metric]:
        assert satisfied_from(scale) in scale
