"""What people reply, and forgetting the numbers of those who were erased."""

from collections.abc import Sequence
from datetime import datetime

from gloed.base.models import JournalEntry
from gloed.channels.sms.models import ShortLink, TextHours, TextProvider
from gloed.channels.sms.rules import Reply, normal_number, wish_of
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.operations.wishes import EVERYTHING

NEWEST = 20


def take_reply(provider: TextProvider, sender: str, text: str, *, now: datetime) -> int:
    """Do what a reply asks for: nothing but stopping and starting. How many persons it moved.

    Everybody who was asked at this number is meant: a shared telephone stops for all of them.
    """
    wish = wish_of(text)
    hours = TextHours.objects.filter(organisation=provider.organisation_id).first()
    country = hours.country if hours else "NL"
    bare = sender if sender.startswith(("+", "0")) else f"+{sender}"
    number = normal_number(bare, country=country, is_for_texts=False)
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


def forget_erased(_entries: Sequence[JournalEntry]) -> None:
    """The numbers of erased people go; their links stay, so that they say nothing is here."""
    ShortLink.objects.filter(invitation__person=None).exclude(number="").update(number="")
