"""Rules R9 and R10: what a cell of a time column says."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.channels.file_import.reading.refusals import UnreadableFile
from gloed.channels.file_import.reading.times import TimeReader, order_of, zone_called
from gloed.channels.file_import.reading.values import DateOrder

WRITTEN = datetime.fromisoformat("2026-02-04T13:06:09")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def _reader(order: DateOrder = DateOrder.DAY_FIRST, *, has_never: bool = False) -> TimeReader:
    return TimeReader(AMSTERDAM, "Europe/Amsterdam", order, has_never=has_never)


def _read(cell: object, order: DateOrder = DateOrder.DAY_FIRST) -> str | None:
    moment = _reader(order).read(cell).moment
    return moment.at.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-03-26T11:26:20Z", "2026-03-26T11:26:20Z"),
        ("2026-03-26T23:48:35+01:00", "2026-03-26T22:48:35Z"),
        ("2026-03-27 08:00:50 -0400", "2026-03-27T12:00:50Z"),
        ("2026-03-27T08:00:50.123456Z", "2026-03-27T08:00:50Z"),
        ("2026-03-27 08:00:50 UTC", "2026-03-27T08:00:50Z"),
        ("2026-03-27T08:00", "2026-03-27T07:00:00Z"),
        ("1774649592", "2026-03-27T22:13:12Z"),
        (1774649592, "2026-03-27T22:13:12Z"),
        ("1774707262000", "2026-03-28T14:14:22Z"),
        ("2026/05/28 7:01:33 PM GMT+2", "2026-05-28T17:01:33Z"),
        ("2026/05/28 7:01:33 pm GMT+2", "2026-05-28T17:01:33Z"),
        ("2026/05/28 12:01:33 AM GMT+2", "2026-05-27T22:01:33Z"),
        ("28-5-2026 19:01:33", "2026-05-28T17:01:33Z"),
        ("28-5-2026 9:01", "2026-05-28T07:01:00Z"),
        ("28.05.2026 09:01", "2026-05-28T07:01:00Z"),
        ("Fri, 23 Oct 2026 04:10:59 GMT", "2026-10-23T04:10:59Z"),
        ("Mon Mar 03 2025", "2025-03-02T23:00:00Z"),
        (WRITTEN, "2026-02-04T12:06:09Z"),
        (datetime(2026, 2, 4, 13, 6, 9, tzinfo=UTC), "2026-02-04T13:06:09Z"),
        (date(2026, 2, 4), "2026-02-03T23:00:00Z"),
    ],
)
def test_every_notation_of_the_specification_is_read(cell: object, expected: str) -> None:
    assert _read(cell) == expected


def test_month_first_with_a_clock_of_twelve_hours() -> None:
    assert _read("03/25/2026 02:59:55 PM", DateOrder.MONTH_FIRST) == "2026-03-25T13:59:55Z"
    assert _read("03/25/2026 12:00:00 AM", DateOrder.MONTH_FIRST) == "2026-03-24T23:00:00Z"


@pytest.mark.parametrize(
    "cell",
    ["gisteren", "31-02-2026 10:00", "25/13/2026", "12:30", "2026", "123456789012345", "7", True,
     "99-99-9999", "2026-03-26T25:00:00", "13:00 PM", "x" * 10_000, "9999-12-31T23:59:59-23:59"],
)  # fmt: skip
def test_anything_else_is_unreadable_and_stays_in_the_row(cell: object) -> None:
    assert _reader().read(cell) == (None, "time_unreadable")


@pytest.mark.parametrize("cell", ["", "  ", None])
def test_an_empty_time_is_missing(cell: object) -> None:
    assert _reader().read(cell) == (None, "time_missing")


def test_1980_means_that_the_survey_is_not_date_stamped() -> None:
    assert _reader(has_never=True).read("1980-01-01 00:00:00") == (None, "time_missing")
    assert _read("1980-01-01 00:00:00") == "1979-12-31T23:00:00Z"


def test_the_repeated_hour_is_the_first_of_the_two_with_a_warning() -> None:
    reading = _reader().read("2026-10-25 02:30:00")

    assert reading.warning == "time_ambiguous"
    assert reading.moment is not None
    assert reading.moment.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert _reader().read("2026-10-25T02:30:00+01:00").warning is None
    assert _reader().read("2026-10-25 03:00:00").warning is None


def test_the_hour_that_is_left_out_is_shifted_by_the_gap() -> None:
    reading = _reader().read("2026-03-29 02:30:00")

    assert reading.warning is None
    assert reading.moment is not None
    assert reading.moment.at.astimezone(AMSTERDAM).hour == 3


def test_a_date_alone_is_midnight_in_the_zone_of_the_file() -> None:
    reading = _reader().read("28-5-2026")

    assert reading.warning == "date_only"
    assert reading.moment is not None
    assert (reading.moment.precision, reading.moment.at.hour) == ("day", 22)


def test_what_was_written_is_kept_beside_the_instant() -> None:
    zones = [
        moment.zone
        for cell in ("2026-03-26T23:48:35+01:00", "2026-03-26 23:48:35", "2026-03-26T23:48:35Z")
        if (moment := _reader().read(cell).moment)
    ]

    assert zones == ["+01:00", "Europe/Amsterdam", "UTC"]


@pytest.mark.parametrize(
    ("cells", "order", "is_certain"),
    [
        (["3/4/2026", "13/4/2026"], "day_first", True),
        (["3/4/2026", "4/13/2026"], "month_first", True),
        (["3/4/2026 1:00 PM"], "month_first", True),
        (["3-4-2026"], "day_first", False),
        (["3/4/2026"], "month_first", False),
        (["2026-03-04"], None, True),
        ([], None, True),
    ],
)
def test_the_order_is_decided_once_per_column(
    cells: list[str], order: str | None, is_certain: bool
) -> None:
    assert order_of(cells, reads_day_first=False) == (order, is_certain)


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="Mars is not a time zone"):
        zone_called("Mars")
    assert zone_called("+02:00").utcoffset(None) == timedelta(hours=2)


@given(st.one_of(st.text(max_size=60), st.integers(), st.floats(allow_nan=True)))
def test_no_cell_breaks_the_reader(cell: object) -> None:
    reading = _reader().read(cell)

    assert reading.moment is not None or reading.warning is not None


@given(st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2037-01-01")))
def test_local_times_agree_with_zoneinfo(local: datetime) -> None:
    """The look-up by quarter of an hour changes nothing."""
    moment = _reader().read(local.isoformat(sep=" ")).moment

    assert moment is not None
    assert moment.at == local.replace(tzinfo=AMSTERDAM).astimezone(UTC)
