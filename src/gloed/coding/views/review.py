"""The review queue: random answers, ten in a round, one key per theme."""

from string import ascii_lowercase, ascii_uppercase, digits
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.coding import quality, queries
from gloed.coding.models import CodedVerbatim
from gloed.coding.operations.fitting import learned_keys
from gloed.coding.operations.review import next_answer, record_review
from gloed.coding.rules.quoting import quoted

ROUND = 10
KEYS = ascii_lowercase + digits + ascii_uppercase


@require_safe
@staff_may("coding.edit_codebook")
def review(request: StaffRequest) -> HttpResponse:
    """The next random answer, and what the sample tells so far.

    What the machine found is not shown: whoever sees it first agrees with it too often.
    """
    organisation = request.organisation
    coded = next_answer(organisation)
    done = quality.count_reviewed(organisation)
    language = (get_language() or "en")[:2]
    named = sorted(
        ((theme.name_in(language), theme.key) for theme in queries.list_live(organisation)),
        key=lambda pair: pair[0].lower(),
    )
    learned = learned_keys(organisation)
    context = {
        "coded": coded,
        "text": quoted(coded.answer.verbatim, []).said if coded else "",
        "themes": [
            (KEYS[place] if place < len(KEYS) else "", key, name)
            for place, (name, key) in enumerate(named)
        ],
        "done": done,
        "in_round": done % ROUND + 1,
        "round": ROUND,
        "enough": quality.ENOUGH,
        "qualities": [
            (one.theme.name_in(language), one, one.theme.key in learned)
            for one in quality.qualities(organisation)
        ],
        "enough_to_correct": quality.ENOUGH_TO_CORRECT,
    }
    return render_page(request, "coding/review.html", context)


@require_POST
@staff_may("coding.edit_codebook")
def keep(request: StaffRequest, coded_id: UUID) -> HttpResponse:
    """Keep what was seen in one answer, and go on to the next."""
    coded = get_object_or_404(
        CodedVerbatim.objects.select_related("answer__response", "organisation"),
        organisation=request.organisation,
        public_id=coded_id,
    )
    keys = set(request.POST.getlist("theme"))
    record_review(coded, keys, staff=request.user, now=timezone.now())
    if quality.count_reviewed(request.organisation) % ROUND == 0:
        messages.success(request, _("Ten more are done. Go on, or come back another day."))
    return redirect("coding:review")
