"""The contact policy: one decision per person over all surveys and channels."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

YEAR = timedelta(days=365)


class Kind(StrEnum):
    """What a survey is about: the whole relationship, or one interaction."""

    RELATIONSHIP = "relationship"
    TRANSACTIONAL = "transactional"


class Contact(StrEnum):
    """What a channel needs to know of a person to reach them."""

    EMAIL = "email"
    PHONE = "phone"
    NOTHING = "nothing"


class Skip(StrEnum):
    """Why somebody was not asked. Stored in the ledger: never rename one."""

    NO_ADDRESS = "no_address"
    OPTED_OUT = "opted_out"
    SUPPRESSED = "suppressed"
    BOUNCED = "bounced"
    PAUSED = "paused"
    QUARANTINE = "quarantine"
    OPEN_INVITATION = "open_invitation"
    RESTING = "resting"
    OWN_RHYTHM = "own_rhythm"
    CAP_REACHED = "cap_reached"
    ERASED = "erased"
    SURVEY_CLOSED = "survey_closed"
    NOT_SAMPLED = "not_sampled"
    QUOTA_FULL = "quota_full"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"


class Disposition(StrEnum):
    """What became of one ask, after AAPOR. `skipped` was never asked, `withdrawn` never sent."""

    CREATED = "created"
    SENT = "sent"
    DELIVERED = "delivered"
    OPENED = "opened"
    STARTED = "started"
    PARTIAL = "partial"
    COMPLETE = "complete"
    BOUNCED = "bounced"
    FAILED = "failed"
    OPTED_OUT = "opted_out"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SKIPPED = "skipped"


# the way of an ask that goes well; an event may only move it to the right
ONWARD = (
    Disposition.CREATED,
    Disposition.SENT,
    Disposition.DELIVERED,
    Disposition.OPENED,
    Disposition.STARTED,
    Disposition.PARTIAL,
    Disposition.COMPLETE,
)
# these took up nobody's time: they start no rest period
UNASKED = (
    Disposition.SKIPPED,
    Disposition.WITHDRAWN,
    Disposition.FAILED,
    Disposition.BOUNCED,
)


def before(disposition: Disposition) -> tuple[Disposition, ...]:
    """The dispositions an event may still move on to this one.

    >>> [one.value for one in before(Disposition.DELIVERED)]
    ['created', 'sent']
    """
    return ONWARD[: ONWARD.index(disposition)]


@dataclass(frozen=True, slots=True)
class Policy:
    """The contact policy of an organisation. 0 means: no limit.

    `survey_cap` is how often one person may be asked one survey within a year, `domain_daily_cap`
    how many invitations go to one mail domain on one day, `wave_quota` how many one wave sends,
    `sampling_share` (percent) which part of all events leads to an ask, `open_days` how long an
    invitation can be answered.
    """

    relationship_rest_days: int = 90
    transactional_rest_days: int = 30
    survey_cap: int = 4
    domain_daily_cap: int = 0
    quarantine_days: int = 30
    sampling_share: int = 100
    wave_quota: int = 0
    open_days: int = 21


@dataclass(frozen=True, slots=True)
class PastAsk:
    """An earlier ask that reached, or will reach, its person."""

    at: datetime
    kind: Kind
    survey: int


@dataclass(frozen=True, slots=True)
class History:
    """What counts when somebody is about to be asked."""

    contacts: frozenset[Contact] = frozenset()
    is_opted_out: bool = False
    kinds_opted_out: frozenset[str] = frozenset()
    is_suppressed: bool = False
    is_bounced: bool = False
    pause_until: datetime | None = None
    quarantine_until: datetime | None = None
    rhythm_days: int = 0
    has_open_invitation: bool = False
    asks: tuple[PastAsk, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """What we would like to ask, by which kind of contact, and at which moment."""

    survey: int
    kind: Kind
    contact: Contact
    at: datetime


def rest_between(policy: Policy, one: Kind, other: Kind) -> timedelta:
    """The least time between two asks; between one of each kind the shorter of the two.

    >>> rest_between(Policy(), Kind.RELATIONSHIP, Kind.TRANSACTIONAL).days
    30
    """
    days = {
        Kind.RELATIONSHIP: policy.relationship_rest_days,
        Kind.TRANSACTIONAL: policy.transactional_rest_days,
    }
    return timedelta(days=min(days[one], days[other]))


def reason_to_skip(policy: Policy, history: History, ask: Ask) -> Skip | None:
    """Why this person is not asked at `ask.at`, or None: the first reason that holds is told.

    What the person said comes first, then what we promise everybody.
    """
    if ask.contact is not Contact.NOTHING and ask.contact not in history.contacts:
        return Skip.NO_ADDRESS
    if history.is_opted_out or ask.kind in history.kinds_opted_out:
        return Skip.OPTED_OUT
    if history.is_suppressed:
        return Skip.SUPPRESSED
    if history.is_bounced and ask.contact is Contact.EMAIL:
        return Skip.BOUNCED
    if history.pause_until is not None and ask.at < history.pause_until:
        return Skip.PAUSED
    if history.quarantine_until is not None and ask.at < history.quarantine_until:
        return Skip.QUARANTINE
    if history.has_open_invitation:
        return Skip.OPEN_INVITATION
    return _reason_to_wait(policy, history, ask)


def _reason_to_wait(policy: Policy, history: History, ask: Ask) -> Skip | None:
    if any(
        abs(ask.at - past.at) < rest_between(policy, past.kind, ask.kind) for past in history.asks
    ):
        return Skip.RESTING
    rhythm = timedelta(days=history.rhythm_days)
    if any(abs(ask.at - past.at) < rhythm for past in history.asks):
        return Skip.OWN_RHYTHM
    if policy.survey_cap and _within_a_year(history.asks, ask) >= policy.survey_cap:
        return Skip.CAP_REACHED
    return None


def _within_a_year(asks: Iterable[PastAsk], ask: Ask) -> int:
    return sum(past.survey == ask.survey and abs(ask.at - past.at) < YEAR for past in asks)
