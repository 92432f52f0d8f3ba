"""Reading the editor's form: whatever stands in it becomes content, complete or not.

Names of fields: `rating.text.nl`, `why.passive.en`, `thanks.detractor.link.nl`, and for a further
question its key first (`solved.text.nl`, `solved.option.yes.en`). Lists (questions, options,
conditions) are hidden fields in the order they stand on the page, so that moving a card moves it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gloed.surveys.editing import fitting
from gloed.surveys.rules import (
    LABEL_LIMIT,
    LINK_LIMIT,
    MOST_FURTHER,
    MOST_OPTIONS,
    OPTION_LIMIT,
    SCALES,
    TEXT_LIMIT,
    THANKS_LIMIT,
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
    Thanks,
    ThanksWords,
)

FURTHER_SCALES: tuple[Scale, ...] = tuple(
    dict.fromkeys(
        [
            *(Scale(1, 5), Scale(1, 10), Scale(0, 10), Scale(1, 7), Scale(1, 3), Scale(0, 1)),
            *(scale for metric in (Metric.CSAT, Metric.CES) for scale in SCALES[metric]),
        ]
    )
)
"""What a further rating may be asked on, the usual one first."""
_ENDS = {"low": "low_label", "high": "high_label"}
VALUES_LIMIT = 60
MOST_VALUES = 30


class Posted(Protocol):
    """What was sent: all values of a name."""

    def getlist(self, key: str) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class TooLong:
    """A text that does not fit, by the name of its field."""

    field: str
    limit: int


@dataclass(frozen=True, slots=True)
class Written:
    """What was read, with what does not fit."""

    content: Content
    too_long: tuple[TooLong, ...] = ()


def scale_name(scale: Scale) -> str:
    """A scale's name in a form."""
    return f"{scale.minimum}-{scale.maximum}-{'up' if scale.high_is_good else 'down'}"


def read_scale(text: str, scales: Sequence[Scale]) -> Scale | None:
    """A scale from its name in a form ("1-7-up"), if it is one of these."""
    return next((scale for scale in scales if scale_name(scale) == text), None)


def read_content(posted: Posted, before: Content) -> Written:
    """The content of the editor's form; `before` gives what no form names (the metric)."""
    reader = _Reader(posted)
    languages = reader.names("languages", 12) or list(before.languages)
    scale = read_scale(reader.line("scale", 20), SCALES[before.metric]) or before.scale
    content = Content(
        metric=before.metric,
        scale=scale,
        presentation=_presentation(reader, "presentation", before.metric, scale),
        rating={one: _words(reader, "rating", one, ()) for one in languages},
        open={one: _open_words(reader, one) for one in languages},
        further=tuple(
            _further(reader, key, languages)
            for key in reader.names("order", MOST_FURTHER + 1)
            if reader.line(f"{key}.kind", 12) in set(Kind)
        ),
        thanks={one: found for one in languages if (found := _thanks(reader, one)) is not None},
    )
    return Written(content, tuple(reader.too_long))


class _Reader:
    """Takes values out of what was sent, and remembers which are too long."""

    def __init__(self, posted: Posted) -> None:
        self._posted = posted
        self.too_long: list[TooLong] = []

    def line(self, name: str, limit: int) -> str:
        """A value as it was sent, without spaces around it."""
        values = self._posted.getlist(name)
        text = values[-1].replace("\r\n", "\n").strip() if values else ""
        if len(text) > limit:
            self.too_long.append(TooLong(name, limit))
        return text

    def has(self, name: str) -> bool:
        """Whether a box was ticked."""
        return any(self._posted.getlist(name))

    def names(self, name: str, most: int) -> list[str]:
        """A list of short names, each once."""
        found = [one.strip()[:VALUES_LIMIT] for one in self._posted.getlist(name)]
        return list(dict.fromkeys(one for one in found if one))[:most]

    def number(self, name: str) -> int:
        """A small whole number; 0 for anything else."""
        text = self.line(name, 20)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0


def _words(reader: _Reader, key: str, language: str, options: Sequence[Option]) -> QuestionWords:
    named = {
        option.key: reader.line(f"{key}.option.{option.key}.{language}", OPTION_LIMIT)
        for option in options
    }
    return QuestionWords(
        text=reader.line(f"{key}.text.{language}", TEXT_LIMIT),
        low_label=reader.line(f"{key}.low.{language}", LABEL_LIMIT),
        high_label=reader.line(f"{key}.high.{language}", LABEL_LIMIT),
        hint=reader.line(f"{key}.hint.{language}", TEXT_LIMIT),
        options={name: text for name, text in named.items() if text},
        other=reader.line(f"{key}.other.{language}", OPTION_LIMIT),
    )


def _open_words(reader: _Reader, language: str) -> OpenWords:
    by_band = {band: reader.line(f"why.{band}.{language}", TEXT_LIMIT) for band in Band}
    return OpenWords(
        everybody=reader.line(f"why.text.{language}", TEXT_LIMIT),
        by_band={band: text for band, text in by_band.items() if text},
    )


def _thanks(reader: _Reader, language: str) -> Thanks | None:
    found = {band: _thanks_words(reader, f"thanks.{band}", language) for band in Band}
    by_band = {band: words for band, words in found.items() if words is not None}
    everybody = _thanks_words(reader, "thanks.all", language)
    return Thanks(everybody, by_band) if everybody or by_band else None


def _thanks_words(reader: _Reader, name: str, language: str) -> ThanksWords | None:
    words = ThanksWords(
        text=reader.line(f"{name}.text.{language}", THANKS_LIMIT),
        link=reader.line(f"{name}.link.{language}", LINK_LIMIT),
        link_label=reader.line(f"{name}.label.{language}", LABEL_LIMIT),
    )
    return words if words.text or words.link else None


