"""Which ways of asking there are: channels stand above this room and register themselves here."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gloed.fieldwork.rules import Contact


@dataclass(frozen=True, slots=True)
class AskChannel:
    """A way to reach people.

    `contact` is what must be known of a person. `is_sent_by_us` tells whether a worker hands the
    invitations over (`claim_due`); otherwise they count as sent once the list of links is made.
    `is_in_waves` is false where people are only asked at the moment they are there.
    """

    name: str
    label: str | Promise
    contact: Contact
    is_sent_by_us: bool = True
    is_in_waves: bool = True


LINK = AskChannel("link", _("Personal links, sent by yourself"), Contact.NOTHING, False)
_CHANNELS = {LINK.name: LINK}


def register(channel: AskChannel) -> None:
    """Make a channel choosable; called from the AppConfig.ready of the channel."""
    if _CHANNELS.get(channel.name, channel) != channel:
        raise ValueError(f"a channel is already registered as {channel.name}")
    _CHANNELS[channel.name] = channel


def find(name: str) -> AskChannel:
    """The channel of a name; where nobody registered it, one that needs no contact."""
    return _CHANNELS.get(name, AskChannel(name, name, Contact.NOTHING))


def every() -> list[AskChannel]:
    """All channels, those that we send ourselves first."""
    return sorted(_CHANNELS.values(), key=lambda channel: not channel.is_sent_by_us)


def to_persons() -> list[AskChannel]:
    """Those by which we can ask somebody we know; a kiosk or a website waits for who comes."""
    return [one for one in every() if one.is_in_waves]
