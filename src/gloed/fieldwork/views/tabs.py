"""The ways through Ask."""

from django.urls import reverse
from django.utils.translation import gettext as _


def tabs(now: str) -> list[tuple[str, str, bool]]:
    """Surveys, waves, the ledger and the contact policy, with the present one marked."""
    return [
        (_("Surveys"), reverse("surveys:list"), False),
        (_("Waves"), reverse("fieldwork:waves"), now == "waves"),
        (_("Who was asked"), reverse("fieldwork:ledger"), now == "ledger"),
        (_("Policy"), reverse("fieldwork:policy"), now == "policy"),
    ]
