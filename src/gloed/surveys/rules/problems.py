"""What keeps a survey from being published."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from gloed.surveys.rules.content import (
    CHOICES,
    LABEL_LIMIT,
    LINK_LIMIT,
    MOST_FURTHER,
    MOST_OPTIONS,
    OPEN_KEY,
    OPTION_LIMIT,
    OTHER,
    RATING_KEY,
    TEXT_LIMIT,
    THANKS_LIMIT,
    YES,
    Content,
    Further,
    Kind,
    Purpose,
    QuestionWords,
    Thanks,
    ThanksWords,
)
from gloed.surveys.rules.metrics import SCALES, Band, Scale, presentations_for
from gloed.surveys.rules.showing import MOST_CONDITIONS, About, Condition

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,23}")
WIDEST, NARROWEST = 11, 2


class Problem(StrEnum):
    """What keeps a survey from being published."""

    NO_LANGUAGE = "no_language"
    NO_QUESTION = "no_question"
    NO_LABELS = "no_labels"
    NO_OPEN_QUESTION = "no_open_question"
    TOO_LONG = "too_long"
    UNKNOWN_SCALE = "unknown_scale"
    UNKNOWN_PRESENTATION = "unknown_presentation"
    BAD_KEY = "bad_key"  # a question's or an option's name is empty, odd, or there twice
    TOO_FEW_OPTIONS = "too_few_options"
    TOO_MANY_OPTIONS = "too_many_options"
    NO_OPTION_WORDS = "no_option_words"
    NO_PURPOSE = "no_purpose"
    NO_CONTACT_FIELDS = "no_contact_fields"
    NO_CONSENT_BEFORE = "no_consent_before"  # contact details need the consent to use them
    REFERS_AHEAD = "refers_ahead"  # a rule looks at the question itself, a later or unknown one
    BAD_RULE = "bad_rule"  # a rule names an answer that cannot be given
    BAD_LINK = "bad_link"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, the language it is about ("" for all), and the question's key ("" for none)."""

    problem: Problem
    language: str = ""
    key: str = ""


def problems_of(content: Content) -> tuple[Finding, ...]:
    """What is still missing before content can be asked."""
    found = [*_of_the_first_two(content), *_of_thanks(content)]
    earlier: dict[str, Further | None] = {RATING_KEY: None, OPEN_KEY: None}
    if len(content.further) > MOST_FURTHER:
        found.append(Finding(Problem.TOO_MANY))
    for question in content.further:
        if not _KEY.fullmatch(question.key) or question.key in earlier:
            found.append(Finding(Problem.BAD_KEY, key=question.key))
        found += _of_further(question, content.languages)
        found += _of_rule(question, earlier, content.scale)
        if question.kind is Kind.CONTACT and not _is_allowed(earlier):
            found.append(Finding(Problem.NO_CONSENT_BEFORE, key=question.key))
        earlier[question.key] = question
    return tuple(dict.fromkeys(found))


def _of_the_first_two(content: Content) -> Iterator[Finding]:
    if not content.rating:
        yield Finding(Problem.NO_LANGUAGE)
    if content.scale not in SCALES[content.metric]:
        yield Finding(Problem.UNKNOWN_SCALE)
    elif content.presentation not in presentations_for(content.metric, content.scale):
        yield Finding(Problem.UNKNOWN_PRESENTATION)
    for language, words in content.rating.items():
        if not words.text.strip():
            yield Finding(Problem.NO_QUESTION, language)
        if not (words.low_label.strip() and words.high_label.strip()):
            yield Finding(Problem.NO_LABELS, language)
        opened = content.open.get(language)
        if opened is None or not opened.everybody.strip():
            yield Finding(Problem.NO_OPEN_QUESTION, language)
        texts = [words.text, *((opened.everybody, *opened.by_band.values()) if opened else ())]
        if _is_too_long(words) or any(len(text) > TEXT_LIMIT for text in texts):
            yield Finding(Problem.TOO_LONG, language)


def _of_further(question: Further, languages: tuple[str, ...]) -> Iterator[Finding]:
    key = question.key
    if question.kind is Kind.RATING:
        yield from _of_scale(question)
    if question.kind in CHOICES:
        yield from _of_options(question)
    if question.kind is Kind.CONSENT and question.purpose is None:
        yield Finding(Problem.NO_PURPOSE, key=key)
    if question.kind is Kind.CONTACT and not question.fields:
        yield Finding(Problem.NO_CONTACT_FIELDS, key=key)
    for language in languages:
        words = question.words.get(language)
        if words is None or not words.text.strip():
            yield Finding(Problem.NO_QUESTION, language, key)
            continue
        has_ends = words.low_label.strip() and words.high_label.strip()
        if question.kind is Kind.RATING and not has_ends:
            yield Finding(Problem.NO_LABELS, language, key)
        if question.kind in CHOICES and not _has_option_words(question, words):
            yield Finding(Problem.NO_OPTION_WORDS, language, key)
        if _is_too_long(words):
            yield Finding(Problem.TOO_LONG, language, key)


