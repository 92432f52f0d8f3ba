"""Rules and changes of a survey in plain sentences."""

from collections.abc import Sequence

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from gloed.surveys import labels
from gloed.surveys.rules import (
    OPEN_KEY,
    OTHER,
    RATING_KEY,
    YES,
    About,
    Change,
    Condition,
    Content,
    QuestionWords,
    ShowIf,
)


def short(text: str, limit: int = 70) -> str:
    """A text that fits on a line."""
    return str(Truncator(text).chars(limit))


def rule_sentence(rule: ShowIf | None, content: Content, language: str) -> str:
    """When a question is shown, as a sentence; empty where it always is."""
    if rule is None or not rule.conditions:
        return ""
    parts = [_condition(one, content, language) for one in rule.conditions]
    joined = (_(" or ") if rule.any_of else _(" and ")).join(parts)
    return _("Only when %(conditions)s.") % {"conditions": joined}


def _condition(condition: Condition, content: Content, language: str) -> str:
    about, values = _named(condition, content, language)
    facts = {"about": about, "values": _listed(values)}
    if not condition.values:
        if condition.is_not:
            return _("%(about)s is not known") % facts
        return _("%(about)s is known") % facts
    if condition.is_not:
        return _("%(about)s is not %(values)s") % facts
    return _("%(about)s is %(values)s") % facts


def _named(condition: Condition, content: Content, language: str) -> tuple[str, list[str]]:
    if condition.about is About.BAND:
        ranges = [
            labels.band_range(content.metric, content.scale, band)
            for band in labels.LOW_TO_HIGH
            if band.value in condition.values
        ]
        return _("the score"), ranges
    if condition.about is About.ATTRIBUTE:
        return condition.name, list(condition.values)
    if condition.name == RATING_KEY:
        return _("the number given"), list(condition.values)
    if condition.name == OPEN_KEY:
        return _("the open answer"), list(condition.values)
    question = next((one for one in content.further if one.key == condition.name), None)
    if question is None:
        return _("a question that is not above this one"), list(condition.values)
    words = question.words.get(language) or QuestionWords("")
    known = {**words.options, YES: _("ticked"), OTHER: words.other or _("something else")}
    return f"“{short(words.text, 40)}”", [known.get(value, value) for value in condition.values]


def _listed(values: Sequence[str]) -> str:
    """Values as people list them."""
    if len(values) < 2:
        return "".join(values)
    return _("%(first)s or %(last)s") % {"first": ", ".join(values[:-1]), "last": values[-1]}


def change_name(change: Change) -> str:
    """What a version changed, in a few words."""
    return {
        Change.SCALE: _("the scale"),
        Change.RATING_WORDS: _("the rating question"),
        Change.PRESENTATION: _("how the scale is drawn"),
        Change.LANGUAGES: _("the languages"),
        Change.OPEN_WORDS: _("the open question"),
        Change.FURTHER: _("the further questions"),
        Change.THANKS: _("the thank-you"),
    }[change]


def changes_sentence(changes: Sequence[Change]) -> str:
    """What a version changed, listed."""
    names = [change_name(change) for change in changes]
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
