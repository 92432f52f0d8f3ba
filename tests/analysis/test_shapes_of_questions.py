"""Questions that differ in values alone are compiled once, and each gets its own answer."""

import subprocess
import sys
from datetime import UTC, date, datetime

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.analysis import schema, store
from gloed.analysis.queries import Filter, Query, Selection, Window, run
from gloed.analysis.queries.rows import outlined
from gloed.analysis.store import statements

pytestmark = pytest.mark.usefixtures("each_engine")

ODD = ["it's", "'; DROP VIEW answers; --", '"', "\\", "☂", "\n", store.stand_in("metric"), ""]
DAYS = [date(1, 1, 1), date(1, 1, 2), date(2026, 1, 31), date(2026, 2, 1)]


@pytest.fixture(scope="module")
def answers():
    """For every odd word and day one answer more than for the one before."""
    rows = [(word, day) for n, word in enumerate(ODD) for day in DAYS for _ in range(n + 1)]
    length = len(rows)
    columns = {
        "survey": ["s"] * length,
        "metric": ["nps"] * length,
        "scale_minimum": [0] * length,
        "scale_maximum": [10] * length,
        "high_is_good": [True] * length,
        "unreadable": [False] * length,
        "has_verbatim": [False] * length,
        "rating": [9] * length,
        "local_date": [day for _word, day in rows],
        "attr:word": [word for word, _day in rows],
    }
    return store.from_arrow(schema.make_table(columns))


@pytest.mark.parametrize("number", range(len(ODD)))
@pytest.mark.parametrize("day", DAYS)
def test_each_value_finds_its_own_answers(answers, number, day):
    selection = Selection(
        surveys=("s",),
        metric="nps",
        window=Window(start=day),
        filters=(Filter("attr:word", (ODD[number],)),),
    )

    found = run(answers, Query(selection)).merged()

    assert found is not None
    assert found.n == (number + 1) * sum(other >= day for other in DAYS)


def test_the_second_question_of_a_shape_is_not_compiled(answers):
    first, second = (
        Query(Selection(filters=(Filter("attr:word", (word,)),))) for word in ("\\", '"')
    )
    run(answers, first)
    before = statements.template.cache_info()

    assert run(answers, second).merged().n == 12

    after = statements.template.cache_info()
    assert after.misses == before.misses
    assert after.hits > before.hits


@given(st.lists(st.one_of(st.none(), st.text()), max_size=4), st.text(), st.dates())
def test_an_outline_holds_no_value(values, metric, day):
    selection = Selection(
        surveys=("a survey",),
        metric=metric,
        window=Window(day, day),
        filters=(Filter("attr:word", tuple(values)),),
    )

    outline, aside = outlined(selection, ("attr:word",))

    shown = [*outline.surveys, *outline.filters[0].values, *([outline.metric] if metric else [])]
    assert [name is None for name in shown[1 : 1 + len(values)]] == [v is None for v in values]
    assert all(name is None or name in aside for name in shown)
    assert aside[outline.filters[0].column] == "attr:word"
    assert outline.window.start is not None
    assert day.isoformat() in aside.values()


def test_listing_answers_does_not_load_pandas(tmp_path):
    """Arrow would load it to hand out a moment: 0.2 s and 40 MB that no page needs."""
    moment = datetime(2026, 3, 2, 9, 30, 0, 5, tzinfo=UTC)
    columns = {"rating": [9], "has_verbatim": [True], "response_id": [7], "responded_at": [moment]}
    path = tmp_path / "answers.parquet"
    pq.write_table(schema.make_table(columns), path)
    script = f"""
import sys
from datetime import UTC
from django.conf import settings
settings.configure(ANALYSIS_URL="duckdb://", SPILL=None)
from gloed.analysis import schema, store
from gloed.analysis.queries import End, Selection, list_keys, list_strongest
source = store.Source("1", tuple(schema.CORE), (sys.argv[1],))
assert list_strongest(source, Selection(), End(is_high_first=True), limit=3) == [[7]]
((at, key),) = list_keys(source, Selection(), after=None, limit=3)
assert (at.isoformat(), at.tzinfo, key) == ({moment.isoformat()!r}, UTC, 7)
assert "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script, path], check=True)
