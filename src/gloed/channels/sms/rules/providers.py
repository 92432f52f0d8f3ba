"""Providers' addresses in the manner of Apprise: `twilio://account:token@+31970…`.

An address holds everything but the recipient, which is put behind it for each message.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

LONGEST = 600
_SECRET = re.compile(r"[\w.%~+*-]{3,}")


class Problem(StrEnum):
    """Why an address cannot be used."""

    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    INCOMPLETE = "incomplete"
    HAS_RECIPIENT = "has_recipient"


class BadProvider(Exception):
    """An address that cannot be used; never tells the address."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Provider:
    """A kind of provider: its name, what an address looks like, whether it runs in one's house."""

    name: str
    example: str
    is_own_host: bool = False


PROVIDERS = {
    "46elks": Provider("46elks", "46elks://NAME:PASSWORD@SENDER"),
    "bulksms": Provider("BulkSMS", "bulksms://TOKEN_ID:TOKEN_SECRET@"),
    "burstsms": Provider("Kudosity (Burst SMS)", "burstsms://KEY:SECRET@SENDER"),
    "clicksend": Provider("ClickSend", "clicksend://NAME:KEY@"),
    "d7sms": Provider("D7 Networks", "d7sms://TOKEN@"),
    "httpsms": Provider("httpSMS", "httpsms://KEY@SENDER"),
    "infobip": Provider("Infobip", "infobip://KEY@HOST"),
    "kaleyra": Provider("Kaleyra", "kaleyra://SID:KEY@SENDER"),
    "msgbird": Provider("Bird (MessageBird)", "msgbird://KEY/SENDER"),
    "plivo": Provider("Plivo", "plivo://AUTH_ID@TOKEN/SENDER"),
    "seven": Provider("seven", "seven://KEY"),
    "signal": Provider("Signal, own gateway", "signal://HOST:PORT/SENDER", is_own_host=True),
    "signals": Provider("Signal, own gateway (TLS)", "signals://HOST/SENDER", is_own_host=True),
    "sinch": Provider("Sinch", "sinch://PLAN_ID:TOKEN@SENDER"),
    "smseagle": Provider("SMSEagle, own device", "smseagle://TOKEN@HOST", is_own_host=True),
    "smseagles": Provider("SMSEagle, own device (TLS)", "smseagles://TOKEN@HOST", is_own_host=True),
    "sns": Provider("Amazon SNS", "sns://KEY/SECRET/eu-west-1"),
    "telnyx": Provider("Telnyx", "telnyx://KEY@SENDER"),
    "threema": Provider("Threema Gateway", "threema://*GATEWAY@SECRET"),
    "twilio": Provider("Twilio", "twilio://ACCOUNT:TOKEN@SENDER"),
    "vonage": Provider("Vonage", "vonage://KEY:SECRET@SENDER"),
    "whatsapp": Provider("WhatsApp Business", "whatsapp://TOKEN@SENDER_ID"),
}
"""Only providers that reach one person by telephone number, over one call to one host."""


def read_provider(address: str) -> tuple[str, str]:
    """The scheme and the address as it is kept. Raises BadProvider."""
    text = address.strip()
    scheme, sign, rest = text.partition("://")
    scheme = scheme.lower()
    if not sign or not rest or len(text) > LONGEST or not text.isascii() or " " in text:
        raise BadProvider(Problem.UNREADABLE)
    if "?" in rest or "#" in rest or any(sign < "!" for sign in text):
        raise BadProvider(Problem.UNREADABLE)
    if scheme not in PROVIDERS:
        raise BadProvider(Problem.UNKNOWN)
    return scheme, f"{scheme}://{rest.rstrip('/')}"


def address_for(address: str, number: str) -> str:
    """The address of one message: the recipient stands behind everything else."""
    return f"{address}{'' if address.endswith('@') else '/'}{number}"


def hint_of(address: str) -> str:
    """An address as it may be shown: the kind of provider and the last signs of who sends.

    >>> hint_of("twilio://AC12345678:tokentoken@+31970102030")
    'Twilio ••••030'
    """
    scheme, _, rest = address.partition("://")
    name = PROVIDERS[scheme].name if scheme in PROVIDERS else scheme
    if scheme in PROVIDERS and PROVIDERS[scheme].is_own_host:
        try:
            return f"{name} {urlsplit(address).hostname or ''}".strip()
        except ValueError:
            return name
    sender = rest.rpartition("@")[2].rpartition("/")[2]
    is_number = sender.lstrip("+").isdigit() and len(sender) > 6
    return f"{name} ••••{sender[-3:]}" if is_number else name
