"""What may be shown of a customer's words, and where: plain decisions.

Nothing in here takes a score. Review sites are shown to everybody who answers, alike.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

WORDS_LIMIT, NAME_LIMIT, NOTE_LIMIT = 1000, 120, 600
MOST_LINKS, LINK_NAME_LIMIT, LINK_LIMIT = 5, 40, 400
TOWNS = ("town", "city", "place", "plaats", "woonplaats", "stad", "gemeente")
COMPANIES = ("company", "organisation", "organization", "bedrijf", "organisatie", "firma")


class State(StrEnum):
    """How far a testimonial is. Stored: never rename one."""

    PROPOSED = "proposed"
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


SAID_NO = frozenset({State.DECLINED, State.WITHDRAWN})


class Ended(StrEnum):
    """Why an agreement holds no longer. Stored: never rename one."""

    CUSTOMER = "customer"
    CHANGED = "changed"
    ANSWER = "answer"
    QUOTE = "quote"
    PERSON = "person"
    GONE = "gone"


class Place(StrEnum):
    """Where words may stand. Stored: never rename one."""

    WALL = "wall"
    SITE = "site"
    BROCHURE = "brochure"
    SOCIAL = "social"


class Shown(StrEnum):
    """How the name is shown. Stored: never rename one."""

    FULL = "full"
    FIRST_TOWN = "first_town"
    INITIALS = "initials"
    COMPANY = "company"
    ANONYMOUS = "anonymous"


class Happened(StrEnum):
    """What a line of the story tells. Stored: never rename one."""

    PROPOSED = "proposed"
    CHANGED = "changed"
    CHANGED_BACK = "changed_back"
    ASKED = "asked"
    ASK_TAKEN_BACK = "ask_taken_back"
    AGREED = "agreed"
    AGREED_OTHERWISE = "agreed_otherwise"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ENDED_ANSWER = "ended_answer"
    ENDED_QUOTE = "ended_quote"
    ENDED_PERSON = "ended_person"
    ENDED_GONE = "ended_gone"
    ON_WALL = "on_wall"
    OFF_WALL = "off_wall"
    REMOVED = "removed"
    RESTORED = "restored"


ENDINGS = {
    Ended.CUSTOMER: Happened.WITHDRAWN,
    Ended.ANSWER: Happened.ENDED_ANSWER,
    Ended.QUOTE: Happened.ENDED_QUOTE,
    Ended.PERSON: Happened.ENDED_PERSON,
    Ended.GONE: Happened.ENDED_GONE,
}


@dataclass(frozen=True, slots=True)
class Named:
    """What is known of a customer's name."""

    name: str = ""
    town: str = ""
    company: str = ""


def named(name: str, attributes: Mapping[str, Any], *, account: str = "") -> Named:
    """What is known, from a person's own columns.

    >>> named("Anna de Vries", {"Plaats": "Utrecht"}).town
    'Utrecht'
    """
    return Named(
        name.strip(),
        _first_of(attributes, TOWNS),
        account.strip() or _first_of(attributes, COMPANIES),
    )


def _first_of(attributes: Mapping[str, Any], names: Iterable[str]) -> str:
    known = {str(key).lower(): value for key, value in attributes.items()}
    found = (known.get(name) for name in names)
    return next((value.strip() for value in found if isinstance(value, str) and value.strip()), "")


def name_as(shown: Shown, known: Named) -> str:
    """The name in this form; empty where that is not known, and for nobody's name.

    >>> anna = Named("Anna de Vries", "Utrecht")
    >>> name_as(Shown.FIRST_TOWN, anna), name_as(Shown.INITIALS, anna), name_as(Shown.COMPANY, anna)
    ('Anna, Utrecht', 'A.V.', '')
    """
    parts = known.name.split()
    if shown is Shown.FULL:
        return known.name[:NAME_LIMIT]
    if shown is Shown.FIRST_TOWN:
        return f"{parts[0]}, {known.town}"[:NAME_LIMIT] if parts and known.town else ""
    if shown is Shown.INITIALS:
        return "".join(f"{part[0]}." for part in parts if part[0].isupper())
    return known.company[:NAME_LIMIT] if shown is Shown.COMPANY else ""


def forms_of(known: Named) -> dict[Shown, str]:
    """The forms there are for this customer, and the name in each; without a name always.

    >>> [form.value for form in forms_of(Named("Anna"))]
    ['full', 'initials', 'anonymous']
    """
    forms = {shown: name_as(shown, known) for shown in Shown}
    return {shown: text for shown, text in forms.items() if text or shown is Shown.ANONYMOUS}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words: the same as before, taken "out", or put "in"."""

    kind: str
    text: str


def changes(before: str, after: str) -> tuple[Piece, ...]:
    """How the words differ from what the customer wrote, word by word.

    >>> [(one.kind, one.text) for one in changes("Snel geholpen", "Heel snel geholpen")][:2]
    [('out', 'Snel'), ('in', 'Heel snel')]
    """
    old, new = _tokens(before), _tokens(after)
    found = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Piece("same", "".join(old[a:b])))
            continue
        if gone := "".join(old[a:b]):
            found.append(Piece("out", gone))
        if come := "".join(new[c:d]):
            found.append(Piece("in", come))
    return tuple(found)


def _tokens(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text)


def are_same(before: str, after: str) -> bool:
    """Whether two texts say the same but for the white space around and between words."""
    return before.split() == after.split()


def read_places(given: Iterable[object]) -> tuple[Place, ...]:
    """The places among what was given, each once and in their own order."""
    asked = {str(one) for one in given}
    return tuple(place for place in Place if place.value in asked)


@dataclass(frozen=True, slots=True)
class ReviewLink:
    """A page on a review site: its name and its https address."""

    name: str
    address: str

    @property
    def host(self) -> str:
        """The site it lies on, as links to one site are compared."""
        return host_of(self.address)


def host_of(address: str) -> str:
    """The host of an address without "www."; empty for what is none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def is_fit(address: str) -> bool:
    """Whether an address can be shown as a link: https, a host, nothing before an "@".

    >>> is_fit("https://g.page/r/abc/review"), is_fit("http://a.nl"), is_fit("https://a@b.nl")
    (True, False, False)
    """
    if len(address) > LINK_LIMIT or re.search(r"[\s<>\"'\\]", address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    has_host = parts.hostname is not None and "." in parts.hostname
    return parts.scheme == "https" and has_host and "@" not in parts.netloc


def read_links(rows: Iterable[Mapping[str, str]]) -> tuple[ReviewLink, ...]:
    """The links of stored rows; what is not fit to be shown is left out."""
    links = (ReviewLink(row.get("name", ""), row.get("address", "")) for row in rows)
    return tuple(one for one in links if one.name and is_fit(one.address))[:MOST_LINKS]
