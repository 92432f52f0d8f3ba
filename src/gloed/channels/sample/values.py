"""The frozen plain values a sample organisation is handed over as.

No value knows Django or the record: a loader maps them. Moments are aware and in UTC, dates are
local to the organisation, periods are half-open. Identities are UUIDs derived from the seed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

Language = Literal["nl", "en"]
Metric = Literal["nps", "csat", "ces"]
Kind = Literal["relationship", "transactional"]
Role = Literal["owner", "manager", "analyst", "frontline", "viewer"]
Disposition = Literal["complete", "partial", "no_answer", "bounced", "opted_out"]
Status = Literal["complete", "partial", "withdrawn"]
Polarity = Literal["pos", "neg", "mid"]
Device = Literal["mobile", "desktop"]
Attributes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in both languages."""

    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    name: str
    slug: str
    timezone: str
    default_language: Language
    sector: Text


@dataclass(frozen=True, slots=True)
class Team:
    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Staff:
    name: str
    email: str
    role: Role
    team: str | None
    language: Language


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """A moment in the journey; `good_enough` is the score its owner is content with."""

    key: str
    order: int
    name: Text
    phase: Text
    metric: Metric
    owner_team: str
    expectation: Text
    good_enough: float


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey with its wording; `low` and `high` are the ends of the scale, both included."""

    key: str
    name: Text
    kind: Kind
    touchpoint: str | None
    metric: Metric
    low: int
    high: int
    question: Text
    low_label: Text
    high_label: Text
    open_question: Text


@dataclass(frozen=True, slots=True)
class Wave:
    """One fielding of the relationship survey: invitations leave in [starts_on, ends_on)."""

    key: str
    survey: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class AttributeDefinition:
    """What an attribute's key means, and whether its values are words, whole numbers or dates."""

    key: str
    name: Text
    kind: Literal["text", "integer", "date"]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """A business customer; `yearly_revenue` is in whole euros."""

    public_id: UUID
    name: str
    region: str
    yearly_revenue: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be asked, with the attributes as they are at the end of the history."""

    public_id: UUID
    name: str
    email: str
    language: Language
    account_id: UUID | None
    customer_since: date
    left_on: date | None
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Invitation:
    public_id: UUID
    person_id: UUID
    survey: str
    wave: str | None
    sent_at: datetime
    disposition: Disposition


@dataclass(frozen=True, slots=True)
class NotAsked:
    """An ask that the contact policy held back, with its reason."""

    person_id: UUID
    survey: str
    due_on: date
    reason: Literal["resting", "opted_out"]


@dataclass(frozen=True, slots=True)
class Mention:
    """What a verbatim was written to be about: the planted truth for theme tools."""

    theme: str
    polarity: Polarity


@dataclass(frozen=True, slots=True)
class Response:
    """One person's answer, with the attributes as they were when the person was asked."""

    public_id: UUID
    invitation_id: UUID
    person_id: UUID
    survey: str
    touchpoint: str | None
    team: str | None
    rating: int
    verbatim: str
    language: Language
    device: Device
    status: Status
    answered_at: datetime
    completed_at: datetime | None
    withdrawn_at: datetime | None
    attributes: Attributes
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in the organisation, for the margin of a trend."""

    on: date
    name: Text


@dataclass(frozen=True, slots=True)
class Dip:
    """The planted dip: full strength in [starts_on, fixed_on), faded out at `over_on`."""

    starts_on: date
    fixed_on: date
    over_on: date
    contract: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleOrganisation:
    """Two years of an invented energy supplier, [starts_on, ends_on), complete and in order."""

    seed: int
    starts_on: date
    ends_on: date
    organisation: OrganisationFacts
    teams: tuple[Team, ...]
    staff: tuple[Staff, ...]
    touchpoints: tuple[Touchpoint, ...]
    surveys: tuple[Survey, ...]
    waves: tuple[Wave, ...]
    attribute_definitions: tuple[AttributeDefinition, ...]
    accounts: tuple[Account, ...]
    persons: tuple[Person, ...]
    invitations: tuple[Invitation, ...]
    not_asked: tuple[NotAsked, ...]
    responses: tuple[Response, ...]
    events: tuple[Event, ...]
    dip: Dip
