"""What the pages of an organisation share: the tabs, and refusals in words."""

from django.urls import reverse
from django.utils.translation import gettext as _

from gloed.base.policy import StaffRequest
from gloed.base.rules import Refusal, Role, may

PAGE_SIZE = 50


def organisation_tabs(request: StaffRequest, here: str) -> list[tuple[str, str, bool]]:
    """The pages of an organisation that this colleague may open; `here` is the present one."""
    pages = [
        (_("Organisation"), "base:settings", "base.manage_organisation"),
        (_("Colleagues"), "base:staff_list", "base.manage_staff"),
        (_("Teams"), "base:team_list", "base.manage_teams"),
        (_("Keys"), "base:key_list", "base.manage_keys"),
        (_("Audit trail"), "base:audit", "base.view_audit"),
    ]
    role = Role(request.membership.role)
    return [
        (label, reverse(name), name == here) for label, name, needed in pages if may(role, needed)
    ]


def refusal_words(reason: Refusal) -> str:
    """Why nothing was changed, and what to do instead."""
    words = {
        Refusal.LAST_OWNER: _(
            "This is the only owner. An organisation always keeps one: "
            "make somebody else owner first."
        ),
        Refusal.WORKS_HERE: _(
            "Somebody with this address works here already; look in the list of colleagues."
        ),
        Refusal.NAME_TAKEN: _("This name is taken, perhaps by a team that was removed."),
        Refusal.ADDRESS_TAKEN: _("Somebody else logs in with this address."),
        Refusal.WORKS_ELSEWHERE: _(
            "This colleague works for another organisation as well; "
            "only who runs the server can remove the second step."
        ),
        Refusal.INVITED_ANEW: _("Somebody was invited at this address again since."),
    }
    return words[reason]
