"""How many messages a text costs (3GPP TS 23.038 and 23.040)."""

from dataclasses import dataclass

# the basic alphabet of TS 23.038 section 6.2.1, without its escape sign
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("^{}\\[~]|€\f")  # each takes two places
GSM_ONE, GSM_MORE = 160, 153  # septets in a single message, and in a part of a longer one
UCS_ONE, UCS_MORE = 70, 67  # the same in UTF-16 units


@dataclass(frozen=True, slots=True)
class Length:
    """How long a text is: `used` of `room` in `parts` messages.

    `odd` holds the signs that make every message hold less, each once, in order.
    """

    parts: int
    used: int
    room: int
    odd: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it fits the alphabet every telephone knows."""
        return not self.odd


def length_of(text: str) -> Length:
    """The length of a text as a provider charges it; an empty one is one empty message.

    A sign of two places, or a pair of UTF-16 units, is never cut in half between two parts.

    >>> length_of("Hoi"), length_of("Hoi 🙂").room
    (Length(parts=1, used=3, room=160, odd=''), 70)
    """
    odd = "".join(dict.fromkeys(sign for sign in text if sign not in BASIC | EXTENSION))
    if odd:
        sizes = [2 if ord(sign) > 0xFFFF else 1 for sign in text]
        return _packed(sizes, UCS_ONE, UCS_MORE, odd)
    return _packed([2 if sign in EXTENSION else 1 for sign in text], GSM_ONE, GSM_MORE, "")


def _packed(sizes: list[int], one: int, more: int, odd: str) -> Length:
    total = sum(sizes)
    if total <= one:
        return Length(1, total, one, odd)
    parts, filled = 1, 0
    for size in sizes:
        if filled + size > more:
            parts, filled = parts + 1, 0
        filled += size
    return Length(parts, (parts - 1) * more + filled, parts * more, odd)
