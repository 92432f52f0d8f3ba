"""Why somebody would not be asked, in words."""

from django.utils.translation import gettext as _

from gloed.fieldwork.models import Invitation
from gloed.fieldwork.previews import Verdict
from gloed.fieldwork.sentences import condition_words, moment_words


def verdict_words(verdict: Verdict) -> str:
    """The reason against an ask with what ends it; empty where nothing stands against it."""
    if verdict.failed is not None:
        return _("it must hold that %(condition)s") % {"condition": condition_words(verdict.failed)}
    if verdict.skip is None:
        return ""
    reason = str(dict(Invitation.Skip.choices)[verdict.skip])
    if verdict.possible_at is None:
        return reason
    return _("%(reason)s; possible from %(moment)s") % {
        "reason": reason,
        "moment": moment_words(verdict.possible_at),
    }
