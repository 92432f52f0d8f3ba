"""A logo is decoded and written anew, or refused with a reason."""

import zlib
from io import BytesIO

import pytest
from PIL import Image

from gloed.surveys import logos
from gloed.surveys.logos import CannotUse, Trouble, read_logo


def picture(size=(900, 300), kind="PNG", mode="RGB", **kwargs):
    target = BytesIO()
    Image.new(mode, size, (179, 65, 14, 128)[: len(mode)]).save(target, kind, **kwargs)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_each_kind_becomes_small_and_ours(kind):
    logo = read_logo(picture(kind=kind) + b"<script>alert(1)</script>")
    assert (logo.width, logo.height) == (240, 80)
    assert b"script" not in logo.data
    kept = Image.open(BytesIO(logo.data))
    assert (kept.size, kept.format) == ((480, 160), "PNG")


def test_transparency_stays_and_what_the_camera_wrote_goes():
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    logo = read_logo(picture(mode="RGBA", exif=exif))
    kept = Image.open(BytesIO(logo.data))
    assert kept.has_transparency_data
    assert b"taken at home" not in logo.data


def test_a_busy_picture_is_made_light():
    noise = Image.effect_noise((480, 160), 120).convert("RGB")
    target = BytesIO()
    noise.save(target, "PNG")
    assert len(read_logo(target.getvalue()).data) <= logos.KEPT_LIMIT


def _huge() -> bytes:
    """A PNG of a few bytes that says it is a square of 60,000 pixels."""
    small = picture(size=(1, 1))
    head = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + small[24:29]
    return small[:12] + head + zlib.crc32(head).to_bytes(4, "big") + small[33:]


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"", Trouble.NOT_A_PICTURE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Trouble.NOT_A_PICTURE),
        (picture(kind="GIF"), Trouble.NOT_A_PICTURE),
        (picture()[:60], Trouble.NOT_A_PICTURE),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 40, Trouble.NOT_A_PICTURE),
        (b"x" * (logos.BYTES_LIMIT + 1), Trouble.TOO_HEAVY),
        (picture(size=(5000, 4000), mode="L"), Trouble.TOO_LARGE),
    ],
)
def test_what_cannot_be_a_logo(data, trouble):
    with pytest.raises(CannotUse) as refusal:
        read_logo(data)
    assert refusal.value.trouble is trouble


def test_a_picture_that_would_fill_the_memory_is_refused_unread():
    with pytest.raises(CannotUse):
        read_logo(_huge())
