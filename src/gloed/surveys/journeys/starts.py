"""Journeys to start from, in our own words; whoever takes one changes it to their own."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gloed.surveys.rules import Metric

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Moment:
    """A touchpoint to start with. It has no line: what is good enough nobody else can say."""

    name: Text
    metric: Metric
    expectation: Text


@dataclass(frozen=True, slots=True)
class Start:
    """A journey to start from: its phases in order, each with its touchpoints."""

    key: str
    name: Text
    about: Text
    phases: tuple[tuple[Text, tuple[Moment, ...]], ...]


PRIVATE = Start(
    key="private",
    name=_("Customers"),
    about=_("From looking around to staying or leaving: for whoever buys for themselves."),
    phases=(
        (
            _("Looking around"),
            (
                Moment(
                    _("Website and advice"),
                    Metric.CES,
                    _("I see within minutes whether this suits me, and what it will cost."),
                ),
            ),
        ),
        (
            _("Becoming a customer"),
            (
                Moment(
                    _("Ordering"),
                    Metric.CES,
                    _("Arranged in one go, without filling in the same thing twice."),
                ),
                Moment(
                    _("First weeks"),
                    Metric.CSAT,
                    _("It works from the first day, and I know whom to turn to."),
                ),
            ),
        ),
        (
            _("Using"),
            (
                Moment(
                    _("Delivery"),
                    Metric.CSAT,
                    _("It comes when you said it would, whole and complete."),
                ),
                Moment(
                    _("Bill"),
                    Metric.CSAT,
                    _("The amount is right, and I understand it without calling."),
                ),
            ),
        ),
        (
            pgettext_lazy("a journey", "Service"),
            (
                Moment(
                    _("Question or call"),
                    Metric.CES,
                    _("One person, one conversation, and it is settled."),
                ),
                Moment(
                    _("Complaint solved"),
                    Metric.CSAT,
                    _("You admit what went wrong, put it right and keep me posted."),
                ),
            ),
        ),
        (
            _("Renewing or leaving"),
            (
                Moment(
                    _("Renewal"),
                    Metric.NPS,
                    _("A fair offer, no worse than the one a stranger gets."),
                ),
                Moment(
                    _("Leaving"),
                    Metric.CES,
                    _("I can go as easily as I came, and I am thanked."),
                ),
            ),
        ),
    ),
)
BUSINESS = Start(
    key="business",
    name=_("Business customers"),
    about=_("From proposal to renewal: for organisations with a contract and people of contact."),
    phases=(
        (
            _("Getting acquainted"),
            (
                Moment(
                    _("Proposal"),
                    Metric.CSAT,
                    _("You have understood our question, and the price holds no surprises."),
                ),
            ),
        ),
        (
            _("Starting together"),
            (
                Moment(
                    _("Contract and start"),
                    Metric.CES,
                    _("Everything runs on the date agreed, with one person who answers for it."),
                ),
            ),
        ),
        (
            _("Working together"),
            (
                Moment(
                    _("Ticket solved"),
                    Metric.CES,
                    _("Solved within the time agreed, without our having to chase it."),
                ),
                Moment(
                    _("Review meeting"),
                    Metric.NPS,
                    _("You know our figures, bring ideas, and do what you promised last time."),
                ),
            ),
        ),
        (
            _("Going on"),
            (
                Moment(
                    _("Contract renewal"),
                    Metric.NPS,
                    _("You come in time, and with what we have learnt from each other."),
                ),
            ),
        ),
    ),
)
STARTS: dict[str, Start] = {start.key: start for start in (PRIVATE, BUSINESS)}
