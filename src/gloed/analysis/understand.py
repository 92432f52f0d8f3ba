"""The tabs of the verb Understand: the pages that exist and that a colleague may open."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

from gloed.base.policy import StaffRequest
from gloed.base.rules import Role, may

TABS = (
    ("changes:changes", gettext_lazy("What changed"), "analysis.view_report"),
    ("explorer:explorer", gettext_lazy("Explore"), "analysis.view_report"),
    ("coding:themes", gettext_lazy("Themes"), "responses.view_answers"),
)


def tabs_of(request: StaffRequest, present: str) -> list[tuple[str, str, bool]]:
    """Name, address and whether it is the present one; a page that is not there is left out."""
    found = []
    for name, label, permission in TABS:
        if not may(Role(request.membership.role), permission):
            continue
        try:
            found.append((str(label), reverse(name), name == present))
        except NoReverseMatch:
            continue
    return found
