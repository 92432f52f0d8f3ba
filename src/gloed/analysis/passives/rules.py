"""Barriers, follow-ups and offers of passives: plain values and plain decisions on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gloed.stats import Estimate

BARRIER = "barrier"
"""Questions whose key begins like this ask for a barrier, whoever sees them."""


class Lift(StrEnum):
    """Whether a barrier is ours to take away. Stored: never rename one."""

    OURS = "ours"
    UNJUDGED = "unjudged"
    NOT_OURS = "not_ours"


LIFT_ORDER = (Lift.OURS, Lift.UNJUDGED, Lift.NOT_OURS)


class From(StrEnum):
    """Where a barrier comes from: what somebody chose, or the theme of what they wrote."""

    THEME = "theme"
    CHOICE = "choice"


class Outcome(StrEnum):
    """How working on a passive ended. Stored: never rename one."""

    LIFTED = "lifted"
    NOT_LIFTED = "not_lifted"


class Gift(StrEnum):
    """What somebody was given. Stored: never rename one."""

    DISCOUNT = "discount"
    PRESENT = "present"
    EXTRA = "extra"
    FREE_PERIOD = "free_period"
    UPGRADE = "upgrade"
    INVITATION = "invitation"
    OTHER = "other"


class Show(StrEnum):
    """The lists of the worklist."""

    TODO = "todo"
    MINE = "mine"
    TAKEN = "taken"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Name:
    """A barrier by what tells it apart: its origin, and the key there."""

    kind: From
    key: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What was judged of a barrier: whether it can be lifted, and who sees to it."""

    lift: Lift = Lift.UNJUDGED
    owner: str = ""
    owner_id: str = ""


@dataclass(frozen=True, slots=True)
class Barrier:
    """One barrier of a period: how many passives name it, of how many who could have.

    `to_win` is what the score would gain at most, in points, if everybody it holds back became a
    promoter; `points` what naming it goes with over all answers, where that was reckoned.
    """

    name: Name
    label: str
    share: Estimate
    number: int
    judged: Judged
    to_win: Estimate | None = None
    points: Estimate | None = None
    note: str = ""


def in_order(barriers: Iterable[Barrier]) -> list[Barrier]:
    """The strongest that can be lifted first: by judgement, then by the surely largest share."""
    return sorted(
        barriers,
        key=lambda one: (
            LIFT_ORDER.index(one.judged.lift),
            -(one.share.low or 0.0),
            one.label,
        ),
    )


def won_at_most(share: Estimate, passives: Estimate) -> Estimate:
    """Points the score gains if every passive who is held back by this became a promoter.

    `share` is of passives who said what holds them back, `passives` their part of everybody; the
    interval is that of the share. Takes those who said nothing to be like those who did.
    """
    factor = 100 * passives.value
    low = None if share.low is None else factor * share.low
    high = None if share.high is None else factor * share.high
    return replace(share, value=factor * share.value, low=low, high=high, p_value=None)


def strongest(names: Iterable[Name], order: Mapping[Name, int]) -> Name | None:
    """Of the barriers one person names, the one that comes first; unknown ones come last."""
    found = sorted(names, key=lambda one: (order.get(one, len(order)), one.key))
    return found[0] if found else None


def last_offer(given: Sequence[datetime]) -> datetime | None:
    """The offer that counts for the contact policy: the latest one."""
    return max(given, default=None)
