"""Who is named in a note: "@Sanne" or "@Sanne de Wit"."""

import re
from collections.abc import Mapping

AT = re.compile(r"(?<![\w@.])@(?=\w)")


def mentioned_in(text: str, names: Mapping[int, str]) -> list[int]:
    """The keys of the colleagues a note names, in the order they are named.

    The longest name that stands after the sign counts; a first name alone does when only one
    colleague has it. Case does not matter.

    >>> names = {1: "Sanne de Wit", 2: "Sanne Bos", 3: "Tom Ali"}
    >>> mentioned_in("@sanne bos en @Tom, kijk even (info@tom.nl, @Sanne)", names)
    [2, 3]
    """
    calls = _calls(names)
    found: list[int] = []
    for sign in AT.finditer(text):
        rest = text[sign.end() :].casefold()
        for call, who in calls:
            if rest.startswith(call) and not rest[len(call) : len(call) + 1].isalnum():
                if who not in found:
                    found.append(who)
                break
    return found


def _calls(names: Mapping[int, str]) -> list[tuple[str, int]]:
    """What somebody can be called by, the longest first."""
    calls = {" ".join(name.split()).casefold(): who for who, name in names.items() if name.strip()}
    firsts: dict[str, list[int]] = {}
    for name, who in calls.items():
        firsts.setdefault(name.split()[0], []).append(who)
    for first, those in firsts.items():
        if len(those) == 1:
            calls.setdefault(first, those[0])
    return sorted(calls.items(), key=lambda call: -len(call[0]))
