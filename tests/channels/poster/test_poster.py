"""The poster: words that fit, a code that can be read, a PDF that carries its fonts."""

import re
import zlib
from itertools import combinations

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gloed.channels.poster import drawing
from gloed.channels.poster.layout import PAPER, Size, Words, compose, fit
from gloed.surveys import operations as surveys

WORDS = Words("Noorderlicht", "Hoe deden we het?", "Vertel het ons.", "Scan", "gloed.example/s/x")
texts = st.text(st.characters(exclude_categories=["C"]), max_size=140)


def typewriter(text, size, is_bold):
    """Every letter as wide as it is half high."""
    return len(text) * size / 2


@given(texts, texts, st.sampled_from(Size), st.booleans())
def test_nothing_leaves_the_paper_or_touches_the_code(heading, text, size, has_logo):
    words = Words("Noord", heading, text, "Scan", "a" * 60, (900, 100) if has_logo else None)
    poster = compose(words, size, typewriter)
    assert (poster.width, poster.height) == PAPER[size]
    for panel in poster.panels:
        code = panel.code
        assert code.width == code.height
        assert code.width > 0.25 * min(panel.width, panel.height)
        assert code.x >= 0
        assert code.x + code.width <= panel.width
        assert code.y + code.height <= panel.height
        for line, other in combinations(panel.lines, 2):
            is_apart = abs(line.y - other.y) >= min(line.size, other.size) * 0.9
            assert is_apart or abs(line.x - other.x) > 0.2 * panel.width
        for line in panel.lines:
            width = typewriter(line.text, line.size, line.is_bold)
            left = line.x - width / 2 if line.is_centred else line.x
            assert left >= -0.5
            assert left + width <= panel.width + 0.5
            assert 0 < line.y <= panel.height
            is_beside = left + width <= code.x or left >= code.x + code.width
            assert is_beside or line.y <= code.y + 0.1 or line.y - line.size >= code.y + code.height


@given(texts, st.floats(50, 400), st.integers(1, 4))
def test_text_becomes_smaller_but_never_less_than_half(text, room, most):
    size, lines = fit(text, room, 30, most, typewriter)
    assert 15 <= size <= 30
    assert len(lines) <= most
    assert all(typewriter(line, size, False) <= room for line in lines)


def test_a_tent_reads_upright_from_both_sides():
    poster = compose(WORDS, Size.TENT, typewriter)
    assert [panel.is_upside_down for panel in poster.panels] == [True, False]
    assert poster.fold == poster.height / 2


def test_the_pdf_carries_its_fonts_and_every_letter():
    words = Words("Café Zoë", "Één vraag: naïef?", "Win € 25, ça va", "Scan", "x.nl/s/a")
    poster = compose(words, Size.A4, drawing.measure)
    pdf = drawing.as_pdf(poster, "https://x.nl/s/a", title="Één vraag")
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/FontFile2 \d+ 0 R", pdf)) == 2
    assert b"BitstreamVera" in pdf.replace(b" ", b"") or b"+Bitstream" in pdf
    glyphs = _written(pdf)
    for letter in "éïë€çÉ":
        assert letter in glyphs, letter


def _written(pdf):
    """The letters that the fonts of a PDF map, from their ToUnicode tables."""
    from base64 import a85decode

    found = ""
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        data = stream.strip()
        if data.endswith(b"~>"):
            data = a85decode(b"<~" + data, adobe=True)
        try:
            text = zlib.decompress(data)
        except zlib.error:
            continue
        if b"beginbfchar" in text or b"beginbfrange" in text:
            found += "".join(
                chr(int(code, 16)) for code in re.findall(rb"<([0-9A-Fa-f]{4})>", text)
            )
    return found


@pytest.mark.django_db
def test_choose_look_and_download(alice, organisation):
    content = surveys.usual_content(organisation, "nps")
    survey = surveys.create_survey(
        organisation, title="Balie Zoë", content=content, now=timezone.now()
    )
    page = alice.get(f"/posters/{survey.public_id}/?size=tent&language=nl&heading=H%C3%A9")
    assert page.status_code == 200
    assert "poster.svg?size=tent&amp;language=nl&amp;heading=H%C3%A9" in page.text
    shown = alice.get(f"/posters/{survey.public_id}/poster.svg?heading=%3Cscript%3E")
    assert shown.headers["Content-Type"] == "image/svg+xml"
    assert "<script>" not in shown.text
    assert "&lt;script&gt;" in shown.text
    for size in Size:
        got = alice.get(f"/posters/{survey.public_id}/poster.pdf?size={size}")
        assert got.headers["Content-Type"] == "application/pdf"
        assert f'balie-zoe-{size}.pdf"' in got.headers["Content-Disposition"]
        assert got.content.startswith(b"%PDF")
    nonsense = alice.get(f"/posters/{survey.public_id}/poster.pdf?size=a0&language=xx")
    assert 'balie-zoe-a4.pdf"' in nonsense.headers["Content-Disposition"]


@pytest.mark.django_db
def test_the_logo_stands_in_place_of_the_name(organisation):
    from base64 import b64decode

    dot = b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    logo = drawing.Logo(dot, "image/png")
    words = Words("Noord", "Vraag", "Tekst", "Scan", "x.nl", (300, 100))
    poster = compose(words, Size.A5, drawing.measure)
    svg = drawing.as_svg(poster, "https://x.nl", logo=logo)
    assert "data:image/png;base64," in svg
    assert ">Noord<" not in svg
    assert b"/Subtype /Image" in drawing.as_pdf(poster, "https://x.nl", title="x", logo=logo)
