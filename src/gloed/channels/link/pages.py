"""The respondent's pages: rendered once per version and language, then only filled in.

What differs from one respondent to the next is a handful of marks (`@@key@@`), so that showing the
page costs a few string replacements.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from hashlib import sha256
from html import escape
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.channels.link import offers
from gloed.channels.link.blocks import (
    SIGNS,
    Ground,
    block,
    carried,
    filled_in,
    piped,
    piped_words,
    put,
    rating_context,
    tight,
)
from gloed.channels.link.flow import (
    Kept,
    Told,
    all_pages,
    first_further,
    progress,
    shown_positions,
    write_path,
)
from gloed.channels.link.reviews import reviews_block
from gloed.channels.link.rules import WHY_LIMIT
from gloed.fieldwork.rules import NO_WORDS, OwnWords
from gloed.loop.testimonials.rules import ReviewLink
from gloed.surveys.looks import PLAIN, ShownLook
from gloed.surveys.rules import (
    OPEN_POSITION,
    RATING_POSITION,
    Band,
    Duration,
    Page,
    PublishedVersion,
    QuestionWords,
    Scale,
    ThanksWords,
    band_of,
)
from gloed.surveys.rules.piping import named_as

_NAMES = {"en": "English", "nl": "Nederlands"}


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
    """What the respondent brings: their key, what they told so far, and what is known of them.

    `values` go into the words, `attributes` into the rules; `seed` orders options for them alone.
    `own` are words that came with the ask, in place of the survey's.
    """

    action: str
    key: str
    moment: int
    told: Told = field(default_factory=Told)
    began: int = 0
    is_chosen: bool = False
    seed: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    shown: ShownLook = PLAIN
    own: OwnWords = NO_WORDS
    reviews: tuple[ReviewLink, ...] = ()

    @property
    def rating(self) -> int | None:
        """The score they gave."""
        return self.told.rating

    @property
    def why(self) -> str:
        """The words they wrote."""
        given = self.told.answers.get(OPEN_POSITION)
        return given.verbatim if given else ""


@cache
def style() -> str:
    """The style sheet, which stands inside the page."""
    found = finders.find("gloed/survey.css")
    return tight(Path(found).read_text(encoding="utf-8")) if isinstance(found, str) else ""


@cache
def script() -> str:
    """The script, which stands inside the page too."""
    return tight((Path(__file__).parent / "keep.js").read_text(encoding="utf-8"))


@lru_cache(maxsize=512)
def content_security(*, is_preview: bool = False, own_style: str = "") -> str:
    """Nothing but this page, its own styles, its own script, and pictures from here."""
    frames = "'self'" if is_preview else "'none'"
    scripts = "'none'" if is_preview else _hash(script())
    styles = f"{_hash(style())} {_hash(own_style)}" if own_style else _hash(style())
    return (
        f"default-src 'none'; style-src {styles}; script-src {scripts}; "
        f"connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {frames}"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def rate_page(
    look: Look,
    version: PublishedVersion,
    filling: Filling,
    *,
    problem: str = "",
    takes: str = "",
) -> str:
    """The question with its scale; the open question is at hand for whoever can be shown it."""
    own = filling.own
    text = _rate(look, Kept(version), bool(problem), filling.is_chosen, bool(own.asker))
    marks = {"problem": escape(problem), "asker": escape(own.asker)}
    if own.intro and not filling.is_chosen:
        marks["intro"] = f"<p>{_as_lines(own.intro)}</p>"
    if takes:
        marks["takes"] = f'<p class="hint takes">{escape(takes)}</p>'
    if filling.rating is not None:
        marks[f"c:{filling.rating}"] = " checked"
    if filling.is_chosen and filling.rating is not None:
        words = open_words(version, look.language, filling.rating)
        marks["ask"] = filled_in(escape(piped(words)), filling.values)
    page = first_further(version)
    return _fill(text, look, version, filling, page, marks, is_first=not filling.is_chosen)


def why_page(look: Look, version: PublishedVersion, filling: Filling) -> str:
    """The open question after a rating, in the words that go with it."""
    words = open_words(version, look.language, filling.rating)
    text = _why(look, Kept(version), words, _is_last(version, filling))
    return _fill(text, look, version, filling, first_further(version), {})


def ask_page(
    look: Look, version: PublishedVersion, filling: Filling, page: Page, *, problem: str = ""
) -> str:
    """A further page: up to three questions, which may be skipped, and how far one is."""
    place = progress(version, filling.told, page, filling.attributes)
    is_last = place[0] == place[1]
    text = _ask(look, Kept(version), place, is_last, bool(problem))
    return _fill(text, look, version, filling, page, {"problem": escape(problem)})


def thanks_page(look: Look, version: PublishedVersion, filling: Filling, *, is_named: bool) -> str:
    """What happens with the answer, in the words for its band, and the way back."""
    band = _band(version, filling.rating)
    own = filling.own.thanks_for(band)
    text = _thanks(look, Kept(version), is_named, band, (bool(own.text), bool(own.link)))
    token = filling.action.rstrip("/").rpartition("/")[2]
    marks = {
        "own": reverse("own_page:home", args=[token]),
        "reviews": reviews_block(filling.reviews, look.language),
        "thanks": _as_lines(own.text),
        "link": escape(own.link),
        "label": escape(own.link_label),
    }
    if is_named and not look.is_preview and band is Band.PROMOTER:
        marks["offers"] = offers.as_html(token, look.language)
    return _fill(text, look, version, filling, (), marks)


def takes_words(duration: Duration, language: str) -> str:
    """How long it takes, in words for the one who is asked; an estimate says "about"."""
    with translation.override(language):
        if not duration.minutes:
            return _("It takes less than a minute.")
        n = duration.minutes
        if duration.is_measured:
            words = ngettext("It takes %(n)s minute.", "It takes %(n)s minutes.", n)
        else:
            words = ngettext("It takes about %(n)s minute.", "It takes about %(n)s minutes.", n)
        return words % {"n": n}


def words_page(look: Look, heading: str, text: str, *, shown: ShownLook = PLAIN) -> str:
    """A page of kind words when there is nothing to ask."""
    made = _render("words.html", look, {"heading": heading, "text": text, "languages": []})
    return put(made, _from(look, shown))


def open_words(version: PublishedVersion, language: str, rating: int | None) -> str:
    """The open question for a rating; for everybody where its band has no words of its own."""
    neutral = version.words[OPEN_POSITION, language, ""].text
    scale = version.by_position[RATING_POSITION].scale
    if rating is None or scale is None or rating not in scale:
        return neutral
    band = band_of(version.metric, scale, rating)
    return version.words.get((OPEN_POSITION, language, band), QuestionWords(neutral)).text


def _band(version: PublishedVersion, rating: int | None) -> Band | None:
    scale = version.rating.scale
    if rating is None or scale is None or rating not in scale:
        return None
    return band_of(version.metric, scale, rating)


def _is_last(version: PublishedVersion, filling: Filling) -> bool:
    if not version.further:
        return True
    shown = shown_positions(version, filling.told, filling.attributes)
    return not shown - filling.told.been - set(first_further(version))


@lru_cache(maxsize=1024)
def _rate(look: Look, kept: Kept, has_problem: bool, is_chosen: bool, has_asker: bool) -> str:
    version = kept.version
    words = version.words[RATING_POSITION, look.language, ""]
    if has_asker:
        words = replace(words, text=named_as(words.text, look.organisation, "@@asker@@"))
    scale = version.rating.scale or Scale(0, 10)
    asks = {
        SIGNS[band]: piped(version.words[OPEN_POSITION, look.language, band].text)
        for band in Band
        if (OPEN_POSITION, look.language, band) in version.words
    }
    context = {
        "words": piped_words(words),
        "ask": piped(version.words[OPEN_POSITION, look.language, ""].text),
        "asks": asks,
        "has_problem": has_problem,
        "is_chosen": is_chosen,
        "step": "all" if is_chosen else "rate",
        "send": _send(look, is_last=len(all_pages(version)) == 1),
    }
    context |= rating_context(version.metric, scale, version.rating.presentation, words)
    return _render("rate.html", look, context | _common(version))


@lru_cache(maxsize=1024)
def _why(look: Look, kept: Kept, ask: str, is_last: bool) -> str:
    context = {"ask": piped(ask), "step": "why", "send": _send(look, is_last=is_last)}
    return _render("why.html", look, context | _common(kept.version))


@lru_cache(maxsize=1024)
def _ask(look: Look, kept: Kept, place: tuple[int, int], is_last: bool, has_problem: bool) -> str:
    with translation.override(look.language):
        words = _("%(number)s of %(total)s") % {"number": place[0], "total": place[1]}
    context = {
        "progress": words,
        "has_problem": has_problem,
        "step": "ask",
        "send": _send(look, is_last=is_last),
    }
    return _render("ask.html", look, context | _common(kept.version))


@lru_cache(maxsize=1024)
def _thanks(
    look: Look, kept: Kept, is_named: bool, band: Band | None, own: tuple[bool, bool]
) -> str:
    thanks = kept.version.thanks.get(look.language)
    words = (thanks.for_band(band) if thanks else None) or ThanksWords("")
    text, link, label = piped(words.text), words.link, piped(words.link_label)
    text = "@@thanks@@" if own[0] else text
    link, label = ("@@link@@", "@@label@@") if own[1] else (link, label)
    context = {"is_named": is_named, "thanks": ThanksWords(text, link, label), "step": "thanks"}
    return _render("thanks.html", look, context | _common(kept.version))


def _as_lines(words: str) -> str:
    """Plain words as they stand in a paragraph."""
    return escape(words).replace("\n\n", "</p><p>").replace("\n", "<br>")


def _send(look: Look, *, is_last: bool) -> str:
    with translation.override(look.language):
        return _("Send") if is_last else _("Continue")


def _common(version: PublishedVersion) -> dict[str, object]:
    return {
        "number": version.number,
        "languages": version.languages,
        "limit": WHY_LIMIT,
        "has_further": bool(version.further),
    }


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
    return tight(text)


def _fill(
    text: str,
    look: Look,
    version: PublishedVersion,
    filling: Filling,
    page: Page,
    marks: Mapping[str, str],
    *,
    is_first: bool = False,
) -> str:
    band = _band(version, filling.rating)
    values = {
        **_from(look, filling.shown),
        "action": filling.action,
        "key": filling.key,
        "moment": str(filling.moment),
        "began": str(filling.began or filling.moment),
        "rating": "" if filling.rating is None else str(filling.rating),
        "sign": SIGNS[band] if band else "",
        "why": escape(filling.why),
        **marks,
    }
    if version.further:
        values |= _further(look, version, filling, page, is_first=is_first)
    return put(filled_in(text, filling.values), values)


def _further(
    look: Look, version: PublishedVersion, filling: Filling, page: Page, *, is_first: bool
) -> dict[str, str]:
    told = filling.told
    shown = frozenset() if is_first else shown_positions(version, told, filling.attributes)
    ground = Ground(look.language, filling.seed, filling.values, filling.attributes)
    blocks = [
        block(
            version,
            version.by_position[position],
            told.answers.get(position),
            ground,
            is_shown=position in shown,
        )
        for position in page
    ]
    return {
        "blocks": "\n".join(blocks),
        "carried": carried(version, told.answers, set(page)),
        "seen": ".".join(map(str, sorted(told.seen))),
        "path": write_path(told.path),
    }


def _from(look: Look, shown: ShownLook) -> dict[str, str]:
    """Who asks: their logo, or their name, and their colour."""
    name = escape(look.organisation)
    if shown.logo_name:
        address = reverse("surveys:logo", args=[shown.logo_name])
        name = (
            f'<img src="{address}" alt="{escape(shown.logo_text)}" '
            f'width="{shown.logo_width}" height="{shown.logo_height}">'
        )
    accent = f"<style>{shown.style}</style>" if shown.style else ""
    return {"from": name, "accent": accent}
