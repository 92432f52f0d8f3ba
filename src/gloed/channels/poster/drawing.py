"""A poster as PDF and as SVG, from the same layout.

The PDF carries its fonts (Bitstream Vera, which comes with ReportLab), so that é, ï and € look the
same on every printer. ReportLab is heavy and only imported where a poster is drawn.
"""

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from html import escape
from io import BytesIO

import segno

from gloed.channels.poster.layout import Box, Line, Panel, Poster

INK, QUIET, FOLD = "#1d1b18", "#6b655d", "#a8a29a"
REGULAR, BOLD = "Vera", "VeraBd"
BORDER = 2
"""Modules of quiet around the code; the paper around it is empty as well."""


@dataclass(frozen=True, slots=True)
class Logo:
    """The picture and its content type."""

    data: bytes
    content_type: str


@cache
def _fonts() -> None:
    """Make the fonts known, once."""
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - heavy, only where a poster is drawn
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415 - likewise

    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))


def measure(text: str, size: float, is_bold: bool) -> float:
    """The width of a text in points."""
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - heavy, only where a poster is drawn

    _fonts()
    return float(pdfmetrics.stringWidth(text, BOLD if is_bold else REGULAR, size))


def as_pdf(poster: Poster, address: str, *, title: str, logo: Logo | None = None) -> bytes:
    """The poster as a PDF of one page."""
    from reportlab.lib.colors import HexColor  # noqa: PLC0415 - heavy, only where a poster is drawn
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - likewise

    _fonts()
    target = BytesIO()
    canvas = Canvas(target, pagesize=(poster.width, poster.height))
    canvas.setTitle(title)
    canvas.setCreator("Gloed")
    runs, modules = _runs(address)
    for panel in poster.panels:
        canvas.saveState()
        if panel.is_upside_down:
            canvas.translate(panel.x + panel.width, poster.height - panel.y - panel.height)
            canvas.rotate(180)
            canvas.translate(0, -panel.height)
        else:
            canvas.translate(panel.x, poster.height - panel.y - panel.height)
        canvas.setFillColor(HexColor(INK))
        step = panel.code.width / modules
        for row, start, length in runs:
            y = panel.height - panel.code.y - (row + 1) * step
            canvas.rect(panel.code.x + start * step, y, length * step, step, stroke=0, fill=1)
        for line in panel.lines:
            canvas.setFillColor(HexColor(QUIET if line.is_quiet else INK))
            canvas.setFont(BOLD if line.is_bold else REGULAR, line.size)
            draw = canvas.drawCentredString if line.is_centred else canvas.drawString
            draw(line.x, panel.height - line.y, line.text)
        if logo is not None and panel.logo is not None:
            _picture(canvas, panel, panel.logo, logo)
        canvas.restoreState()
    if poster.fold is not None:
        canvas.setStrokeColor(HexColor(FOLD))
        canvas.setDash(1, 4)
        canvas.line(0, poster.height - poster.fold, poster.width, poster.height - poster.fold)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _picture(canvas: object, panel: Panel, box: Box, logo: Logo) -> None:
    from reportlab.lib.utils import ImageReader  # noqa: PLC0415 - heavy, only for a logo

    canvas.drawImage(  # type: ignore[attr-defined]  # ReportLab's canvas, imported late
        ImageReader(BytesIO(logo.data)),
        box.x,
        panel.height - box.y - box.height,
        box.width,
        box.height,
        mask="auto",
    )


def as_svg(poster: Poster, address: str, *, logo: Logo | None = None) -> str:
    """The same as a picture for the screen."""
    runs, modules = _runs(address)
    box = f"0 0 {poster.width:.1f} {poster.height:.1f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">',
        f'<rect width="{poster.width:.1f}" height="{poster.height:.1f}" fill="#fff"/>',
    ]
    for panel in poster.panels:
        turned = f" rotate(180 {panel.width / 2:.1f} {panel.height / 2:.1f})"
        move = f"translate({panel.x:.1f} {panel.y:.1f})" + turned * panel.is_upside_down
        parts.append(f'<g transform="{move}">')
        step = panel.code.width / modules
        path = "".join(
            f"M{panel.code.x + start * step:.2f} {panel.code.y + row * step:.2f}"
            f"h{length * step:.2f}v{step:.2f}h{-length * step:.2f}z"
            for row, start, length in runs
        )
        parts.append(f'<path d="{path}" fill="{INK}"/>')
        parts += [_svg_line(line) for line in panel.lines]
        if logo is not None and panel.logo is not None:
            place, data = panel.logo, b64encode(logo.data).decode()
            parts.append(
                f'<image x="{place.x:.1f}" y="{place.y:.1f}" width="{place.width:.1f}" '
                f'height="{place.height:.1f}" href="data:{logo.content_type};base64,{data}"/>'
            )
        parts.append("</g>")
    if poster.fold is not None:
        parts.append(
            f'<path d="M0 {poster.fold:.1f}H{poster.width:.1f}" stroke="{FOLD}" '
            f'stroke-dasharray="1 4"/>'
        )
    return "".join([*parts, "</svg>"])


def _svg_line(line: Line) -> str:
    anchor = "middle" if line.is_centred else "start"
    weight = "700" if line.is_bold else "400"
    width = measure(line.text, line.size, line.is_bold)
    return (
        f'<text x="{line.x:.1f}" y="{line.y:.1f}" font-size="{line.size:.1f}" '
        f'font-family="Verdana,DejaVu Sans,sans-serif" font-weight="{weight}" '
        f'text-anchor="{anchor}" textLength="{width:.1f}" lengthAdjust="spacingAndGlyphs" '
        f'fill="{QUIET if line.is_quiet else INK}">{escape(line.text)}</text>'
    )


def _runs(address: str) -> tuple[list[tuple[int, int, int]], int]:
    """The dark modules of the code as (row, start, length), and how many modules a side has."""
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix_iter(
        border=BORDER
    )]  # fmt: skip
    runs = []
    for number, row in enumerate(rows):
        start = None
        for column, module in enumerate([*row, 0]):
            if module and start is None:
                start = column
            elif not module and start is not None:
                runs.append((number, start, column - start))
                start = None
    return runs, len(rows)
