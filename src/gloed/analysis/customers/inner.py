"""The tabs inside Customers: same people, retention and value, accounts."""

from django.utils.translation import gettext_lazy

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest
from gloed.base.rules import Role, may

TABS = (
    ("customers:home", gettext_lazy("Same people"), "analysis.view_report"),
    ("customers:value", gettext_lazy("Retention and value"), "analysis.view_report"),
    ("customers:accounts", gettext_lazy("Accounts"), "responses.view_answers"),
)


def inner_tabs(request: StaffRequest, present: str) -> list[tuple[str, str, bool]]:
    """Name, address and whether it is the present one, of what this colleague may open."""
    role = Role(request.membership.role)
    return [
        (str(label), url, name == present)
        for name, label, permission in TABS
        if may(role, permission) and (url := page_url(name))
    ]
