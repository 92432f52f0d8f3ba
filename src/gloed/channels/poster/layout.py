"""Where everything stands on a poster: plain values in points, from the top left corner.

A poster is one or two panels; on a table tent the upper one stands upside down, so that both read
upright once the sheet is folded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

MM = 72 / 25.4
Measure = Callable[[str, float, bool], float]
"""Width in points of a text at a size, bold or not."""


class Size(StrEnum):
    """The paper; a tent is an A4 sheet folded across the middle."""

    A4 = "a4"
    A5 = "a5"
    A6 = "a6"
    TENT = "tent"


PAPER = {
    Size.A4: (210 * MM, 297 * MM),
    Size.A5: (148 * MM, 210 * MM),
    Size.A6: (105 * MM, 148 * MM),
    Size.TENT: (210 * MM, 297 * MM),
}


@dataclass(frozen=True, slots=True)
class Words:
    """What is written on a poster; `logo` is width by height of the picture, where there is one."""

    organisation: str
    heading: str
    text: str
    scan: str
    address: str
    logo: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text: `x` is its middle (or its start), `y` its baseline."""

    text: str
    x: float
    y: float
    size: float
    is_bold: bool = False
    is_quiet: bool = False
    is_centred: bool = True


@dataclass(frozen=True, slots=True)
class Box:
    """A place for a picture."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Panel:
    """One side of a poster, at its place on the sheet."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]
    code: Box
    logo: Box | None = None
    is_upside_down: bool = False


@dataclass(frozen=True, slots=True)
class Poster:
    """A sheet; `fold` is the height at which it is folded."""

    width: float
    height: float
    panels: tuple[Panel, ...]
    fold: float | None = None


def compose(words: Words, size: Size, measure: Measure) -> Poster:
    """Set a poster; words that are too long for their place become smaller, then cut off."""
    width, height = PAPER[size]
    if size is Size.TENT:
        half = height / 2
        below = _wide(words, 0, half, width, half, measure)
        above = _wide(words, 0, 0, width, half, measure, is_upside_down=True)
        return Poster(width, height, (above, below), fold=half)
    return Poster(width, height, (_tall(words, width, height, measure),))


def _tall(words: Words, width: float, height: float, measure: Measure) -> Panel:
    """Everything in the middle, from name to address, the code as large as there is room."""
    margin = 0.1 * width
    room = width - 2 * margin
    logo, lines, y = _name(words, width / 2, margin, room, 0.06 * height, measure, is_centred=True)
    y += 0.035 * height
    for text, size, most, is_bold in (
        (words.heading, 0.088 * width, 3, True),
        (words.text, 0.042 * width, 4, False),
    ):
        chosen, wrapped = fit(text, room, size, most, measure, is_bold=is_bold)
        for line in wrapped:
            y += 1.22 * chosen
            lines.append(Line(line, width / 2, y, chosen, is_bold))
        y += 0.028 * height
    foot = [(words.scan, 0.036 * width, False), (words.address, 0.026 * width, True)]
    low = height - margin
    for text, size, is_quiet in reversed(foot):
        chosen, wrapped = fit(text, room, size, 1, measure)
        lines.append(Line(wrapped[0] if wrapped else "", width / 2, low, chosen, False, is_quiet))
        low -= 1.7 * size
    space = low - y
    side = min(space, 0.72 * width)
    code = Box((width - side) / 2, y + (space - side) / 2, side, side)
    return Panel(0, 0, width, height, tuple(line for line in lines if line.text), code, logo)


def _wide(
    words: Words,
    x: float,
    y: float,
    width: float,
    height: float,
    measure: Measure,
    *,
    is_upside_down: bool = False,
) -> Panel:
    """Words on the left, the code on the right."""
    margin = 0.11 * height
    side = min(height - 2.8 * margin, 0.44 * width)
    code = Box(width - margin - side, (height - side) / 2 - 0.02 * height, side, side)
    room = code.x - 2 * margin
    logo, lines, top = _name(words, margin, margin, room, 0.1 * height, measure, is_centred=False)
    lowest = height - margin - 0.06 * height
    for shrink in (1, 0.88, 0.76, 0.64, 0.52):
        column, end = _column(words, top, margin, room, height * shrink, measure)
        if end <= lowest:
            break
    lines += [line for line in column if line.y <= lowest]
    below, middle = code.y + side + 0.06 * height, code.x + side / 2
    size, wrapped = fit(words.scan, side + margin, 0.042 * height, 1, measure)
    lines += [Line(line, middle, below, size) for line in wrapped]
    size, wrapped = fit(words.address, room, 0.036 * height, 1, measure)
    lines += [
        Line(line, margin, height - margin, size, False, True, is_centred=False) for line in wrapped
    ]
    return Panel(x, y, width, height, tuple(lines), code, logo, is_upside_down)


def _column(
    words: Words, top: float, x: float, room: float, height: float, measure: Measure
) -> tuple[list[Line], float]:
    """Heading and text below each other, for a panel of that height, and where they end."""
    lines = []
    for text, gap, size, most, is_bold in (
        (words.heading, 0.05, 0.095 * height, 4, True),
        (words.text, 0.035, 0.052 * height, 5, False),
    ):
        top += gap * height
        chosen, wrapped = fit(text, room, size, most, measure, is_bold=is_bold)
        for line in wrapped:
            top += 1.22 * chosen
            lines.append(Line(line, x, top, chosen, is_bold, is_centred=False))
    return lines, top


def _name(
    words: Words,
    x: float,
    y: float,
    room: float,
    height: float,
    measure: Measure,
    *,
    is_centred: bool,
) -> tuple[Box | None, list[Line], float]:
    """The logo, or the organisation's name where there is none; and where it ends."""
    if words.logo is not None and all(words.logo):
        wide, high = words.logo
        scale = min(0.6 * room / wide, height / high)
        left = x - wide * scale / 2 if is_centred else x
        return Box(left, y, wide * scale, high * scale), [], y + high * scale
    size, wrapped = fit(words.organisation, room, 0.5 * height, 1, measure, is_bold=True)
    lines = [Line(line, x, y + size, size, True, is_centred=is_centred) for line in wrapped]
    return None, lines, y + size


def fit(
    text: str, room: float, size: float, most: int, measure: Measure, *, is_bold: bool = False
) -> tuple[float, list[str]]:
    """The size at which a text takes at most so many lines, and the lines.

    Never smaller than half; what does not fit then is cut off with an ellipsis.
    """
    smallest = size / 2
    while True:
        lines = wrap(text, room, size, measure, is_bold=is_bold)
        if len(lines) <= most and all(measure(one, size, is_bold) <= room for one in lines):
            return size, lines
        if size <= smallest:
            return size, [_cut(one, room, size, measure, is_bold=is_bold) for one in lines[:most]]
        size = max(size * 0.93, smallest)


def wrap(
    text: str, room: float, size: float, measure: Measure, *, is_bold: bool = False
) -> list[str]:
    """A text in lines no wider than the room, broken between words; its own breaks stay."""
    lines: list[str] = []
    for part in text.splitlines():
        line = ""
        for word in part.split():
            longer = f"{line} {word}".strip()
            if line and measure(longer, size, is_bold) > room:
                lines.append(line)
                line = word
            else:
                line = longer
        if line:
            lines.append(line)
    return lines


def _cut(text: str, room: float, size: float, measure: Measure, *, is_bold: bool) -> str:
    if measure(text, size, is_bold) <= room:
        return text
    while text and measure(f"{text}…", size, is_bold) > room:
        text = text[:-1].rstrip()
    return f"{text}…"
