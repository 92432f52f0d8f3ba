"""What somebody wrote, apart from what their mail program repeats below it."""

import re

_WROTE = re.compile(
    r"^\s*(?:On|Op|Am|Le|El)\b.{6,200}?(?:wrote|schreef|schrieb|a écrit|escribió)"
    r"(?:\b.{0,120})?:\s*$",
    re.IGNORECASE | re.DOTALL,
)
_ORIGINAL = re.compile(
    r"^\s*-{3,}\s*(?:Original Message|Oorspronkelijk bericht|Ursprüngliche Nachricht|"
    r"Forwarded message|Doorgestuurd bericht|Message d'origine)\s*-{3,}\s*$",
    re.IGNORECASE,
)
_HEAD = re.compile(r"^\s*\*?(?:From|Van|Von|De)\*?\s*:\*?\s+\S", re.IGNORECASE)
_HEAD_NEXT = re.compile(
    r"^\s*\*?(?:Sent|Verzonden|Date|Datum|Gesendet|To|Aan|An|Subject|Onderwerp|Betreff)\*?\s*:",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*_{10,}\s*$")
_SENT_WITH = re.compile(
    r"^\s*(?:Sent from|Verstuurd vanaf|Verzonden vanaf|Gesendet von|Get Outlook for|"
    r"Outlook voor|Verzonden met)\b.{0,80}$",
    re.IGNORECASE,
)
_SIGNATURE = "-- "
LONGEST_ATTRIBUTION = 3
"""A mail program may break the line that says who wrote over so many lines."""


def trimmed(text: str) -> tuple[str, str]:
    """What was written, and what was only repeated below it.

    A quotation with own words under it stays: somebody answered between the lines. Nothing is
    thrown away: both parts together are the whole text.

    >>> trimmed("It works, thanks!\\n\\nOn Mon, 2 Mar 2026 Sanne wrote:\\n> Does it work?")
    ('It works, thanks!', 'On Mon, 2 Mar 2026 Sanne wrote:\\n> Does it work?')
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cut = _cut(lines)
    own, rest = lines[:cut], lines[cut:]
    while own and (not own[-1].strip() or _SENT_WITH.match(own[-1])):
        rest.insert(0, own.pop())
    if not "".join(own).strip():
        return text.strip(), ""
    return "\n".join(own).strip(), "\n".join(rest).strip()


def _cut(lines: list[str]) -> int:
    """The first line of what is only repeated, or the number of lines."""
    for place, line in enumerate(lines):
        if _ORIGINAL.match(line) or (line == _SIGNATURE and place):
            return place
        if _is_head(lines, place):
            return place - 1 if place and _RULE.match(lines[place - 1]) else place
        length = _attribution(lines, place)
        if length and _is_repeated(lines[place + length :]):
            return place
        if line.lstrip().startswith(">") and _is_repeated(lines[place:]):
            return place
    return len(lines)


def _is_head(lines: list[str], place: int) -> bool:
    """Whether the head of an earlier mail stands here, as Outlook repeats it."""
    if not _HEAD.match(lines[place]):
        return False
    return any(_HEAD_NEXT.match(line) for line in lines[place + 1 : place + 3])


def _attribution(lines: list[str], place: int) -> int:
    """How many lines say "On … somebody wrote:" from here; 0 for none."""
    for length in range(1, LONGEST_ATTRIBUTION + 1):
        part = lines[place : place + length]
        if len(part) == length and _WROTE.match("\n".join(part)):
            return length
    return 0


def _is_repeated(lines: list[str]) -> bool:
    """Whether all of these lines are a quotation, or nothing at all."""
    seen = [line for line in lines if line.strip()]
    return all(line.lstrip().startswith(">") for line in seen)
