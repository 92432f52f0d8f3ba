"""The tabs inside Passives: what holds them back, whom we work on, what they were given."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from gloed.base.policy import StaffRequest
from gloed.base.rules import Role, may

SEE, HANDLE, JUDGE = "responses.view_answers", "loop.handle_cases", "loop.plan_cases"
ASK = "surveys.edit"
TABS = (
    ("passives:home", gettext_lazy("What holds them back"), SEE),
    ("passives:worklist", gettext_lazy("Worklist"), HANDLE),
    ("passives:offers", gettext_lazy("Offers and perks"), HANDLE),
)


def inner_tabs(request: StaffRequest, present: str) -> list[tuple[str, str, bool]]:
    """Name, address and whether it is the present one, of what this colleague may open."""
    return [
        (str(label), reverse(name), name == present)
        for name, label, permission in TABS
        if may_do(request, permission)
    ]


def may_do(request: StaffRequest, permission: str) -> bool:
    """Whether this colleague may."""
    return may(Role(request.membership.role), permission)
