"""Which rows of a file are repeated later on, in eight bytes per row (rule R3)."""

from array import array

import numpy as np

_SIXTY_FOUR_BITS = (1 << 64) - 1


class LastWins:
    """Counts keys in a first pass, then says at each row whether the same key comes again.

    Keys are 64-bit hashes. Two different rows of a file with a million rows share one with a
    probability of 3 in 10^8.
    """

    def __init__(self) -> None:
        self._keys = array("Q")
        self._to_come: dict[int, int] = {}

    def note(self, key: int) -> None:
        """First pass: an importable row with that key."""
        self._keys.append(key & _SIXTY_FOUR_BITS)

    def close(self) -> None:
        """End of the first pass: keep only the keys that occurred more than once."""
        keys = np.frombuffer(self._keys, dtype=np.uint64).copy()
        self._keys = array("Q")
        keys.sort()
        repeated, counts = np.unique(
            keys[np.isin(keys, keys[1:][keys[1:] == keys[:-1]], assume_unique=False)],
            return_counts=True,
        )
        self._to_come = dict(zip(repeated.tolist(), counts.tolist(), strict=True))

    @property
    def any_repeated(self) -> bool:
        """Whether the second pass has to compute keys at all."""
        return bool(self._to_come)

    def started_over(self) -> "Countdown":
        """A fresh second pass."""
        return Countdown(dict(self._to_come))


class Countdown:
    """One second pass over the same rows in the same order."""

    def __init__(self, to_come: dict[int, int]) -> None:
        self._to_come = to_come

    def comes_again(self, key: int) -> bool:
        """Whether a row with the same key follows."""
        key &= _SIXTY_FOUR_BITS
        left = self._to_come.get(key, 1) - 1
        if left > 0:
            self._to_come[key] = left
        return left > 0
