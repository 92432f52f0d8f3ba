"""One accent colour that can be read on our papers, by day and by night: decisions on plain values.

A colour that is too light for paper is darkened, and lightened for the night, in small steps that
keep its hue, until text in it and on it reaches the contrast that WCAG 2.2 asks for.
"""

import colorsys
import re
from dataclasses import dataclass

ENOUGH = 4.5
"""Contrast of normal text, WCAG 2.2 success criterion 1.4.3 (AA)."""
DAY = ("#fbfaf7", "#fffefc")
"""Paper and raised paper of the respondent's page by day, as its style sheet names them."""
NIGHT = ("#161513", "#1f1d1a")
_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_STEP = 0.01


@dataclass(frozen=True, slots=True)
class Accent:
    """A chosen colour and what is shown of it; all as "#rrggbb"."""

    chosen: str
    by_day: str
    by_night: str

    @property
    def is_darkened(self) -> bool:
        """Whether the chosen colour was too light for paper."""
        return self.by_day != self.chosen


def read_colour(text: str) -> str:
    """A colour as "#rrggbb"; empty for what is none.

    >>> read_colour("B41"), read_colour("#00FF7f"), read_colour("red; x")
    ('#bb4411', '#00ff7f', '')
    """
    found = _HEX.fullmatch(text.strip())
    if found is None:
        return ""
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2).

    >>> round(contrast("#767676", "#ffffff"), 2)
    4.54
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def accent_of(chosen: str) -> Accent:
    """What is shown of a colour, given as "#rrggbb": readable on every paper of the page."""
    return Accent(chosen, _moved(chosen, DAY, -_STEP), _moved(chosen, NIGHT, _STEP))


def _moved(colour: str, papers: tuple[str, ...], step: float) -> str:
    """The nearest lightness of the same hue that can be read on all these papers."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    while any(contrast(colour, paper) < ENOUGH for paper in papers):
        lightness = min(1.0, max(0.0, lightness + step))
        colour = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return colour


def _luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)
