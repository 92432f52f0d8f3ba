"""Projects are made, people are asked, members are asked again: the writes behind the old API."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from gloed.base import operations as base
from gloed.base.keys import KeyKind
from gloed.base.models import ApiKey, Organisation, Staff
from gloed.fieldwork import channels
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.operations import Asked
from gloed.fieldwork.rules import own_words_in
from gloed.integrations.delighted.models import Autopilot, AutopilotMember, Project, ProjectKey
from gloed.integrations.delighted.rules import TYPES, locale_in
from gloed.people import operations as people
from gloed.people.models import Person
from gloed.people.rules import PersonData
from gloed.surveys import operations as surveys
from gloed.surveys.models import Survey

AT_ONCE = 200


class AnotherType(Exception):
    """There is a project of this name that asks something else."""


@transaction.atomic
def make_project(
    organisation: Organisation, name: str, survey_type: str, *, by: Staff | None, now: datetime
) -> Project:
    """The project of this name, made with an open survey when there is none.

    Raises AnotherType where it exists with another survey type, KeyError for an unknown type.
    """
    project = Project.objects.filter(organisation=organisation, name=name).first()
    if project is not None:
        if project.survey_type != survey_type:
            raise AnotherType
        return project
    kind = TYPES[survey_type]
    content = surveys.usual_content(organisation, kind.metric, scale=kind.scale)
    survey = surveys.create_survey(
        organisation,
        title=name,
        content=replace(content, presentation=kind.presentation),
        kind=Survey.Kind.TRANSACTIONAL,
        now=now,
    )
    surveys.open_survey(survey, by=by, now=now)
    return Project.objects.create(
        organisation=organisation,
        survey=survey,
        name=name,
        survey_type=survey_type,
        created_at=now,
    )


@transaction.atomic
def make_project_key(project: Project, *, by: Staff | None, now: datetime) -> tuple[ApiKey, str]:
    """A key that selects the project; the ones before it go on until they are ended."""
    key, text = base.make_key(
        project.organisation, project.name, kind=KeyKind.DELIGHTED, by=by, at=now
    )
    ProjectKey.objects.create(key=key, project=project)
    return key, text


def keep_person(
    project: Project, *, email: str, phone: str, name: str, language: str, now: datetime
) -> tuple[Person, bool]:
    """The person of this address or number, made or brought up to date; whether it is new.

    Raises `Forgotten` for somebody who asked to be erased.
    """
    data = PersonData(
        external_id="" if email else f"tel:{phone}",
        name=name,
        email=email,
        phone=phone,
        language=language,
    )
    with transaction.atomic():
        key, _attributes = people.find_or_make_person(project.organisation_id, data, now=now)
    if key is None:
        raise Forgotten
    person = Person.objects.get(pk=key)
    return person, person.created_at == now


class Forgotten(Exception):
    """Somebody asked to be erased and is not made again."""


def ask(
    project: Project,
    person: Person,
    *,
    channel: str,
    properties: Mapping[str, Any],
    delay: int = 0,
    now: datetime,
) -> datetime | None:
    """Ask somebody, if the contact policy allows; when it will be, None where it will not."""
    if channel not in {known.name for known in channels.every()}:
        return None
    if (language := locale_in(properties)) and language != person.language:
        people.change_person(person, {"language": language})
    asked: Asked = fieldwork.ask_one(
        project.survey,
        person,
        channel=channel,
        now=now,
        delay=timedelta(seconds=delay),
        attributes=properties,
        own_words=own_words_in(properties),
    )
    if asked.skip is not None:
        return None
    return now + timedelta(seconds=delay)


def set_autopilot(
    project: Project, platform: str, *, is_active: bool, frequency: int | None, now: datetime
) -> Autopilot:
    """Switch recurring surveys on or off; once on, members that wait for nothing get a turn."""
    autopilot, is_new = Autopilot.objects.get_or_create(
        project=project,
        platform=platform,
        defaults={
            "is_active": is_active,
            "frequency": frequency,
            "created_at": now,
            "updated_at": now,
        },
    )
    if not is_new:
        autopilot.is_active, autopilot.frequency = is_active, frequency
        autopilot.updated_at = now
        autopilot.save(update_fields=["is_active", "frequency", "updated_at"])
    members = AutopilotMember.objects.filter(project=project, platform=platform)
    members.filter(next_at=None).update(next_at=now) if is_active else members.update(next_at=None)
    return autopilot


def join_autopilot(
    project: Project, platform: str, person: Person, properties: Mapping[str, Any], *, now: datetime
) -> tuple[AutopilotMember, bool]:
    """Make somebody a member, or give a member other properties; whether they are new."""
    is_active = Autopilot.objects.filter(
        project=project, platform=platform, is_active=True
    ).exists()
    return AutopilotMember.objects.update_or_create(
        project=project,
        platform=platform,
        person=person,
        defaults={"properties": dict(properties), "updated_at": now},
        create_defaults={
            "properties": dict(properties),
            "next_at": now if is_active else None,
            "created_at": now,
            "updated_at": now,
        },
    )


def leave_autopilot(member: AutopilotMember) -> None:
    """No more recurring surveys; one that waits is taken back."""
    event = _event(member)
    with transaction.atomic():
        for line in Invitation.objects.filter(event__startswith=event, is_open=True, sent_at=None):
            fieldwork.withdraw_event(member.project.survey_id, str(line.event))
        member.delete()


def fly(*, now: datetime) -> int:
    """Ask every member whose turn it is; the number of turns. Repeating it asks nobody twice."""
    due = AutopilotMember.objects.filter(next_at__lte=now, next_at__isnull=False)
    turns = 0
    for member in due.select_related("project__survey", "person").order_by("next_at")[:AT_ONCE]:
        autopilot = Autopilot.objects.filter(
            project=member.project, platform=member.platform, is_active=True
        ).first()
        turn = member.next_at
        if autopilot is not None and turn is not None:
            fieldwork.ask_one(
                member.project.survey,
                member.person,
                channel=member.platform,
                now=now,
                attributes=member.properties,
                own_words=own_words_in(member.properties),
                event=f"{_event(member)}{int(turn.timestamp())}",
            )
            turns += 1
        later = _next_turn(turn, autopilot, now)
        AutopilotMember.objects.filter(pk=member.pk, next_at=turn).update(next_at=later)
    return turns


def _next_turn(
    turn: datetime | None, autopilot: Autopilot | None, now: datetime
) -> datetime | None:
    if autopilot is None or turn is None or not autopilot.frequency:
        return None
    step = timedelta(seconds=autopilot.frequency)
    missed = max(0, (now - turn) // step)
    return turn + step * (missed + 1)


def _event(member: AutopilotMember) -> str:
    return f"autopilot:{member.pk}:"
