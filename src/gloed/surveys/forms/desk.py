"""The editor's desk: content laid out on cards."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gloed.surveys import labels
from gloed.surveys.forms.cards import Box, Card, OptionLine, Topic
from gloed.surveys.forms.choices import drawn, each, metrics, scales
from gloed.surveys.forms.conditions import RuleDesk, band_range
from gloed.surveys.forms.written import FURTHER_SCALES
from gloed.surveys.rules import (
    CHOICES,
    LABEL_LIMIT,
    LINK_LIMIT,
    OPEN_KEY,
    OPTION_LIMIT,
    RATING_KEY,
    SCALES,
    TEXT_LIMIT,
    THANKS_LIMIT,
    Band,
    ContactField,
    Content,
    Finding,
    Further,
    Kind,
    OpenWords,
    Purpose,
    QuestionWords,
    Scale,
    Thanks,
    ThanksWords,
)
from gloed.surveys.sentences import rule_sentence, short


class Desk:
    """Everything the editor needs to lay content out: names, findings, what is open."""

    def __init__(
        self,
        content: Content,
        *,
        attributes: Sequence[str] = (),
        findings: Sequence[Finding] = (),
        too_long: Sequence[str] = (),
        open_key: str = "",
        language: str = "en",
    ) -> None:
        self.content = content
        self.languages = content.languages
        self.attributes = attributes
        self.findings = findings
        self.too_long = frozenset(too_long)
        self.open_key = open_key
        self.language = language if language in self.languages else self.languages[0]

    def rating(self) -> Card:
        """The question that makes the score."""
        content = self.content
        words = content.rating
        topics = [
            self._topic(_("Question"), "rating.text", each(words, "text"), TEXT_LIMIT, piped=True),
            *self._ends(RATING_KEY, words),
            self._topic(_("Small print below it"), "rating.hint", each(words, "hint"), TEXT_LIMIT),
        ]
        return Card(
            key=RATING_KEY,
            number=1,
            kind=content.metric.value,
            kind_name=str(labels.METRIC_NAMES[content.metric]),
            title=short(words[self.language].text),
            topics=topics,
            findings=self._about(("", RATING_KEY)),
            is_open=self._is_open(RATING_KEY, topics),
            scales=scales(content.scale, SCALES[content.metric]),
            presentations=drawn(content.metric, content.scale, content.presentation),
            missing=self._missing(topics[:3]),
        )

    def opened(self) -> Card:
        """The open question after it."""
        content = self.content
        opened = {one: content.open.get(one, OpenWords("")) for one in self.languages}
        everybody = {one: words.everybody for one, words in opened.items()}
        topics = [self._topic(_("For everybody"), "why.text", everybody, TEXT_LIMIT, piped=True)]
        for band in labels.LOW_TO_HIGH:
            texts = {one: words.by_band.get(band, "") for one, words in opened.items()}
            topics.append(
                self._topic(
                    _("After %(range)s") % {"range": band_range(self.content, band)},
                    f"why.{band}",
                    texts,
                    TEXT_LIMIT,
                    needed=False,
                    piped=True,
                )
            )
        return Card(
            key=OPEN_KEY,
            number=2,
            kind=Kind.OPEN.value,
            kind_name=str(labels.KIND_NAMES[Kind.OPEN]),
            title=short(everybody[self.language]),
            topics=topics,
            is_open=self._is_open(OPEN_KEY, topics),
            missing=self._missing(topics[:1]),
        )

    def further(self) -> list[Card]:
        """The questions after the first two, in order."""
        last = len(self.content.further) - 1
        return [
            self._further(one, at, is_last=at == last)
            for at, one in enumerate(self.content.further)
        ]

    def thanks(self) -> list[Topic]:
        """What is said at the end, for everybody and per band."""
        names = [("all", _("For everybody"))]
        names += [
            (band.value, _("After %(range)s") % {"range": band_range(self.content, band)})
            for band in labels.LOW_TO_HIGH
        ]
        found = []
        for name, label in names:
            said = {one: self._said(one, name) for one in self.languages}
            found += [
                self._topic(
                    label,
                    f"thanks.{name}.text",
                    {one: words.text for one, words in said.items()},
                    THANKS_LIMIT,
                    needed=False,
                    piped=True,
                ),
                self._topic(
                    _("Link (%(of)s)") % {"of": label},
                    f"thanks.{name}.link",
                    {one: words.link for one, words in said.items()},
                    LINK_LIMIT,
                    needed=False,
                    kind="url",
                ),
                self._topic(
                    _("Words of the link (%(of)s)") % {"of": label},
                    f"thanks.{name}.label",
                    {one: words.link_label for one, words in said.items()},
                    LABEL_LIMIT,
                    needed=False,
                ),
            ]
        return found

    def _said(self, language: str, name: str) -> ThanksWords:
        thanks = self.content.thanks.get(language, Thanks())
        said = thanks.everybody if name == "all" else thanks.by_band.get(Band(name))
        return said or ThanksWords("")

    def _further(self, question: Further, at: int, *, is_last: bool) -> Card:
        key, words = question.key, question.words
        topics = [
            self._topic(_("Question"), f"{key}.text", each(words, "text"), TEXT_LIMIT, piped=True)
        ]
        if question.kind is Kind.RATING:
            topics += self._ends(key, words)
        topics.append(
            self._topic(
                _("Small print below it"),
                f"{key}.hint",
                each(words, "hint"),
                TEXT_LIMIT,
                needed=False,
            )
        )
        options = [
            OptionLine(option.key, self._boxes_of(question, option.key), place + 1, option.is_fixed)
            for place, option in enumerate(question.options)
        ]
        scale = question.scale or Scale(1, 5)
        needed = [topic for topic in topics if topic.boxes and topic is not topics[-1]]
        missing = self._missing([*needed, *(Topic("", line.boxes) for line in options)])
        rule = question.show_if
        rules = RuleDesk(self.content, at, self.language)
        return Card(
            key=key,
            number=at + 3,
            kind=question.kind.value,
            kind_name=str(labels.KIND_NAMES[question.kind]),
            title=short(words[self.language].text) if self.language in words else "",
            topics=topics,
            sentence=rule_sentence(rule, self.content, self.language),
            findings=self._about((key,)),
            is_open=self._is_open(key, topics, options),
            is_first=at == 0,
            is_last=is_last,
            scales=scales(scale, FURTHER_SCALES) if question.kind is Kind.RATING else (),
            metrics=metrics(question, scale) if question.kind is Kind.RATING else (),
            presentations=(
                drawn(question.metric, scale, question.presentation)
                if question.kind is Kind.RATING
                else ()
            ),
            options=options,
            has_options=question.kind in CHOICES,
            has_other=question.has_other,
            other=self._topic(
                _("Words of “other”"),
                f"{key}.other",
                each(words, "other"),
                OPTION_LIMIT,
                needed=False,
            ),
            is_shuffled=question.is_shuffled,
            most=question.most,
            purposes=(
                [
                    (one.value, str(labels.PURPOSE_NAMES[one]), one is question.purpose)
                    for one in Purpose
                ]
                if question.kind is Kind.CONSENT
                else ()
            ),
            fields=(
                [
                    (one.value, str(labels.FIELD_NAMES[one]), one in question.fields)
                    for one in ContactField
                ]
                if question.kind is Kind.CONTACT
                else ()
            ),
            rules=rules.lines(),
            any_of=bool(rule and rule.any_of),
            may_ask=rules.may_ask(self.attributes),
            starts_page=question.starts_page,
            missing=missing,
        )

    def _boxes_of(self, question: Further, option: str) -> list[Box]:
        return [
            self._box(
                f"{question.key}.option.{option}.{language}",
                words.options.get(option, ""),
                language,
                OPTION_LIMIT,
                needed=True,
            )
            for language, words in question.words.items()
        ]

    def _ends(self, key: str, words: Mapping[str, QuestionWords]) -> list[Topic]:
        return [
            self._topic(
                _("Words at the low end"), f"{key}.low", each(words, "low_label"), LABEL_LIMIT
            ),
            self._topic(
                _("Words at the high end"), f"{key}.high", each(words, "high_label"), LABEL_LIMIT
            ),
        ]

    def _topic(
        self,
        label: str,
        name: str,
        texts: Mapping[str, str],
        limit: int,
        *,
        needed: bool = True,
        piped: bool = False,
        kind: str = "text",
    ) -> Topic:
        boxes = [
            self._box(
                f"{name}.{language}",
                texts.get(language, ""),
                language,
                limit,
                needed=needed or any(texts.get(one) for one in self.languages),
                piped=piped,
                kind=kind,
            )
            for language in self.languages
        ]
        return Topic(label, boxes)

    def _box(
        self,
        name: str,
        value: str,
        language: str,
        limit: int,
        *,
        needed: bool,
        piped: bool = False,
        kind: str = "text",
    ) -> Box:
        return Box(
            name=name,
            value=value,
            language=language,
            language_name=labels.language_name(language),
            limit=limit,
            is_long=limit in (TEXT_LIMIT, THANKS_LIMIT) and kind == "text",
            is_piped=piped,
            is_missing=needed and not value and len(self.languages) > 1,
            is_too_long=name in self.too_long,
            kind=kind,
        )

    def _missing(self, topics: Sequence[Topic]) -> list[str]:
        """The languages in which something still has no words."""
        empty = {box.language for topic in topics for box in topic.boxes if not box.value}
        return [labels.language_name(one) for one in self.languages if one in empty]

    def _about(self, keys: Sequence[str]) -> list[str]:
        return [labels.finding_text(one) for one in self.findings if one.key in keys]

    def _is_open(
        self, key: str, topics: Sequence[Topic], options: Sequence[OptionLine] = ()
    ) -> bool:
        boxes = [box for topic in topics for box in topic.boxes]
        boxes += [box for line in options for box in line.boxes]
        return (
            key == self.open_key
            or any(box.is_too_long for box in boxes)
            or any(one.key == key for one in self.findings)
        )


def desk_context(desk: Desk) -> dict[str, Any]:
    """The cards of a page, for its template."""
    return {
        "rating": desk.rating(),
        "opened": desk.opened(),
        "further": desk.further(),
        "thanks": desk.thanks(),
    }
