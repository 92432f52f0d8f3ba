"""What metrics, bands and problems are called, and when which metric fits."""

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gloed.surveys.models import Survey
from gloed.surveys.rules import (
    Band,
    ContactField,
    Duration,
    Finding,
    Kind,
    Metric,
    Presentation,
    Problem,
    Purpose,
    Scale,
    band_of,
)

Text = str | Promise

METRIC_NAMES: dict[Metric, Text] = {
    Metric.NPS: _("Recommending (NPS)"),
    Metric.CSAT: _("Satisfaction (CSAT)"),
    Metric.CES: _("Effort (CES)"),
    Metric.ENPS: _("Recommending as employer (eNPS)"),
    Metric.STARS: _("Stars"),
    Metric.THUMBS: _("Thumbs"),
}
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
    Problem.UNKNOWN_PRESENTATION: _("This scale cannot be drawn like that; choose numbers."),
    Problem.BAD_KEY: _("Two questions share a name; remove one and add it again."),
    Problem.TOO_FEW_OPTIONS: _("Give at least two answers to choose from."),
    Problem.TOO_MANY_OPTIONS: _("More than 20 answers cannot be taken in; leave some out."),
    Problem.NO_OPTION_WORDS: _("An answer to choose from has no words in %(language)s."),
    Problem.NO_PURPOSE: _("Say what the consent is for."),
    Problem.NO_CONTACT_FIELDS: _(
        "Choose what you ask for: a name, a telephone number, an address."
    ),
    Problem.NO_CONSENT_BEFORE: _("Ask first whether you may get in touch, then how."),
    Problem.REFERS_AHEAD: _("The rule looks at a question that comes later; move it up."),
    Problem.BAD_RULE: _("The rule looks at an answer that cannot be given any more."),
    Problem.BAD_LINK: _("A link on the thank-you page must be whole and begin with https://."),
    Problem.TOO_MANY: _("More than 20 further questions do not fit in a survey."),
}
LOW_TO_HIGH = (Band.DETRACTOR, Band.PASSIVE, Band.PROMOTER)
"""Bands as a scale is read."""
LANGUAGE_NAMES: dict[str, Text] = {
    "nl": _("Dutch"),
    "en": _("English"),
    "de": _("German"),
    "fr": _("French"),
    "es": _("Spanish"),
    "pl": _("Polish"),
    "tr": _("Turkish"),
    "uk": _("Ukrainian"),
}
KIND_NAMES: dict[Kind, Text] = {
    Kind.RATING: _("Grade"),
    Kind.SINGLE: _("One answer from a list"),
    Kind.MULTIPLE: _("Several answers from a list"),
    Kind.OPEN: _("Open question"),
    Kind.CONSENT: _("Consent"),
    Kind.CONTACT: _("Contact details"),
}
PRESENTATION_NAMES: dict[Presentation, Text] = {
    Presentation.NUMBERS: _("Numbers"),
    Presentation.FACES: _("Faces"),
    Presentation.THUMBS: _("Thumbs"),
    Presentation.STARS: _("Stars"),
}
PURPOSE_NAMES: dict[Purpose, Text] = {
    Purpose.CONTACT: _("to get in touch about the answer"),
    Purpose.QUOTE: _("to use the words elsewhere"),
}
FIELD_NAMES: dict[ContactField, Text] = {
    ContactField.NAME: _("Name"),
    ContactField.EMAIL: _("E-mail address"),
    ContactField.PHONE: _("Telephone"),
}
TOPIC_NAMES: dict[str, Text] = {
    "relationship": _("The relationship"),
    "product": _("A product"),
    "contact": _("A contact"),
    "delivery": _("A delivery or visit"),
    "effort": _("Effort"),
    "reason": _("The reason"),
    "moment": _("The moment it went wrong"),
    "barrier": _("What holds passives back"),
    "praise": _("Praise"),
    "consent": _("Leave and contact"),
    "background": _("Background"),
    "employees": _("Your own people"),
}
TRADE_NAMES: dict[str, Text] = {
    "business": _("Business customers"),
    "care": _("Care"),
    "education": _("Education"),
    "energy": _("Energy and water"),
    "finance": _("Finance and insurance"),
    "government": _("Government"),
    "hospitality": _("Hotels and restaurants"),
    "housing": _("Housing"),
    "installation": _("Installation and repair"),
    "shop": _("Shops"),
    "software": _("Software and websites"),
    "transport": _("Transport"),
}


def problem_text(problem: Problem, language: str) -> str:
    """A problem in a sentence."""
    return str(PROBLEMS[problem]) % {"language": language_name(language)}


def duration_words(duration: Duration) -> str:
    """How long a survey takes, in a sentence that says whether it was measured."""
    if duration.seconds < 90:
        time = ngettext("%(n)s second", "%(n)s seconds", duration.seconds) % {"n": duration.seconds}
    else:
        minutes = round(duration.seconds / 60)
        time = ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if not duration.is_measured:
        return str(_("Takes about %(time)s, as far as can be guessed from the words.")) % {
            "time": time
        }
    base = ngettext("%(n)s answer", "%(n)s answers", duration.n) % {
        "n": number_format(duration.n, force_grouping=True)
    }
    return str(_("Takes about %(time)s (measured on %(base)s).")) % {"time": time, "base": base}


def finding_text(finding: Finding) -> str:
    """A problem in a sentence."""
    return problem_text(finding.problem, finding.language)


def language_name(language: str) -> str:
    """A language as it is called, its code where nobody named it."""
    return str(LANGUAGE_NAMES.get(language, language))


def band_range(metric: Metric, scale: Scale, band: Band) -> str:
    """The ratings of a band as people write them: "0–6", or "4–5"; empty where there are none.

    >>> band_range(Metric.NPS, Scale(0, 10), Band.PASSIVE)
    '7–8'
    """
    values = [value for value in scale.values if band_of(metric, scale, value) is band]
    if not values:
        return ""
    return f"{values[0]}–{values[-1]}" if len(values) > 1 else str(values[0])


def scale_text(scale: Scale) -> str:
    """A scale as people write it: 0–10."""
    return f"{scale.minimum}–{scale.maximum}"


def band_topics(metric: Metric) -> dict[Band, Text]:
    """What the open question per band is called while writing."""
    return BAND_TOPICS.get(metric, OTHER_BAND_TOPICS)


def scale_words(scale: Scale) -> str:
    """A scale with which end is good, where that is not the high one."""
    text = scale_text(scale)
    return text if scale.high_is_good else str(_("%(scale)s, low is good")) % {"scale": text}
