"""What a respondent sent, and in which language to speak: decisions on plain values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gloed.responses.rules import FAST_BELOW, Signal
from gloed.surveys.rules import LONGEST

BODY_LIMIT = 65_536
WHY_LIMIT = 5_000
_KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")


@dataclass(frozen=True, slots=True)
class Submission:
    """One sending of the survey form.

    `step` is rate (the number, the open question comes next), why or all (the rest with it), ask
    (a further page), keep (what a script sends on the way), back (to the page before) or look
    (another language, `look`, for the page whose step is `at`). `began` is when the first page was
    shown, in milliseconds; `is_trapped` says that a field which nobody sees was filled in.
    """

    step: str
    at: str
    look: str
    key: str
    version: int | None
    revision: int | None
    rating: int | None
    why: str | None
    began: int | None = None
    is_trapped: bool = False


STEPS = frozenset({"rate", "why", "all", "ask", "keep", "back", "look"})
TRAP = "extra"


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
        why=None if why is None else plain_words(why),
        began=_whole(posted.get("began", "")),
        is_trapped=bool(posted.get(TRAP)),
    )


def plain_words(text: str) -> str:
    """What somebody wrote, with plain line ends and within its limit."""
    return text.replace("\r\n", "\n").strip()[:WHY_LIMIT]


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


def seconds_taken(began: int | None, now: int) -> int | None:
    """Whole seconds from the first page to now, both in milliseconds; None where it lay open.

    >>> seconds_taken(1_000, 43_400), seconds_taken(None, 5), seconds_taken(0, 10**9)
    (42, None, None)
    """
    if began is None or not 0 <= now - began <= LONGEST * 1_000:
        return None
    return (now - began) // 1_000


def signals_of(sent: Submission, now: int) -> frozenset[Signal]:
    """What is odd about a sending: no script ran, too fast to read, the trap was filled in."""
    found = set()
    if sent.revision is None:
        found.add(Signal.NO_SCRIPT)
    if sent.began is not None and 0 <= now - sent.began < FAST_BELOW.total_seconds() * 1_000:
        found.add(Signal.FAST)
    if sent.is_trapped:
        found.add(Signal.TRAP_FILLED)
    return frozenset(found)
