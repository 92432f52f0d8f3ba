"""Reading imports: the list, earlier ones of the same file, and where answers would go."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from gloed.base.models import Organisation
from gloed.channels.file_import.models import Import, ImportedSurvey, RememberedMapping
from gloed.channels.file_import.rules import (
    Group,
    file_title,
    headers_key,
    scale_for,
    title_of,
)
from gloed.surveys.models import Question, Survey
from gloed.surveys.rules import RATING_POSITION


def list_imports(organisation: Organisation) -> QuerySet[Import]:
    """An organisation's imports, newest first, with who made them and where they went."""
    return (
        Import.objects.filter(organisation=organisation)
        .select_related("created_by", "job")
        .defer("plan")
        .prefetch_related("surveys__survey")
        .order_by("-created_at", "-pk")
    )


def find_earlier(of_import: Import) -> Import | None:
    """The newest other import of exactly this file whose answers are in the record."""
    return (
        Import.objects.filter(
            organisation_id=of_import.organisation_id,
            sha256=of_import.sha256,
            state__in=[Import.State.DONE, Import.State.WAITING, Import.State.RUNNING],
        )
        .exclude(pk=of_import.pk)
        .order_by("-created_at")
        .first()
    )


def list_fitting_surveys(organisation: Organisation, group: Group) -> list[Survey]:
    """The surveys with a published version of the group's metric and scale, newest first."""
    scale = scale_for(group.metric, group.low, group.high)
    if scale is None:
        return []
    rating = Question.objects.filter(
        position=RATING_POSITION,
        scale_minimum=scale.minimum,
        scale_maximum=scale.maximum,
        high_is_good=True,
    )
    return list(
        Survey.objects.filter(
            organisation=organisation,
            deleted_at=None,
            metric=group.metric,
            current__questions__in=rating,
        ).order_by("-created_at", "-pk")
    )


def propose_targets(of_import: Import, groups: Sequence[Group]) -> dict[str, dict[str, str]]:
    """For each group the survey it goes to: {"survey": public id}, or {"title": a new one}.

    An earlier import of the same file decides, then what was chosen for these headers, then a
    fitting survey of the same title; else a new survey is proposed.
    """
    earlier = find_earlier(of_import)
    used = {} if earlier is None else _surveys_of(earlier)
    remembered = _remembered(of_import)
    title = file_title(of_import.file_name)
    targets: dict[str, dict[str, str]] = {}
    for group in groups:
        fitting = {str(s.public_id): s for s in list_fitting_surveys(of_import.organisation, group)}
        own_title = title_of(group, file_title=title, groups=groups)
        for known in (used.get(group.key), remembered.get(group.key)):
            if known in fitting:
                targets[group.key] = {"survey": str(known)}
                break
        else:
            same = [key for key, survey in fitting.items() if survey.title == own_title]
            targets[group.key] = {"survey": same[0]} if same else {"title": own_title}
    return targets


def list_names(plan: dict[str, Any]) -> Iterator[str]:
    """The names of the columns of an examined file."""
    return (column["name"] for column in plan.get("columns", []))


def _surveys_of(earlier: Import) -> dict[str, str]:
    rows = ImportedSurvey.objects.filter(of_import=earlier).values_list(
        "group", "survey__public_id"
    )
    return {group: str(public_id) for group, public_id in rows}


def _remembered(of_import: Import) -> dict[str, str]:
    memory = RememberedMapping.objects.filter(
        organisation_id=of_import.organisation_id, headers=headers_key(list_names(of_import.plan))
    ).first()
    return {} if memory is None else dict(memory.targets)
