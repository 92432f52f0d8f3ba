"""Changing what a survey asks, one step at a time: pure functions from content to content."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from gloed.surveys.library import OTHER_WORDS, Entry
from gloed.surveys.rules import (
    OPEN_KEY,
    OTHER,
    RATING_KEY,
    About,
    Band,
    Condition,
    ContactField,
    Content,
    Further,
    Kind,
    Metric,
    OpenWords,
    Option,
    Presentation,
    Purpose,
    QuestionWords,
    Scale,
    ShowIf,
    band_of,
    bands_shown,
    presentations_for,
)

_TAKEN = frozenset({RATING_KEY, OPEN_KEY, OTHER, "order", "languages", "thanks"})
_METRICS = {metric.value for metric in Metric}
KEY_LIMIT = 24


def new_key(wish: str, taken: Iterable[str]) -> str:
    """A key that nothing else has: letters and digits of `wish`, with a number where needed.

    >>> new_key("Mögen we je bellen?", ["mogen-we-je-bellen"])
    'mogen-we-je-bellen-2'
    """
    plain = unicodedata.normalize("NFKD", wish).encode("ascii", "ignore").decode().lower()
    start = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: KEY_LIMIT - 4].strip("-") or "question"
    used = {*taken, *_TAKEN}
    key, number = start, 1
    while key in used:
        number += 1
        key = f"{start}-{number}"
    return key


def added(content: Content, question: Further, *, at: int | None = None) -> Content:
    """With a question at a place (last without one), under a key of its own."""
    question = replace(question, key=new_key(question.key, _keys(content)))
    further = list(content.further)
    further.insert(len(further) if at is None else at, question)
    return replace(content, further=tuple(further))


def removed(content: Content, key: str) -> Content:
    """Without a question, and without the rules that look at its answer."""
    further = tuple(
        replace(one, show_if=_without(one.show_if, key))
        for one in content.further
        if one.key != key
    )
    return replace(content, further=further)


def _without(rule: ShowIf | None, key: str) -> ShowIf | None:
    if rule is None:
        return None
    left = tuple(
        one for one in rule.conditions if not (one.about is About.ANSWER and one.name == key)
    )
    return ShowIf(left, rule.any_of) if left else None


def moved(content: Content, key: str, by: int) -> Content:
    """With a question moved up (-1) or down (1); at an end nothing changes."""
    further = list(content.further)
    place = _place(content, key)
    if place is None or not 0 <= place + by < len(further):
        return content
    further.insert(place + by, further.pop(place))
    return replace(content, further=tuple(further))


def copied(content: Content, key: str) -> tuple[Content, str]:
    """With a copy right below a question, and the key of the copy."""
    place = _place(content, key)
    if place is None:
        return content, key
    after = added(content, content.further[place], at=place + 1)
    return after, after.further[place + 1].key


def changed(content: Content, key: str, change: Callable[[Further], Further]) -> Content:
    """With one question changed."""
    return replace(
        content, further=tuple(change(one) if one.key == key else one for one in content.further)
    )


def with_option(question: Further) -> Further:
    """With one more option, without words yet."""
    taken = [option.key for option in question.options]
    option = Option(new_key(f"option-{len(taken) + 1}", taken))
    return replace(question, options=(*question.options, option))


def without_option(question: Further, key: str) -> Further:
    """Without an option and its words."""
    words = {
        language: replace(
            one, options={name: text for name, text in one.options.items() if name != key}
        )
        for language, one in question.words.items()
    }
    left = tuple(option for option in question.options if option.key != key)
    return replace(question, options=left, words=words)


def with_condition(question: Further, what: str) -> Further:
    """With one more condition: "band", "answer:KEY" or "attribute:NAME"."""
    about, _sign, name = what.partition(":")
    if about not in set(About) or (about != About.BAND and not name.strip()):
        return question
    rule = question.show_if or ShowIf(())
    fresh = Condition(About(about), name.strip()[:60])
    return replace(question, show_if=ShowIf((*rule.conditions, fresh), rule.any_of))


def without_condition(question: Further, place: int) -> Further:
    """Without the condition at a place."""
    if question.show_if is None:
        return question
    left = tuple(one for at, one in enumerate(question.show_if.conditions) if at != place)
    return replace(question, show_if=ShowIf(left, question.show_if.any_of) if left else None)


def blank(kind: Kind, languages: Sequence[str]) -> Further:
    """A question of a kind without words, ready to be written."""
    question = Further(kind.value, kind, {language: QuestionWords("") for language in languages})
    if kind is Kind.RATING:
        question = replace(question, scale=Scale(1, 5))
    if kind in (Kind.SINGLE, Kind.MULTIPLE):
        question = with_option(with_option(question))
    if kind is Kind.CONSENT:
        question = replace(question, purpose=Purpose.CONTACT)
    if kind is Kind.CONTACT:
        question = replace(question, fields=(ContactField.NAME, ContactField.PHONE))
    return question


def takes_first_place(entry: Entry, content: Content) -> bool:
    """Whether a wording of the library replaces the rating or the open question."""
    return entry.kind == content.metric.value or bool(entry.metrics)


def with_entry(content: Content, entry: Entry, organisation: str) -> tuple[Content, str]:
    """With a wording of the library in it, and the key of the question it became.

    One of the survey's own metric replaces the words of the rating question, an open one with
    words per band those of the open question; anything else becomes a further question.
    """
    if entry.kind == content.metric.value:
        return _with_rating(content, entry, organisation), RATING_KEY
    if entry.metrics:
        opened = {
            language: OpenWords(found.text, dict(found.by_band))
            for language in content.languages
            for found in (entry.in_language(language),)
        }
        return replace(content, open=opened), OPEN_KEY
    after = added(content, further_of(entry, content.languages, organisation))
    return after, after.further[-1].key


def _with_rating(content: Content, entry: Entry, organisation: str) -> Content:
    scale = entry.scale or content.scale
    rating = {
        language: replace(
            content.rating[language],
            text=_named(found.text, organisation),
            low_label=found.low,
            high_label=found.high,
        )
        for language in content.languages
        for found in (entry.in_language(language),)
    }
    return replace(
        content,
        scale=scale,
        rating=rating,
        presentation=fitting(entry.presentation, content.metric, scale),
    )


def further_of(entry: Entry, languages: Sequence[str], organisation: str) -> Further:
    """A wording of the library as a further question, in these languages."""
    first = entry.in_language("en")
    keys: list[str] = []
    for text in first.options if entry.kind != Kind.CONSENT else ():
        keys.append(new_key(text, keys))
    is_rating = entry.kind in _METRICS
    kind = Kind.RATING if is_rating else Kind(entry.kind)
    words = {}
    for language in languages:
        found = entry.in_language(language)
        words[language] = QuestionWords(
            text=_named(found.text, organisation),
            low_label=found.low,
            high_label=found.high,
            options=dict(zip(keys, found.options, strict=False)),
            other=OTHER_WORDS.get(language, OTHER_WORDS["en"]) if entry.has_other else "",
        )
    band = Condition(About.BAND, values=(entry.band.value,)) if entry.band else None
    metric = Metric(entry.kind) if is_rating else None
    return Further(
        key=entry.id.replace("_", "-"),
        kind=kind,
        words=words,
        scale=entry.scale,
        metric=metric,
        presentation=entry.presentation,
        options=tuple(Option(key) for key in keys),
        has_other=entry.has_other,
        is_shuffled=entry.is_shuffled,
        purpose=entry.purpose,
        fields=entry.fields,
        show_if=ShowIf((band,)) if band else None,
    )


def in_languages(content: Content, wanted: Sequence[str]) -> Content:
    """With exactly these languages, in this order; a new one starts without words."""
    return replace(
        content,
        rating={one: content.rating.get(one, QuestionWords("")) for one in wanted},
        open={one: content.open.get(one, OpenWords("")) for one in wanted},
        thanks={one: content.thanks[one] for one in wanted if one in content.thanks},
        further=tuple(
            replace(
                question, words={one: question.words.get(one, QuestionWords("")) for one in wanted}
            )
            for question in content.further
        ),
    )


def fitting(wish: Presentation, metric: Metric | None, scale: Scale) -> Presentation:
    """The way to draw a scale that was wished for, or the usual one where it does not fit."""
    possible = presentations_for(metric, scale)
    return wish if wish in possible else possible[0]


def most_at_once(content: Content) -> int:
    """How many questions one person can be shown at most, the first two included."""
    counts = []
    for band in Band:
        shown = [one for one in content.further if band in bands_shown(one.show_if)]
        counts.append(2 + len(shown))
    return max(counts)


def _named(text: str, organisation: str) -> str:
    return text.replace("{organisation}", organisation)


def _keys(content: Content) -> list[str]:
    return [question.key for question in content.further]


def _place(content: Content, key: str) -> int | None:
    return next((at for at, one in enumerate(content.further) if one.key == key), None)


def ratings_by_band(content: Content) -> dict[Band, list[int]]:
    """The ratings of each band of the survey's scale, lowest first."""
    found: dict[Band, list[int]] = {
        band: [] for band in (Band.DETRACTOR, Band.PASSIVE, Band.PROMOTER)
    }
    for value in content.scale.values:
        found[band_of(content.metric, content.scale, value)].append(value)
    return found


