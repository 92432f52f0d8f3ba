"""Counting answers of a projection and of a table in memory."""

from datetime import UTC, date, datetime

import pytest

from gloed.analysis import schema, store
from gloed.analysis.queries import (
    Doubt,
    Filter,
    Period,
    Query,
    Selection,
    Window,
    count_people,
    run,
    run_each,
    splitting_columns,
)
from gloed.surveys.rules import Scale

pytestmark = pytest.mark.usefixtures("each_engine")

ODD_KEYS = [
    "region",
    "Region",
    "attr:",
    "",
    'a "quoted" one',
    "it's; DROP TABLE answers; --",
    "prénom ☂ 姓",
    "^caret",
    "a.b[0]",
    "%(x)s",
    "x" * 300,
]


def table(**columns):
    """A table in memory; metric and scale are those of an NPS unless given."""
    columns = {name.replace("attr_", "attr:"): values for name, values in columns.items()}
    length = len(columns["rating"])
    usual = {"metric": "nps", "scale_minimum": 0, "scale_maximum": 10, "high_is_good": True}
    usual |= {"unreadable": False, "has_verbatim": False}
    filled = {name: [value] * length for name, value in usual.items() if name not in columns}
    return store.from_arrow(schema.make_table(filled | columns))


def counts(histogram):
    return {
        value: count
        for value, count in zip(histogram.values, histogram.counts, strict=True)
        if count
    }


def test_a_table_in_memory_is_asked_like_a_projection():
    source = table(rating=[10, 10, 3, None], attr_region=["N", "Z", "Z", "Z"])
    result = run(source, Query(by=("attr:region",)))
    assert {group: counts(h) for group, h in result.by_group().items()} == {
        ("N",): {10: 1},
        ("Z",): {3: 1, 10: 1},
    }
    assert result.merged().missing == 1
    assert result.query == Query(by=("attr:region",))


def test_no_answers_give_no_cells():
    result = run(table(rating=[]), Query())
    assert result.cells == ()
    assert result.merged() is None
    assert result.scale is None
    assert result.doubts == (Doubt.NOT_PROJECTED,)


def test_an_organisation_without_projection_has_no_answers(organisation):
    result = run(store.projection_of(organisation), Query(by=("attr:region",), period=Period.DAY))
    assert result.cells == ()
    assert Doubt.NOT_PROJECTED in result.doubts


@pytest.mark.parametrize("key", ODD_KEYS)
def test_attributes_may_have_any_name_and_value(key, organisation, make_survey, answer, rebuild):
    survey = make_survey(organisation)
    answer(survey, 9, attributes={key: key or "empty"})
    answer(survey, 2, attributes={})
    source = rebuild(organisation)
    column = f"attr:{key}"
    assert column in splitting_columns(source)
    result = run(source, Query(by=(column,)))
    assert {group[0] for group in result.by_group()} == {key or "empty", None}
    only = Selection(filters=(Filter(column, (key or "empty",)),))
    assert counts(run(source, Query(only)).merged()) == {9: 1}


def test_attributes_that_differ_by_a_capital_stay_apart(organisation, make_survey, answer, rebuild):
    survey = make_survey(organisation)
    answer(survey, 9, attributes={"Region": "N", "region": "Z"})
    source = rebuild(organisation)
    assert run(source, Query(by=("attr:Region",))).cells[0].group == ("N",)
    assert run(source, Query(by=("attr:region",))).cells[0].group == ("Z",)


def test_a_column_nobody_has_is_empty_for_all():
    source = table(rating=[10, 3])
    assert list(run(source, Query(by=("attr:nowhere",))).by_group()) == [(None,)]
    nothing = Selection(filters=(Filter("attr:nowhere", ("x",)),))
    assert run(source, Query(nothing)).cells == ()
    unknown = Selection(filters=(Filter("attr:nowhere", (None,)),))
    assert run(source, Query(unknown)).merged().n == 2


