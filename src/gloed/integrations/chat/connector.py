"""The connector of chat services and mailboxes, by one address each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from gloed.base import mails
from gloed.base.outward import Bounds
from gloed.base.outward.providers import Exchange, plugin_of, speaking
from gloed.integrations.chat.rules import mailbox_of, service_of
from gloed.integrations.chat.words import Said, say
from gloed.integrations.connectors.shape import (
    Access,
    Arriving,
    Memory,
    NotTaken,
    Outcome,
    Setting,
    Taken,
    Unusable,
)
from gloed.integrations.webhooks.rules import News, Told

BOUNDS = Bounds(connect=5.0, read=15.0, total=20.0, reply=100_000)
MOST_CALLS = 4  # some services log in, find the room, and then speak


class Chat:
    """One address: a chat channel, a telephone that rings, or a mailbox."""

    name = "chat"
    label = _("Chat, mail or telephone")
    text = _(
        "A sentence where your team already looks: Slack, Teams, Mattermost, Google Chat, "
        "a mailbox and a dozen others."
    )
    icon = "message-square"
    group = "chat"
    settings = (
        Setting(
            "address",
            _("Address"),
            _(
                "The incoming webhook that the service gave you, an address as in the list "
                "below, or a mailbox such as team@example.org. It is kept sealed."
            ),
            is_secret=True,
            placeholder="https://hooks.slack.com/services/…",
        ),
    )
    hears: Sequence[str] = tuple(news.value for news in News)
    takes_in = False
    needs_person = False

    def check(self, given: Mapping[str, str]) -> str:
        """Whether the address is whole and of a service we speak to. Raises Unusable."""
        address = given.get("address", "").strip()
        if mailbox := mailbox_of(address):
            return mailbox
        plugin = plugin_of(address) if "://" in address else None
        service = service_of(_schemes(plugin)) if plugin is not None else None
        if service is None:
            raise Unusable(
                "address", _("This is no address of a service in the list, or a part is missing.")
            )
        with speaking(Exchange(bounds=lambda: BOUNDS, is_stopped=True)) as dry:
            _speak(plugin, Said("x", "x"))
        if not dry.calls:
            raise Unusable("address", _("A part of this address is missing."))
        return service.name

    def tell(self, access: Access, told: Told, memory: Memory) -> Outcome:
        """Say it in the language of the organisation."""
        with translation.override(access.organisation.language or settings.LANGUAGE_CODE):
            said = say(told)
        return self._hand_over(access.get("address"), said)

    def try_out(self, access: Access) -> Outcome:
        """Say that it works."""
        with translation.override(access.organisation.language or settings.LANGUAGE_CODE):
            said = Said(
                translation.gettext("Gloed is connected"),
                translation.gettext("News arrives here from now on."),
            )
        return self._hand_over(access.get("address"), said)

    def take(self, access: Access, arriving: Arriving, memory: Memory) -> Sequence[Taken]:
        """Chats tell us nothing."""
        raise NotTaken

    def fields(self, access: Access) -> Sequence[tuple[str, str]]:
        """A chat has no fields."""
        return ()

    def _hand_over(self, address: str, said: Said) -> Outcome:
        if mailbox := mailbox_of(address):
            subject = " ".join(said.title.split())
            is_sent = mails.deliver(EmailMessage(subject, said.text + "\n", to=[mailbox]))
            return Outcome(is_done=is_sent, reply="" if is_sent else "the mail server")
        plugin = plugin_of(address)
        if plugin is None:
            return Outcome(reply="the address is not whole")
        with speaking(Exchange(bounds=lambda: BOUNDS, most=MOST_CALLS)) as exchange:
            is_understood = _speak(plugin, said)
        if exchange.trouble is not None:
            return Outcome(reply=exchange.trouble.trouble.value)
        reply = exchange.reply[:300].decode("utf-8", "replace")
        return Outcome(
            is_done=is_understood,
            is_refused=exchange.status is None and not is_understood,
            status=exchange.status,
            reply=reply,
            retry_after=exchange.retry_after,
        )


def _speak(plugin: Any, said: Said) -> bool:
    """Hand one message to a service's part of Apprise."""
    plugin.overflow_mode = "truncate"
    # a service's reader may stumble over an answer nobody foresaw: the call tells, not it
    try:
        return bool(plugin.notify(body=said.text or said.title, title=said.title))
    except Exception:  # noqa: BLE001 - foreign code; what matters is in the exchange
        return False


def _schemes(plugin: Any) -> set[str]:
    found: set[str] = set()
    for part in (plugin.protocol, plugin.secure_protocol):
        found |= {part} if isinstance(part, str) else set(part or ())
    return found


CONNECTOR = Chat()
