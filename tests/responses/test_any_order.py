"""Whatever is delivered how often: the record is what the last accepted word of each key says."""

from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from gloed.base.models import JournalEntry
from gloed.responses.models import Answer, Response
from gloed.responses.operations import receive_answer, receive_many
from gloed.responses.rules import GivenAnswer, IncomingAnswer, Outcome
from gloed.surveys.queries import get_asked

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEYS = ["a" * 22, "b" * 22, "c" * 22]
deliveries = st.lists(
    st.tuples(
        st.sampled_from(KEYS),
        st.integers(0, 10),
        st.one_of(st.none(), st.sampled_from(["", "snel", "traag é😀"])),
        st.booleans(),
        st.integers(1, 3),  # how often it is delivered
    ),
    max_size=12,
)
ANY = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def incoming(key, rating, why, is_complete):
    answers = [GivenAnswer(1, rating=rating)]
    if why is not None:
        answers.append(GivenAnswer(2, verbatim=why))
    return IncomingAnswer(tuple(answers), "link", client_key=key, is_complete=is_complete)


def record():
    """By key: rating, words and status, as they stand."""
    found = {}
    for response in Response.objects.all():
        answers = {
            position: (rating, verbatim)
            for position, rating, verbatim in response.answers.values_list(
                "question__position", "rating", "verbatim"
            )
        }
        words = answers.get(2, (None, ""))[1]
        found[response.key.rpartition(":")[2]] = (answers[1][0], words, response.status)
    return found


@pytest.fixture
def clean():
    def wipe():
        Answer.objects.all().delete()
        Response.objects.all().delete()
        JournalEntry.objects.all().delete()

    return wipe


@ANY
@given(given_deliveries=deliveries)
def test_the_record_is_a_simple_story(survey, clean, given_deliveries):
    clean()
    asked, expected, changes = get_asked(survey.pk), {}, 0
    for number, (key, rating, why, is_complete, times) in enumerate(given_deliveries):
        _old, words, status = expected.get(key, (None, "", "partial"))
        story = (
            rating,
            words if why is None else why,
            "complete" if is_complete else status,
        )
        changes += story != expected.get(key)
        for time in range(times):
            receipt = receive_answer(
                incoming(key, rating, why, is_complete),
                survey=asked,
                now=NOW + timedelta(minutes=number),
            )
            if time:
                assert receipt.outcome is Outcome.UNCHANGED
        expected[key] = story
        assert record() == expected
    assert JournalEntry.objects.count() == changes


@ANY
@given(given_deliveries=deliveries, chunk=st.integers(1, 5))
def test_both_doors_lead_to_the_same_record(survey, clean, given_deliveries, chunk):
    clean()
    whole = [
        incoming(key, rating, why or "", True) for key, rating, why, _c, _t in given_deliveries
    ]
    for answer in whole:
        receive_answer(answer, survey=get_asked(survey.pk), now=NOW)
    one_by_one = record()
    clean()
    list(receive_many(survey, whole, now=NOW, chunk=chunk))
    assert record() == one_by_one
    last = [None, *receive_many(survey, whole[-1:], now=NOW)][-1]
    assert last is None or (last.new, last.updated) == (0, 0)
