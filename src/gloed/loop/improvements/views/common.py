"""What several pages of improvements need."""

from datetime import date
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gloed.base.policy import StaffRequest
from gloed.base.rules import Role, may
from gloed.loop.improvements import queries
from gloed.loop.improvements.labels import LOUD, SIGNS
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.queries import Card
from gloed.loop.improvements.rules import Sign


def own(request: StaffRequest, improvement_id: UUID) -> Improvement:
    """One that this colleague may see, else 404."""
    found = queries.get_improvement(request.membership, improvement_id)
    if found is None:
        raise Http404
    return found


def may_improve(request: StaffRequest) -> bool:
    """Whether this colleague may change improvements."""
    return may(Role(request.membership.role), "loop.improve")


def today() -> date:
    """The day by the organisation's clock, which holds on every page of a colleague."""
    return timezone.localdate()


def sign_words(signs: tuple[Sign, ...], *, only: tuple[Sign, ...] = ()) -> list[str]:
    """What stands out, in words."""
    return [str(SIGNS[sign]) for sign in signs if not only or sign in only]


def loud_words(card: Card) -> list[str]:
    """What a card says aloud."""
    return sign_words(card.signs, only=LOUD)


def ways_to_look(present: str) -> list[tuple[str, str, bool]]:
    """Board, list and timeline of the same improvements."""
    ways = (("list", _("List")), ("board", _("Board")), ("timeline", _("Timeline")))
    return [(words, reverse(f"improvements:{name}"), name == present) for name, words in ways]
