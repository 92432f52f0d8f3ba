"""What each mail provider wants in the head of a mail sent through its SMTP door.

Two things: no tracking of opens and clicks (a pixel tells on people, a rewritten link breaks the
touch that we wait for), and a word of ours that comes back with every event, because most providers
put a Message-ID of their own in place of ours.
"""

import json
from collections.abc import Callable, Mapping

WORD = "gloed"
Headers = Mapping[str, str]


def _postmark(word: str) -> Headers:
    return {
        f"X-PM-Metadata-{WORD}": word,
        "X-PM-TrackOpens": "false",
        "X-PM-TrackLinks": "None",
    }


def _mailgun(word: str) -> Headers:
    return {"X-Mailgun-Variables": json.dumps({WORD: word}), "X-Mailgun-Track": "no"}


def _brevo(word: str) -> Headers:
    return {"X-Mailin-custom": json.dumps({WORD: word})}


def _mailjet(word: str) -> Headers:
    return {
        "X-MJ-EventPayload": json.dumps({WORD: word}),
        "X-Mailjet-TrackOpen": "0",
        "X-Mailjet-TrackClick": "0",
    }


def _sparkpost(word: str) -> Headers:
    options = {"open_tracking": False, "click_tracking": False, "transactional": True}
    return {"X-MSYS-API": json.dumps({"metadata": {WORD: word}, "options": options})}


def _mandrill(word: str) -> Headers:
    return {"X-MC-Metadata": json.dumps({WORD: word}), "X-MC-Track": "none"}


def _metadata(word: str) -> Headers:
    return {"X-Metadata": json.dumps({WORD: word})}


HEADERS: Mapping[str, Callable[[str], Headers]] = {
    "amazon_ses": _metadata,
    "brevo": _brevo,
    "mailgun": _mailgun,
    "mailjet": _mailjet,
    "mandrill": _mandrill,
    "postmark": _postmark,
    "resend": _metadata,
    "sparkpost": _sparkpost,
}


def headers_for(provider: str, message_id: str) -> dict[str, str]:
    """The headers of a mail for a provider; none without one. `message_id` is ours, in brackets."""
    make = HEADERS.get(provider)
    return dict(make(message_id.strip("<>"))) if make else {}
