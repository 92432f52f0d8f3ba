"""Correcting and withdrawing an answer that is on record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gloed.base import audit, bulk
from gloed.base.models import Organisation, Staff
from gloed.people.models import Person
from gloed.responses import rows
from gloed.responses.models import Answer, Consent, Response
from gloed.responses.operations import further, news
from gloed.responses.rules import AnswerRefused, GivenAnswer, Reason, check_answers
from gloed.surveys import queries as surveys
from gloed.surveys.rules import Kind


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
    choices: Sequence[str] = (),
    staff: Staff | None = None,
    now: datetime,
) -> bool:
    """Set right what was written down wrongly; whether anything changed.

    A correction stays: a later delivery of the same response leaves it alone. Give `rating` for
    a rating question, `verbatim` for an open one ("" takes it back), `choices` for a choice. What
    rests on the answer set right goes with it: answers to questions that it hides. A consent is the
    respondent's own: it is not set right here. Raises NotThere and AnswerRefused.
    """
    response = locked(organisation, public_id)
    version = surveys.get_version(response.survey.slug, response.version.number)
    given = GivenAnswer(position, rating, verbatim or "", choices=tuple(choices))
    check_answers([given], version)
    if version.by_position[position].kind in (Kind.CONSENT, Kind.CONTACT):
        raise AnswerRefused(Reason.NOT_ASKED_FOR)
    question = version.by_position[position].id
    before = rows.existing_answers([response.pk])[response.pk].get(question)
    wanted = rows.answer_rows(response.pk, [given], version)
    if (wanted[0][2:] if wanted else None) == before:
        return False
    if wanted:
        bulk.upsert_rows(Answer, rows.ANSWER_COLUMNS, wanted, unique=rows.ANSWER_UNIQUE)
    else:
        Answer.objects.filter(response=response, question_id=question).delete()
    further.drop_hidden(response, version, now=now)
    response.corrected_at = response.updated_at = now
    response.save(update_fields=["corrected_at", "updated_at"])
    _tell(response, news.UPDATED, now)
    _audit(response, staff, "responses.correct", now, **_ratings(before, given))
    return True


@transaction.atomic
def take_consent_back(
    organisation: Organisation, public_id: UUID | str, *, position: int, now: datetime
) -> bool:
    """The respondent allows it no longer; whether they did. The rating and the words stay.

    Contact details that rested on it go at once. Raises NotThere and AnswerRefused.
    """
    response = locked(organisation, public_id)
    version = surveys.get_version(response.survey.slug, response.version.number)
    question = version.by_position.get(position)
    if question is None or question.kind != Kind.CONSENT:
        raise AnswerRefused(Reason.UNKNOWN_QUESTION)
    standing = Consent.objects.filter(response=response, question_id=question.id, withdrawn_at=None)
    if not standing.update(withdrawn_at=now):
        return False
    Answer.objects.filter(response=response, question_id=question.id).delete()
    further.drop_hidden(response, version, now=now)
    response.updated_at = now
    response.save(update_fields=["updated_at"])
    _tell(response, news.UPDATED, now)
    return True


@transaction.atomic
def change_context(
    response: Response,
    *,
    person: Person | None = None,
    attributes: Mapping[str, Any] | None = None,
    tags: Sequence[str] | None = None,
    staff: Staff | None = None,
    now: datetime,
) -> None:
    """Set right whose answer it is, or what was known of them then; None leaves it as it is."""
    response = locked(response.organisation, response.public_id)
    if person is not None:
        response.person = person
    if attributes is not None:
        response.attributes = bulk.keepable(attributes)
    if tags is not None:
        response.tags = bulk.keepable(tags)
    response.updated_at = now
    response.save(update_fields=["person", "attributes", "tags", "updated_at"])
    _tell(response, news.UPDATED, now)
    _audit(response, staff, "responses.correct", now)


@transaction.atomic
def withdraw_answer(
    organisation: Organisation, public_id: UUID | str, *, staff: Staff | None = None, now: datetime
) -> bool:
    """Take a response out of every score; it stays on record. Whether it was still in."""
    response = locked(organisation, public_id)
    if response.withdrawn_at is not None:
        return False
    response.withdrawn_at = response.updated_at = now
    response.save(update_fields=["withdrawn_at", "updated_at"])
    response.consents.filter(withdrawn_at=None).update(withdrawn_at=now)
    _tell(response, news.WITHDRAWN, now)
    _audit(response, staff, "responses.withdraw", now)
    return True


@transaction.atomic
def undo_withdraw(
    organisation: Organisation, public_id: UUID | str, *, staff: Staff | None = None, now: datetime
) -> bool:
    """Let a withdrawn response count again; whether it was out."""
    response = locked(organisation, public_id)
    if response.withdrawn_at is None:
        return False
    response.consents.filter(withdrawn_at=response.withdrawn_at).update(withdrawn_at=None)
    response.withdrawn_at, response.updated_at = None, now
    response.save(update_fields=["withdrawn_at", "updated_at"])
    _tell(response, news.UPDATED, now)
    _audit(response, staff, "responses.undo_withdraw", now)
    return True


def locked(organisation: Organisation, public_id: UUID | str) -> Response:
    """The response as it is now, held until the end of the transaction; raises NotThere."""
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
