"""The respondent's pages: rendered once per version and language, then only filled in.

What differs from one respondent to the next is a handful of marks (`@@key@@`), so that showing the
page costs a few string replacements.
"""

from base64 import b64encode
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from html import escape
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from gloed.channels.link.rules import WHY_LIMIT
from gloed.surveys.rules import (
    OPEN_POSITION,
    RATING_POSITION,
    Band,
    PublishedVersion,
    QuestionWords,
    Scale,
    band_of,
)

_NAMES = {"en": "English", "nl": "Nederlands"}
_SIGNS = {Band.DETRACTOR: "a", Band.PASSIVE: "b", Band.PROMOTER: "c"}  # a respondent sees no band


@dataclass(frozen=True, slots=True)
class Look:
    """What a page is made from, besides the respondent: its key in memory."""

    organisation: str
    slug: str
    number: int
    language: str
    is_preview: bool = False


@dataclass(frozen=True, slots=True)
class Filling:
    """What the respondent brings: their key, and what they chose and wrote so far."""

    action: str
    key: str
    moment: int
    rating: int | None = None
    why: str = ""
    is_chosen: bool = False


@cache
def style() -> str:
    """The style sheet, which stands inside the page."""
    found = finders.find("gloed/survey.css")
    return _tight(Path(found).read_text(encoding="utf-8")) if isinstance(found, str) else ""


@cache
def script() -> str:
    """The script, which stands inside the page too."""
    return _tight((Path(__file__).parent / "keep.js").read_text(encoding="utf-8"))


def _tight(text: str) -> str:
    """Lines without indentation and without empty ones."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


@cache
def content_security(*, is_preview: bool = False) -> str:
    """Nothing but this page, its own style and its own script."""
    frames = "'self'" if is_preview else "'none'"
    scripts = "'none'" if is_preview else _hash(script())
    return (
        f"default-src 'none'; style-src {_hash(style())}; script-src {scripts}; "
        f"connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {frames}"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def rate_page(look: Look, version: PublishedVersion, filling: Filling, *, problem: str = "") -> str:
    """The question with its scale; the open question is at hand for whoever can be shown it."""
    text = _rate(look, _Version(version), bool(problem), filling.is_chosen)
    if filling.rating is not None:
        mark = f'value="{filling.rating}" '
        text = text.replace(mark, f"{mark}checked ", 1)
    if filling.is_chosen and filling.rating is not None:
        words = open_words(version, look.language, filling.rating)
        text = text.replace("@@ask@@", escape(words), 1)
    return _fill(text.replace("@@problem@@", escape(problem)), filling)


def why_page(look: Look, version: PublishedVersion, filling: Filling) -> str:
    """The open question after a rating, in the words that go with it."""
    words = open_words(version, look.language, filling.rating)
    return _fill(_why(look, _Version(version), words), filling)


def thanks_page(look: Look, version: PublishedVersion, filling: Filling, *, is_named: bool) -> str:
    """What happens with the answer, and the way back."""
    return _fill(_thanks(look, _Version(version), is_named), filling)


def words_page(look: Look, heading: str, text: str) -> str:
    """A page of kind words when there is nothing to ask."""
    return _render("words.html", look, {"heading": heading, "text": text, "languages": []})


def open_words(version: PublishedVersion, language: str, rating: int | None) -> str:
    """The open question for a rating; for everybody where its band has no words of its own."""
    neutral = version.words[OPEN_POSITION, language, ""].text
    scale = version.by_position[RATING_POSITION].scale
    if rating is None or scale is None or rating not in scale:
        return neutral
    band = band_of(version.metric, scale, rating)
    return version.words.get((OPEN_POSITION, language, band), QuestionWords(neutral)).text


class _Version:
    """A version as part of a key in memory: a page is found by its Look, which names the version.

    A preview is never kept: its words change while they are written.
    """

    def __init__(self, version: PublishedVersion) -> None:
        self.version = version

    def __hash__(self) -> int:
        return hash(self.version.id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Version) and self.version is other.version


@lru_cache(maxsize=1024)
def _rate(look: Look, kept: _Version, has_problem: bool, is_chosen: bool) -> str:
    version = kept.version
    words = version.words[RATING_POSITION, look.language, ""]
    scale = version.by_position[RATING_POSITION].scale or Scale(0, 10)
    asks = {
        _SIGNS[band]: version.words[OPEN_POSITION, look.language, band].text
        for band in Band
        if (OPEN_POSITION, look.language, band) in version.words
    }
    context = {
        "words": words,
        "options": [_option(version, scale, words, value) for value in scale.values],
        "points": len(scale.values),
        "low": scale.minimum,
        "high": scale.maximum,
        "ask": version.words[OPEN_POSITION, look.language, ""].text,
        "asks": asks,
        "has_problem": has_problem,
        "is_chosen": is_chosen,
    }
    return _render("rate.html", look, context | _common(version))


def _option(
    version: PublishedVersion, scale: Scale, words: QuestionWords, value: int
) -> dict[str, object]:
    """One step of the scale; a scale of two is answered in words."""
    label = {scale.minimum: words.low_label, scale.maximum: words.high_label}.get(value, "")
    return {
        "value": value,
        "label": label,
        "is_word": len(scale.values) == 2,
        "sign": _SIGNS[band_of(version.metric, scale, value)],
    }


@lru_cache(maxsize=1024)
def _why(look: Look, kept: _Version, ask: str) -> str:
    return _render("why.html", look, {"ask": ask} | _common(kept.version))


@lru_cache(maxsize=1024)
def _thanks(look: Look, kept: _Version, is_named: bool) -> str:
    return _render("thanks.html", look, {"is_named": is_named} | _common(kept.version))


def _common(version: PublishedVersion) -> dict[str, object]:
    return {"number": version.number, "languages": version.languages, "limit": WHY_LIMIT}


def _render(template: str, look: Look, context: dict[str, object]) -> str:
    languages = [
        (code, _NAMES.get(code, code))
        for code in context["languages"]  # type: ignore[attr-defined]  # a tuple of codes
        if code != look.language
    ]
    own = {
        "look": look,
        "languages": languages,
        "style": mark_safe(style()),  # noqa: S308 - our own file
        "script": "" if look.is_preview else mark_safe(script()),  # noqa: S308 - our own file
    }
    with translation.override(look.language):
        text = render_to_string(f"link/{template}", {**context, **own})
    return _tight(text)


def _fill(text: str, filling: Filling) -> str:
    rating = "" if filling.rating is None else str(filling.rating)
    for mark, value in (
        ("@@action@@", filling.action),
        ("@@key@@", filling.key),
        ("@@moment@@", str(filling.moment)),
        ("@@rating@@", rating),
        ("@@why@@", escape(filling.why)),  # last: it is the respondent's own text
    ):
        text = text.replace(mark, value)
    return text
