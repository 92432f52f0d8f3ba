"""Whom we ask for what, which recommendation counts, and when a reference is tired: decisions."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

REST_DAYS = 90
"""So long nobody is asked for anything again, unless the programme says otherwise."""
YEARLY_CAP = 4
"""So often a reference is used in a year, unless agreed otherwise."""
PARAMETER = "ref"
SLUG_BYTES = 12


class AskKind(StrEnum):
    """What somebody is asked for. Stored: never rename one."""

    THANK = "thank"
    REFERRAL = "referral"
    TESTIMONIAL = "testimonial"
    REFERENCE = "reference"
    EARLY_ACCESS = "early_access"
    REVIEW = "review"


PUSHES = frozenset(AskKind) - {AskKind.THANK}
"""What takes something from somebody: between two of these they are left alone."""


class How(StrEnum):
    """By which way somebody was asked. Stored: never rename one."""

    MAIL = "mail"
    PHONE = "phone"
    IN_PERSON = "in_person"
    PAGE = "page"  # they came themselves, from the thank-you


class Became(StrEnum):
    """What somebody answered to being asked; empty while they did not."""

    OPEN = ""
    YES = "yes"
    NO = "no"


class Reason(StrEnum):
    """Why somebody is left alone now, the strongest first."""

    OPTED_OUT = "opted_out"
    OPEN_CASE = "open_case"
    QUARANTINE = "quarantine"
    PAUSED = "paused"
    RESTING = "resting"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Somebody is left alone: why, and until when where that is known."""

    reason: Reason
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of somebody before they are asked for anything."""

    is_opted_out: bool = False
    has_open_case: bool = False
    quarantine_until: datetime | None = None
    pause_until: datetime | None = None
    last_asked_at: datetime | None = None


def reason_to_be_quiet(standing: Standing, *, rest: timedelta, now: datetime) -> Quiet | None:
    """Why somebody is not asked for anything at `now`; None when nothing stands against it.

    >>> helped = Standing(has_open_case=True)
    >>> reason_to_be_quiet(helped, rest=timedelta(days=1), now=datetime(2026, 3, 2))
    Quiet(reason=<Reason.OPEN_CASE: 'open_case'>, until=None)
    """
    if standing.is_opted_out:
        return Quiet(Reason.OPTED_OUT)
    if standing.has_open_case:
        return Quiet(Reason.OPEN_CASE)
    if standing.quarantine_until is not None and now < standing.quarantine_until:
        return Quiet(Reason.QUARANTINE, standing.quarantine_until)
    if standing.pause_until is not None and now < standing.pause_until:
        return Quiet(Reason.PAUSED, standing.pause_until)
    if standing.last_asked_at is not None and now < standing.last_asked_at + rest:
        return Quiet(Reason.RESTING, standing.last_asked_at + rest)
    return None


class Refused(StrEnum):
    """Why a new customer does not count as recommended. Stored: never rename one."""

    UNKNOWN_CODE = "unknown_code"
    CLOSED = "closed"
    SELF = "self"
    TOO_EARLY = "too_early"
    OTHER_CODE = "other_code"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gave the code away, as far as a new customer could be the same one."""

    keys: Collection[str]  # external ids: their own, and their firm's
    email: str
    link_made_on: date
    closed_on: date | None = None


def reason_to_refuse(
    giver: Giver | None,
    *,
    key: str,
    email: str,
    on: date,
    counted_for_another: bool,
    is_erased: bool = False,
) -> Refused | None:
    """Why a new customer does not count for the giver of a code; None when they do.

    `key` is compared as it is written, `email` as `people.rules.email_key` gives it. The first
    valid code wins: `counted_for_another` tells that the customer came by another one already.
    """
    if is_erased:
        return Refused.ERASED
    if giver is None:
        return Refused.UNKNOWN_CODE
    if key.casefold() in {one.casefold() for one in giver.keys if one}:
        return Refused.SELF
    if giver.email and giver.email in (email, key.strip().lower()):
        return Refused.SELF
    if on < giver.link_made_on:
        return Refused.TOO_EARLY
    if giver.closed_on is not None and on > giver.closed_on:
        return Refused.CLOSED
    return Refused.OTHER_CODE if counted_for_another else None


def new_slug() -> str:
    """A code nobody can guess: 96 random bits, safe in an address."""
    return secrets.token_urlsafe(SLUG_BYTES)


def landing_address(address: str, code: str) -> str:
    """The programme's own address with the code in it.

    >>> landing_address("https://example.org/switch?via=web", "Ab-1")
    'https://example.org/switch?via=web&ref=Ab-1'
    """
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if name != PARAMETER]  # fmt: skip
    return urlunsplit(parts._replace(query=urlencode([*kept, (PARAMETER, code)])))


def origin_of(address: str) -> str:
    """Scheme and host of an address.

    >>> origin_of("https://example.org:8443/switch?a=1")
    'https://example.org:8443'
    """
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def is_own_address(address: str) -> bool:
    """Whether friends can be sent there: https, a host with a dot, nobody's log-in in it.

    >>> is_own_address("https://example.org/x"), is_own_address("https://a@example.org")
    (True, False)
    """
    if any(sign.isspace() or sign in "\"'<>\\;,^`{|}" for sign in address):
        return False
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme == "https" and "." in host.strip(".") and "@" not in parts.netloc


def code_in(text: str) -> str:
    """The code somebody pasted: bare, in a link of ours, or in the address that was landed on.

    >>> code_in(" https://example.org/?ref=Ab-1 "), code_in("https://g.example/r/Ab-1/")
    ('Ab-1', 'Ab-1')
    """
    text = text.strip()
    if "://" not in text:
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        return text
    found = dict(parse_qsl(parts.query)).get(PARAMETER)
    return found or parts.path.rstrip("/").rpartition("/")[2]


class Place(StrEnum):
    """How far somebody is on an early-access list. Stored: never rename one."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LEFT = "left"


def may_join(*, places: int, taken: int, is_open: bool) -> bool:
    """Whether one more can take part."""
    return is_open and taken < places


def is_tired(*, used: int, cap: int) -> bool:
    """Whether a reference was used as often this year as was agreed.

    >>> is_tired(used=4, cap=4), is_tired(used=3, cap=4)
    (True, False)
    """
    return used >= cap
