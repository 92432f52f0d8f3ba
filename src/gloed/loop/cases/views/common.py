"""What the pages of cases have in common: finding a case, and going back to its card."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gloed.base.policy import StaffRequest
from gloed.loop.cases import queries
from gloed.loop.cases.models import Case
from gloed.loop.cases.operations import Refused

HANDLE, PLAN = "loop.handle_cases", "loop.plan_cases"
REFUSALS: dict[str, Promise] = {
    "closed": _("Nothing was changed: this case is closed. Take it up again first."),
    "may_not": _("Nothing was changed: this colleague does not handle cases."),
    "empty": _("Nothing was kept: there were no words."),
    "name_taken": _("Nothing was changed: this name is on the list already."),
    "another_open": _("It stays closed: this customer has another case that is open."),
}


def find(request: StaffRequest, case_id: UUID) -> Case:
    """A case this colleague may see, or 404."""
    case = queries.find_case(request.membership, case_id)
    if case is None:
        raise Http404
    return case


def to_card(case: Case, place: str = "") -> HttpResponse:
    """Back to the card, at a place of it."""
    url = reverse("cases:card", args=[case.public_id])
    return HttpResponseRedirect(f"{url}#{place}" if place else url)


def tell_refusal(request: StaffRequest, refused: Refused) -> None:
    """Say why nothing happened."""
    messages.warning(request, str(REFUSALS[refused.reason]))


def plan_tabs(view: str) -> list[tuple[str, str, bool]]:
    """The pages on which is decided beforehand, as tabs."""
    pages = (
        ("cases:rules", _("What opens a case")),
        ("cases:routes", _("Who gets it")),
        ("cases:settings", _("Hours, room and causes")),
    )
    return [(str(label), reverse(name), name == view) for name, label in pages]
