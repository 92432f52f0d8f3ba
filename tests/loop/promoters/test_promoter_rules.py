"""Whom we leave alone, which recommendation counts, and where a friend lands: promises."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.loop.promoters.referrals import conversion_rate
from gloed.loop.promoters.rules import (
    Giver,
    Quiet,
    Reason,
    Refused,
    Standing,
    code_in,
    is_own_address,
    landing_address,
    new_slug,
    origin_of,
    reason_to_be_quiet,
    reason_to_refuse,
)
from gloed.loop.promoters.tables import Flaw, Unreadable, read_amount, read_day, read_table

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = NOW.date()
REST = timedelta(days=90)
ANNA = Giver(keys=("C-1", "firm-9"), email="anna@example.org", link_made_on=date(2026, 2, 1))


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (Standing(), None),
        (Standing(is_opted_out=True, has_open_case=True), Reason.OPTED_OUT),
        (Standing(has_open_case=True, last_asked_at=NOW), Reason.OPEN_CASE),
        (Standing(quarantine_until=NOW + timedelta(days=1)), Reason.QUARANTINE),
        (Standing(quarantine_until=NOW), None),
        (Standing(pause_until=NOW + timedelta(days=1)), Reason.PAUSED),
        (Standing(last_asked_at=NOW - REST + timedelta(seconds=1)), Reason.RESTING),
        (Standing(last_asked_at=NOW - REST), None),
    ],
)
def test_somebody_is_left_alone_for_the_strongest_reason(standing, reason):
    found = reason_to_be_quiet(standing, rest=REST, now=NOW)
    assert (found.reason if found else None) == reason


def test_a_rest_says_until_when():
    asked = NOW - timedelta(days=10)
    found = reason_to_be_quiet(Standing(last_asked_at=asked), rest=REST, now=NOW)
    assert found == Quiet(Reason.RESTING, asked + REST)


@pytest.mark.parametrize(
    ("giver", "changed", "refused"),
    [
        (ANNA, {}, None),
        (None, {}, Refused.UNKNOWN_CODE),
        (ANNA, {"key": "c-1"}, Refused.SELF),
        (ANNA, {"key": "FIRM-9"}, Refused.SELF),
        (ANNA, {"key": " Anna@Example.org "}, Refused.SELF),
        (ANNA, {"email": "anna@example.org"}, Refused.SELF),
        (ANNA, {"on": date(2026, 1, 31)}, Refused.TOO_EARLY),
        (ANNA, {"counted_for_another": True}, Refused.OTHER_CODE),
        (ANNA, {"is_erased": True}, Refused.ERASED),
    ],
)
def test_a_recommendation_counts_or_says_why_not(giver, changed, refused):
    told = {"key": "N-7", "email": "", "on": DAY, "counted_for_another": False} | changed
    assert reason_to_refuse(giver, **told) == refused


def test_a_closed_link_still_counts_for_the_days_before():
    closed = Giver(("C-1",), "", date(2026, 1, 1), closed_on=date(2026, 2, 1))
    told = {"key": "N", "email": "", "counted_for_another": False}
    assert reason_to_refuse(closed, on=date(2026, 2, 1), **told) is None
    assert reason_to_refuse(closed, on=date(2026, 2, 2), **told) is Refused.CLOSED


@given(st.text(max_size=40), st.emails())
def test_nobody_ever_counts_for_their_own_code(key, email):
    giver = Giver((key,), email.lower(), date(2026, 1, 1))
    told = {"on": DAY, "counted_for_another": False}
    if key:
        assert reason_to_refuse(giver, key=key, email="", **told) is Refused.SELF
    assert reason_to_refuse(giver, key="else", email=email.lower(), **told) is Refused.SELF


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org", "javascript:alert(1)", "https://", "https://localhost", "example.org",
        "https://user@example.org", "https://example.org/a b", "https://example.org:x/",
        "https://example.org'; script-src *", "//example.org", "https://a.example,b.example",
    ],
)  # fmt: skip
def test_friends_are_sent_to_a_whole_https_address_only(address):
    assert not is_own_address(address)


def test_the_code_stands_behind_the_address_once():
    landed = landing_address("https://example.org/x?ref=old&a=1#top", "New-1")
    assert landed == "https://example.org/x?a=1&ref=New-1#top"
    assert origin_of("https://example.org:8443/x?ref=1") == "https://example.org:8443"


@given(st.text(alphabet="abcXYZ019-_", min_size=4, max_size=20))
def test_a_code_is_found_wherever_it_was_copied_from(code):
    assert code_in(f" {code} ") == code
    assert code_in(f"https://gloed.example/r/{code}/") == code
    assert code_in(landing_address("https://example.org/?a=1", code)) == code


def test_codes_cannot_be_guessed():
    codes = {new_slug() for _ in range(500)}
    assert len(codes) == 500
    assert {len(code) for code in codes} == {16}  # 96 bits


def test_the_rate_is_a_share_with_its_interval():
    rate = conversion_rate(40, 1)  # Wilson by hand: (0.0044, 0.1288)
    assert (rate.value, round(rate.low, 4), round(rate.high, 4)) == (0.025, 0.0044, 0.1288)
    assert conversion_rate(0, 0) is None
    assert conversion_rate(3, 4) is None  # told by word of mouth: no share of the visits


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.234,50", "1234.50"), ("1,234.50", "1234.50"), ("€ 99", "99.00"), ("1.234", "1234.00"),
        ("12,5", "12.50"), ("0", "0.00"), ("1.234.567", "1234567.00"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text, amount):
    assert read_amount(text) == Decimal(amount)


@given(st.text(max_size=30))
def test_whatever_stands_in_a_cell_is_read_or_refused(text):
    amount, _day = read_amount(text), read_day(text)
    assert amount is None or amount >= 0


def test_a_table_says_which_rows_it_leaves_out():
    table = read_table(b"code,customer,revenue\nA,1,5\n,2,5\nA,,5\nA,4,lots\n\n", today=DAY)
    assert [number for number, _told in table.rows] == [2]
    assert table.flaws == ((3, Flaw.NO_CODE), (4, Flaw.NO_CUSTOMER), (5, Flaw.BAD_AMOUNT))
    [(_number, told)] = table.rows
    assert (told.on, told.revenue) == (DAY, Decimal("5.00"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no_heads"), (b"a;b\n1;2", "no_heads"), (b"code;customer\n\x00", "no_text"),
        (b"x" * 2_000_001, "too_large"),
    ],
)  # fmt: skip
def test_what_is_no_table_says_why(content, reason):
    with pytest.raises(Unreadable) as refused:
        read_table(content, today=DAY)
    assert refused.value.reason == reason
