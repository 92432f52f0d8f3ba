"""The QR code of a survey's link, for paper and screens."""

from io import BytesIO

import segno


def as_svg(address: str) -> bytes:
    """A QR code that scales; quiet zone included, readable when a seventh of it is damaged."""
    target = BytesIO()
    segno.make(address, error="m", micro=False).save(
        target, kind="svg", border=4, dark="#1d1b18", light="#ffffff", omitsize=True
    )
    return target.getvalue()


def as_png(address: str) -> bytes:
    """A QR code of about a thousand pixels: 8 cm in print."""
    target = BytesIO()
    code = segno.make(address, error="m", micro=False)
    width = code.symbol_size(border=4)[0]
    code.save(target, kind="png", border=4, scale=max(1, -(-1000 // width)))
    return target.getvalue()
