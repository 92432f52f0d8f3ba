"""Drawing a sample: random to everybody outside, the same each time it is asked again."""

from collections.abc import Iterable
from hashlib import blake2b

WHOLE = 2**63  # a draw lies in [0, WHOLE): it fits a signed column of 64 bits


def draw(seed: str, identity: str) -> int:
    """The lot of one person in one sample: uniform, and stable for seed and identity.

    >>> draw("wave 1", "anna") == draw("wave 1", "anna") != draw("wave 2", "anna")
    True
    """
    digest = blake2b(f"{seed}\x00{identity}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def is_drawn(seed: str, identity: str, *, percent: int) -> bool:
    """Whether somebody is in a sample of a share of all, in percent."""
    return draw(seed, identity) * 100 < percent * WHOLE


def threshold_for(lots: Iterable[int], size: int) -> int:
    """The lot from which on nobody is in the sample any more, for a sample of at most `size`.

    >>> threshold_for([50, 10, 30], 2), threshold_for([50, 10], 5) == WHOLE
    (50, True)
    """
    ordered = sorted(lots)
    return ordered[size] if size < len(ordered) else WHOLE