@pytest.mark.parametrize(
    ("period", "week_starts", "start"),
    [
        (Period.DAY, 1, date(2026, 3, 1)),  # a Sunday
        (Period.WEEK, 1, date(2026, 2, 23)),
        (Period.WEEK, 0, date(2026, 3, 1)),
        (Period.MONTH, 1, date(2026, 3, 1)),
        (Period.QUARTER, 1, date(2026, 1, 1)),
    ],
)
def test_time_is_cut_at_the_first_day_of_each_period(period, week_starts, start):
    source = table(rating=[10, 5], local_date=[date(2026, 3, 1), None])
    result = run(source, Query(period=period, week_starts=week_starts))
    assert {key: counts(h) for key, h in result.by_period().items()} == {
        start: {10: 1},
        None: {5: 1},
    }


def test_a_window_is_half_open_and_leaves_the_undated_out():
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1), None]
    source = table(rating=[0, 1, 2, 3, 4], local_date=days)
    march = Selection(window=Window(date(2026, 3, 1), date(2026, 4, 1)))
    assert counts(run(source, Query(march)).merged()) == {1: 1, 2: 1}
    assert run(source, Query()).merged().n == 5


def test_days_are_those_of_the_organisation(organisation, make_survey, answer, rebuild):
    survey = make_survey(organisation)
    answer(survey, 9, at=datetime(2026, 3, 31, 22, 30, tzinfo=UTC))  # April in Amsterdam
    answer(survey, 1, at=datetime(2026, 3, 31, 21, 30, tzinfo=UTC))
    result = run(rebuild(organisation), Query(period=Period.MONTH))
    assert {key: counts(h) for key, h in result.by_period().items()} == {
        date(2026, 3, 1): {1: 1},
        date(2026, 4, 1): {9: 1},
    }


def test_another_zone_moves_the_days(organisation, make_survey, answer, rebuild):
    survey = make_survey(organisation)
    answer(survey, 9, at=datetime(2026, 3, 31, 22, 30, tzinfo=UTC))
    rebuild(organisation)
    organisation.time_zone = "America/New_York"
    organisation.save()
    result = run(rebuild(organisation), Query(period=Period.MONTH))
    assert list(result.by_period()) == [date(2026, 3, 1)]


def test_scales_are_never_mixed():
    source = table(
        rating=[5, 5, 9],
        metric=["csat"] * 3,
        scale_minimum=[1, 1, 1],
        scale_maximum=[5, 5, 10],
    )
    result = run(source, Query())
    assert result.scale == Scale(1, 5)
    assert counts(result.merged()) == {5: 2}
    assert result.other_scales == 1
    assert Doubt.OTHER_SCALES in result.doubts


def test_many_columns_at_once_equal_each_alone():
    source = table(rating=[10, 3, 7], attr_a=["x", "y", None], attr_b=["p", "p", "p"])
    each = run_each(source, Selection(), ("attr:a", "attr:b", "attr:none"))
    for column, result in each.items():
        assert result.by_group() == run(source, Query(by=(column,))).by_group()


def test_people_are_counted_once_and_the_unknown_each_time():
    source = table(rating=[10, 9, 3, 4, None], person=[1, 1, None, None, 7], attr_a=list("xxxyy"))
    assert count_people(source, Selection(), ("attr:a",)) == {("x",): 2, ("y",): 1}
    assert count_people(source, Selection(), ()) == {(): 3}


def test_what_could_not_be_read_stays_out_of_the_base_and_is_counted():
    source = table(rating=[9, None, None], unreadable=[False, True, False])
    histogram = run(source, Query()).merged()
    assert (histogram.n, histogram.missing, histogram.out_of_range) == (1, 1, 1)


def test_another_organisations_answers_stay_its_own(
    organisation, other_organisation, make_survey, answer, rebuild
):
    answer(make_survey(organisation), 9)
    theirs = make_survey(other_organisation)
    answer(theirs, 1)
    ours = rebuild(organisation)
    rebuild(other_organisation)
    assert counts(run(ours, Query()).merged()) == {9: 1}
    assert run(ours, Query(Selection(surveys=(str(theirs.public_id),)))).cells == ()
