"""Any colour somebody chooses can be read on our papers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.surveys.colours import DAY, ENOUGH, NIGHT, accent_of, contrast, read_colour

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colours)
def test_every_colour_can_be_read_by_day_and_by_night(chosen):
    accent = accent_of(chosen)
    assert all(contrast(accent.by_day, paper) >= ENOUGH for paper in DAY)
    assert all(contrast(accent.by_night, paper) >= ENOUGH for paper in NIGHT)


@given(colours)
def test_a_colour_that_can_be_read_is_left_alone(chosen):
    readable = accent_of(chosen).by_day
    assert accent_of(readable).by_day == readable
    assert not accent_of(readable).is_darkened


def test_yellow_is_darkened_and_stays_yellow():
    accent = accent_of("#ffdd00")
    assert accent.is_darkened
    red, green, blue = (int(accent.by_day[at : at + 2], 16) for at in (1, 3, 5))
    assert red > blue < green


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#B3410E", "#b3410e"),
        (" abc ", "#aabbcc"),
        ("", ""),
        ("#12345", ""),
        ("red", ""),
        ("#000;}body{", ""),
    ],
)
def test_what_counts_as_a_colour(text, colour):
    assert read_colour(text) == colour
