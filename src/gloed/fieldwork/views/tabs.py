"""The ways through Ask."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _


def tabs(now: str) -> list[tuple[str, str, bool]]:
    """The parts of Ask that have a page, with the present one marked."""
    parts = [
        ("surveys", _("Surveys"), "surveys:list"),
        ("ways", _("Ways to ask"), "ways:overview"),
        ("waves", _("Waves"), "fieldwork:waves"),
        ("triggers", _("After events"), "fieldwork:triggers"),
        ("ledger", _("Who was asked"), "fieldwork:ledger"),
        ("policy", _("Policy"), "fieldwork:policy"),
    ]
    found = []
    for name, words, view in parts:
        try:
            found.append((words, reverse(view), now == name))
        except NoReverseMatch:  # the room above is not there
            continue
    return found