def entry_of(content: Content, key: str) -> dict[str, object] | None:
    """A question of a survey as the library writes one; None where there is none of that key."""
    if key == RATING_KEY:
        first = Further(
            key, Kind.RATING, content.rating, content.scale, content.metric, content.presentation
        )
        return _written(first)
    if key == OPEN_KEY:
        entry: dict[str, object] = {"kind": Kind.OPEN.value, "topics": []}
        metrics = [metric.value for metric in Metric]
        bands = {language: words.by_band for language, words in content.open.items()}
        entry["metrics"] = metrics if any(bands.values()) else []
        for language, words in content.open.items():
            own = {band.value: text for band, text in words.by_band.items()}
            entry[language] = {"text": words.everybody, **own}
        return entry
    place = _place(content, key)
    return None if place is None else _written(content.further[place])


def _written(question: Further) -> dict[str, object]:
    entry: dict[str, object] = {
        "kind": question.metric.value if question.metric else question.kind.value,
        "topics": [],
        "presentation": question.presentation.value,
        "other": question.has_other,
        "shuffle": question.is_shuffled,
        "purpose": question.purpose.value if question.purpose else "",
        "fields": [one.value for one in question.fields],
    }
    if question.scale is not None:
        entry["scale"] = [question.scale.minimum, question.scale.maximum]
        entry["high_is_good"] = question.scale.high_is_good
    for language, words in question.words.items():
        if words.text:
            entry[language] = {
                "text": words.text,
                "low": words.low_label,
                "high": words.high_label,
                "options": [words.options.get(one.key, "") for one in question.options],
            }
    return entry
