"""What metrics, bands and problems are called, and when which metric fits."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gloed.surveys.models import Survey
from gloed.surveys.rules import Band, Metric, Problem, Scale

Text = str | Promise

METRIC_NAMES: dict[Metric, Text] = {
    Metric.NPS: _("Recommending (NPS)"),
    Metric.CSAT: _("Satisfaction (CSAT)"),
    Metric.CES: _("Effort (CES)"),
    Metric.ENPS: _("Recommending as employer (eNPS)"),
    Metric.STARS: _("Stars"),
    Metric.THUMBS: _("Thumbs"),
}
METRIC_USES: tuple[tuple[Metric, Text], ...] = (
    (
        Metric.NPS,
        _("For the relationship as a whole: would they recommend you? Now and then, from 0 to 10."),
    ),
    (
        Metric.CSAT,
        _("For one contact or delivery: were they satisfied? Ask right afterwards, from 1 to 5."),
    ),
    (
        Metric.CES,
        _("For getting something done: was it easy? Ask when the question is solved, from 1 to 7."),
    ),
    (
        Metric.ENPS,
        _("For your own people: would they recommend working here? From 0 to 10, without names."),
    ),
)
USUAL_KIND: dict[Metric, str] = {
    Metric.NPS: Survey.Kind.RELATIONSHIP,
    Metric.ENPS: Survey.Kind.RELATIONSHIP,
}
BAND_TOPICS: dict[Metric, dict[Band, Text]] = {
    Metric.NPS: {
        Band.DETRACTOR: _("Open question after 0 to 6"),
        Band.PASSIVE: _("Open question after 7 or 8"),
        Band.PROMOTER: _("Open question after 9 or 10"),
    }
}
BAND_TOPICS[Metric.ENPS] = BAND_TOPICS[Metric.NPS]
OTHER_BAND_TOPICS: dict[Band, Text] = {
    Band.DETRACTOR: _("Open question after a low answer"),
    Band.PASSIVE: _("Open question after an answer in the middle"),
    Band.PROMOTER: _("Open question after a good answer"),
}
PROBLEMS: dict[Problem, Text] = {
    Problem.NO_LANGUAGE: _("Choose at least one language."),
    Problem.NO_QUESTION: _("The rating question has no words in %(language)s."),
    Problem.NO_LABELS: _("Both ends of the scale need words in %(language)s."),
    Problem.NO_OPEN_QUESTION: _("The open question has no words in %(language)s."),
    Problem.TOO_LONG: _("A text is too long in %(language)s; 400 characters fit, 80 at an end."),
    Problem.UNKNOWN_SCALE: _("This metric is not asked on this scale."),
}
LANGUAGE_NAMES: dict[str, Text] = {"nl": _("Dutch"), "en": _("English")}


def problem_text(problem: Problem, language: str) -> str:
    """A problem in a sentence."""
    return str(PROBLEMS[problem]) % {"language": LANGUAGE_NAMES.get(language, language)}


def scale_text(scale: Scale) -> str:
    """A scale as people write it: 0–10."""
    return f"{scale.minimum}–{scale.maximum}"


def band_topics(metric: Metric) -> dict[Band, Text]:
    """What the open question per band is called while writing."""
    return BAND_TOPICS.get(metric, OTHER_BAND_TOPICS)
