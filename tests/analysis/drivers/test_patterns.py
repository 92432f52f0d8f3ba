"""Further ratings in the projection, and the patterns that people gave together."""

from collections import Counter
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from gloed.analysis import schema, store
from gloed.analysis.queries import Selection, Window, count_patterns, splitting_columns
from gloed.responses.models import Answer
from gloed.surveys.models import Question

RATING = st.one_of(st.none(), st.integers(0, 10))
FURTHER = st.one_of(st.none(), st.integers(1, 5))


def source_of(rows):
    return store.from_arrow(
        schema.make_table(
            {
                "response_id": list(range(len(rows))),
                "survey": ["s"] * len(rows),
                "version": [version for *_, version in rows],
                "metric": ["nps"] * len(rows),
                "local_date": [date(2026, 1, 1)] * len(rows),
                "rating": [rating for rating, *_ in rows],
                "rated:speed": [None if v is None else str(v) for _, v, *_ in rows],
                "rated:price": [None if v is None else str(v) for _, _, v, _ in rows],
            }
        )
    )


@given(st.lists(st.tuples(RATING, FURTHER, FURTHER, st.integers(1, 3)), min_size=1, max_size=30))
def test_patterns_are_those_who_rated_everything(rows):
    expected = Counter(
        (rating, speed, price)
        for rating, speed, price, version in rows
        if None not in (rating, speed, price) and version in (1, 3)
    )
    columns = ("rated:speed", "rated:price")
    found = count_patterns(source_of(rows), Selection(surveys=("s",)), columns, (1, 3))
    assert dict(found) == dict(expected)


def test_a_column_that_nobody_has_leaves_no_pattern():
    source = source_of([(9, 5, 4, 1)])
    assert count_patterns(source, Selection(), ("rated:nothing",), (1,)) == ()


def test_further_ratings_stand_beside_the_main_one_and_split_nothing(
    organisation, make_survey, many, rebuild
):
    survey = make_survey(organisation)
    version = survey.versions.get()
    speed = Question.objects.create(
        version=version, position=3, kind="rating", key="speed", scale_minimum=1, scale_maximum=5
    )
    choice = Question.objects.create(version=version, position=4, kind="single", key="which")
    last = datetime(2026, 2, 1, tzinfo=UTC)
    for rating, given_speed in ((9, 4), (7, None), (2, 1)):
        (response,) = many(survey, {rating: 1}, last=last)
        if given_speed:
            Answer.objects.create(response=response, question=speed, rating=given_speed)
        Answer.objects.create(response=response, question=choice, raw="a")
    source = rebuild(organisation)
    assert "rated:speed" in source.columns
    assert "rated:which" not in source.columns
    assert "rated:speed" not in splitting_columns(source)
    window = Window(date(2026, 1, 1), date(2026, 3, 1))
    found = count_patterns(source, Selection(window=window), ("rated:speed",), (1,))
    assert dict(found) == {(9, 4): 1, (2, 1): 1}
