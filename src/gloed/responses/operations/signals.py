"""What was odd about an answer: noted, judged, and set right by a colleague."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gloed.base import audit, bulk
from gloed.base.models import Organisation, Staff
from gloed.base.prepared import prepared_cursor
from gloed.fieldwork.models import Invitation
from gloed.responses.models import InvitationSignal, Response
from gloed.responses.operations import further, news
from gloed.responses.operations.change import locked
from gloed.responses.rules import (
    STRONG,
    IncomingAnswer,
    Signal,
    is_near,
    is_suspicious,
    read_signals,
    write_signals,
)

_SEEN_AROUND = "SELECT signal, seen_at FROM responses_invitationsignal WHERE invitation_id = %s"


def seen_row(answer: IncomingAnswer, invitation_id: int | None, now: datetime) -> tuple[Any, ...]:
    """The values of SEEN_COLUMNS for a new response."""
    found = answer.signals | _around(invitation_id, now)
    seconds = answer.seconds if answer.is_complete else None
    return (seconds, write_signals(found), is_suspicious(found))


def see_again(response: Response, answer: IncomingAnswer, now: datetime) -> None:
    """Judge a response by its latest delivery (not yet saved); a colleague's verdict stands.

    What a person sends after a machine was there counts as the person's. A strong signal stays.
    """
    kept = read_signals(response.signals) & STRONG
    found = answer.signals | kept | _around(response.invitation_id, now)
    response.signals = write_signals(found)
    response.is_suspicious = response.judged_real_at is None and is_suspicious(found)


def _around(invitation_id: int | None, now: datetime) -> frozenset[Signal]:
    """What was seen around an invitation close to this moment."""
    if invitation_id is None:
        return frozenset()
    with prepared_cursor() as cursor:
        cursor.execute(_SEEN_AROUND, [invitation_id])
        rows = cursor.fetchall()
    return frozenset(
        Signal(signal) for signal, seen_at in rows if is_near(bulk.as_moment(seen_at) or now, now)
    )


@transaction.atomic
def note_signal(
    signal: Signal,
    *,
    token: str = "",
    response: UUID | str | None = None,
    now: datetime,
) -> bool:
    """Keep that something odd was seen of an invitation or a response; whether it is known.

    Of an invitation (`token`): HIDDEN_LINK, ALL_LINKS; they weigh with an answer that comes within
    minutes, before or after. Of a response (its public id): any. Repeating it is harmless. Records
    no answer and takes none away.
    """
    if token:
        invitation = Invitation.objects.filter(token=token).first()
        if invitation is None:
            return False
        InvitationSignal.objects.update_or_create(
            invitation=invitation, signal=signal.value, defaults={"seen_at": now}
        )
        standing = Response.objects.filter(invitation=invitation)
    elif response is not None:
        standing = Response.objects.filter(public_id=response)
    else:
        return False
    one = standing.select_for_update(of=("self",)).select_related("survey").first()
    if one is None:
        return bool(token)
    if not token or is_near(one.updated_at, now):
        _add(one, signal, now)
    return True


def _add(response: Response, signal: Signal, now: datetime) -> None:
    found = read_signals(response.signals) | {signal}
    was = response.is_suspicious
    response.signals = write_signals(found)
    response.is_suspicious = response.judged_real_at is None and is_suspicious(found)
    response.save(update_fields=["signals", "is_suspicious"])
    if response.is_suspicious != was:
        _tell(response, now)


@transaction.atomic
def judge_real(
    organisation: Organisation, public_id: UUID | str, *, staff: Staff | None = None, now: datetime
) -> bool:
    """A colleague says that an answer set apart is a person's: it counts. Whether it was apart."""
    response = locked(organisation, public_id)
    if not response.is_suspicious:
        return False
    response.is_suspicious, response.judged_real_at = False, now
    response.updated_at = now
    response.save(update_fields=["is_suspicious", "judged_real_at", "updated_at"])
    if response.status == Response.Status.COMPLETE:
        further.tell_person(response.pk, now=now)
    _tell(response, now)
    _audit(response, staff, "responses.judge_real", now)
    return True


@transaction.atomic
def undo_judge_real(
    organisation: Organisation, public_id: UUID | str, *, staff: Staff | None = None, now: datetime
) -> bool:
    """Take that back: the answer is judged by its signals again. Whether it is apart now."""
    response = locked(organisation, public_id)
    if response.judged_real_at is None:
        return False
    response.judged_real_at, response.updated_at = None, now
    response.is_suspicious = is_suspicious(read_signals(response.signals))
    response.save(update_fields=["is_suspicious", "judged_real_at", "updated_at"])
    _tell(response, now)
    _audit(response, staff, "responses.undo_judge_real", now)
    return response.is_suspicious


def _tell(response: Response, now: datetime) -> None:
    news.tell(
        news.UPDATED,
        organisation=response.organisation_id,
        subject=response.public_id,
        moments=[response.responded_at],
        survey=response.survey.public_id,
        now=now,
    )


def _audit(response: Response, staff: Staff | None, action: str, now: datetime) -> None:
    audit.record(staff, action, response.public_id, {}, organisation=response.organisation, at=now)