def _further(reader: _Reader, key: str, languages: Sequence[str]) -> Further:
    kind = Kind(reader.line(f"{key}.kind", 12))
    fixed = set(reader.names(f"{key}.fixed", MOST_OPTIONS))
    options = tuple(
        Option(name, name in fixed) for name in reader.names(f"{key}.option", MOST_OPTIONS + 1)
    )
    scale = metric = None
    presentation = Presentation.NUMBERS
    if kind is Kind.RATING:
        scale = read_scale(reader.line(f"{key}.scale", 20), FURTHER_SCALES) or FURTHER_SCALES[0]
        asked = reader.line(f"{key}.metric", 12)
        metric = Metric(asked) if asked in set(Metric) and scale in SCALES[Metric(asked)] else None
        presentation = _presentation(reader, f"{key}.presentation", metric, scale)
    purpose = reader.line(f"{key}.purpose", 12)
    return Further(
        key=key,
        kind=kind,
        words={one: _words(reader, key, one, options) for one in languages},
        scale=scale,
        metric=metric,
        presentation=presentation,
        options=options,
        has_other=reader.has(f"{key}.has_other"),
        is_shuffled=reader.has(f"{key}.is_shuffled"),
        most=reader.number(f"{key}.most"),
        purpose=Purpose(purpose) if kind is Kind.CONSENT and purpose in set(Purpose) else None,
        fields=tuple(one for one in ContactField if one in reader.names(f"{key}.fields", 9)),
        show_if=_rule(reader, key),
        starts_page=reader.has(f"{key}.starts_page"),
    )


def _presentation(reader: _Reader, name: str, metric: Metric | None, scale: Scale) -> Presentation:
    asked = reader.line(name, 12)
    wish = Presentation(asked) if asked in set(Presentation) else Presentation.NUMBERS
    return fitting(wish, metric, scale)


def _rule(reader: _Reader, key: str) -> ShowIf | None:
    found = []
    for place in reader.names(f"{key}.rule", 20):
        name = f"{key}.rule.{place}"
        about, _sign, thing = reader.line(f"{name}.what", 90).partition(":")
        if about not in set(About):
            continue
        typed = [part for part in reader.line(f"{name}.typed", 400).split(",") if part.strip()]
        values = [*reader.names(f"{name}.values", MOST_VALUES), *(one.strip() for one in typed)]
        is_not = reader.line(f"{name}.is", 4) == "not"
        found.append(Condition(About(about), thing, tuple(dict.fromkeys(values)), is_not))
    any_of = reader.line(f"{key}.any_of", 4) == "any"
    return ShowIf(tuple(found), any_of) if found else None


def fields_of(content: Content) -> Mapping[str, list[str]]:
    """The fields that would be read as this content: `read_content` turned round."""
    found: dict[str, list[str]] = {
        "languages": list(content.languages),
        "scale": [scale_name(content.scale)],
        "presentation": [content.presentation.value],
        "order": [question.key for question in content.further],
    }
    for language in content.languages:
        found |= _fields_of_words("rating", language, content.rating[language])
        opened = content.open.get(language, OpenWords(""))
        found[f"why.text.{language}"] = [opened.everybody]
        found |= {f"why.{band}.{language}": [text] for band, text in opened.by_band.items()}
        thanks = content.thanks.get(language, Thanks())
        for name, said in (("all", thanks.everybody), *thanks.by_band.items()):
            if said is not None:
                found[f"thanks.{name}.text.{language}"] = [said.text]
                found[f"thanks.{name}.link.{language}"] = [said.link]
                found[f"thanks.{name}.label.{language}"] = [said.link_label]
    for question in content.further:
        found |= _fields_of_further(question)
    return found


def _fields_of_words(key: str, language: str, words: QuestionWords) -> dict[str, list[str]]:
    found = {
        f"{key}.text.{language}": [words.text],
        f"{key}.low.{language}": [words.low_label],
        f"{key}.high.{language}": [words.high_label],
        f"{key}.hint.{language}": [words.hint],
        f"{key}.other.{language}": [words.other],
    }
    return found | {
        f"{key}.option.{name}.{language}": [text] for name, text in words.options.items()
    }


def _fields_of_further(question: Further) -> dict[str, list[str]]:
    key = question.key
    found = {
        f"{key}.kind": [question.kind.value],
        f"{key}.option": [option.key for option in question.options],
        f"{key}.fixed": [option.key for option in question.options if option.is_fixed],
        f"{key}.scale": [scale_name(question.scale)] if question.scale else [],
        f"{key}.metric": [question.metric.value] if question.metric else [],
        f"{key}.presentation": [question.presentation.value],
        f"{key}.has_other": ["on"] if question.has_other else [],
        f"{key}.is_shuffled": ["on"] if question.is_shuffled else [],
        f"{key}.most": [str(question.most)],
        f"{key}.purpose": [question.purpose.value] if question.purpose else [],
        f"{key}.fields": [one.value for one in question.fields],
        f"{key}.starts_page": ["on"] if question.starts_page else [],
    }
    for language, words in question.words.items():
        found |= _fields_of_words(key, language, words)
    rule = question.show_if or ShowIf(())
    found[f"{key}.any_of"] = ["any" if rule.any_of else "all"]
    found[f"{key}.rule"] = [str(place) for place, _one in enumerate(rule.conditions)]
    for place, one in enumerate(rule.conditions):
        name = f"{key}.rule.{place}"
        found[f"{name}.what"] = [f"{one.about}:{one.name}" if one.name else one.about.value]
        found[f"{name}.is"] = ["not" if one.is_not else "is"]
        found[f"{name}.values"] = list(one.values)
    return found
