"""How much a key may ask: a bucket that fills again, in each web process.

Counting in the record would make every read a write. Each process therefore keeps its share of the
limit; with several processes a key meets its limit a little early or late.
"""

import math
import threading
import time
from dataclasses import dataclass

PER_MINUTE = 600
BURST = 100
KEPT = 10_000  # keys remembered at once


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a key: whole requests, and seconds until the bucket is full again."""

    is_allowed: bool
    limit: int
    left: int
    full_in: int
    retry_after: int

    @property
    def headers(self) -> dict[str, str]:
        """The same for a program to read."""
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.full_in),
        }
        return told if self.is_allowed else told | {"Retry-After": str(self.retry_after)}


class Limiter:
    """Buckets by key: `burst` at once, `per_minute` over time."""

    def __init__(self, *, per_minute: int = PER_MINUTE, burst: int = BURST) -> None:
        self.per_minute, self.burst = per_minute, burst
        self._buckets: dict[int, _Bucket] = {}
        self._lock = threading.Lock()

    def take(self, key: int, *, now: float | None = None) -> Allowance:
        """Take one request out of the bucket of a key. `now` is in seconds of a steady clock."""
        now = time.monotonic() if now is None else now
        speed = self.per_minute / 60
        with self._lock:
            bucket = self._buckets.get(key)
            if bucket is None:
                if len(self._buckets) >= KEPT:
                    self._buckets.clear()
                bucket = self._buckets[key] = _Bucket(float(self.burst), now)
            bucket.left = min(float(self.burst), bucket.left + (now - bucket.at) * speed)
            bucket.at = now
            is_allowed = bucket.left >= 1
            if is_allowed:
                bucket.left -= 1
            left = bucket.left
        return Allowance(
            is_allowed=is_allowed,
            limit=self.burst,
            left=int(left),
            full_in=math.ceil((self.burst - left) / speed),
            retry_after=max(1, math.ceil((1 - left) / speed)),
        )


LIMITER = Limiter()
