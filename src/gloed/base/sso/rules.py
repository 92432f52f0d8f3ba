"""Who comes in through a log-in service: decisions on plain values."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

GOOGLE_ISSUER = "https://accounts.google.com"
MICROSOFT_ISSUER = "https://login.microsoftonline.com/{tenant}/v2.0"


class Kind(StrEnum):
    """Which service, because each vouches for an address in its own way."""

    GOOGLE = "google"
    MICROSOFT = "microsoft"
    OPEN_ID = "open_id"
    SAML = "saml"


class Way(StrEnum):
    """How somebody comes in."""

    KNOWN = "known"  # a colleague already
    INVITED = "invited"
    JOINS = "joins"  # of an allowed domain


class Refusal(StrEnum):
    """Why somebody does not."""

    NOT_VERIFIED = "not_verified"
    OTHER_DOMAIN = "other_domain"
    NOT_INVITED = "not_invited"
    WORKS_ELSEWHERE = "works_elsewhere"
    CLOSED = "closed"


class Gap(StrEnum):
    """Why the metadata of a SAML service is of no use."""

    NOT_REACHED = "not_reached"
    NOT_XML = "not_xml"
    NO_SERVICE = "no_service"
    SEVERAL = "several"
    NO_WAY_IN = "no_way_in"
    NO_CERTIFICATE = "no_certificate"


class Doubt(StrEnum):
    """Why an answer of a SAML service is not believed."""

    NOT_LET_IN = "not_let_in"
    NOT_SIGNED = "not_signed"
    WRONG_SIGNATURE = "wrong_signature"
    OUT_OF_TIME = "out_of_time"
    NOT_FOR_US = "not_for_us"
    OTHER_ISSUER = "other_issuer"
    ENCRYPTED = "encrypted"
    UNASKED = "unasked"
    REPLAYED = "replayed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Claims:
    """Who the service says it is. `vouched_domain` is the domain it itself answers for."""

    address: str
    name: str = ""
    is_verified: bool = False
    vouched_domain: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known here of who has this address, or who came in with it before."""

    is_known: bool = False
    is_open: bool = True  # neither the account nor the place in the organisation is closed
    works_here: bool = False
    works_elsewhere: bool = False
    is_invited: bool = False


def claims_of(kind: Kind, told: Mapping[str, Any]) -> Claims:
    """What a service told, as far as it can be believed.

    Microsoft lets an administrator write any address into `email`, so that guests could claim a
    colleague's; the name of the account itself (`preferred_username`) lies in a domain of the
    tenant. Google says with `hd` which organisation's account it is. A SAML service is one
    organisation's own and signs what it says; it has no word for a confirmed address.

    >>> claims_of(Kind.OPEN_ID, {"email": "Anna@Example.org", "email_verified": True}).address
    'anna@example.org'
    >>> claims_of(Kind.OPEN_ID, {"email": "anna@example.org"}).is_verified
    False
    """
    name = str(told.get("name") or "")[:120]
    if kind is Kind.MICROSOFT:
        address = str(told.get("preferred_username") or "").strip().lower()
        is_own = "@" in address and "#ext#" not in address
        return Claims(address, name, is_own, domain_of(address))
    address = str(told.get("email") or "").strip().lower()
    if kind is Kind.SAML:
        return Claims(address, name, "@" in address, domain_of(address))
    is_verified = told.get("email_verified") in (True, "true") and "@" in address
    vouched = str(told.get("hd") or "").lower() if kind is Kind.GOOGLE else domain_of(address)
    return Claims(address, name, is_verified, vouched)


def domain_of(address: str) -> str:
    """What stands behind the last @."""
    return address.rpartition("@")[2].lower()


def way_in(
    claims: Claims, standing: Standing, *, domains: Collection[str], may_join: bool
) -> Way | Refusal:
    """How somebody comes in, or why not.

    A service of one organisation opens only accounts of people who work nowhere else here: its
    owner decides who its addresses belong to, and must not open another organisation that way.
    """
    if not claims.is_verified:
        return Refusal.NOT_VERIFIED
    if domains and domain_of(claims.address) not in domains:
        return Refusal.OTHER_DOMAIN
    if standing.is_known and not standing.is_open:
        return Refusal.CLOSED
    if standing.works_elsewhere:
        return Refusal.WORKS_ELSEWHERE
    if standing.works_here:
        return Way.KNOWN
    if standing.is_invited:
        return Way.INVITED
    is_vouched = claims.vouched_domain in domains
    if may_join and is_vouched and not standing.is_known:
        return Way.JOINS
    return Refusal.NOT_INVITED
