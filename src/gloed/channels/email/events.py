"""News of a provider, brought to the ledger: repeated, late or out of order it does no harm."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from gloed.channels.email.rules.news import News
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.operations import Event
from gloed.fieldwork.operations.wishes import EVERYTHING
from gloed.fieldwork.rules.policy import Disposition, before

LOST = "not delivered"
_EVENTS = {
    News.DELIVERED: Event.DELIVERED,
    News.BOUNCED: Event.BOUNCED,
    News.COMPLAINED: Event.COMPLAINED,
}


Listener = Callable[..., bool]
_LISTENERS: list[Listener] = []


def listen(listener: Listener) -> None:
    """Hear of mails that are no invitations: `listener(message_id, news, now=…)` says if it is its.

    Called from an AppConfig.ready.
    """
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def tell(names: Iterable[str], news: News, *, now: datetime) -> bool:
    """Tell the others of a mail that has one of these names; False where nobody knows it."""
    return any(listener(name, news, now=now) for name in names for listener in _LISTENERS)


def note(invitation: UUID, news: News, *, now: datetime) -> bool:
    """Write down what became of an invitation's mail; False where it is not known.

    A bounce for good suppresses the address; a complaint, and leaving at the provider, end all
    asking.
    """
    token = Invitation.objects.filter(public_id=invitation).values_list("token", flat=True).first()
    if token is None:
        return False
    if news is News.LEFT:
        return fieldwork.opt_out(token, scope=EVERYTHING, how="provider", now=now)
    if news is News.LOST:
        return _lose(token)
    return fieldwork.note_event(_EVENTS[news], token=token, now=now)


def _lose(token: str) -> bool:
    """The mail did not arrive, and nothing is wrong with the address: it may be asked again."""
    lost = Invitation.objects.filter(
        token=token, reminders=0, disposition__in=before(Disposition.DELIVERED)
    )
    lost.update(disposition=Disposition.FAILED, is_open=False, leased_until=None, problem=LOST)
    return True
