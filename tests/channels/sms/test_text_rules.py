"""Lengths, numbers, quiet hours, replies, addresses and outcomes: by their published rules."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.channels.sms.rules import (
    BadProvider,
    Fate,
    Hours,
    Problem,
    Reply,
    address_for,
    hint_of,
    length_of,
    masked,
    next_moment,
    normal_number,
    outcome_of_status,
    read_provider,
    read_reply,
    wish_of,
    zone_or,
)
from gloed.channels.sms.rules.length import BASIC, EXTENSION


@pytest.mark.parametrize(
    ("text", "parts", "used", "room"),
    [
        (160 * "a", 1, 160, 160),
        (161 * "a", 2, 161, 306),
        (306 * "a", 2, 306, 306),
        (307 * "a", 3, 307, 459),
        (80 * "€", 1, 160, 160),  # an extension sign takes two places
        (152 * "a" + "€" + 10 * "a", 2, 165, 306),  # and is not cut in half: 152 + 1 left empty
        ("é" * 160, 1, 160, 160),
        ("ë", 1, 1, 70),  # not in the alphabet of GSM
        (70 * "ë", 1, 70, 70),
        (71 * "ë", 2, 71, 134),
        (35 * "🙂", 1, 70, 70),
        (36 * "🙂", 2, 73, 134),  # 33 pairs fill 66 of 67: one place stays empty
        ("", 1, 0, 160),
    ],
)
def test_a_length_is_what_a_provider_charges(text, parts, used, room):
    found = length_of(text)
    assert (found.parts, found.used, found.room) == (parts, used, room)


def test_the_alphabet_is_that_of_the_standard():
    assert (len(BASIC), len(EXTENSION)) == (127, 10)  # TS 23.038: 128 places, one is the escape


def test_odd_signs_are_named_once():
    found = length_of("Zoë, één vraag 🙂🙂 ë")
    assert (found.odd, found.is_plain) == ("ë🙂", False)


@given(st.text(max_size=700))
def test_a_text_always_fits_the_room_it_is_given(text):
    found = length_of(text)
    assert found.used <= found.room
    assert found.parts == 1 or found.used > found.room // found.parts * (found.parts - 1)


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("06-12345678", "NL", "+31612345678"),
        ("06 12 34 56 78", "NL", "+31612345678"),
        ("+31 (0)6 12345678", "NL", "+31612345678"),
        ("0031612345678", "BE", "+31612345678"),
        ("612345678", "NL", "+31612345678"),
        ("0470 12 34 56", "BE", "+32470123456"),
        ("+1 202 555 0123", "NL", "+12025550123"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("020 1234567", "NL", ""),  # a fixed line takes no texts
        ("06 1234567", "NL", ""),  # too short
        ("06 123456789", "NL", ""),
        ("112", "NL", ""),
        ("+0612345678", "NL", ""),
        ("call me", "NL", ""),
        ("06 12345678 of 06 87654321", "NL", ""),
        ("", "NL", ""),
    ],
)
def test_a_number_is_one_or_it_is_refused(text, country, number):
    assert normal_number(text, country=country) == number


def test_a_fixed_line_can_be_called():
    assert normal_number("020 123 45 67", is_for_texts=False) == "+31201234567"


@given(st.text(max_size=30))
def test_whatever_is_written_a_number_stays_the_same_the_second_time(text):
    number = normal_number(text)
    assert number == "" or normal_number(number) == number
    assert "12345" not in masked("+31612345678")


AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("now", "zone", "then"),
    [
        ("2026-03-02T10:00", "Europe/Amsterdam", "2026-03-02T10:00"),
        ("2026-03-02T08:59", "Europe/Amsterdam", "2026-03-02T09:00"),
        ("2026-03-02T20:00", "Europe/Amsterdam", "2026-03-03T09:00"),
        ("2026-02-28T21:00", "Europe/Amsterdam", "2026-03-02T09:00"),  # over a Sunday
        ("2026-03-28T20:30", "Europe/Amsterdam", "2026-03-30T09:00"),  # and a change of clocks
        ("2026-12-24T20:30", "Europe/Amsterdam", "2026-12-28T09:00"),  # Christmas, then a Sunday
        ("2026-03-02T10:00", "America/New_York", "2026-03-02T15:00"),  # 04:00 there
    ],
)
def test_a_telephone_buzzes_within_the_hours_of_its_own_clock(now, zone, then):
    christmas = {(12, 25), (12, 26)}
    found = next_moment(
        Hours(),
        zone=zone,
        now=datetime.fromisoformat(now).replace(tzinfo=AMSTERDAM),
        is_holiday=lambda day: (day.month, day.day) in christmas,
    )
    assert found.astimezone(AMSTERDAM).strftime("%Y-%m-%dT%H:%M") == then


def test_hours_may_hold_on_sundays_and_an_unknown_zone_is_ours():
    sunday = datetime(2026, 3, 1, 12, tzinfo=UTC)
    every_day = Hours(time(9), time(20), rests_on_sundays=False)
    found = next_moment(every_day, zone="UTC", now=sunday, is_holiday=lambda _day: True)
    assert found == sunday
    assert zone_or("Mars/Olympus", "UTC") == zone_or(None, "UTC") == zone_or("../etc", "UTC")
    assert zone_or("Asia/Tokyo", "UTC") == "Asia/Tokyo"


@pytest.mark.parametrize("text", ["STOP", "stop.", " Stop alsjeblieft!", "Afmelden", "uit", "QUIT"])
def test_the_opt_out_word_is_understood(text):
    assert wish_of(text) is Reply.STOP


@pytest.mark.parametrize("text", ["", "9", "Don't stop", "uit de kunst", "end of story", "!!"])
def test_an_answer_in_words_is_no_opt_out(text):
    assert wish_of(text) is None


def test_somebody_can_start_again():
    assert wish_of("START") is Reply.START


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"From=%2B31612345678&Body=STOP", "application/x-www-form-urlencoded"),  # Twilio
        (b'{"originator": 31612345678, "body": "STOP"}', "application/json"),  # Bird
        (b'{"msisdn": "31612345678", "text": "STOP"}', "application/json"),  # Vonage
        (b'{"from": {"number": "31612345678"}, "message": "STOP"}', "text/plain"),
        (b'{"data": {"payload": {"from": "31612345678", "text": "STOP"}}}', "application/json"),
        (b'[{"from": "31612345678", "message": "STOP"}]', "application/json"),
    ],
)
def test_replies_are_read_as_providers_send_them(body, kind):
    sender, text = read_reply(body, kind)
    assert (sender.lstrip("+"), text) == ("31612345678", "STOP")


@given(st.binary(max_size=300), st.sampled_from(["application/json", "text/plain", ""]))
def test_whatever_is_sent_a_reply_is_read_or_empty(body, kind):
    sender, text = read_reply(body, kind)
    assert isinstance(sender, str)
    assert isinstance(text, str)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("hello", Problem.UNREADABLE),
        ("twilio://", Problem.UNREADABLE),
        ("twilio://a b@c", Problem.UNREADABLE),
        ("twilio://a:b@c?verify=no", Problem.UNREADABLE),  # would lower the guard
        ("json://127.0.0.1/", Problem.UNKNOWN),
        ("mailto://somebody@example.org", Problem.UNKNOWN),
        ("syslog://", Problem.UNREADABLE),
        ("dbus://x", Problem.UNKNOWN),
    ],
)
def test_an_address_that_is_not_used_says_why_and_never_itself(address, problem):
    with pytest.raises(BadProvider) as refusal:
        read_provider(address)
    assert refusal.value.problem is problem
    assert address not in str(refusal.value)


def test_an_address_shows_no_key():
    address = "twilio://AC0123456789:secret-token@+31970102030"
    assert hint_of(address) == "Twilio ••••030"
    assert "9000" not in hint_of("smseagle://secret-token@sms.intranet:9000")
    assert "secret" not in hint_of("smseagle://secret-token@sms.intranet")
    assert "KEY" not in hint_of("seven://KEYKEYKEY")
    assert address_for(address, "+316") == f"{address}/+316"
    assert address_for("bulksms://a:b@", "+316") == "bulksms://a:b@+316"


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (200, Fate.SENT),
        (202, Fate.SENT),
        (302, Fate.LATER),
        (400, Fate.REFUSED),
        (401, Fate.LATER),
        (404, Fate.REFUSED),
        (408, Fate.UNCERTAIN),
        (429, Fate.LATER),
        (500, Fate.UNCERTAIN),
        (502, Fate.UNCERTAIN),
        (503, Fate.LATER),
        (504, Fate.UNCERTAIN),
    ],
)
def test_only_what_certainly_was_not_taken_is_tried_again(status, fate):
    assert outcome_of_status(status).fate is fate


def test_a_provider_that_declines_politely_is_not_asked_again():
    assert outcome_of_status(200, is_understood=False).fate is Fate.REFUSED
