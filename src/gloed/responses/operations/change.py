"""Correcting and withdrawing an answer that is on record."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gloed.base import audit, bulk
from gloed.base.models import Organisation, Staff
from gloed.responses import rows
from gloed.responses.models import Answer, Response
from gloed.responses.operations import news
from gloed.responses.rules import GivenAnswer, check_answers
from gloed.surveys import queries as surveys


class NotThere(Exception):
    """The organisation has no such response."""


@transaction.atomic
def correct_answer(
    organisation: Organisation,
    public_id: UUID | str,
    *,
    position: int,
    rating: int | None = None,
    verbatim: str | None = None,
    staff: Staff | None = None,
    now: datetime,
) -> bool:
    """Set right what was written down wrongly; whether anything changed.

    A correction stays: a later delivery of the same response leaves it alone. Give `rating` for
    the rating question, `verbatim` for the open one ("" takes it back). Raises NotThere and
    AnswerRefused.
    """
    response = _locked(organisation, public_id)
    version = surveys.get_version(response.survey.slug, response.version.number)
    given = GivenAnswer(position, rating=rating, verbatim=verbatim or "")
    check_answers([given], version)
    question = version.by_position[position].id
    before = rows.existing_answers([response.pk])[response.pk].get(question)
    wanted = rows.answer_rows(response.pk, [given], version)
    if (wanted[0][2:] if wanted else None) == before:
        return False
    if wanted:
        bulk.upsert_rows(Answer, rows.ANSWER_COLUMNS, wanted, unique=rows.ANSWER_UNIQUE)
    else:
        Answer.objects.filter(response=response, question_id=question).delete()
    response.corrected_at = response.updated_at = now
    response.save(update_fields=["corrected_at", "updated_at"])
    _tell(response, news.UPDATED, now)
    _audit(response, staff, "responses.correct", now, **_ratings(before, given))
    return True


@transaction.atomic
def withdraw_answer(
    organisation: Organisation, public_id: UUID | str, *, staff: Staff | None = None, now: datetime
) -> bool:
    """Take a response out of every score; it stays on record. Whether it was still in."""
    response = _locked(organisation, public_id)
    if response.withdrawn_at is not None:
        return False
    response.withdrawn_at = response.updated_at = now
    response.save(update_fields=["withdrawn_at", "updated_at"])
    _tell(response, news.WITHDRAWN, now)
    _audit(response, staff, "responses.withdraw", now)
    return True


@transaction.atomic
def undo_withdraw(
    organisation: Organisation, public_id: UUID | str, *, staff: Staff | None = None, now: datetime
) -> bool:
    """Let a withdrawn response count again; whether it was out."""
    response = _locked(organisation, public_id)
    if response.withdrawn_at is None:
        return False
    response.withdrawn_at, response.updated_at = None, now
    response.save(update_fields=["withdrawn_at", "updated_at"])
    _tell(response, news.UPDATED, now)
    _audit(response, staff, "responses.undo_withdraw", now)
    return True


def _locked(organisation: Organisation, public_id: UUID | str) -> Response:
    try:
        return (
            Response.objects.select_for_update(of=("self",))
            .select_related("survey", "version", "organisation")
            .get(organisation=organisation, public_id=public_id)
        )
    except Response.DoesNotExist:
        raise NotThere(str(public_id)) from None


def _tell(response: Response, kind: str, now: datetime) -> None:
    news.tell(
        kind,
        organisation=response.organisation_id,
        subject=response.public_id,
        moments=[response.responded_at],
        survey=response.survey.public_id,
        now=now,
    )


def _ratings(before: tuple[Any, ...] | None, given: GivenAnswer) -> dict[str, list[str]]:
    """What the audit trail keeps of a correction: ratings, never words."""
    old = before[0] if before else None
    if old == given.rating:
        return {}
    return {"rating": ["–" if value is None else str(value) for value in (old, given.rating)]}


def _audit(
    response: Response, staff: Staff | None, action: str, now: datetime, **detail: object
) -> None:
    audit.record(
        staff,
        action,
        response.public_id,
        detail,
        organisation=response.organisation,
        at=now,
    )
