"""Themes: what answers in words are about, with share, interval and sound."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from gloed.base.keys import Scope as Right
from gloed.base.models import Organisation
from gloed.coding import queries
from gloed.coding.models import Theme
from gloed.coding.queries import Line, Month, Scope
from gloed.coding.told import corrected, corrected_line, correction_of
from gloed.integrations.api.ids import SURVEY
from gloed.integrations.api.keys import needs
from gloed.integrations.api.problems import not_found
from gloed.integrations.api.resources.scores import EstimateOut, estimate_shown
from gloed.integrations.api.resources.surveys import find_survey
from gloed.integrations.api.schemas import PROBLEMS

router = Router()
DAYS = {"30d": 30, "90d": 90, "365d": 365}
When = Literal["", "30d", "90d", "365d"]


class ThemeOut(Schema):
    """One theme: who names it, of all who wrote something, and how it sounds.

    `share` is from 0 to 1. `negative`, `neutral` and `positive` count the answers that name it.
    """

    key: str
    name: str
    parent: str | None
    n: int
    share: EstimateOut
    negative: int
    neutral: int
    positive: int
    page: str


class ThemesOut(Schema):
    """Every theme that enough answers name; `few` is how many too few name to be shown."""

    answers: int
    few: int
    data: list[ThemeOut]


class MonthOut(Schema):
    """A month of a theme; no share where too few answered."""

    start: date
    n: int
    share: EstimateOut | None


class ThemeWithCourse(ThemeOut):
    """One theme and its course."""

    definition: str
    course: list[MonthOut]


class WantedThemes(Schema):
    """Which answers."""

    survey: Annotated[str, Field(max_length=60, description=f"{SURVEY}_…; left out: all")] = ""
    when: When = ""


@router.get(
    "",
    response={200: ThemesOut, **PROBLEMS},
    auth=needs(Right.READ_THEMES),
    operation_id="listThemes",
)
def list_themes(request: Any, wanted: Annotated[WantedThemes, Query()]) -> dict[str, Any]:
    """What people write about, the surely most named first; without a codebook there is none."""
    scope = scope_of(request.organisation, wanted.survey, wanted.when)
    return themes_shown(scope, request.organisation.language)


@router.get(
    "{key}",
    response={200: ThemeWithCourse, **PROBLEMS},
    auth=needs(Right.READ_THEMES),
    operation_id="getTheme",
)
def get_theme(request: Any, key: str, wanted: Annotated[WantedThemes, Query()]) -> dict[str, Any]:
    """One theme by month; not found too where too few name it to be shown."""
    house: Organisation = request.organisation
    theme = Theme.objects.filter(organisation=house, key=key, is_live=True).first()
    if theme is None or "\x00" in key:
        raise not_found()
    scope = scope_of(house, wanted.survey, wanted.when)
    line, total = queries.line_of(scope, theme)
    if line is None or line.n < house.minimum_group:
        raise not_found()
    line = corrected_line(line, total, correction_of(scope))
    definition: Mapping[str, str] = theme.definition
    months = queries.course_of(scope, theme, minimum=house.minimum_group)
    return {
        **line_shown(line, house.language),
        "definition": definition.get(house.language) or definition.get("en", ""),
        "course": [_month(month) for month in months],
    }


def scope_of(organisation: Organisation, survey: str, when: str) -> Scope:
    """The answers that are meant, of every team."""
    found = find_survey(organisation, survey) if survey else None
    with timezone.override(organisation.time_zone):
        today = timezone.localdate()
    since = today - timedelta(days=DAYS[when] - 1) if when else None
    return Scope(organisation, survey=found.pk if found else None, since=since)


def themes_shown(scope: Scope, language: str) -> dict[str, Any]:
    """Every theme of a scope that may be shown."""
    if queries.find_codebook(scope.organisation) is None:
        return {"answers": 0, "few": 0, "data": []}
    found = corrected(queries.overview(scope, minimum=scope.organisation.minimum_group), scope)
    return {
        "answers": found.total,
        "few": found.few,
        "data": [line_shown(line, language) for line in found.lines],
    }


def line_shown(line: Line, language: str) -> dict[str, Any]:
    """One theme as a program sees it."""
    return {
        "key": line.theme.key,
        "name": line.theme.name_in(language),
        "parent": line.theme.parent_key or None,
        "n": line.n,
        "share": estimate_shown(line.share),
        "negative": line.negative,
        "neutral": line.neutral,
        "positive": line.positive,
        "page": settings.BASE_URL.rstrip("/") + reverse("coding:theme", args=[line.theme.key]),
    }


def _month(month: Month) -> dict[str, Any]:
    return {"start": month.start, "n": month.n, "share": estimate_shown(month.share)}
