"""The latest answer of each person, counted by the engine and by plain Python alike."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gloed.analysis import schema, store
from gloed.analysis.queries import Filter, Period, Query, Selection, Window, run_latest

pytestmark = pytest.mark.usefixtures("each_engine")

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
ROW = st.tuples(
    st.one_of(st.none(), st.integers(1, 4)),  # who answered
    st.one_of(st.none(), st.integers(0, 10)),  # the rating
    st.one_of(st.none(), st.integers(0, 70)),  # days after the start
    st.sampled_from(["N", "Z", None]),  # region
)


def source_of(rows):
    moments = [None if day is None else START + timedelta(days=day) for *_, day, _region in rows]
    return store.from_arrow(
        schema.make_table(
            {
                "response_id": list(range(len(rows))),
                "metric": ["nps"] * len(rows),
                "scale_minimum": [0] * len(rows),
                "scale_maximum": [10] * len(rows),
                "high_is_good": [True] * len(rows),
                "unreadable": [False] * len(rows),
                "person": [person for person, *_ in rows],
                "rating": [rating for _person, rating, *_ in rows],
                "responded_at": moments,
                "local_date": [moment and moment.date() for moment in moments],
                "attr:region": [region for *_, region in rows],
            }
        )
    )


def latest(rows, *, window, regions, period):
    """Rating, region and first day of the month of every answer that counts."""
    found = {}
    for key, (person, rating, day, region) in enumerate(rows):
        moment = None if day is None else START + timedelta(days=day)
        local = moment and moment.date()
        outside = window is not None and (local is None or not window[0] <= local < window[1])
        if rating is None or outside or (regions is not None and region not in regions):
            continue
        month = local.replace(day=1) if period and local else None
        who = ("?", key) if person is None else (person, month)
        order = (moment is not None, moment or START, key)
        if who not in found or order > found[who][0]:
            found[who] = (order, (rating, region, month))
    return Counter(value for _order, value in found.values())


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(ROW, max_size=25),
    st.one_of(st.none(), st.tuples(st.integers(0, 40), st.integers(1, 40))),
    st.one_of(st.none(), st.lists(st.sampled_from(["N", "Z", None]), min_size=1, max_size=2)),
    st.booleans(),
)
def test_the_latest_per_person_equals_a_plain_count(rows, days, regions, by_month):
    first = date(2026, 1, 1)
    window = days and (first + timedelta(days=days[0]), first + timedelta(days=sum(days)))
    selection = Selection(
        metric="nps",
        window=Window(*window) if window else Window(),
        filters=(Filter("attr:region", tuple(regions)),) if regions is not None else (),
    )
    period = Period.MONTH if by_month else None
    result = run_latest(source_of(rows), Query(selection, by=("attr:region",), period=period))
    counted = Counter()
    for cell in result.cells:
        for value, count in zip(cell.histogram.values, cell.histogram.counts, strict=True):
            if count:
                counted[value, cell.group[0], cell.period] += count
    assert counted == latest(rows, window=window, regions=regions, period=by_month)
