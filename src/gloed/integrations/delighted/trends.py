"""A trend of the old service: a view of the explorer that was kept for all colleagues.

Its id is that of the view. A key belongs to no colleague, so views that somebody kept for
themselves are none.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from gloed.analysis.explorer.asked import ExploreAsked, read_explored
from gloed.analysis.explorer.narrowing import narrowed
from gloed.analysis.explorer.saved import list_shared
from gloed.analysis.models import SavedView
from gloed.integrations.delighted.models import Project
from gloed.integrations.delighted.rules import TYPES
from gloed.responses.models import Response
from gloed.surveys.models import Survey


@dataclass(frozen=True, slots=True)
class Trend:
    """A saved filter: its id as programs give it, and the name colleagues know it by."""

    id: str
    name: str
    address: str


def list_trends(project: Project) -> list[Trend]:
    """The trends of a project, by name."""
    views = list_shared(project.organisation)
    return [
        Trend(view.public_id.hex, view.name, view.address)
        for view in views
        if _is_about(project.survey, _read(view, project))
    ]


def find_trend(project: Project, told: Any) -> ExploreAsked | None:
    """What a trend lets through; None where the project has none of this id."""
    try:
        public_id = UUID(hex=str(told))
    except ValueError:
        return None
    view = list_shared(project.organisation).filter(public_id=public_id).first()
    if view is None:
        return None
    asked = _read(view, project)
    return asked if _is_about(project.survey, asked) else None


def within_trend(
    responses: QuerySet[Response], project: Project, trend: ExploreAsked
) -> QuerySet[Response]:
    """Those of the project's responses that the trend lets through."""
    scale = TYPES[project.survey_type].scale
    return narrowed(responses, trend, survey=project.survey, scale=scale)


def _read(view: SavedView, project: Project) -> ExploreAsked:
    """What the view asks, with its days counted from today in the organisation's zone."""
    today = timezone.localdate(timezone=ZoneInfo(project.organisation.time_zone))
    return read_explored(QueryDict(view.address), today=today)


def _is_about(survey: Survey, asked: ExploreAsked) -> bool:
    """Whether a view is about this survey: by itself, among others, or whichever is there."""
    return asked.about in {"", str(survey.public_id), f"{survey.metric}-{survey.kind}"}
