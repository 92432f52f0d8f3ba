"""Which services are spoken to, and how a stranger's words are made harmless there."""

import re
from collections.abc import Collection
from dataclasses import dataclass

LONGEST = 600


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its name, an address to imitate, and the schemes it answers to."""

    name: str
    example: str
    schemes: tuple[str, ...]


SERVICES = (
    Service("Slack", "https://hooks.slack.com/services/T0/B0/KEY", ("slack",)),
    Service(
        "Microsoft Teams (Workflows)",
        "https://….logic.azure.com:443/workflows/…",
        ("workflow", "workflows"),
    ),
    Service("Mattermost", "mmosts://chat.example.org/KEY", ("mmosts", "mmost")),
    Service("Google Chat", "https://chat.googleapis.com/v1/spaces/…", ("gchat",)),
    Service("Rocket.Chat", "rockets://KEY@chat.example.org/#channel", ("rockets", "rocket")),
    Service("Discord", "https://discord.com/api/webhooks/…/…", ("discord",)),
    Service("Zulip", "zulip://bot@example/KEY/stream", ("zulip",)),
    Service("Webex", "wxteams://KEY", ("wxteams", "webex")),
    Service("Nextcloud Talk", "nctalks://USER:PASSWORD@example.org/ROOM", ("nctalks", "nctalk")),
    Service("Matrix", "matrixs://USER:PASSWORD@example.org/#room", ("matrixs", "matrix")),
    Service("Telegram", "tgram://BOT_KEY/CHAT", ("tgram",)),
    Service("ntfy", "ntfys://ntfy.sh/topic", ("ntfys", "ntfy")),
    Service("Gotify", "gotifys://example.org/KEY", ("gotifys", "gotify")),
    Service("Pushover", "pover://USER@KEY", ("pover",)),
    Service("PagerDuty", "pagerduty://KEY@API_KEY", ("pagerduty",)),
    Service("Opsgenie", "opsgenie://KEY", ("opsgenie",)),
)
_ADDRESS = re.compile(r"(?:mailto:)?([^\s@<>:/?&,;]+@[^\s@<>:/?&,;]+\.[^\s@<>:/?&,;]+)")


def mailbox_of(address: str) -> str:
    """The mailbox, where the address is one; else empty.

    >>> mailbox_of("mailto:team@example.org"), mailbox_of("slack://a/b/c")
    ('team@example.org', '')
    """
    found = _ADDRESS.fullmatch(address.strip())
    return found.group(1) if found else ""


def service_of(schemes: Collection[str]) -> Service | None:
    """The service that one of these schemes belongs to; None for one we do not speak to."""
    return next((one for one in SERVICES if set(one.schemes) & set(schemes)), None)


def harmless(words: str) -> str:
    """Words of a stranger so that a chat calls nobody, links nothing and keeps its form.

    >>> harmless("<!channel> @here *look* [x](http://bad)")
    '‹!channel› @\\u200bhere ∗look∗ (x)(http:/\\u200b/bad)'
    """
    plain = words.replace("<", "‹").replace(">", "›").replace("@", "@\u200b")
    plain = plain.replace("*", "∗").replace("`", "'").replace("[", "(").replace("]", ")")
    plain = plain.replace("://", ":/\u200b/").replace("\x00", "")
    plain = " ".join(plain.split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1].rstrip() + "…"
