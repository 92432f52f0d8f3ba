"""The letter: rendered once per survey version, language and kind, then only filled in.

What differs from one person to the next is a handful of marks (`@@token@@`), so that a mail costs a
few string replacements.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from gloed.channels.email import designs, look
from gloed.channels.email.rules import blocks as rules
from gloed.channels.email.rules import one_line
from gloed.channels.email.rules.blocks import Block, BlockKind, Design, Part
from gloed.channels.email.rules.marks import Paragraph, Run, as_plain, changed, paragraphs_of
from gloed.fieldwork.rules import NO_WORDS, OwnWords
from gloed.surveys import looks, queries
from gloed.surveys.looks import ShownLook
from gloed.surveys.queries import AskedSurvey
from gloed.surveys.rules import RATING_POSITION, PublishedVersion, QuestionWords, Scale
from gloed.surveys.rules.piping import named_as, replaced

TOKEN = "@@token@@"  # noqa: S105 - the mark where a token will stand
_ASKER = "@@asker@@"
MOST_OWN = 64
"""Letters with somebody's own words that are kept at once; most people get the usual one."""
PICTURE = "logo"
"""The Content-ID of the one picture a mail may carry."""


def leave_address(token: str) -> str:
    """Where somebody leaves, or chooses how often; a mail program posts there too (RFC 8058)."""
    return f"{settings.BASE_URL}{reverse('own_page:home', args=[token])}"


@dataclass(frozen=True, slots=True)
class Pipe:
    """A mark in the letter, the name whose value stands there, and what stands there without."""

    mark: str
    name: str
    fallback: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to everybody who is asked the same: HTML and text still hold the marks."""

    organisation_id: int
    organisation: str
    slug: str
    language: str
    sender_name: str
    sender: str
    reply_to: str
    subject: str
    preheader: str
    html: str
    text: str
    pipes: tuple[Pipe, ...]
    picture: tuple[bytes, str] | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """One person's mail."""

    subject: str
    html: str
    text: str


@dataclass(slots=True)
class _Pipes:
    """Hands out a mark for every name in a text, the same for the same."""

    found: dict[tuple[str, str], Pipe] = field(default_factory=dict)

    def put(self, text: str) -> str:
        return replaced(text, self._mark)

    def paragraphs(self, text: str) -> tuple[Paragraph, ...]:
        return changed(paragraphs_of(text), self.put)

    def _mark(self, name: str, fallback: str) -> str:
        known = self.found.get((name, fallback))
        if known is None:
            known = Pipe(f"@@p{len(self.found)}@@", name, fallback)
            self.found[name, fallback] = known
        return known.mark


