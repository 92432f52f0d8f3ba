"""Drawing a sample: random to everybody outside, the same each time it is asked again."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from gloed.fieldwork.rules.policy import Skip

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


@dataclass(frozen=True, slots=True)
class Lot:
    """Somebody who may be asked: their draw, and their value of the attribute with a quota."""

    person: int
    draw: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How many of those who may be asked are asked; None is no limit.

    `share` is in percent, `group_size` for each group, `quota` what the policy allows one wave.
    """

    share: int | None = None
    size: int | None = None
    group_size: int | None = None
    quota: int | None = None


def choose(lots: Iterable[Lot], sampling: Sampling) -> dict[int, Skip | None]:
    """Who is asked, in the order of the draw, and why the others are not.

    >>> choose([Lot(1, 50), Lot(2, 10)], Sampling(size=1))
    {2: None, 1: <Skip.NOT_SAMPLED: 'not_sampled'>}
    """
    found: dict[int, Skip | None] = {}
    taken, groups = 0, Counter[str]()
    for lot in sorted(lots, key=lambda lot: (lot.draw, lot.person)):
        if sampling.share is not None and lot.draw * 100 >= sampling.share * WHOLE:
            found[lot.person] = Skip.NOT_SAMPLED
        elif sampling.group_size is not None and groups[lot.group] >= sampling.group_size:
            found[lot.person] = Skip.QUOTA_FULL
        elif sampling.size is not None and taken >= sampling.size:
            found[lot.person] = Skip.NOT_SAMPLED
        elif sampling.quota is not None and taken >= sampling.quota:
            found[lot.person] = Skip.QUOTA_FULL
        else:
            found[lot.person] = None
            taken += 1
            groups[lot.group] += 1
    return found
