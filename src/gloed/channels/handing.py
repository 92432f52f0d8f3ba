"""What channels that hand invitations over have in common: the batches, and the endings.

Before a message leaves, the channel writes down that it is about to (`note_handing`); afterwards
what became of it. A mark without an ending may have gone out and is not sent again.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from gloed.channels.outcomes import Fate, Outcome
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.operations import DueInvitation, Event

Clock = Callable[[], datetime]


def batches(
    channel: str, *, size: int, until: datetime, now: Clock
) -> Iterator[list[DueInvitation]]:
    """What is due, reminders last, in leased batches until that moment.

    It ends by itself when nothing is due any more; whoever sees `until` pass has more to do.
    """
    while now() < until:
        batch = fieldwork.claim_due(channel, limit=size, now=now())
        batch = batch or fieldwork.due_reminders(channel, limit=size, now=now())
        if not batch:
            return
        yield batch


def set_aside(one: DueInvitation, fates: Counter[str], *, unsendable: str = "", now: Clock) -> bool:
    """End what must not be handed over: it may have gone out, or it cannot be sent (and why)."""
    if one.handed_at is not None:
        fieldwork.note_uncertain(one.id, message_id=one.message_id, now=now())
        fates[Fate.UNCERTAIN] += 1
    elif unsendable:
        fieldwork.note_failed(one.id, is_permanent=True, problem=unsendable, now=now())
        fates[Fate.REFUSED] += 1
    else:
        return False
    return True


def settle(one: DueInvitation, outcome: Outcome, *, message_id: str, now: datetime) -> None:
    """Write down what became of handing over one message."""
    if outcome.fate is Fate.SENT:
        fieldwork.note_sent(one.id, message_id=message_id, now=now)
    elif outcome.fate is Fate.UNCERTAIN:
        fieldwork.note_uncertain(one.id, message_id=message_id, now=now)
    elif outcome.fate is Fate.BOUNCED:
        fieldwork.note_event(Event.BOUNCED, token=one.token, now=now)
        Invitation.objects.filter(pk=one.id).update(problem=outcome.problem)
    else:
        fieldwork.note_failed(
            one.id,
            is_permanent=outcome.fate is Fate.REFUSED,
            problem=outcome.problem,
            now=now,
        )
