"""Keys, months and doors as plain decisions."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from gloed.responses.rules import (
    AnswerRefused,
    GivenAnswer,
    IncomingAnswer,
    Reason,
    comes_too_late,
    key_of,
    months_of,
    reason_to_refuse,
)

NOW = datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))


def answer(**kwargs):
    return IncomingAnswer((GivenAnswer(1, rating=1),), "csv", **kwargs)


def test_a_key_names_its_kind_and_its_survey():
    assert key_of(answer(client_key="k"), survey=3) == "client:3:k"
    assert key_of(answer(source_id="r1"), survey=3) == "csv:3:r1"
    assert key_of(answer(token="t"), survey=3, invitation=9) == "invitation:9"


def test_endless_ids_are_shortened_without_falling_together():
    first, second = (key_of(answer(source_id="x" * 500 + tail), survey=3) for tail in "ab")
    assert first != second
    assert len(first) <= 200


def test_no_key_is_refused():
    with pytest.raises(AnswerRefused, match="no_key"):
        key_of(answer(), survey=3)


def test_months_are_those_of_utc():
    assert months_of(NOW, datetime(2026, 3, 1, tzinfo=UTC), None) == [
        "2026-02",
        "2026-03",
        "undated",
    ]


@pytest.mark.parametrize(
    ("is_open", "closed", "is_begun", "reason"),
    [
        (True, None, False, None),
        (False, timedelta(minutes=59), True, None),
        (False, timedelta(minutes=61), True, Reason.SURVEY_CLOSED),
        (False, timedelta(minutes=1), False, Reason.SURVEY_CLOSED),
        (False, None, True, Reason.SURVEY_CLOSED),
    ],
)
def test_who_may_come_in_when_the_door_is_closed(is_open, closed, is_begun, reason):
    closed_at = None if closed is None else NOW - closed
    found = reason_to_refuse(is_open=is_open, closed_at=closed_at, is_begun=is_begun, now=NOW)
    assert found is reason


@pytest.mark.parametrize(
    ("stored", "delivered", "late"),
    [(None, 1, False), (1, None, False), (2, 1, True), (1, 1, False), (1, 2, False)],
)
def test_only_an_older_revision_comes_too_late(stored, delivered, late):
    assert comes_too_late(stored, delivered) is late
