"""A view of the explorer as a filter on the record itself: the same answers, as they are now.

The explorer's figures come from the projection, which follows the record by a moment. Whoever
reads single answers by a saved view (a program, over an interface) wants those that stand now.
"""

import json
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTransform

from gloed.analysis.filters import Asked
from gloed.analysis.measures import ratings_of
from gloed.analysis.schema import ATTRIBUTE, THEME, attribute_text, is_attribute
from gloed.base.models import Team
from gloed.coding.models import Mention
from gloed.responses.models import Answer, Response
from gloed.surveys.models import Survey, Touchpoint
from gloed.surveys.rules import RATING_POSITION, Metric, Scale


def narrowed(
    responses: QuerySet[Response], asked: Asked, *, survey: Survey, scale: Scale | None
) -> QuerySet[Response]:
    """Those of a survey's responses that a view shows: its days, its filters and its ratings.

    How the view counts and splits them (the latest of each person, weights, columns) is no filter.
    """
    zone = ZoneInfo(survey.organisation.time_zone)
    if asked.window.start is not None:
        responses = responses.filter(responded_at__gte=_midnight(asked.window.start, zone))
    if asked.window.end is not None:
        responses = responses.filter(responded_at__lt=_midnight(asked.window.end, zone))
    if asked.band is not None and scale is not None:
        ratings = ratings_of(Metric(survey.metric), scale, asked.band)
        rated = Answer.objects.filter(
            response=OuterRef("pk"), question__position=RATING_POSITION, rating__in=ratings
        )
        responses = responses.filter(Exists(rated))
    for place, (column, value) in enumerate(asked.filters):
        responses = _having(responses, survey, column, value, place)
    return responses


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def _having(
    responses: QuerySet[Response], survey: Survey, column: str, value: str | None, place: int
) -> QuerySet[Response]:
    if is_attribute(column):
        return _with_attribute(responses, column.removeprefix(ATTRIBUTE), value, f"known_{place}")
    if column == THEME:
        mentions = Mention.objects.filter(answer__response=OuterRef("pk"), theme__is_live=True)
        if value is None:
            return responses.exclude(Exists(mentions))
        return responses.filter(Exists(mentions.filter(theme__key=value)))
    if column == "team":
        return responses.filter(team=_key_of(Team, survey, value))
    if column == "touchpoint":
        key = _key_of(Touchpoint, survey, value)
        if key == survey.touchpoint_id:  # the survey's own holds where an answer brings none
            return responses.filter(Q(touchpoint=key) | Q(touchpoint=None))
        return responses.none() if key is None else responses.filter(touchpoint=key)
    return responses.filter(**{column: value or ""})


def _key_of(model: type[Team] | type[Touchpoint], survey: Survey, value: str | None) -> int | None:
    """The key of a team or moment by its public id; None for "not known", 0 for one not there."""
    if value is None:
        return None
    try:
        public_id = UUID(value)
    except ValueError:
        return 0
    found: Any = model.objects
    rows = found.filter(organisation=survey.organisation_id, public_id=public_id)
    return rows.values_list("pk", flat=True).first() or 0


def _with_attribute(
    responses: QuerySet[Response], name: str, value: str | None, alias: str
) -> QuerySet[Response]:
    """By an attribute as it is shown: 5 and "5" look the same, so both are meant."""
    responses = responses.alias(**{alias: KeyTransform(name, "attributes")})
    if value is None:
        nothing = Q(**{f"{alias}__isnull": True}) | Q(**{alias: None}) | Q(**{alias: ""})
        return responses.filter(nothing)
    wanted = Q(**{alias: value})
    try:
        plain = json.loads(value)
    except ValueError:
        plain = None
    if isinstance(plain, bool | int | float) and attribute_text(plain) == value:
        wanted |= Q(**{alias: plain})
    return responses.filter(wanted)
