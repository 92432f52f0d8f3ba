"""What people reply, whether messages arrived, and forgetting the numbers of those erased."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from gloed.base.models import JournalEntry
from gloed.channels.sms.models import ShortLink, TextHours, TextProvider
from gloed.channels.sms.rules import Arrival, Reply, Report, normal_number, wish_of
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.operations import Event
from gloed.fieldwork.operations.wishes import EVERYTHING

NEWEST = 20
REPORTED_WITHIN = timedelta(days=4)
"""A report that names no message we know is about the newest one to its number, not an old one."""


def take_reply(provider: TextProvider, sender: str, text: str, *, now: datetime) -> int:
    """Do what a reply asks for: nothing but stopping and starting. How many persons it moved.

    Everybody who was asked at this number is meant: a shared telephone stops for all of them.
    """
    wish = wish_of(text)
    number = _number(provider, sender) if wish else ""
    if wish is None or not number:
        return 0
    links = (
        ShortLink.objects.filter(organisation=provider.organisation_id, number=number)
        .exclude(invitation__person=None)
        .select_related("invitation__person")
        .order_by("-made_at")[:NEWEST]
    )
    newest = {link.invitation.person_id: link.invitation for link in reversed(links)}
    for invitation in newest.values():
        if wish is Reply.STOP:
            fieldwork.opt_out(invitation.token, scope=EVERYTHING, how="text", now=now)
        elif invitation.person is not None:
            fieldwork.opt_in(invitation.person, now=now)
    return len(newest)


def take_report(provider: TextProvider, report: Report, *, now: datetime) -> bool:
    """Write down that a message arrived, or that it will not; False: it is none of ours.

    Told twice, late or out of order it does no harm: what arrived once is not lost any more.
    """
    link = _reported(provider, report, now=now)
    if link is None:
        return False
    invitation = link.invitation
    if report.arrival is Arrival.ARRIVED:
        fieldwork.note_event(Event.DELIVERED, token=invitation.token, now=now)
    elif invitation.delivered_at is None:
        fieldwork.note_event(Event.BOUNCED, token=invitation.token, now=now)
    return True


def _reported(provider: TextProvider, report: Report, *, now: datetime) -> ShortLink | None:
    """By what the provider calls the message, else the newest one to its number without a name."""
    own = ShortLink.objects.filter(organisation=provider.organisation_id)
    own = own.select_related("invitation")
    if report.ids and (named := own.filter(given_id__in=report.ids).first()):
        return named
    numbers = {_number(provider, each) for each in report.numbers} - {""}
    since = now - REPORTED_WITHIN
    lately = Q(made_at__gt=since) | Q(invitation__reminded_at__gt=since)
    nameless = own.filter(lately, number__in=numbers, given_id="")
    return nameless.order_by("-made_at").first() if numbers else None


def _number(provider: TextProvider, said: str) -> str:
    """A number as a provider says it, as we keep it; empty where it is none."""
    hours = TextHours.objects.filter(organisation=provider.organisation_id).first()
    bare = said if said.startswith(("+", "0")) else f"+{said}"
    return normal_number(bare, country=hours.country if hours else "NL", is_for_texts=False)


def forget_erased(_entries: Sequence[JournalEntry]) -> None:
    """The numbers of erased people go; their links stay, so that they say nothing is here."""
    ShortLink.objects.filter(invitation__person=None).exclude(number="").update(number="")
