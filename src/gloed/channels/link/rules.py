"""What a respondent sent, and in which language to speak: decisions on plain values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

BODY_LIMIT = 65_536
WHY_LIMIT = 5_000
_KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")


@dataclass(frozen=True, slots=True)
class Submission:
    """One sending of the survey form.

    `step` is rate (the number, the open question comes next), why or all (the rest with it), keep
    (what a script sends on the way), back (to the number again) or look (another language, `look`,
    for the page whose step is `at`).
    """

    step: str
    at: str
    look: str
    key: str
    version: int | None
    revision: int | None
    rating: int | None
    why: str | None


STEPS = frozenset({"rate", "why", "all", "keep", "back", "look"})


def read_submission(posted: Mapping[str, str]) -> Submission:
    """Read a sent form; what cannot be read counts as not sent."""
    at = posted.get("step", "")
    step = "look" if posted.get("look") else posted.get("go") or at
    key = posted.get("key", "")
    why = posted.get("why")
    return Submission(
        step=step if step in STEPS else "rate",
        at=at,
        look=posted.get("look", "") or posted.get("l", ""),
        key=key if _KEY.fullmatch(key) else "",
        version=_whole(posted.get("version", "")),
        revision=_whole(posted.get("revision", "")),
        rating=_whole(posted.get("rating", "")),
        why=None if why is None else why.replace("\r\n", "\n").strip()[:WHY_LIMIT],
    )


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None


def choose_language(available: Sequence[str], wishes: Sequence[str]) -> str:
    """The first wish the survey is written in, else its main language.

    >>> choose_language(["nl", "en"], ["", "de", "en-GB"])
    'en'
    """
    for wish in wishes:
        short = wish.lower().partition("-")[0]
        if short in available:
            return short
    return available[0]


def browser_wishes(header: str) -> list[str]:
    """The languages of an Accept-Language header, most wanted first.

    >>> browser_wishes("de, nl;q=0.7, en;q=0.9")
    ['de', 'en', 'nl']
    """
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:200].split(",")):
        code, _, weight = part.strip().partition(";q=")
        if code and re.fullmatch(r"[01](\.[0-9]{1,3})?", weight or "1"):
            wishes.append((-float(weight or "1"), place, code))
    return [code for weight, _, code in sorted(wishes) if weight]
