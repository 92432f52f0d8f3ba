"""Masking what points at a person before an answer is shown: what is found by its form.

Found: links, e-mail addresses, bank accounts (IBAN with a right check number), telephone and other
long numbers, Dutch, British and German postcodes with their house numbers, and names after a
greeting or an introduction. A name in the middle of a sentence has no form and is not found.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from gloed.text.wordlists import word_list

LINK, MAIL, IBAN, PHONE, NUMBER, ADDRESS, NAME = (
    "link",
    "e-mail",
    "iban",
    "phone",
    "number",
    "address",
    "name",
)


class Span(NamedTuple):
    """Something that points at a person: where it stands in the text, and its kind."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Masked:
    """The masked text, what was masked, and how places in the two texts belong together."""

    text: str
    spans: tuple[Span, ...]

    def place(self, at: int) -> int:
        """Where a place of the original lies in the masked text.

        A place inside something masked lies at the beginning of its mark.
        """
        index = bisect_right(self.spans, (at, -1, "")) if self.spans else 0
        shift = sum(_mark_length(s) - (s.end - s.start) for s in self.spans[:index])
        if index and at < self.spans[index - 1].end:
            last = self.spans[index - 1]
            return last.start + shift - (_mark_length(last) - (last.end - last.start))
        return at + shift

    def cut(self, start: int, end: int) -> str:
        """The masked form of the original's piece from `start` to `end`, its marks whole."""
        inside = [s for s in self.spans if s.start < end and s.end > start]
        first = min((s.start for s in inside), default=start)
        last = max((s.end for s in inside), default=end)
        return self.text[self.place(min(first, start)) : self.place(max(last, end))]


_ENDINGS = r"(?:nl|com|net|org|be|de|eu|info|co\.uk|io)"
_LINK = re.compile(
    r"(?i)\b(?:https?://|www\.)[^\s<>\"']{2,}"
    r"|\b(?<!@)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}"
    rf"{_ENDINGS}\b(?:/[^\s<>\"']*)?(?!@)"
)
_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
)
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}\b")
_DIGITS = re.compile(r"(?<![\w.,])(?:\+|00)?\(?\d(?:[ ./()\-–]{0,2}\d){6,24}(?![\w])")
_DATE = re.compile(
    r"(?:\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)?\d{2}|(?:19|20)\d{2}[-/. ]\d{1,2}[-/. ]\d{1,2})"
    r"(?:[ T]\d{1,2}[:.]\d{2})?\Z"
)
_HOUSE = r"\d{1,5}(?:[ -]?[A-Za-z]\b|-\d{1,4})?"
_POSTCODE = re.compile(
    r"\b[1-9]\d{3} ?(?!SA|SD|SS)[A-Z]{2}\b"
    rf"(?:[ ,]{{0,3}}(?:huisnr\.?|huisnummer|nr\.?)?[ ]?{_HOUSE})?"
    r"|\b[1-9]\d{3}[a-z]{2}\b(?:[ ,]{0,3}\d{1,5}[a-z]?\b)?"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
)
_BIG = r"[A-ZÀ-Þ][^\W\d_'’]*"
_ENGLISH_WAY = r"(?:[Ss]treet|[Rr]oad|[Ll]ane|[Aa]venue|[Dd]rive|[Cc]lose|St|Rd|Ave)"
_STREET = re.compile(
    rf"\b(?:{_BIG} (?:van |de |der |den )*){{0,2}}[A-ZÀ-Þ][^\W\d_]*?(?:straat|laan|weg|plein|gracht"
    r"|kade|singel|dijk|steeg|hof|dreef|park|pad|straße|strasse|allee|gasse)"
    rf"\s+{_HOUSE}\b"
    rf"|\b\d{{1,5}}[A-Za-z]?\s+(?:{_BIG} ){{1,3}}{_ENGLISH_WAY}\b"
)
_PART = r"[A-ZÀ-Þ][\wÀ-ÿ'’-]*"
_LITTLE = r"(?:van|de|der|den|het|'t|’t|ten|ter|te|von|zu|und|la|le|du|da|di|del)"
_FULL = (
    rf"(?:(?:[A-ZÀ-Þ]\.\s?)+)?(?:(?:{_LITTLE}\s+)*{_PART})"
    rf"(?:[ ]+(?:{_LITTLE}[ ]+)*{_PART}){{0,2}}"
)
_TITLES = (
    r"(?:[Dd]hr|[Mm]evr|[Mm]w|[Mm]rs|[Mm]r|[Mm]s|MR|MRS|MS|[Dd]r|[Dd]rs|[Ii]r|[Pp]rof|[Ff]r|[Hh]r)\.?"
    r"|[Dd]e heer|[Mm]eneer|[Mm]ijnheer|[Mm]evrouw|[Mm]iss|[Mm]ister|[Mm]adam|[Hh]errn?|[Ff]rau"
)
_GREETINGS = (
    r"[Bb]este|[Gg]eachte|[Ll]ieve|[Hh]allo|[Hh]oi|[Dd]ag|[Dd]ear|[Hh]ello|[Hh]i|[Ll]iebe[r]?"
    r"|[Ss]ehr geehrte[r]?"
)
_CLOSINGS = (
    r"(?:[Mm]et )?(?:[Vv]riendelijke|[Hh]artelijke) groet(?:en)?|[Mm]\.?[Vv]\.?[Gg]\.?"
    r"|[Gg]r(?:oet(?:jes|en)?)?|(?:[Kk]ind |[Bb]est |[Ww]arm )?[Rr]egards"
    r"|[Yy]ours (?:sincerely|faithfully)|[Ss]incerely|[Cc]heers"
    r"|(?:[Mm]it )?[Ff]reundlichen [Gg]rüßen|[Vv]iele [Gg]rüße"
)
_INTRODUCTIONS = (
    r"[Mm]ijn naam is|[Ii]k heet|[Mm]y name is|(?:[Ii]['’]?m|I am) called|[Mm]ein [Nn]ame ist"
    r"|[Ii]ch heiße|[Nn]aam\s?:|[Nn]ame\s?:|[Oo]ndertekend\s?:?|[Gg]etekend\s?:?"
    r"|[Gg]eholpen door|[Mm]edewerker|[Mm]edewerkster|[Cc]ollega|[Mm]onteur|[Gg]esproken met"
    r"|[Gg]enaamd|[Hh]elped by|[Ss]poke (?:to|with)|[Ss]poken (?:to|with)|[Ss]erved by"
    r"|[Aa]ssisted by|[Cc]alled (?:himself|herself)|[Nn]amed"
)
_NAMES = (
    re.compile(rf"\b(?:{_TITLES})\s+(?P<name>{_FULL})"),
    re.compile(rf"(?:^|(?<=[.!?\n]\s)|(?<=\n))(?:{_GREETINGS})\s+(?P<name>{_FULL})"),
    re.compile(rf"\b(?:{_CLOSINGS})[ ,.!:]*\s+(?P<name>{_FULL})"),
    re.compile(rf"\b(?:{_INTRODUCTIONS})\s+(?P<name>{_FULL})"),
)
_WORD = re.compile(r"\S+")
_NO_NAMES = word_list("no_names")
_HINTS = re.compile(
    r"[\d@]|://|www\.|\.(?:nl|com|net|org|be|de|eu|info|io)\b|\(at\)|\[at\]", re.IGNORECASE
)


