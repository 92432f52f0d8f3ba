"""What a neighbour puts under the thank-you of somebody in the highest group.

It stands there only once the answer is in, and only for somebody we know by their own link.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Offer:
    """Words in the respondent's language, and the page they lead to."""

    words: str
    url: str


Asker = Callable[[str, str], Offer | None]
"""From the token of the link and the language to what is offered, or nothing."""
_ASKERS: list[Asker] = []


def register(asker: Asker) -> None:
    """Let a channel offer something; from its AppConfig.ready."""
    if asker not in _ASKERS:
        _ASKERS.append(asker)


def as_html(token: str, language: str) -> str:
    """The offers under a thank-you; empty where there are none."""
    found = [offer for asker in _ASKERS if (offer := asker(token, language)) is not None]
    return "".join(f'<p><a href="{escape(one.url)}">{escape(one.words)}</a></p>' for one in found)
