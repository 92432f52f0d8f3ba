"""One further question as a block of the page: made once per version and language, then filled in.

A block that a rule hides stands in the page too where the script may need to show it; it is hidden
and disabled, so that a browser sends nothing of it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from html import escape

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from gloed.channels.link.flow import CONTACT_LIMITS, Kept
from gloed.channels.link.rules import WHY_LIMIT
from gloed.responses.rules import GivenAnswer
from gloed.surveys.rules import (
    OPEN_KEY,
    OPEN_POSITION,
    OTHER,
    RATING_KEY,
    YES,
    About,
    AskedQuestion,
    Band,
    Condition,
    Further,
    Kind,
    Metric,
    Presentation,
    PublishedVersion,
    QuestionWords,
    Scale,
    Situation,
    band_of,
    contact_consents,
    holds,
)
from gloed.surveys.rules.piping import replaced

SIGNS = {Band.DETRACTOR: "a", Band.PASSIVE: "b", Band.PROMOTER: "c"}  # a respondent sees no band
MARK = re.compile(r"@@([a-z]+(?::[\w-]+)?)@@")
_PIPED = re.compile("\x02([^\x02-\x04]*)\x04([^\x02-\x04]*)\x03")
_CUT = "\x05"


@dataclass(frozen=True, slots=True)
class Ground:
    """What blocks are filled with, besides the answers: who is asked, and in which order."""

    language: str
    seed: str
    values: Mapping[str, str]  # what is known of the person, for the words
    attributes: Mapping[str, str]  # and for the rules


def piped(words: str) -> str:
    """Words whose names of attributes are marked, to be filled in once the page is made."""
    if "{" not in words:
        return words
    return replaced(words, lambda name, fallback: f"\x02{name}\x04{fallback}\x03")


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """A page with what is known of the person in it, always escaped."""
    if "\x02" not in text:
        return text
    return _PIPED.sub(lambda m: escape(values.get(_plain(m[1]), "")) or m[2], text)


def _plain(name: str) -> str:
    """A name as it was before the template escaped it."""
    for sign, plain in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'")):
        name = name.replace(sign, plain)
    return name.replace("&amp;", "&")


@lru_cache(maxsize=256)
def _split(text: str) -> list[str]:
    return MARK.split(text)


def put(text: str, values: Mapping[str, str]) -> str:
    """The text with its marks replaced, all at once: what is put in is never looked at again."""
    pieces = _split(text)
    return "".join(
        values.get(piece, "") if place % 2 else piece for place, piece in enumerate(pieces)
    )


def block(
    version: PublishedVersion,
    question: AskedQuestion,
    given: GivenAnswer | None,
    ground: Ground,
    *,
    is_shown: bool,
) -> str:
    """One further question, with what was answered before in it."""
    pieces = _made(Kept(version), question.position, ground.language)
    if question.further and question.further.is_shuffled:
        pieces = [pieces[0], *shuffled(question.further, pieces[1:-1], ground.seed), pieces[-1]]
    text = filled_in("".join(pieces), ground.values)
    return put(text, _marks(version, question, given, ground, is_shown=is_shown))


def shuffled(further: Further, options: list[str], seed: str) -> list[str]:
    """Options in an order of the respondent's own; fixed ones and "other" keep their place."""
    keys = [option.key for option in further.options]
    fixed = {option.key for option in further.options if option.is_fixed}
    moving = [place for place, key in enumerate(keys) if key not in fixed]
    order = sorted(moving, key=lambda place: sha256(f"{seed}:{keys[place]}".encode()).digest())
    arranged = list(options)
    for place, source in zip(moving, order, strict=True):
        arranged[place] = options[source]
    return arranged


def _marks(
    version: PublishedVersion,
    question: AskedQuestion,
    given: GivenAnswer | None,
    ground: Ground,
    *,
    is_shown: bool,
) -> dict[str, str]:
    marks = {
        "state": "" if is_shown else " hidden disabled",
        "if": escape(json.dumps(conditions(version, question, ground), separators=(",", ":"))),
    }
    if given is None:
        return marks
    for key in given.choices:
        marks[f"c:{key}"] = " checked"
    if given.rating is not None:
        marks[f"c:{given.rating}"] = " checked"
    marks["text"] = escape(given.verbatim)
    if given.contact is not None:
        for part in CONTACT_LIMITS:
            marks[f"t:{part}"] = escape(getattr(given.contact, part))
    return marks


