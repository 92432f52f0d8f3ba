"""The themes of one answer, as small words on its page; a person may add one or take one away."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.coding import queries
from gloed.coding.operations.by_hand import NotPossible, set_theme
from gloed.responses.models import Answer, Response


@require_safe
@staff_may("responses.view_answers")
def words(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """The themes of an answer, for its page to take in."""
    return _words(request, _own(request, answer_id))


@require_POST
@staff_may("coding.code")
def change(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """Add a theme (`add`), or take one away (`remove`). What does not exist changes nothing."""
    response = _own(request, answer_id)
    answers = queries.verbatims_of(response)
    now = timezone.now()
    try:
        if answers and (key := request.POST.get("add", "")):
            set_theme(answers[0], key, is_present=True, staff=request.user, now=now)
        if key := request.POST.get("remove", ""):
            for answer in answers:
                set_theme(answer, key, is_present=False, staff=request.user, now=now)
    except NotPossible:
        pass  # somebody took the theme out of the codebook meanwhile: the list shows it
    if not request.htmx:
        return redirect("coding:words", answer_id)
    return _words(request, response)


def _own(request: StaffRequest, answer_id: UUID) -> Response:
    response = queries.get_response(request.membership, answer_id)
    if response is None:
        raise Http404
    return response


def _words(request: StaffRequest, response: Response) -> HttpResponse:
    answers: list[Answer] = queries.verbatims_of(response)
    language = (get_language() or "en")[:2]
    shown: dict[str, dict[str, object]] = {}
    for mention in queries.mentions_of(answers):
        known = shown.setdefault(
            mention.theme.key,
            {
                "key": mention.theme.key,
                "name": mention.theme.name_in(language),
                "polarity": mention.polarity_text,
                "is_own": False,
            },
        )
        known["is_own"] = known["is_own"] or mention.source == mention.Source.PERSON
    themes = queries.list_live(request.organisation) if answers else []
    context = {
        "response": response,
        "themes": list(shown.values()),
        "others": sorted(
            ((t.name_in(language), t.key) for t in themes if t.key not in shown),
            key=lambda pair: pair[0].lower(),
        ),
        "may_code": may(Role(request.membership.role), "coding.code"),
        "has_words": bool(answers),
    }
    template = "coding/parts/words.html" if request.htmx else "coding/words.html"
    return render_page(request, template, context)
