"""Why somebody stays outside, in words."""

from django.utils.translation import gettext_lazy as _

from gloed.base.sso.rules import Refusal

REFUSALS = {
    Refusal.NOT_VERIFIED: _(
        "The service does not vouch for your address. Confirm it there, or log in with your "
        "password."
    ),
    Refusal.OTHER_DOMAIN: _("Your address is of a domain that is not let in this way."),
    Refusal.NOT_INVITED: _("Nobody invited this address yet. Ask an owner of your organisation."),
    Refusal.WORKS_ELSEWHERE: _(
        "You work for several organisations here, and a service of one does not open the others. "
        "Log in with your password."
    ),
    Refusal.CLOSED: _(
        "This account is closed. Ask an owner of your organisation to open it again."
    ),
}
