"""Invitations: asking one person now or later, and the ledger of what became of it."""

from datetime import timedelta
from typing import Annotated, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from gloed.base.keys import Scope
from gloed.base.models import Organisation
from gloed.fieldwork import channels
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation
from gloed.integrations.api.ids import INVITATION, PERSON, SURVEY, id_of, read_id
from gloed.integrations.api.keys import needs
from gloed.integrations.api.paging import page_of
from gloed.integrations.api.problems import Problem, invalid, not_found
from gloed.integrations.api.resources.persons import find_person
from gloed.integrations.api.resources.surveys import find_survey
from gloed.integrations.api.schemas import (
    PROBLEMS,
    After,
    Attributes,
    Body,
    Limit,
    Moment,
    Page,
    Text,
)

router = Router()
A_YEAR = 366 * 24 * 3600


class InvitationIn(Body):
    """Whom to ask, about what, over which channel. The same `event` again is the same ask."""

    survey: str
    person: str
    channel: Annotated[Text, Field(max_length=16)] = "email"
    event: Annotated[Text, Field(max_length=120)] = ""
    delay_seconds: Annotated[int, Field(ge=0, le=A_YEAR)] = 0
    attributes: Attributes = {}


class InvitationOut(Schema):
    """One line of the ledger. `skip` says why somebody was not asked; then there is no link."""

    id: str
    survey: str
    person: str | None
    channel: str
    disposition: str
    skip: str
    link: str | None
    created_at: Moment
    due_at: Moment | None
    sent_at: Moment | None
    answered_at: Moment | None
    expires_at: Moment | None


@router.get(
    "",
    response={200: Page[InvitationOut], **PROBLEMS},
    auth=needs(Scope.READ_SURVEYS),
    operation_id="listInvitations",
)
def list_invitations(
    request: Any,
    after: After,
    limit: Limit,
    survey: Annotated[str, Query("", max_length=60)],
    person: Annotated[str, Query("", max_length=60)],
    disposition: Annotated[str, Query("", max_length=12)],
) -> dict[str, Any]:
    """The ledger: every ask, and everybody who was not asked with the reason."""
    rows = _lines(request.organisation)
    if survey:
        rows = rows.filter(survey=find_survey(request.organisation, survey))
    if person:
        rows = rows.filter(person=find_person(request.organisation, person))
    if disposition:
        rows = rows.filter(disposition=disposition)
    return page_of(rows, after, limit, lambda page: [_shown(line) for line in page])


@router.post(
    "",
    response={200: InvitationOut, 201: InvitationOut, **PROBLEMS},
    auth=needs(Scope.WRITE_INVITATIONS),
    operation_id="invitePerson",
)
def invite_person(request: Any, data: InvitationIn) -> Status[Any]:
    """Ask somebody, if the contact policy allows it; if not, the reply says why."""
    survey = find_survey(request.organisation, data.survey)
    person = find_person(request.organisation, data.person)
    if data.channel not in {channel.name for channel in channels.every()}:
        known = ", ".join(sorted(channel.name for channel in channels.every()))
        raise invalid("/channel", f"There are these channels: {known}.")
    now = timezone.now()
    asked = fieldwork.ask_one(
        survey,
        person,
        channel=data.channel,
        now=now,
        delay=timedelta(seconds=data.delay_seconds),
        attributes=data.attributes,
        event=data.event,
    )
    line = _lines(request.organisation).get(pk=asked.invitation_id)
    return Status(201 if line.created_at == now else 200, _shown(line))


@router.get(
    "{invitation_id}",
    response={200: InvitationOut, **PROBLEMS},
    auth=needs(Scope.READ_SURVEYS),
    operation_id="getInvitation",
)
def get_invitation(request: Any, invitation_id: str) -> dict[str, Any]:
    """One line of the ledger."""
    return _shown(_find(request.organisation, invitation_id))


@router.delete(
    "{invitation_id}",
    response={200: InvitationOut, **PROBLEMS},
    auth=needs(Scope.WRITE_INVITATIONS),
    operation_id="withdrawInvitation",
)
def withdraw_invitation(request: Any, invitation_id: str) -> dict[str, Any]:
    """Take an ask back that has not been answered."""
    line = _find(request.organisation, invitation_id)
    if not fieldwork.withdraw_one(line):
        raise Problem("conflict", "It is not open any more; see its disposition.")
    return _shown(_find(request.organisation, invitation_id))


def _lines(organisation: Organisation) -> Any:
    return Invitation.objects.filter(organisation=organisation).select_related("survey", "person")


def _find(organisation: Organisation, invitation_id: str) -> Invitation:
    wanted = read_id(INVITATION, invitation_id)
    line: Invitation | None = _lines(organisation).filter(public_id=wanted).first()
    if line is None:
        raise not_found()
    return line


def _shown(line: Invitation) -> dict[str, Any]:
    is_ask = line.disposition != Invitation.Disposition.SKIPPED
    address = reverse("link:personal", args=[line.survey.slug, line.token])
    return {
        "id": id_of(INVITATION, line.public_id),
        "survey": id_of(SURVEY, line.survey.public_id),
        "person": id_of(PERSON, line.person.public_id) if line.person else None,
        "channel": line.channel,
        "disposition": line.disposition,
        "skip": line.skip,
        "link": settings.BASE_URL.rstrip("/") + address if is_ask else None,
        "created_at": line.created_at,
        "due_at": line.due_at,
        "sent_at": line.sent_at,
        "answered_at": line.answered_at,
        "expires_at": line.expires_at,
    }
