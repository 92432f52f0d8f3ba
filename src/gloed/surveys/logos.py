"""A logo as somebody uploads it, made small and harmless: decoded, measured and written anew.

Nothing of the file itself is kept: no metadata, no trailing bytes, no second meaning. Drawings that
can hold scripts (SVG) are refused.
"""

import warnings
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image

BYTES_LIMIT: Final = 2_000_000
PIXELS_LIMIT: Final = 16_000_000
BOX: Final = (480, 160)
"""Pixels of what is kept: twice the size it is shown at, for sharp screens."""
KEPT_LIMIT: Final = 60_000
FORMATS: Final = ("PNG", "JPEG", "WEBP")


class Trouble(StrEnum):
    """Why a file cannot be a logo."""

    TOO_HEAVY = "too_heavy"
    TOO_LARGE = "too_large"
    NOT_A_PICTURE = "not_a_picture"


class CannotUse(Exception):
    """This file cannot be a logo; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo ready to serve; width and height are those it is shown at, in CSS pixels."""

    data: bytes
    content_type: str
    width: int
    height: int

    @property
    def digest(self) -> str:
        """Its name: another picture has another."""
        return sha256(self.data).hexdigest()[:20]


def read_logo(data: bytes) -> Logo:
    """Make a logo from PNG, JPEG or WebP bytes; raises CannotUse.

    The largest side of what is kept is bounded by BOX; transparency stays.
    """
    from PIL import (  # noqa: PLC0415 - ten megabytes and a C library, only for an upload
        Image,
        ImageOps,
        UnidentifiedImageError,
    )

    if len(data) > BYTES_LIMIT:
        raise CannotUse(Trouble.TOO_HEAVY)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # measured below
            found = Image.open(BytesIO(data), formats=FORMATS)
        if found.width * found.height > PIXELS_LIMIT:
            raise CannotUse(Trouble.TOO_LARGE)
        upright = ImageOps.exif_transpose(found)
        picture = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as reason:
        raise CannotUse(Trouble.NOT_A_PICTURE) from reason
    except SyntaxError as reason:  # what the PNG reader says of a broken header
        raise CannotUse(Trouble.NOT_A_PICTURE) from reason
    picture.thumbnail(BOX)
    kept, content_type = _written(picture)
    return Logo(kept, content_type, -(-picture.width // 2), -(-picture.height // 2))


def _written(picture: "Image.Image") -> tuple[bytes, str]:
    """PNG where it is light enough (mail programs read it too), else fewer colours, else JPEG."""
    kept = _as_png(picture)
    if len(kept) <= KEPT_LIMIT:
        return kept, "image/png"
    if picture.mode == "RGBA":
        return _as_png(picture.quantize(256, method=2)), "image/png"
    target = BytesIO()
    picture.save(target, "JPEG", quality=82, optimize=True)
    return target.getvalue(), "image/jpeg"


def _as_png(picture: "Image.Image") -> bytes:
    target = BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()
