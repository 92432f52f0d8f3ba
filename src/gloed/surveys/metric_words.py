"""NPS, CSAT and CES in plain words: one place for everybody who lets somebody choose.

Used by the chooser of a touchpoint and by that of a survey (`surveys/journeys/parts/metrics.html`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gloed.surveys.journeys.rules import family_of
from gloed.surveys.rules import Metric

Text = str | Promise


@dataclass(frozen=True, slots=True)
class MetricWords:
    """What somebody must know to choose a metric.

    `asks` is the question as a customer hears it, `fits` for what it is meant and when it is asked,
    `reads` how the score is read, `misses` what it is not good for, `line` what a "good enough"
    line on it means (`%(line)s` is the number).
    """

    metric: Metric
    name: Text
    about: Text
    asks: Text
    fits: Text
    reads: Text
    misses: Text
    line: Text


NPS = MetricWords(
    metric=Metric.NPS,
    name=_("Recommending (NPS)"),
    about=_("the relationship"),
    asks=_("“Would you recommend us?”, from 0 to 10."),
    fits=_("For the relationship as a whole, or a moment that makes or breaks it. Once a quarter."),
    reads=_("Points from −100 to 100: the share of 9 and 10 less the share of 0 to 6."),
    misses=_("It does not tell whether one phone call went well, and it moves slowly."),
    line=_("At least %(line)s points: promoters outnumber detractors by that much."),
)
CSAT = MetricWords(
    metric=Metric.CSAT,
    name=_("Satisfaction (CSAT)"),
    about=_("one contact or delivery"),
    asks=_("“How satisfied are you with …?”, mostly from 1 to 5."),
    fits=_("For something that has just happened: a delivery, a bill, a visit. Within a day."),
    reads=_("A percentage: how many chose one of the best answers, from 1 to 5 a 4 or a 5."),
    misses=_("It does not tell whether somebody stays; satisfied customers leave too."),
    line=_("At least %(line)s%% of the answers are satisfied."),
)
CES = MetricWords(
    metric=Metric.CES,
    name=_("Effort (CES)"),
    about=_("getting something done"),
    asks=_("“We made it easy for you to …”, from 1 (disagree) to 7 (agree)."),
    fits=_("Where a customer has to do something: switch, call, return. When it is settled."),
    reads=_("The mean of the ratings; the higher, the easier."),
    misses=_("It does not tell whether the result was good, only what it took to get there."),
    line=_("On average at least %(line)s: it was easy enough."),
)
ENPS = MetricWords(
    metric=Metric.ENPS,
    name=_("Recommending as employer (eNPS)"),
    about=_("your own people"),
    asks=_("“Would you recommend working here?”, from 0 to 10."),
    fits=_("For the people who work for you, without names. Once or twice a year."),
    reads=_("Points from −100 to 100, counted as for NPS."),
    misses=_("It tells nothing about customers, and nothing about one person."),
    line=_("At least %(line)s points: promoters outnumber detractors by that much."),
)

FOR_CUSTOMERS: tuple[MetricWords, ...] = (NPS, CSAT, CES)
"""What a touchpoint is asked in."""
FOR_EVERYBODY: tuple[MetricWords, ...] = (*FOR_CUSTOMERS, ENPS)
"""What a survey may ask in; stars and thumbs are ways to draw CSAT."""


def words_of(metric: Metric) -> MetricWords:
    """The words of a metric, or of the one it belongs to."""
    return {words.metric: words for words in FOR_EVERYBODY}[family_of(metric)]


def mixing_words(metrics: Sequence[Metric]) -> str:
    """Why these metrics do not stand well on one touchpoint; empty where they are one.

    >>> mixing_words([Metric.CSAT, Metric.STARS])
    ''
    """
    families = list(dict.fromkeys(family_of(metric) for metric in metrics))
    if len(families) < 2:
        return ""
    names = ", ".join(metric.value.upper() for metric in families)
    return str(
        _(
            "%(names)s at one touchpoint: two yardsticks for one moment. Customers are asked the "
            "same thing twice, and colleagues will quote the number that suits them. Choose one."
        )
    ) % {"names": names}
