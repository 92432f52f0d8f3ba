"""Who opened which link of a mail: kept to tell machines from people, never as an answer."""

from datetime import datetime

from django.db import transaction

from gloed.channels.email.models import MailVisit
from gloed.channels.email.rules.visits import Visit, is_burst
from gloed.channels.link.arrivals import Arrival
from gloed.responses.operations import note_signal
from gloed.responses.rules import Signal


def note_arrival(arrival: Arrival) -> None:
    """Keep that the link of a rating was opened; a run through the scale is a machine's."""
    with transaction.atomic():
        MailVisit.objects.bulk_create(
            [MailVisit(invitation_id=arrival.invitation_id, rating=arrival.rating, at=arrival.at)],
            update_conflicts=True,
            unique_fields=["invitation", "rating"],
            update_fields=["at"],
        )
        rows = MailVisit.objects.filter(invitation=arrival.invitation_id)
        visits = [Visit(rating, at) for rating, at in rows.values_list("rating", "at")]
        if is_burst(visits, steps=arrival.steps):
            note_signal(Signal.ALL_LINKS, token=arrival.token, now=arrival.at)


def note_unseen(token: str, *, now: datetime) -> bool:
    """Somebody followed the link that no person sees; whether the mail is known."""
    return note_signal(Signal.HIDDEN_LINK, token=token, now=now)
