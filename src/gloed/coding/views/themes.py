"""The pages of themes: all of them, one of them, and how a codebook starts."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gloed.base.links import page_url
from gloed.base.policy import StaffRequest, staff_may
from gloed.base.rendering import render_page
from gloed.base.rules import Role, may
from gloed.base.undo import take_undo
from gloed.coding import figures, quality, queries, told
from gloed.coding.forms import ScopeForm, StartForm
from gloed.coding.models import Theme
from gloed.coding.operations import codebook as books
from gloed.coding.rules.weeks import Rise

SOUNDS = (-1, 1)
RARE = 0.005
"""A share that would be rounded to none."""


@require_safe
@staff_may("responses.view_answers")
def themes(request: StaffRequest) -> HttpResponse:
    """What answers in words are about: share, sound and base of every theme."""
    codebook = queries.find_codebook(request.organisation)
    context: dict[str, Any] = {"codebook": codebook, **_rights(request)}
    if codebook is None:
        return render_page(request, "coding/themes.html", context, region="themes")
    form = _scope_form(request)
    scope = queries.scope_of(request.membership, **form.narrowing)
    minimum = request.organisation.minimum_group
    found = told.corrected(queries.overview(scope, minimum=minimum), scope)
    language = _language()
    parents = {line.theme.key: line.theme.name_in(language) for line in found.lines}
    reckoned = _reckoned(request, form, scope)
    general = {line.theme.key for line in found.lines if line.theme.is_general}
    points = {k: v for k, v in reckoned.points.items() if k not in general} if reckoned else {}
    rough = quality.rough_keys(request.organisation)
    lines = [
        {
            **_shown(line, language, parents),
            "points": points.get(line.theme.key),
            "is_rough": line.theme.key in rough,
        }
        for line in found.lines
    ]
    context |= {
        "form": form,
        "active": form.active,
        "reset_url": form.address(survey="", when=""),
        "query": form.address().removesuffix("?"),
        "tabs": _tabs(form),
        "who": form.asked["who"],
        "found": found,
        "lines": lines,
        "highest": max((line.share.high or 0.0 for line in found.lines), default=1.0),
        "criticised": [_shown(line, language, {}) for line in found.criticised],
        "minimum": minimum,
        "reckoned": reckoned,
        "lowest": min((one.low or 0.0 for one in points.values()), default=0.0),
        "dearest": max((one.high or 0.0 for one in points.values()), default=0.0),
        "adding": [
            (theme.key, theme.name_in(language), value)
            for theme, value in told.adding_up(reckoned, [line.theme for line in found.lines])
        ],
        "rising": []
        if scope.teams is not None
        else [
            (theme.key, theme.name_in(language), *_percents(rise), rise.since)
            for theme, rise in told.rising_themes(request.organisation)
        ],
        "terms": told.group_terms(request.organisation, form.asked["who"] or "month")
        if scope.teams is None
        else [],
        "suggested": queries.count_suggested(request.organisation),
        "work": queries.recode_job(request.organisation),
        "sees_team_only": scope.teams is not None,
        "undo": take_undo(request),
    }
    return render_page(request, "coding/themes.html", context, region="themes")


@require_safe
@staff_may("responses.view_answers")
def theme(request: StaffRequest, key: str) -> HttpResponse:
    """One theme: its course, how it sounds, in whose words."""
    one = get_object_or_404(Theme, organisation=request.organisation, key=key, is_live=True)
    form = _scope_form(request)
    scope = queries.scope_of(request.membership, **form.narrowing)
    minimum = request.organisation.minimum_group
    line, total = queries.line_of(scope, one)
    if line is not None:
        line = told.corrected_line(line, total, told.correction_of(scope))
    is_shown = line is not None and line.n >= minimum
    language = _language()
    months = queries.course_of(scope, one, minimum=minimum) if is_shown else []
    everything = queries.list_live(request.organisation)
    reckoned = _reckoned(request, form, scope)
    rise = told.rises_of(request.organisation).get(key) if scope.teams is None else None
    sample = quality.checked_sample(request.organisation).samples.get(key)
    context = {
        "theme": one,
        "name": one.name_in(language),
        "definition": one.definition.get(language) or one.definition.get("en", ""),
        "parent": next((t for t in _named(everything, language) if t[0] == one.parent_key), None),
        "children": [(t.key, t.name_in(language)) for t in everything if t.parent_key == one.key],
        "form": form,
        "active": form.active,
        "reset_url": form.address(survey="", when=""),
        "query": form.address().removesuffix("?"),
        "tabs": _tabs(form),
        "line": line if is_shown else None,
        "total": total,
        "minimum": minimum,
        "points": reckoned.points.get(key) if reckoned and not one.is_general else None,
        "rise": (*_percents(rise), rise.since) if rise else None,
        "quality": quality.quality_of(one, sample) if sample else None,
        "segments_url": page_url("theme_reports:segments", key) if is_shown else "",
        "course": figures.course(months, one.name_in(language)),
        "quotes": [(sound, queries.quotes_of(scope, one, sound)) for sound in SOUNDS]
        if is_shown
        else [],
        "sees_team_only": scope.teams is not None,
        **_rights(request),
    }
    return render_page(request, "coding/theme.html", context, region="theme")


@require_http_methods(["GET", "POST"])
@staff_may("coding.edit_codebook")
def start(request: StaffRequest) -> HttpResponse:
    """Choose a trade and languages; the codebook is made and all answers are read."""
    if queries.find_codebook(request.organisation) is not None:
        return redirect("coding:themes")
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        books.start(
            request.organisation,
            packs=form.cleaned_data["packs"],
            languages=form.cleaned_data["languages"],
            staff=request.user,
            now=timezone.now(),
        )
        return redirect("coding:themes")
    status = 422 if form.is_bound else 200
    return render_page(request, "coding/start.html", {"form": form}, status=status)


@require_safe
@staff_may("responses.view_answers")
def progress(request: StaffRequest) -> HttpResponse:
    """How far reading history is, for the page that watches."""
    work = queries.recode_job(request.organisation)
    if queries.find_codebook(request.organisation) is None:
        raise Http404
    if not request.htmx:
        return redirect("coding:themes")
    context = {"work": work, "url": reverse("coding:themes")}
    return render_page(request, "coding/parts/work.html", context)


def _reckoned(request: StaffRequest, form: ScopeForm, scope: queries.Scope) -> told.Figures | None:
    """Points per theme of what is looked at: of everybody alone, and for who sees every answer."""
    if scope.teams is not None or scope.score_class is not None:
        return None
    days = int(form.asked["when"] or 0)
    return told.figures_of(request.organisation, scope.survey, days)


def _percents(rise: Rise) -> tuple[str, str]:
    """The usual share and the present one, in percent."""
    usual, now = (number_format(100 * s, decimal_pos=0) for s in (rise.usual, rise.now))
    return f"{usual}%", f"{now}%"


def _scope_form(request: StaffRequest) -> ScopeForm:
    today = timezone.localdate()
    return ScopeForm(request.GET, organisation=request.organisation, today=today)


def _tabs(form: ScopeForm) -> list[tuple[str, str, bool]]:
    names = {
        "": _("Everybody"),
        "promoters": _("Promoters: keep doing"),
        "passives": _("Passives: what would make it a 9"),
        "detractors": _("Detractors"),
    }
    return [(name, form.address(who=who), form.asked["who"] == who) for who, name in names.items()]


def _shown(line: queries.Line, language: str, parents: dict[str, str]) -> dict[str, Any]:
    """A line of the table with its words and the bar of how it sounds."""
    n = line.n or 1
    return {
        "key": line.theme.key,
        "name": line.theme.name_in(language),
        "parent": parents.get(line.theme.parent_key, ""),
        "share": line.share,
        "is_rare": (line.share.value or 0.0) < RARE,
        "n": line.n,
        "negative": line.negative,
        "neutral": line.neutral,
        "positive": line.positive,
        "bar": [round(100 * part / n, 2) for part in _parts(line)],
    }


def _parts(line: queries.Line) -> tuple[int, int, int, int]:
    """Of the bar: how wide negative and neutral are, where positive begins, and how wide it is."""
    return line.negative, line.neutral, line.negative + line.neutral, line.positive


def _named(themes: list[Theme], language: str) -> list[tuple[str, str]]:
    return [(theme.key, theme.name_in(language)) for theme in themes]


def _rights(request: StaffRequest) -> dict[str, Any]:
    role = Role(request.membership.role)
    return {
        "may_edit": may(role, "coding.edit_codebook"),
        "improve_url": page_url("improvements:new") if may(role, "loop.improve") else "",
    }


def _language() -> str:
    return (get_language() or "en")[:2]