def _of_scale(question: Further) -> Iterator[Finding]:
    scale = question.scale
    if scale is None or not _is_known(question, scale):
        yield Finding(Problem.UNKNOWN_SCALE, key=question.key)
    elif question.presentation not in presentations_for(question.metric, scale):
        yield Finding(Problem.UNKNOWN_PRESENTATION, key=question.key)


def _is_known(question: Further, scale: Scale) -> bool:
    if question.metric is not None:
        return scale in SCALES[question.metric]
    return scale.minimum in (0, 1) and NARROWEST <= len(scale.values) <= WIDEST


def _of_options(question: Further) -> Iterator[Finding]:
    keys = [option.key for option in question.options]
    is_odd = any(not _KEY.fullmatch(one) or one == OTHER for one in keys)
    if is_odd or len(set(keys)) < len(keys):
        yield Finding(Problem.BAD_KEY, key=question.key)
    if len(keys) + question.has_other < NARROWEST:
        yield Finding(Problem.TOO_FEW_OPTIONS, key=question.key)
    if len(keys) > MOST_OPTIONS:
        yield Finding(Problem.TOO_MANY_OPTIONS, key=question.key)


def _has_option_words(question: Further, words: QuestionWords) -> bool:
    named = all(words.options.get(option.key, "").strip() for option in question.options)
    return named and (not question.has_other or bool(words.other.strip()))


def _is_too_long(words: QuestionWords) -> bool:
    return (
        len(words.text) > TEXT_LIMIT
        or len(words.hint) > TEXT_LIMIT
        or any(len(label) > LABEL_LIMIT for label in (words.low_label, words.high_label))
        or any(len(text) > OPTION_LIMIT for text in (*words.options.values(), words.other))
    )


def _is_allowed(earlier: dict[str, Further | None]) -> bool:
    return any(one is not None and one.purpose is Purpose.CONTACT for one in earlier.values())


def _of_rule(
    question: Further, earlier: dict[str, Further | None], scale: Scale
) -> Iterator[Finding]:
    """A rule may look at the score, at earlier questions, and at what they can be answered with."""
    if question.show_if is None:
        return
    if len(question.show_if.conditions) > MOST_CONDITIONS:
        yield Finding(Problem.BAD_RULE, key=question.key)
    for condition in question.show_if.conditions:
        if condition.about is About.ANSWER and condition.name not in earlier:
            yield Finding(Problem.REFERS_AHEAD, key=question.key)
        elif not _can_hold(condition, earlier, scale):
            yield Finding(Problem.BAD_RULE, key=question.key)


def _can_hold(condition: Condition, earlier: dict[str, Further | None], scale: Scale) -> bool:
    values = set(condition.values)
    if condition.about is About.BAND:
        return bool(values) and values <= {band.value for band in Band}
    if condition.about is About.ATTRIBUTE:
        return bool(condition.name.strip())
    return values <= _possible(condition.name, earlier[condition.name], scale)


def _possible(key: str, question: Further | None, scale: Scale) -> set[str]:
    """What a question can be answered with, as rules write it; words can only be there at all."""
    if question is None:
        return {str(rating) for rating in scale.values} if key == RATING_KEY else set()
    if question.kind in CHOICES:
        return {option.key for option in question.options} | _other(question)
    if question.kind is Kind.CONSENT:
        return {YES}
    if question.scale is not None:
        return {str(rating) for rating in question.scale.values}
    return set()


def _other(question: Further) -> set[str]:
    return {OTHER} if question.has_other else set()


def _of_thanks(content: Content) -> Iterator[Finding]:
    for language, thanks in content.thanks.items():
        for words in _all_thanks(thanks):
            if len(words.text) > THANKS_LIMIT or len(words.link_label) > LABEL_LIMIT:
                yield Finding(Problem.TOO_LONG, language)
            if words.link and not is_safe_link(words.link):
                yield Finding(Problem.BAD_LINK, language)


def _all_thanks(thanks: Thanks) -> list[ThanksWords]:
    own = [thanks.everybody] if thanks.everybody else []
    return [*own, *thanks.by_band.values()]


def is_safe_link(link: str) -> bool:
    """Whether a link may stand on the thank-you page: a whole https address.

    >>> is_safe_link("https://example.org/reviews"), is_safe_link("javascript:alert(1)")
    (True, False)
    """
    if len(link) > LINK_LIMIT or any(letter.isspace() for letter in link):
        return False
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme == "https" and "." in host and "@" not in parts.netloc
