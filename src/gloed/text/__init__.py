"""What open answers say: pure functions on texts, without Django, a driver or a clock."""

from gloed.text.codebook import Codebook, Seeds, Theme, combine
from gloed.text.codebook_files import (
    BadCodebook,
    read_codebook,
    shipped_codebook,
    shipped_names,
    write_codebook,
)

__all__ = [
    "BadCodebook",
    "Codebook",
    "Seeds",
    "Theme",
    "combine",
    "read_codebook",
    "shipped_codebook",
    "shipped_names",
    "write_codebook",
]