def write_letter(
    survey: AskedSurvey,
    version: PublishedVersion,
    language: str,
    *,
    is_reminder: bool = False,
    scale_address: str = "",
    design: Design | None = None,
    shade: str = "",
    own: OwnWords = NO_WORDS,
) -> Letter:
    """Write the mail of a survey. `scale_address` is where the scale leads, by default the survey.

    The rating is added to it as `?rating=`. `design` is one that is not kept yet; `shade` ("light"
    or "dark") shows the mail as it is then, whatever the reader's own light. `own` are words for
    one person: the name in the question, and in a first mail its subject and its opening.
    """
    design = design or designs.find(survey.id, survey.organisation_id).design
    usual = designs.usual_words(survey.organisation_name, language)
    shown = looks.look_of(survey.id, survey.organisation_id, name=survey.organisation_name)
    pipes = _Pipes()
    address = scale_address or f"{settings.BASE_URL}/s/{survey.slug}/{TOKEN}/"
    first = NO_WORDS if is_reminder else own
    names = (survey.organisation_name, own.asker)
    writer = _Writer(version, language, usual, shown, pipes, address, names)
    parts = rules.blocks_in(design, is_reminder=is_reminder)
    subject = Part.REMINDER_SUBJECT if is_reminder else Part.SUBJECT
    usual_subject = pipes.put(one_line(designs.head_of(design, subject, usual, language)))
    preheader = pipes.put(one_line(designs.head_of(design, Part.PREHEADER, usual, language)))
    shapes = [shape for block in parts if (shape := writer.shape(block)) is not None]
    context = {
        "language": language,
        "subject": first.subject or usual_subject,
        "preheader": preheader,
        "blocks": _opened(shapes, first.intro) if first.intro else shapes,
        "leave": leave_address(TOKEN),
        "unseen": settings.BASE_URL + reverse("email:unseen", args=[TOKEN]),
        "cell": look.STEP + 3,
    }
    with translation.override(language):
        html = look.drawn("email/letter.html", context, accent=shown.accent, shade=shade)
        text = render_to_string("email/letter.txt", context)
    has_logo = any(shape["kind"] == "logo" and shape["source"] for shape in context["blocks"])
    return Letter(
        organisation_id=survey.organisation_id,
        organisation=survey.organisation_name,
        slug=survey.slug,
        language=language,
        sender_name=one_line(designs.head_of(design, Part.SENDER_NAME, usual, language)),
        sender=design.sender,
        reply_to=design.reply_to,
        subject=str(context["subject"]),
        preheader=preheader,
        html=html,
        text=_trim(text),
        pipes=tuple(pipes.found.values()),
        picture=looks.find_logo(shown.logo_digest) if has_logo else None,
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Turns the blocks of a design into what the templates show."""

    version: PublishedVersion
    language: str
    usual: dict[str, str]
    shown: ShownLook
    pipes: _Pipes
    address: str
    names: tuple[str, str]  # who asks, and what stands for it in the question; empty: itself

    def shape(self, block: Block) -> dict[str, Any] | None:
        """What the templates need of a block; None for one that says nothing in this language."""
        words = designs.words_of(block, self.usual, self.language)
        shape: dict[str, Any] = {"kind": block.kind.value}
        match block.kind:
            case BlockKind.LOGO:
                return shape | self._logo()
            case BlockKind.SCALE:
                return shape | self._scale()
            case BlockKind.BUTTON:
                address = block.detail or self.address
                return shape | {"label": self.pipes.put(one_line(words)), "address": address}
            case BlockKind.FOOTER:
                postal = self.pipes.paragraphs(block.detail)
                return shape | self._prose(words) | {"postal": postal, "postal_text": block.detail}
            case BlockKind.TEXT | BlockKind.SIGNATURE:
                return shape | self._prose(words) if words else None
        return shape

    def _prose(self, words: str) -> dict[str, Any]:
        paragraphs = self.pipes.paragraphs(words)
        return {"paragraphs": paragraphs, "text": as_plain(paragraphs)}

    def _logo(self) -> dict[str, Any]:
        shown = self.shown
        return {
            "source": f"cid:{PICTURE}" if shown.logo_digest else "",
            "width": shown.logo_width,
            "height": shown.logo_height,
            "name": shown.logo_text or self.usual[Part.SENDER_NAME],
        }

    def _scale(self) -> dict[str, Any]:
        question = self.version.words[RATING_POSITION, self.language, ""]
        scale = self.version.by_position[RATING_POSITION].scale or Scale(0, 10)
        text, (organisation, asker) = question.text, self.names
        if asker:
            text = named_as(text, organisation, _ASKER)
        return {
            "question": self.pipes.put(text).replace(_ASKER, asker),
            "steps": [_step(scale, question, value, self.address) for value in scale.values],
            "is_words": len(scale.values) == 2,
            "low": f"{scale.minimum} = {question.low_label}",
            "high": f"{scale.maximum} = {question.high_label}",
        }


def _opened(shapes: list[dict[str, Any]], intro: str) -> list[dict[str, Any]]:
    """The blocks with these words as the opening: plain ones, in which no mark is read."""
    lines = [tuple((Run(line),) for line in part.split("\n")) for part in intro.split("\n\n")]
    opening = {"kind": BlockKind.TEXT.value, "paragraphs": tuple(lines), "text": intro}
    kinds = [shape["kind"] for shape in shapes]
    scale = kinds.index("scale") if "scale" in kinds else len(kinds)
    place = kinds.index("text", 0, scale) if "text" in kinds[:scale] else scale
    return [*shapes[:place], opening, *shapes[place + (place < scale) :]]


def fill(letter: Letter, *, token: str, values: Mapping[str, str]) -> Filled:
    """The mail of one person. `values` are those of `piping.values_of`."""
    subject, html, text = letter.subject, letter.html, letter.text
    for pipe in letter.pipes:
        value = one_line(values.get(pipe.name, "") or pipe.fallback)
        subject = _put(subject, pipe.mark, value)
        html = _put(html, pipe.mark, escape(value))
        text = _put(text, pipe.mark, value)
    return Filled(
        subject=one_line(subject),
        html=html.replace(TOKEN, token),
        text=text.replace(TOKEN, token),
    )


def _put(text: str, mark: str, value: str) -> str:
    """A value in place of its mark; without one the gap before it closes too."""
    if not value:
        text = text.replace(f" {mark}", "")
    return text.replace(mark, value)


def example_letter(
    survey: AskedSurvey,
    version: PublishedVersion,
    language: str,
    *,
    is_reminder: bool = False,
    design: Design | None = None,
    shade: str = "",
) -> Letter:
    """A letter to look at: its scale leads to the preview of the survey, which records nothing."""
    address = settings.BASE_URL + reverse("link:preview", args=[survey.public_id])
    return write_letter(
        survey,
        version,
        language,
        is_reminder=is_reminder,
        scale_address=address,
        design=design,
        shade=shade,
    )


def language_of(person: str, available: tuple[str, ...]) -> str:
    """A person's own language where the survey is written in it, else the survey's main one."""
    short = person.lower().partition("-")[0]
    return short if short in available else available[0]


_Key = tuple[int, str, bool, str, str, str]


class Letters:
    """The letters of one round: each is written when it is first needed."""

    def __init__(self) -> None:
        self._surveys: dict[int, tuple[AskedSurvey, PublishedVersion]] = {}
        self._written: dict[_Key, Letter] = {}
        self._own: dict[_Key, Letter] = {}

    def letter(
        self,
        survey_id: int,
        person_language: str,
        *,
        is_reminder: bool,
        own: OwnWords = NO_WORDS,
    ) -> Letter:
        """The letter of a survey for somebody who speaks this language, perhaps in own words."""
        if survey_id not in self._surveys:
            survey = queries.get_asked(survey_id)
            version = queries.get_version(survey.slug, survey.current or 0)
            self._surveys[survey_id] = survey, version
        survey, version = self._surveys[survey_id]
        language = language_of(person_language, version.languages)
        key = survey_id, language, is_reminder, own.subject, own.intro, own.asker
        kept = self._own if any(key[3:]) else self._written
        if key not in kept:
            if len(self._own) >= MOST_OWN:
                self._own.clear()
            kept[key] = write_letter(survey, version, language, is_reminder=is_reminder, own=own)
        return kept[key]


def _step(scale: Scale, question: QuestionWords, value: int, address: str) -> dict[str, str | int]:
    ends = {scale.minimum: question.low_label, scale.maximum: question.high_label}
    sign = "&" if "?" in address else "?"
    label = ends.get(value, "")
    return {
        "value": value,
        "label": label,
        "said": f"{value}: {label}" if label else str(value),
        "address": f"{address}{sign}rating={value}",
    }


def _trim(text: str) -> str:
    """At most one empty line in a row."""
    kept: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    return "\n".join(kept) + "\n"
