"""The rules of a question on the editor's desk: what they look at, in words, and what they may."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from gloed.surveys import labels
from gloed.surveys.forms.cards import Choice, RuleLine
from gloed.surveys.rules import (
    OPEN_KEY,
    RATING_KEY,
    YES,
    About,
    Band,
    Condition,
    Content,
    Kind,
    QuestionWords,
)
from gloed.surveys.sentences import short


def band_range(content: Content, band: Band) -> str:
    """The numbers of a band, as colleagues read them."""
    return labels.band_range(content.metric, content.scale, band)


class RuleDesk:
    """When the further question at a place is asked, laid out in one language."""

    def __init__(self, content: Content, at: int, language: str) -> None:
        self.content, self.language = content, language
        self.rule = content.further[at].show_if
        self.before = content.further[:at]

    def lines(self) -> list[RuleLine]:
        """Its conditions, one by one."""
        conditions = self.rule.conditions if self.rule else ()
        return [self._line(place, one) for place, one in enumerate(conditions)]

    def may_ask(self, attributes: Sequence[str]) -> list[tuple[str, str]]:
        """What a rule here may look at: the score, earlier answers, who was asked."""
        found = [("band", _("the score"))]
        for one in self.before:
            if one.kind in (Kind.OPEN, Kind.CONTACT):
                continue
            words = one.words.get(self.language) or QuestionWords("")
            text = short(words.text, 40) or str(labels.KIND_NAMES[one.kind])
            found.append(
                (f"answer:{one.key}", _("the answer to “%(question)s”") % {"question": text})
            )
        found += [
            (f"attribute:{name}", _("%(name)s of the person asked") % {"name": name})
            for name in attributes
        ]
        return found

    def _line(self, place: int, condition: Condition) -> RuleLine:
        what = f"{condition.about}:{condition.name}" if condition.name else condition.about.value
        chosen = set(condition.values)
        if condition.about is About.BAND:
            choices = [
                (band.value, band_range(self.content, band), band.value in chosen)
                for band in labels.LOW_TO_HIGH
            ]
            return RuleLine(place, what, _("the score"), condition.is_not, choices)
        if condition.about is About.ATTRIBUTE:
            typed = ", ".join(condition.values)
            return RuleLine(place, what, condition.name, condition.is_not, typed=typed)
        name, choices = self._answers(condition.name, chosen)
        return RuleLine(place, what, name, condition.is_not, choices)

    def _answers(self, key: str, chosen: set[str]) -> tuple[str, list[Choice]]:
        """What an earlier question is called, and what may be answered to it."""
        if key == RATING_KEY:
            values = [str(value) for value in self.content.scale.values]
            return _("the number given"), [(one, one, one in chosen) for one in values]
        if key == OPEN_KEY:
            return _("the open answer"), []
        found = next((one for one in self.before if one.key == key), None)
        if found is None:
            return _("a question that is not above this one"), [(one, one, True) for one in chosen]
        words = found.words.get(self.language) or QuestionWords("")
        name = f"“{short(words.text)}”" if words.text else str(labels.KIND_NAMES[found.kind])
        if found.kind is Kind.CONSENT:
            return name, [(YES, _("ticked"), YES in chosen)]
        if found.scale is not None:
            values = [str(value) for value in found.scale.values]
            return name, [(one, one, one in chosen) for one in values]
        named = [(one.key, words.options.get(one.key, one.key)) for one in found.options]
        if found.has_other:
            named.append(("other", words.other or _("something else")))
        return name, [(value, text, value in chosen) for value, text in named]
