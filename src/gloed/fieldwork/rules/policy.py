"""The contact policy: one decision per person over all surveys and channels."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from gloed.fieldwork.rules.conditions import Condition, first_that_fails

YEAR = timedelta(days=365)
MOST_WAITS = 1000  # ends of rest periods looked at
EXEMPTED = ("relationship_rest_days", "transactional_rest_days", "survey_cap", "sampling_share")


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
    OFFER = "offer"
    OWN_RHYTHM = "own_rhythm"
    CAP_REACHED = "cap_reached"
    ERASED = "erased"
    SURVEY_CLOSED = "survey_closed"
    NOT_SAMPLED = "not_sampled"
    QUOTA_FULL = "quota_full"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    EXCEPTION = "exception"
    TOO_OLD = "too_old"


class Disposition(StrEnum):
    """What became of one ask, after AAPOR. Stored: never rename one.

    `uncertain` may have been sent, `skipped` was never asked, `withdrawn` can be answered no more.
    """

    CREATED = "created"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    DELIVERED = "delivered"
    OPENED = "opened"
    STARTED = "started"
    PARTIAL = "partial"
    COMPLETE = "complete"
    BOUNCED = "bounced"
    FAILED = "failed"
    NO_CONTACT = "no_contact"
    REFUSED = "refused"
    OPTED_OUT = "opted_out"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SKIPPED = "skipped"


# the way of an ask that goes well; an event may only move it to the right
ONWARD = (
    Disposition.CREATED,
    Disposition.UNCERTAIN,
    Disposition.SENT,
    Disposition.DELIVERED,
    Disposition.OPENED,
    Disposition.STARTED,
    Disposition.PARTIAL,
    Disposition.COMPLETE,
)
# these took up nobody's time: they start no rest period; nor does what was withdrawn unsent
UNASKED = (
    Disposition.SKIPPED,
    Disposition.FAILED,
    Disposition.BOUNCED,
    Disposition.NO_CONTACT,
)


def before(disposition: Disposition) -> tuple[Disposition, ...]:
    """The dispositions an event may still move on to this one.

    >>> [one.value for one in before(Disposition.DELIVERED)]
    ['created', 'uncertain', 'sent']
    """
    return ONWARD[: ONWARD.index(disposition)]


@dataclass(frozen=True, slots=True)
class Exemption:
    """What holds instead for people of whom all `conditions` hold; None: as for everybody.

    `survey` limits it to asks of one survey, `never_by` names the channels (every one of them
    with `never`) by which these people are not asked at all.
    """

    id: str = ""
    conditions: tuple[Condition, ...] = ()
    survey: int | None = None
    relationship_rest_days: int | None = None
    transactional_rest_days: int | None = None
    survey_cap: int | None = None
    sampling_share: int | None = None
    never: bool = False
    never_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """The contact policy of an organisation. 0 means: no limit.

    `survey_cap` is how often one person may be asked one survey within a year, `domain_daily_cap`
    how many invitations go to one mail domain on one day, `wave_quota` how many one wave sends,
    `offer_days` how long nobody is asked anything after an offer or a perk,
    `sampling_share` (percent) which part of all events leads to an ask, `open_days` how long an
    invitation can be answered, `country` whose public holidays are kept. Of the `exemptions` the
    first that fits a person holds.
    """

    relationship_rest_days: int = 90
    transactional_rest_days: int = 30
    survey_cap: int = 4
    domain_daily_cap: int = 0
    quarantine_days: int = 30
    offer_days: int = 30
    sampling_share: int = 100
    wave_quota: int = 0
    open_days: int = 21
    country: str = "NL"
    exemptions: tuple[Exemption, ...] = ()


@dataclass(frozen=True, slots=True)
class PastAsk:
    """An earlier ask that reached, or will reach, its person."""

    at: datetime
    kind: Kind
    survey: int


@dataclass(frozen=True, slots=True)
class History:
    """What counts when somebody is about to be asked.

    `offered_at` is when they last got an offer or a perk, `traits` what is known of them.
    """

    contacts: frozenset[Contact] = frozenset()
    is_opted_out: bool = False
    kinds_opted_out: frozenset[str] = frozenset()
    is_suppressed: bool = False
    is_bounced: bool = False
    pause_until: datetime | None = None
    quarantine_until: datetime | None = None
    offered_at: datetime | None = None
    rhythm_days: int = 0
    has_open_invitation: bool = False
    asks: tuple[PastAsk, ...] = ()
    traits: Mapping[str, Any] = field(default_factory=dict)


def without_asks(history: History) -> History:
    """The same history as if nobody had been asked: only wishes and suppressions are left."""
    return replace(history, rhythm_days=0, has_open_invitation=False, asks=())


@dataclass(frozen=True, slots=True)
class Ask:
    """What we would like to ask, by which kind of contact and channel, and at which moment."""

    survey: int
    kind: Kind
    contact: Contact
    at: datetime
    channel: str = ""


def exemption_for(policy: Policy, traits: Mapping[str, Any], *, survey: int) -> Exemption | None:
    """The first exemption that fits a person about whom so much is known, for this survey."""
    for one in policy.exemptions:
        if one.survey in (None, survey) and first_that_fails(one.conditions, person=traits) is None:
            return one
    return None


def policy_for(policy: Policy, exemption: Exemption | None) -> Policy:
    """The policy as it holds under an exemption."""
    if exemption is None:
        return policy
    changed = {name: value for name in EXEMPTED if (value := getattr(exemption, name)) is not None}
    return replace(policy, **changed)


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

    What the person said comes first, then what we promise everybody, save where an exemption
    holds for them.
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
    exemption = exemption_for(policy, history.traits, survey=ask.survey)
    if exemption is not None and (exemption.never or ask.channel in exemption.never_by):
        return Skip.EXCEPTION
    own = policy_for(policy, exemption)
    return next((skip for skip, _until in _reasons_to_wait(own, history, ask)), None)


def first_possible(policy: Policy, history: History, ask: Ask) -> datetime | None:
    """The first moment from `ask.at` on at which nothing stands against it; None: none is known."""
    own = policy_for(policy, exemption_for(policy, history.traits, survey=ask.survey))
    for _ in range(MOST_WAITS):
        skip = reason_to_skip(policy, history, ask)
        if skip is None:
            return ask.at
        until = {
            Skip.PAUSED: history.pause_until,
            Skip.QUARANTINE: history.quarantine_until,
            **dict(_reasons_to_wait(own, history, ask)),
        }.get(skip)
        if until is None:
            return None
        ask = replace(ask, at=until)
    return None


def _reasons_to_wait(policy: Policy, history: History, ask: Ask) -> Iterator[tuple[Skip, datetime]]:
    """What makes this ask too early, each with the moment that ends it."""
    if history.offered_at is not None:
        until = history.offered_at + timedelta(days=policy.offer_days)
        if history.offered_at <= ask.at < until:
            yield Skip.OFFER, until
    for past in history.asks:
        rest = rest_between(policy, past.kind, ask.kind)
        if abs(ask.at - past.at) < rest:
            yield Skip.RESTING, past.at + rest
    rhythm = timedelta(days=history.rhythm_days)
    for past in history.asks:
        if abs(ask.at - past.at) < rhythm:
            yield Skip.OWN_RHYTHM, past.at + rhythm
    same = sorted(
        past.at
        for past in history.asks
        if past.survey == ask.survey and abs(ask.at - past.at) < YEAR
    )
    if policy.survey_cap and len(same) >= policy.survey_cap:
        yield Skip.CAP_REACHED, same[0] + YEAR
