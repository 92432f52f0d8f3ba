"""Counts beside the files and pieces of a source give the same numbers as reading every answer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gloed.analysis import manifest, projection, rollup, schema, store
from gloed.analysis.projection import Changes
from gloed.analysis.queries import (
    End,
    Filter,
    Period,
    Query,
    Selection,
    Window,
    find_days,
    list_strongest,
    lists,
    run,
    run_each,
)
from gloed.analysis.queries.rows import KINDS, packed, unpacked

pytestmark = pytest.mark.usefixtures("each_engine")

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
COLUMNS = ("team", "attr:a", "attr:late", "attr:nobody")
DAYS = st.none() | st.dates(date(2025, 12, 25), date(2026, 3, 5))
SCALES = st.sampled_from([(0, 10, True), (1, 5, True), (1, 5, False), (None, None, None)])

ANSWER = st.tuples(
    st.sampled_from(["s1", "s2"]),
    st.sampled_from(["nps", "csat"]),
    SCALES,
    st.none() | st.integers(-1, 11),
    st.booleans(),
    DAYS,
    st.sampled_from(["x", "y", None]),
    st.sampled_from(["north", "zuid ☂", None]),
)
WINDOWS = st.tuples(DAYS, DAYS).map(lambda ends: Window(*ends))
SELECTIONS = st.builds(
    Selection,
    surveys=st.sampled_from([(), ("s1",), ("s1", "s2"), ("nowhere",)]),
    metric=st.sampled_from(["", "nps"]),
    window=WINDOWS,
    filters=st.sampled_from([(), (Filter("attr:a", ("north", None)),)]),
    ratings=st.sampled_from([(), (0, 9, 10)]),
)


def moment(day):
    return day and datetime(day.year, day.month, day.day, tzinfo=UTC)


def table(answers, *, first, has_late):
    survey, metric, scales, ratings, unreadable, days, team, a = zip(*answers, strict=True)
    low, high, good = zip(*scales, strict=True)
    columns = {
        "response_id": [first + place for place in range(len(answers))],
        "survey": list(survey), "metric": list(metric), "rating": list(ratings),
        "scale_minimum": list(low), "scale_maximum": list(high), "high_is_good": list(good),
        "responded_at": [moment(day) for day in days],
        "unreadable": list(unreadable), "local_date": list(days), "team": list(team),
        "has_verbatim": [True] * len(answers), "attr:a": list(a),
    }  # fmt: skip
    if has_late:  # a column that the files of before did not know
        columns["attr:late"] = list(a)
    return schema.make_table(columns)


def split(folder, tables, *, lasting):
    """The tables as files of a projection, lasting from so many rows on."""
    pen = projection._Pen(folder, lambda rows: None)
    parts = [pen.write("2026-01", one) for one in tables]
    present = manifest.EMPTY.replaced(parts, as_of=NOW, time_zone="UTC", at=NOW)
    with patch.object(rollup, "LASTING", lasting):
        return store.from_manifest(folder, present)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    pieces=st.lists(st.lists(ANSWER, min_size=1, max_size=12), min_size=1, max_size=4),
    lasting=st.sampled_from([1, 5, 99]),
    selection=SELECTIONS,
    period=st.sampled_from([None, *Period]),
    by=st.sampled_from([(), ("survey", "metric"), ("attr:a",)]),
    week_starts=st.sampled_from([0, 1]),
)
def test_rollups_and_pieces_equal_reading_everything(
    pieces, lasting, selection, period, by, week_starts, tmp_path
):
    tables = [table(one, first=100 * place, has_late=place > 0) for place, one in enumerate(pieces)]
    source = split(tmp_path, tables, lasting=lasting)
    plain = replace(source, version=f"plain of {source.version}", parts=())
    query = Query(selection, by=by, period=period, week_starts=week_starts)
    assert run(source, query).cells == run(plain, query).cells
    each, expected = (run_each(one, selection, COLUMNS) for one in (source, plain))
    assert {name: result.cells for name, result in each.items()} == {
        name: result.cells for name, result in expected.items()
    }
    assert find_days(source, selection) == find_days(plain, selection)
    ends = (
        End(is_high_first=True),
        End(is_high_first=False),
        End(is_high_first=False, ratings=(9,)),
    )
    found, expected = (list_strongest(one, selection, *ends, limit=5) for one in (source, plain))
    assert found == expected
    for end, keys in zip(ends, found, strict=True):
        assert list_strongest(plain, selection, end, limit=5) == [keys]


RATED = st.tuples(
    st.sampled_from(["s1", "s2"]),
    st.just("nps"),
    st.just((0, 10, True)),
    st.sampled_from([None, 1, 2, 9, 10, 10]),
    st.just(False),
    DAYS,
    st.just("x"),
    st.sampled_from(["north", None]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    answers=st.lists(RATED, min_size=8, max_size=30),
    selection=st.sampled_from(
        [
            Selection(),
            Selection(surveys=("s1",), metric="nps"),
            Selection(window=Window(date(2026, 1, 2), None)),
            Selection(filters=(Filter("attr:a", ("north",)),)),
        ]
    ),
    lately=st.integers(0, 40),
    limit=st.integers(1, 3),
)
def test_the_strongest_are_the_same_when_the_last_weeks_are_read_first(
    answers, selection, lately, limit, tmp_path
):
    held = table(answers, first=1, has_late=False)
    source, plain = (split(tmp_path, [held], lasting=1) for _ in range(2))
    ends = (
        End(is_high_first=True, ratings=(9, 10)),
        End(is_high_first=False, ratings=(1, 2, 3)),
        End(is_high_first=False),
    )
    for some in (ends[:1], ends[:2], ends):
        with patch.object(lists, "MANY", 1), patch.object(lists, "LATELY", timedelta(days=lately)):
            found = list_strongest(source, selection, *some, limit=limit)
        assert found == list_strongest(plain, selection, *some, limit=limit)


def test_of_many_answers_only_the_last_weeks_are_read_where_those_settle_it(tmp_path, monkeypatch):
    days = [date(2026, 1, 1) + timedelta(days=number % 60) for number in range(240)]
    one = ("s1", "nps", (0, 10, True), 10, False)
    answers = [(*one, day, "x", "north") for day in days]
    source = split(tmp_path, [table(answers, first=1, has_late=False)], lasting=1)
    monkeypatch.setattr(lists, "MANY", 100)
    asked, ask = [], lists.ask
    monkeypatch.setattr(lists, "ask", lambda *words: asked.append(words[2]) or ask(*words))
    best = End(is_high_first=True, ratings=(9, 10))
    (keys,) = list_strongest(source, Selection(), best, limit=3)
    assert keys == [240, 180, 120]
    starts = [selection.window.start for selection in asked]
    assert starts == [date(2026, 3, 1) - lists.LATELY]


@given(
    numbers=st.tuples(*[st.none() | st.integers(-(2**15), 2**15 - 1)] * 3),
    others=st.tuples(*[st.none() | st.booleans()] * 2),
)
@settings(max_examples=40, deadline=None)
def test_what_is_packed_comes_out_again(numbers, others):
    known = dict(zip(KINDS, (*numbers, *others), strict=True))
    source = store.from_arrow(schema.make_table({name: [value] for name, value in known.items()}))
    rows = store.table_of(source)
    (row,) = store.engine().run(source, rows.select(kind=packed(rows))).to_pylist()
    assert unpacked(row["kind"]) == known


@pytest.fixture
def counted(organisation, make_survey, spread, rebuild, monkeypatch):
    """A projection whose months all have rollups."""
    monkeypatch.setattr(rollup, "LASTING", 5)
    spread(make_survey(organisation), {9: 40, 5: 20, 0: 10}, attributes={"region": "N"})
    rebuild(organisation)
    return organisation


def test_news_leaves_what_was_counted_as_it_is(counted, answer):
    before = store.projection_of(counted)
    response = answer(counted.surveys.get(), 10)
    projection.project(counted, Changes(responses={response.pk}), now=NOW)
    after = store.projection_of(counted)
    assert before.pieces[0] == after.pieces[0]
    assert after.rows == before.rows + 1
    assert run(after, Query()).merged().n == run(before, Query()).merged().n + 1


def test_a_column_with_too_many_values_for_a_rollup_is_read(
    organisation, make_survey, answer, rebuild, monkeypatch
):
    monkeypatch.setattr(rollup, "LASTING", 5)
    survey = make_survey(organisation)
    for number in range(schema.MOST_VALUES + 1):
        answer(survey, 9, attributes={"street": f"Street {number}"})
    each = run_each(rebuild(organisation), Selection(), ("attr:street", "channel"))
    assert len(each["attr:street"].cells) == schema.MOST_VALUES + 1


def test_rollups_are_let_go_with_their_files(counted, rebuild):
    folder = projection.folder_of(counted)
    old = {name for part in manifest.read(folder).parts for name in part.files}
    assert any(name.endswith(".counts.parquet") for name in old)
    rebuild(counted)
    assert projection.sweep(counted, now=NOW) is True
    assert all((folder / name).exists() for name in old)
    projection.sweep(counted, now=datetime.now(UTC) + manifest.GRACE * 2)
    assert not any((folder / name).exists() for name in old)
    kept = {name for part in manifest.read(folder).parts for name in part.files}
    assert {p.relative_to(folder).as_posix() for p in folder.glob("*/*.parquet")} == kept
