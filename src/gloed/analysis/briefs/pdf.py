"""A brief as one printed page: words, numbers, and each score as a dot with its interval.

Drawn with ReportLab, which is there for posters already and needs no browser on the server; it is
heavy and imported only where a page is drawn.
"""

from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Any

from gloed.analysis.briefs.content import Content, Line, Standing

WIDTH, HEIGHT = 595.28, 841.89  # A4 in points
LEFT, RIGHT, TOP, BOTTOM = 62.0, 62.0, 66.0, 56.0
INK, QUIET, RULE, EMBER, EDGE = "#1d1b18", "#6b655d", "#e6e1d8", "#b3410e", "#8c857a"
REGULAR, BOLD = "Vera", "VeraBd"


SCALES = (1.0, 0.92, 0.85, 0.78)
"""A full brief is set smaller until it stands on one page; beyond that it takes a second."""


def as_pdf(content: Content) -> bytes:
    """The brief on paper: one page, and a second one only if the words need it."""
    _fonts()
    for scale in SCALES:
        drawn, pages = _drawn(content, scale)
        if pages == 1:
            break
    return drawn


def _drawn(content: Content, scale: float) -> tuple[bytes, int]:
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - heavy, only where a page is drawn

    target = BytesIO()
    canvas = Canvas(target, pagesize=(WIDTH, HEIGHT))
    canvas.setTitle(f"{content.title}, {content.organisation}")
    canvas.setCreator("Gloed")
    page = _Page(canvas, scale)
    page.words(content.organisation, 9, bold=True)
    page.space(8)
    page.words(content.title, 21, bold=True, leading=26)
    page.words(content.about, 9, color=QUIET)
    page.space(10)
    page.head(content.head)
    for one in content.standing:
        _standing(page, one)
    if content.none:
        page.words(content.none, 10)
    for part in content.parts:
        page.head(part.head)
        for sentence in part.sentences:
            page.words(sentence, 10)
            page.space(3)
        for line in part.lines:
            _line(page, line)
    page.space(14)
    page.words(content.foot, 8, color=QUIET)
    canvas.showPage()
    canvas.save()
    return target.getvalue(), page.number


@cache
def _fonts() -> None:
    """Make the fonts known, once."""
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - heavy, only where a page is drawn
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415 - likewise

    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))


@dataclass(slots=True)
class _Page:
    """Writes from the top down; what does not fit goes on to the next page."""

    canvas: Any
    scale: float = 1.0
    y: float = field(default=HEIGHT - TOP)
    number: int = 1

    def space(self, points: float) -> None:
        """Leave room, in points of the full size."""
        self.y -= points * self.scale

    def head(self, text: str) -> None:
        self.space(14)
        self._room(40)
        self.canvas.setStrokeColor(_color(RULE))
        self.canvas.setLineWidth(0.7)
        self.canvas.line(LEFT, self.y + 4, WIDTH - RIGHT, self.y + 4)
        self.space(12)
        self.words(text, 12, bold=True, leading=17)

    def words(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        color: str = INK,
        leading: float = 0.0,
        indent: float = 0.0,
    ) -> None:
        """Text, broken where the line ends."""
        from reportlab.lib.utils import simpleSplit  # noqa: PLC0415 - heavy, see above

        font = BOLD if bold else REGULAR
        leading, size = leading or size * 1.45, size * self.scale
        wide = WIDTH - LEFT - RIGHT - indent
        for line in simpleSplit(text, font, size, wide):
            self._room(size)
            self.canvas.setFillColor(_color(color))
            self.canvas.setFont(font, size)
            self.canvas.drawString(LEFT + indent, self.y - size, line)
            self.space(leading)

    def _room(self, needed: float) -> None:
        if self.y - needed < BOTTOM:
            self.canvas.showPage()
            self.y = HEIGHT - TOP
            self.number += 1


def _standing(page: _Page, one: Standing) -> None:
    page.words(one.label, 9, color=QUIET)
    page.words(one.text, 13, bold=True, leading=19)
    if one.low is not None and one.high is not None:
        _interval(page, one, one.low, one.high)
    page.words(one.change, 9)
    page.space(8)


def _interval(page: _Page, one: Standing, low: float, high: float) -> None:
    """A dot with its interval on the whole scale, zero marked where it lies inside."""
    canvas, wide = page.canvas, WIDTH - LEFT - RIGHT

    def place(value: float) -> float:
        share = (value - one.scale_low) / (one.scale_high - one.scale_low)
        return LEFT + wide * min(max(share, 0.0), 1.0)

    y = page.y - 7 * page.scale
    canvas.setLineWidth(0.7)
    canvas.setStrokeColor(_color(RULE))
    canvas.line(LEFT, y, LEFT + wide, y)
    if one.scale_low < 0 < one.scale_high:
        canvas.setStrokeColor(_color(EDGE))
        canvas.line(place(0), y - 4, place(0), y + 4)
    canvas.setLineWidth(2.2)
    canvas.setStrokeColor(_color(INK))
    canvas.line(place(low), y, place(high), y)
    canvas.setFillColor(_color(EMBER))
    canvas.circle(place(one.value), y, 3.6, stroke=0, fill=1)
    page.space(17)


def _line(page: _Page, line: Line) -> None:
    page.words(line.title, 10, bold=True, indent=10)
    if line.note:
        page.words(line.note, 9, color=QUIET, indent=10)
    page.space(4)


def _color(text: str) -> Any:
    from reportlab.lib.colors import HexColor  # noqa: PLC0415 - heavy, see above

    return HexColor(text)
