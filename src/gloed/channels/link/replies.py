"""The page that follows on what was sent, and the headers every page of this room carries."""

from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from gloed.channels.link import pages
from gloed.channels.link.flow import Told, next_page, page_before, page_to_ask
from gloed.channels.link.pages import Filling, Look
from gloed.channels.link.rules import Submission, browser_wishes
from gloed.surveys.looks import PLAIN, ShownLook
from gloed.surveys.rules import Page, PublishedVersion

Coming = tuple[Page, Told] | None


def coming_after(version: PublishedVersion, filling: Filling) -> Coming:
    """The further page that comes after what was told; None at the end."""
    return next_page(version, filling.told, filling.attributes)


def next_reply(
    sent: Submission,
    look: Look,
    version: PublishedVersion,
    filling: Filling,
    coming: Coming,
    *,
    is_named: bool,
) -> str:
    """The page after the one that was sent, or the one before it."""
    if sent.step == "back":
        return _page_before(sent, look, version, filling)
    if sent.step == "rate":
        return pages.why_page(look, version, filling)
    if coming is not None:
        page, told = coming
        return pages.ask_page(look, version, replace(filling, told=told), page)
    ended = replace(filling, told=replace(filling.told, path=(), on=()))
    return pages.thanks_page(look, version, ended, is_named=is_named)


def _page_before(sent: Submission, look: Look, version: PublishedVersion, filling: Filling) -> str:
    earlier = page_before(version, filling.told) if sent.at == "ask" else None
    if earlier is not None:
        page, told = earlier
        return pages.ask_page(look, version, replace(filling, told=told), page)
    return pages.rate_page(look, version, _from_the_start(filling))


def _from_the_start(filling: Filling) -> Filling:
    return replace(filling, told=replace(filling.told, seen=frozenset(), path=(), on=()))


def same_reply(
    sent: Submission,
    look: Look,
    version: PublishedVersion,
    filling: Filling,
    *,
    is_named: bool,
) -> str:
    """The page that was sent once more, in another language."""
    if sent.at == "why":
        again = replace(filling.told, seen=frozenset())
        return pages.why_page(look, version, replace(filling, told=again))
    if sent.at == "ask" and filling.told.on:
        return _asked_again(look, version, filling)
    if sent.at == "thanks":
        return pages.thanks_page(look, version, filling, is_named=is_named)
    return pages.rate_page(look, version, filling)


def reply_with_problem(
    look: Look, version: PublishedVersion, filling: Filling, problem: str
) -> str:
    """The page that was sent, with what is to be set right."""
    if filling.told.on:
        return _asked_again(look, version, filling, problem=problem)
    again = replace(_from_the_start(filling), is_chosen=filling.rating is not None)
    return pages.rate_page(look, version, again, problem=problem)


def _asked_again(
    look: Look, version: PublishedVersion, filling: Filling, *, problem: str = ""
) -> str:
    page = page_to_ask(version, filling.told, filling.told.on[0])
    again = replace(filling, told=replace(filling.told, on=()))
    return pages.ask_page(look, version, again, page, problem=problem)


def not_chosen(look: Look) -> str:
    """What is said when no rating of the scale was sent."""
    with translation.override(look.language):
        return _("Choose one of the steps below; what you wrote is still here.")


def too_many_chosen(look: Look) -> str:
    """What is said when more options were sent than fit."""
    with translation.override(look.language):
        return _("More was chosen than fits; take some away. The rest is still here.")


def wishes_of(request: HttpRequest, own: str = "") -> Sequence[str]:
    """The languages somebody would like to read, most wanted first."""
    header = request.headers.get("Accept-Language", "")
    return [request.GET.get("l", ""), own, *browser_wishes(header)]


def as_response(
    text: str, *, status: int = 200, is_preview: bool = False, shown: ShownLook = PLAIN
) -> HttpResponse:
    """A page with what keeps it to itself: no script, frame or picture of anybody else."""
    response = HttpResponse(text, status=status)
    response.headers["Content-Security-Policy"] = pages.content_security(
        is_preview=is_preview, own_style=shown.style
    )
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