def mask(text: str) -> Masked:
    """Mask what points at a person; each find becomes its kind in brackets.

    >>> mask("Mail jan@voorbeeld.nl of bel 06-12345678, mevrouw Jansen").text
    'Mail [e-mail] of bel [phone], mevrouw [name]'
    """
    spans = find(text)
    if not spans:
        return Masked(text, ())
    parts = []
    at = 0
    for span in spans:
        parts += [text[at : span.start], f"[{span.kind}]"]
        at = span.end
    return Masked("".join([*parts, text[at:]]), tuple(spans))


def find(text: str) -> list[Span]:
    """What points at a person, in order and without overlap; the earlier kinds win."""
    taken: list[Span] = []
    if _HINTS.search(text):
        _take(taken, [Span(*m.span(), MAIL) for m in _MAIL.finditer(text)])
        _take(taken, [Span(*m.span(), LINK) for m in _LINK.finditer(text)])
        _take(taken, [s for m in _IBAN.finditer(text) if (s := _iban(m)) is not None])
        _take(taken, [Span(*m.span(), ADDRESS) for m in _STREET.finditer(text)])
        _take(taken, [Span(*m.span(), ADDRESS) for m in _POSTCODE.finditer(text)])
        _take(taken, [s for m in _DIGITS.finditer(text) if (s := _number(m)) is not None])
    for pattern in _NAMES:
        _take(taken, [s for m in pattern.finditer(text) if (s := _name(m)) is not None])
    return sorted(taken)


def _take(taken: list[Span], found: list[Span]) -> None:
    for span in found:
        if all(span.end <= other.start or span.start >= other.end for other in taken):
            taken.append(span)


def _iban(match: re.Match[str]) -> Span | None:
    """The longest beginning of a find that is a bank account by its check number."""
    text = match.group()
    for end in range(len(text), 14, -1):
        letters = "".join(c for c in text[:end] if c.isalnum()).upper()
        if text[end - 1].isalnum() and 15 <= len(letters) <= 34 and letters.isascii():
            turned = letters[4:] + letters[:4]
            if int("".join(str(int(c, 36)) for c in turned)) % 97 == 1:
                return Span(match.start(), match.start() + end, IBAN)
    return None


def _number(match: re.Match[str]) -> Span | None:
    """A telephone number, or another long number; a date is neither."""
    text = match.group()
    if _DATE.match(text):
        return None
    digits = sum(character.isdigit() for character in text)
    starts = text.startswith(("+", "0", "(0", "(+"))
    if starts and 9 <= digits <= 15:
        return Span(*match.span(), PHONE)
    return Span(*match.span(), NUMBER) if digits >= 7 else None


def _name(match: re.Match[str]) -> Span | None:
    """A name after a greeting; words that open a sentence are none."""
    start = match.start("name")
    end = start
    for word in _WORD.finditer(match.group("name")):
        if word.group().strip(".,") in _NO_NAMES:
            break
        if word.group()[0].isupper():  # a name ends with a capital part, not with "van"
            end = start + word.end()
    return Span(start, end, NAME) if end > start else None


def _mark_length(span: Span) -> int:
    return len(span.kind) + 2
