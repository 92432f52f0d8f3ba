"""Lines of a case's story that letters write, in words."""

from django.utils.translation import gettext as _

from gloed.loop.cases.models import CaseEvent
from gloed.loop.letters.models import FollowUp, Letter


def sent(event: CaseEvent) -> str:
    """A letter left: a colleague's, or the question that goes by itself."""
    if event.detail.get("kind") == Letter.Kind.SOLVED:
        return _("Asked the customer by itself whether it is solved")
    return _("sent a letter")


def solved(event: CaseEvent) -> str:
    """What the customer said to that question."""
    said = {
        FollowUp.Answer.YES: _("The customer says: it is solved"),
        FollowUp.Answer.PARTLY: _("The customer says: it is partly solved"),
        FollowUp.Answer.NO: _("The customer says: it is not solved"),
    }
    return said.get(event.detail.get("answer", ""), _("The customer answered the question"))
