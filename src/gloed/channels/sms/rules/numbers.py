"""Telephone numbers as they are dialled from anywhere (E.164).

A strict rule of our own rather than a library of every country's numbering plan: a message to a
wrong number bothers a stranger, so what is not surely a number is refused. Numbers written for
abroad are taken as they are; national ones are read in the organisation's own country.
"""

import re
from dataclasses import dataclass

_NOISE = re.compile(r"[\s().\-/\u00a0\u2011\u2013]+")
_E164 = re.compile(r"\+[1-9]\d{7,14}")
_TRUNK = re.compile(r"\(0\)")


@dataclass(frozen=True, slots=True)
class Country:
    """How a country dials: its code, and its mobile numbers after it, without the 0."""

    code: str
    mobile: re.Pattern[str]
    trunk: str = "0"


COUNTRIES = {
    "NL": Country("31", re.compile(r"6[1-68]\d{7}|97\d{9}")),
    "BE": Country("32", re.compile(r"4[5-9]\d{7}")),
    "DE": Country("49", re.compile(r"1(5\d{8,9}|6\d{7,8}|7\d{8,9})")),
    "LU": Country("352", re.compile(r"6\d{8}"), trunk=""),
    "FR": Country("33", re.compile(r"[67]\d{8}")),
    "GB": Country("44", re.compile(r"7\d{9}")),
    "IE": Country("353", re.compile(r"8\d{8}")),
    "AT": Country("43", re.compile(r"6\d{7,11}")),
}
"""National plans we know (ITU-T national numbering plans); elsewhere only the form is checked."""


def normal_number(text: str, *, country: str = "NL", is_for_texts: bool = True) -> str:
    """The number in E.164, or "" for what is none. `is_for_texts` wants a mobile one.

    >>> normal_number("06-12 34 56 78"), normal_number("0031 (0)6 12345678"), normal_number("112")
    ('+31612345678', '+31612345678', '')
    """
    bare = _NOISE.sub("", _TRUNK.sub("", text.strip()))
    home = COUNTRIES.get(country, COUNTRIES["NL"])
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    elif home.trunk and bare.startswith(home.trunk):
        bare = f"+{home.code}{bare.removeprefix(home.trunk)}"
    elif not bare.startswith("+") and home.mobile.fullmatch(bare):
        bare = f"+{home.code}{bare}"
    if not _E164.fullmatch(bare):
        return ""
    return bare if not is_for_texts or _takes_texts(bare) else ""


def _takes_texts(number: str) -> bool:
    for country in COUNTRIES.values():
        if number.startswith(f"+{country.code}"):
            return country.mobile.fullmatch(number[len(country.code) + 1 :]) is not None
    return True


def masked(number: str) -> str:
    """A number as it may be shown: enough to recognise, too little to dial.

    >>> masked("+31612345678")
    '+31 ••••• 678'
    """
    return f"{number[:3]} ••••• {number[-3:]}" if len(number) > 6 else "•••"
