"""What handling cases brought: recovery, causes, gestures, and where there was no room."""

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.loop.cases import queries, recovery, sentences
from gloed.loop.cases.views.common import HANDLE

QUARTER = timedelta(days=91)


@require_safe
@staff_may(HANDLE)
def results(request: StaffRequest) -> HttpResponse:
    """The last quarter of cases, and the same people before and after theirs."""
    now = timezone.now()
    since = now - QUARTER
    cases = queries.visible_cases(request.membership)
    found, pairs = recovery.recovery_of(request.membership, now=now)
    opened, no_room = recovery.count_room(cases, since=since)
    used = queries.count_gestures(request.organisation, since=since)
    context = {
        "recovery": found,
        "pairs": int(pairs.transitions.n),
        "closed": pairs.closed,
        "least": recovery.LEAST_PAIRS,
        "opened": opened,
        "no_room": no_room,
        "no_room_words": recovery.list_no_room(cases, since=since),
        "causes": recovery.list_causes(cases, since=since),
        "gestures": [
            (words, used.get(gesture.value, 0)) for gesture, words in sentences.GESTURES.items()
        ],
        "crumbs": [(_("Cases"), reverse("cases:list"))],
    }
    return render_page(request, "cases/results.html", context)
