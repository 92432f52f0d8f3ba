"""What may be laid beside what: plain decisions on plain values."""

from dataclasses import dataclass
from enum import StrEnum


class Sector(StrEnum):
    """Sectors inside which scores may be compared. Stored: never rename one."""

    AUTOMOTIVE = "automotive"
    BANKING = "banking"
    CHARITY = "charity"
    CONSTRUCTION = "construction"
    CONSUMER_GOODS = "consumer_goods"
    CULTURE = "culture"
    EDUCATION = "education"
    ENERGY = "energy"
    GOVERNMENT = "government"
    HEALTHCARE = "healthcare"
    HOSPITALITY = "hospitality"
    HOUSING = "housing"
    INSURANCE = "insurance"
    IT_SERVICES = "it_services"
    LEISURE = "leisure"
    LOGISTICS = "logistics"
    MANUFACTURING = "manufacturing"
    MEDIA = "media"
    PAYMENTS = "payments"
    PROFESSIONAL = "professional"
    PUBLIC_TRANSPORT = "public_transport"
    RETAIL = "retail"
    SOFTWARE = "software"
    SUPERMARKETS = "supermarkets"
    TELECOM = "telecom"
    TRAVEL = "travel"
    WEB_SHOPS = "web_shops"
    WHOLESALE = "wholesale"


class Mode(StrEnum):
    """How people were asked. Stored: never rename one."""

    EMAIL = "email"
    WEB = "web"
    PHONE = "phone"
    SMS = "sms"
    FACE = "face"
    PANEL = "panel"
    MIXED = "mixed"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What people were asked about. Stored: never rename one."""

    RELATIONSHIP = "relationship"
    TRANSACTIONAL = "transactional"
    UNKNOWN = "unknown"


class Statistic(StrEnum):
    """Which statistic: points of an NPS, or the satisfied in percent."""

    NPS = "nps"
    CSAT = "csat"


class Refused(StrEnum):
    """Why two numbers are not laid beside each other."""

    NO_SECTOR = "no_sector"  # the own sector is not known
    OTHER_SECTOR = "other_sector"
    OTHER_STATISTIC = "other_statistic"
    NO_OWN = "no_own"  # nobody answered the own survey in that year


class Warned(StrEnum):
    """Why a comparison inside the sector must be read with care."""

    COUNTRY = "country"
    MODE = "mode"
    MODE_UNKNOWN = "mode_unknown"
    KIND = "kind"
    NO_BASE = "no_base"  # how many answered is not told


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands: its sector, country, way of asking and what it is about."""

    sector: str
    country: str
    mode: str
    kind: str
    statistic: str


def reason_to_refuse(own: Place, other: Place) -> Refused | None:
    """Why another's number is not compared with the own one; None where it may be.

    Sectors are never compared with each other: in one country, study and year their means lay
    between -6 and 30 (methods.md 10.4).
    """
    if not own.sector:
        return Refused.NO_SECTOR
    if own.sector != other.sector:
        return Refused.OTHER_SECTOR
    if own.statistic != other.statistic:
        return Refused.OTHER_STATISTIC
    return None


def warnings_of(own: Place, other: Place, *, n: int | None) -> tuple[Warned, ...]:
    """What a reader must know before believing a comparison.

    Styles of answering differ between countries (Harzing 2006), and people who are rung up rate
    higher than people who read the question.
    """
    found = []
    if own.country and other.country and own.country != other.country:
        found.append(Warned.COUNTRY)
    if Mode.UNKNOWN.value in (own.mode, other.mode) or not (own.mode and other.mode):
        found.append(Warned.MODE_UNKNOWN)
    elif own.mode != other.mode:
        found.append(Warned.MODE)
    if Kind.UNKNOWN.value not in (own.kind, other.kind) and own.kind != other.kind:
        found.append(Warned.KIND)
    if n is None:
        found.append(Warned.NO_BASE)
    return tuple(found)