@lru_cache(maxsize=2048)
def _made(kept: Kept, position: int, language: str) -> list[str]:
    version = kept.version
    question = version.by_position[position]
    further, words = question.further, version.words[position, language, ""]
    if further is None:
        raise ValueError("only a further question is a block of its own")
    context = {
        "q": f"q{position}",
        "s": f"s{position}",
        "kind": question.kind,
        "words": piped_words(words),
        "further": further,
        "options": [(option.key, piped(words.options[option.key])) for option in further.options],
        "other": OTHER,
        "fields": [(field.value, CONTACT_LIMITS[field]) for field in further.fields],
        "limit": WHY_LIMIT,
        "cut": mark_safe(_CUT),  # noqa: S308 - a control sign of our own
    }
    if question.scale is not None:
        context |= rating_context(further.metric, question.scale, further.presentation, words)
    with translation.override(language):
        text = render_to_string("link/question.html", context)
    return tight(text).split(_CUT)


def tight(text: str) -> str:
    """Lines without indentation and without empty ones."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def piped_words(words: QuestionWords) -> QuestionWords:
    """The words of a question with the names in them marked."""
    return QuestionWords(
        piped(words.text),
        piped(words.low_label),
        piped(words.high_label),
        piped(words.hint),
        {},
        piped(words.other),
    )


def rating_context(
    metric: Metric | None, scale: Scale, presentation: Presentation, words: QuestionWords
) -> dict[str, object]:
    """What a scale is drawn from: its steps, its ends in words, and how they look."""
    drawn = presentation.value if presentation is not Presentation.NUMBERS else ""
    return {
        "steps": [_step(metric, scale, words, value, drawn) for value in scale.values],
        "points": len(scale.values),
        "low": scale.minimum,
        "high": scale.maximum,
        "drawn": drawn,
    }


def _step(
    metric: Metric | None, scale: Scale, words: QuestionWords, value: int, drawn: str
) -> dict[str, object]:
    """One step of a scale; a scale of two is answered in words."""
    ends = {scale.minimum: piped(words.low_label), scale.maximum: piped(words.high_label)}
    place = (value - scale.minimum) / (scale.maximum - scale.minimum)
    return {
        "value": value,
        "label": ends.get(value, ""),
        "is_word": len(scale.values) == 2,
        "sign": SIGNS[band_of(metric, scale, value)] if metric else "",
        "drawn": drawn,
        "mouth": f"M8 {19 - 3 * place:g}Q14 {14 + 10 * place:g} 20 {19 - 3 * place:g}",
    }


def conditions(
    version: PublishedVersion, question: AskedQuestion, ground: Ground
) -> list[list[object]]:
    """A rule as the script judges it: groups that must all hold, each of all or any conditions.

    A condition is [field, is not, values...]; what is known of the person is judged here.
    """
    groups: list[list[object]] = []
    further = question.further
    if further is not None and further.show_if is not None:
        rule = further.show_if
        groups.append([rule.any_of, *(_condition(version, one, ground) for one in rule.conditions)])
    if question.kind == Kind.CONTACT:
        names = {one.key: f"q{one.position}" for one in version.further}
        asked = [[names[key], False, YES] for key in contact_consents(version)]
        groups.append([True, *asked])
    return groups


def _condition(version: PublishedVersion, condition: Condition, ground: Ground) -> list[object]:
    if condition.about is About.BAND:
        signs = [SIGNS[band] for band in Band if band.value in condition.values]
        return ["band", condition.is_not, *signs]
    if condition.about is About.ATTRIBUTE:
        return [holds(condition, Situation(attributes=ground.attributes))]
    names = {one.key: f"q{one.position}" for one in version.further}
    names |= {RATING_KEY: "rating", OPEN_KEY: "why"}
    return [names.get(condition.name, ""), condition.is_not, *condition.values]


def carried(version: PublishedVersion, given: Mapping[int, GivenAnswer], on_page: set[int]) -> str:
    """Hidden fields with the answers whose questions stand on other pages."""
    fields: list[tuple[str, str]] = []
    for position, answer in given.items():
        if position <= OPEN_POSITION or position in on_page or position not in version.by_position:
            continue
        name = f"q{position}"
        is_open = version.by_position[position].kind == Kind.OPEN
        if answer.rating is not None:
            fields.append((name, str(answer.rating)))
        fields += [(name, key) for key in answer.choices]
        if answer.verbatim:
            fields.append((name if is_open else f"{name}o", answer.verbatim))
        if answer.contact is not None:
            fields += [(f"{name}{part}", getattr(answer.contact, part)) for part in CONTACT_LIMITS]
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields
    )
