"""Which survey a record goes to, under which identity, and what a spreadsheet may see."""

import doctest
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.channels.file_import import rules
from gloed.channels.file_import.reading import (
    Answer,
    Metric,
    Moment,
    Record,
    SourceFile,
    Status,
)
from gloed.channels.file_import.routing import Router
from gloed.channels.file_import.rules import Group, identity_of, question_words, safe_cell

NPS, CSAT = Group("", "nps", 0, 10), Group("", "csat", 1, 5)


def answer(metric=Metric.NPS, score=9, scale=(0, 10), raw=None):
    return Answer(metric, scale, score, raw or str(score), "score")


def record(**changes):
    plain = Record(
        source=SourceFile("generic_csv", "a.csv", "0" * 64),
        row=1,
        source_response_id=None,
        respondent=None,
        responded_at=Moment(datetime(2026, 1, 5, 12, tzinfo=UTC), "UTC"),
        started_at=None,
        survey=None,
        touchpoint=None,
        answers=(answer(),),
        comment="Fine",
        language=None,
        channel=None,
        device=None,
        status=Status.COMPLETE,
        tags=(),
        notes=(),
        attributes={},
        warnings=(),
    )
    return replace(plain, **changes)


def test_examples_in_the_rules_hold():
    assert doctest.testmod(rules).failed == 0


def test_short_numbers_of_two_plain_files_are_not_the_same_answer():
    """January's row 1 must not overwrite February's."""
    january = record(source_response_id="1")
    later = Moment(datetime(2026, 2, 5, 12, tzinfo=UTC), "UTC")
    february = replace(january, responded_at=later)

    assert identity_of(january, "generic") != identity_of(february, "generic")
    assert identity_of(january, "delighted") == identity_of(february, "delighted")


def test_another_choice_of_zone_is_the_same_row():
    there = record(responded_at=Moment(datetime(2026, 1, 5, 11, tzinfo=UTC), "Europe/Amsterdam"))

    assert identity_of(record(), "generic") == identity_of(there, "generic")


@pytest.mark.parametrize(
    "change",
    [
        {"comment": "Fine!"},
        {"touchpoint": "Order"},
        {"answers": (answer(score=8),)},
        {"attributes": {"region": "north"}},
    ],
)
def test_a_row_that_differs_anywhere_is_another_row(change):
    assert identity_of(record(), "generic") != identity_of(record(**change), "generic")


def test_a_record_with_two_scores_becomes_two_answers_and_its_words_stand_once():
    two = record(answers=(answer(), answer(Metric.CSAT, 4, (1, 5))))

    routed = Router("generic_csv", [NPS, CSAT]).route(two)

    assert [group for group, _ in routed] == [NPS, CSAT]
    assert [[given.verbatim for given in one.answers] for _, one in routed] == [["", "Fine"], [""]]


def test_words_without_a_number_go_to_the_largest_group():
    assert [group for group, _ in Router("x_csv", [CSAT, NPS]).route(record(answers=()))] == [CSAT]


def test_an_unreadable_score_keeps_its_text():
    ((_, incoming),) = Router("x_csv", [NPS]).route(record(answers=(answer(score=None, raw="1O"),)))

    assert (incoming.answers[0].rating, incoming.answers[0].raw) == (None, "1O")


def test_a_score_that_no_survey_asks_stays_as_an_attribute():
    routed = Router("x_csv", [NPS]).route(
        record(answers=(answer(), answer(Metric.PMF, 2, (1, 3), raw="somewhat")))
    )

    assert [dict(incoming.attributes) for _, incoming in routed] == [{"score": "somewhat"}]


def test_only_a_score_that_no_survey_asks_gives_nothing():
    lonely = record(answers=(answer(Metric.PMF, 2, (1, 3)),), comment=None)

    assert Router("x_csv", [NPS]).route(lonely) == []


@given(st.text())
def test_no_cell_begins_like_a_formula(text):
    safe = safe_cell(text)

    assert safe[:1] not in {"=", "+", "-", "@"}
    assert safe.removeprefix("'") == text or safe == text


@given(st.text(max_size=500))
def test_question_words_fit_a_survey(text):
    words = question_words(text)

    assert words is None or (0 < len(words.text) <= 400 and words.language in {"", "nl", "en"})
