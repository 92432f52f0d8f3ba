"""What the page of providers says: why an address or a test did not do, and where replies go."""

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gloed.channels.sms.models import TextProvider
from gloed.channels.sms.rules import Fate, Outcome, Problem

PROBLEMS: dict[Problem, str | Promise] = {
    Problem.UNREADABLE: _("This is no address: it begins with a name and ://, without blanks."),
    Problem.UNKNOWN: _("This kind of provider is not known here; the list below names them."),
    Problem.INCOMPLETE: _("Something is missing in this address; compare it with the list below."),
    Problem.HAS_RECIPIENT: _("Leave the recipient out: Gloed puts it behind for each message."),
}
OURS: dict[str, str | Promise] = {
    "refused": _(
        "Its host is private or not encrypted. An administrator can allow it with "
        "GLOED_OUTWARD_HOSTS."
    ),
    "unknown_host": _("Its host is not known."),
    "no_connection": _("Its host does not answer."),
    "not_trusted": _("Its host has no certificate that can be trusted."),
    "sealed": _("Its address was sealed with another key; add it again."),
    "http 401": _("It does not accept the key."),
    "http 403": _("It does not accept the key."),
    "http 402": _("Its account is empty."),
    "http 429": _("It was asked too often; a minute later it may work."),
}


def test_words(outcome: Outcome) -> str:
    """What became of a test message, and what to do."""
    if outcome.fate is Fate.SENT:
        return str(_("The test message is on its way."))
    if outcome.fate is Fate.UNCERTAIN:
        return str(_("The provider fell silent: the message may arrive, or not. Nothing was lost."))
    known = OURS.get(outcome.problem)
    why = str(known) if known else str(_("It answered: %s.")) % outcome.problem
    return str(_("The provider did not take the test message.")) + " " + why


def reply_secret(provider: TextProvider) -> str:
    """What proves that replies come from this provider; another one after it was renewed."""
    value = f"{provider.public_id}:{provider.reply_nonce}"
    return salted_hmac("gloed.sms.replies", value, algorithm="sha256").hexdigest()[:40]


def reply_address(provider: TextProvider) -> str:
    """Where this provider has to tell of replies."""
    path = str(reverse("sms:replies", args=[provider.public_id, reply_secret(provider)]))
    return f"{settings.BASE_URL}{path}"
