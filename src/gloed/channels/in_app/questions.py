"""What is asked, as JSON: the words of one language, without the bands a respondent never sees."""

from collections.abc import Mapping
from typing import Any

from gloed.surveys.rules import (
    OPEN_POSITION,
    RATING_POSITION,
    About,
    AskedQuestion,
    Band,
    Condition,
    PublishedVersion,
    QuestionWords,
    Scale,
    band_of,
    filled,
    pages_of,
    values_of,
)

LARGEST_SCALE = Scale(0, 10)


def describe(version: PublishedVersion, language: str, *, organisation: str) -> dict[str, Any]:
    """A version in a language it is written in: rating, open question, further ones, thanks.

    Words that go with a rating come as `texts` (the first is for everybody) and `by_rating`: for
    each step of the scale, from the lowest, the number of its text. `screens` are the positions
    that stand together, at most three that one person sees.
    """
    values = values_of(name="", organisation=organisation, attributes={})
    return {
        "version": version.number,
        "language": language,
        "languages": list(version.languages),
        "rating": _rating(version, language, values),
        "open": _open(version, language, values),
        "further": [_further(version, one, language, values) for one in version.further],
        "screens": [list(page) for page in pages_of(version)],
        "thanks": _thanks(version, language, values),
    }


def _rating(version: PublishedVersion, language: str, values: Mapping[str, str]) -> dict[str, Any]:
    question, words = version.rating, version.words[RATING_POSITION, language, ""]
    scale = question.scale or LARGEST_SCALE
    return {
        "position": RATING_POSITION,
        "text": filled(words.text, values),
        **_steps(scale, words, values),
        "presentation": question.presentation.value,
    }


def _steps(scale: Scale, words: QuestionWords, values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "minimum": scale.minimum,
        "maximum": scale.maximum,
        "low_label": filled(words.low_label, values),
        "high_label": filled(words.high_label, values),
    }


def _bands(version: PublishedVersion) -> list[Band]:
    """The band of each step of the rating, from the lowest."""
    scale = version.rating.scale or LARGEST_SCALE
    return [band_of(version.metric, scale, value) for value in scale.values]


def _open(version: PublishedVersion, language: str, values: Mapping[str, str]) -> dict[str, Any]:
    everybody = version.words[OPEN_POSITION, language, ""].text
    texts, by_rating = [everybody], []
    for band in _bands(version):
        words = version.words.get((OPEN_POSITION, language, band))
        text = words.text if words and words.text else everybody
        if text not in texts:
            texts.append(text)
        by_rating.append(texts.index(text))
    return {
        "position": OPEN_POSITION,
        "texts": [filled(text, values) for text in texts],
        "by_rating": by_rating,
    }


def _thanks(
    version: PublishedVersion, language: str, values: Mapping[str, str]
) -> dict[str, Any] | None:
    """The organisation's own thank-you; None where it has none for anybody."""
    thanks = version.thanks.get(language)
    if thanks is None:
        return None
    found = [thanks.for_band(None), *(thanks.for_band(band) for band in _bands(version))]
    told = [
        None
        if words is None or not words.text
        else {
            "text": filled(words.text, values),
            "link": words.link,
            "link_label": words.link_label,
        }
        for words in found
    ]
    if not any(told):
        return None
    texts = [told[0], *(one for number, one in enumerate(told[1:], 1) if one not in told[:number])]
    return {"texts": texts, "by_rating": [texts.index(one) for one in told[1:]]}


def _further(
    version: PublishedVersion, question: AskedQuestion, language: str, values: Mapping[str, str]
) -> dict[str, Any]:
    """A further question; what it is made of depends on its kind."""
    further = question.further
    assert further is not None  # noqa: S101 - `version.further` holds no others
    words = further.words.get(language) or QuestionWords("")
    asked: dict[str, Any] = {
        "position": question.position,
        "key": question.key,
        "kind": question.kind,
        "text": filled(words.text, values),
        "hint": filled(words.hint, values),
    }
    if question.scale is not None:
        asked |= _steps(question.scale, words, values)
        asked["presentation"] = question.presentation.value
    if further.options:
        asked |= {
            "options": [
                {
                    "key": one.key,
                    "text": filled(words.options.get(one.key, one.key), values),
                    "is_fixed": one.is_fixed,
                }
                for one in further.options
            ],
            "is_shuffled": further.is_shuffled,
            "other": filled(words.other, values) if further.has_other else None,
            "most": further.most,
        }
    if further.purpose:
        asked["purpose"] = further.purpose.value
    if further.fields:
        asked["fields"] = [one.value for one in further.fields]
    if further.show_if:
        asked["show_if"] = {
            "any_of": further.show_if.any_of,
            "conditions": [_condition(version, one) for one in further.show_if.conditions],
        }
    return asked


def _condition(version: PublishedVersion, condition: Condition) -> dict[str, Any]:
    """A condition; one about the band is told as one about the ratings in it."""
    if condition.about is not About.BAND:
        return {
            "about": condition.about.value,
            "name": condition.name,
            "values": list(condition.values),
            "is_not": condition.is_not,
        }
    scale = version.rating.scale or LARGEST_SCALE
    ratings = [
        str(value)
        for value, band in zip(scale.values, _bands(version), strict=True)
        if band in condition.values
    ]
    return {"about": "answer", "name": "rating", "values": ratings, "is_not": condition.is_not}
