"""What may be chosen on a card: scales, drawings, and what a grade counts as."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from gloed.surveys import labels
from gloed.surveys.forms.cards import Choice
from gloed.surveys.forms.written import scale_name
from gloed.surveys.rules import (
    SCALES,
    Further,
    Metric,
    Presentation,
    QuestionWords,
    Scale,
    presentations_for,
)


def scales(chosen: Scale, possible: Sequence[Scale]) -> list[Choice]:
    """Scales to choose from."""
    return [(scale_name(scale), labels.scale_words(scale), scale == chosen) for scale in possible]


def each(words: Mapping[str, QuestionWords], name: str) -> dict[str, str]:
    """One part of the words, by language."""
    return {language: getattr(one, name) for language, one in words.items()}


def drawn(metric: Metric | None, scale: Scale, chosen: Presentation) -> list[Choice]:
    """How a scale may be drawn."""
    return [
        (one.value, str(labels.PRESENTATION_NAMES[one]), one is chosen)
        for one in presentations_for(metric, scale)
    ]


def metrics(question: Further, scale: Scale) -> list[Choice]:
    """What a further grade may count as: nothing, or a second score."""
    found: list[Choice] = [("", _("No: only this question’s mean"), question.metric is None)]
    for metric in (Metric.CSAT, Metric.CES, Metric.NPS):
        if scale in SCALES[metric]:
            name = str(labels.METRIC_NAMES[metric])
            found.append((metric.value, name, metric is question.metric))
    return found
