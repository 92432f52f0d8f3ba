"""What stands beside a theme: who names it, and what changed in the last 90 days."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from gloed.analysis import reports, store, tasks, words
from gloed.analysis.changes.subjects import own_teams
from gloed.analysis.filters import window_of
from gloed.analysis.queries import Selection, Window
from gloed.analysis.schema import THEME
from gloed.analysis.themes.report import Part, moves_of, parts_of
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.coding.models import Theme
from gloed.surveys.models import Survey

DAYS = "90d"
MOST_SHOWN = 12


@require_safe
@staff_may("responses.view_answers")
def segments(request: StaffRequest, key: str) -> HttpResponse:
    """Which groups name a theme more or less than everybody else, and whether it is named more.

    The theme's page takes it in; it can be read by itself as well.
    """
    organisation = request.organisation
    theme = Theme.objects.filter(organisation=organisation, key=key, is_live=True).first()
    if theme is None:
        raise Http404
    tasks.make_sure(organisation, now=timezone.now())
    source = store.projection_of(organisation)
    survey = request.GET.get("survey", "")
    surveys = Survey.objects.filter(organisation=organisation, deleted_at=None)
    ids = [str(public_id) for public_id in surveys.values_list("public_id", flat=True)]
    when = request.GET.get("when", "")
    today = timezone.localdate()
    filters = own_teams(request.membership)
    chosen = Selection(
        surveys=(survey,) if survey in ids else tuple(ids) or ("none",),
        window=window_of(f"{when}d" if when in {"30", "90", "365"} else "", today=today),
        filters=tuple(filters),
    )
    minimum = organisation.minimum_group
    names = reports.names_of(organisation)
    parts, looks = parts_of(source, chosen, key, minimum=minimum)
    parts = [part for part in parts if part.value is not None]
    clear = [part for part in parts if part.is_clear]
    now = window_of(DAYS, today=today)
    move = _move(source, chosen, now, key, minimum)
    context: dict[str, Any] = {
        "theme": theme,
        "name": theme.name_in((get_language() or "en")[:2]),
        "parts": [_shown(part, names) for part in (clear or parts)[:MOST_SHOWN]],
        "has_clear": bool(clear),
        "looks": looks,
        "move": move,
        "may_explore": may(Role(request.membership.role), "analysis.view_report"),
        "explorer_url": f"{reverse('explorer:explorer')}?{urlencode({THEME: key})}",
        "changes_url": f"{reverse('changes:changes')}?{urlencode({THEME: key})}",
        "answers_url": f"{reverse('analysis:answers')}?{urlencode({THEME: key})}",
    }
    part = "theme_reports/parts/segments.html"
    return render_page(request, part if request.htmx else "theme_reports/segments.html", context)


def _move(
    source: store.Source, chosen: Selection, now: Window, key: str, minimum: int
) -> dict[str, Any] | None:
    """The theme's share in the last 90 days against the 90 before, corrected with all themes."""
    if now.start is None or now.end is None:
        return None
    past = Window(now.start - (now.end - now.start), now.start)
    sides = [
        Selection(surveys=chosen.surveys, window=window, filters=chosen.filters)
        for window in (past, now)
    ]
    moves, _sizes = moves_of(source, sides[0], sides[1], minimum=minimum)
    found = next((move for move in moves if move.key == key), None)
    return None if found is None else {"move": found, "comparisons": len(moves)}


def _shown(part: Part, names: dict[str, str]) -> dict[str, Any]:
    return {
        "column": words.column_label(part.column),
        "value": words.value_label(part.column, part.value, names),
        "share": part.share,
        "against": part.against,
        "is_clear": part.is_clear,
        "url": reverse("explorer:explorer") + "?" + urlencode({"by": part.column}),
    }
