"""The one door in: every channel ends here, and a repeated delivery changes nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gloed.base import bulk
from gloed.base.models import Team
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.queries import AskedPerson, find_invitation
from gloed.people import operations as people
from gloed.responses import rows
from gloed.responses.models import Answer, Consent, Response
from gloed.responses.operations import further, news, signals
from gloed.responses.rules import (
    AnswerRefused,
    GivenAnswer,
    IncomingAnswer,
    Outcome,
    Reason,
    Receipt,
    check_answers,
    comes_too_late,
    key_of,
    reason_to_refuse,
)
from gloed.surveys import queries as surveys
from gloed.surveys.models import SurveyVersion, Touchpoint
from gloed.surveys.queries import AskedSurvey
from gloed.surveys.rules import RATING_POSITION, PublishedVersion


def receive_answer(answer: IncomingAnswer, *, survey: AskedSurvey, now: datetime) -> Receipt:
    """Take one delivery in, durably, and say what it changed.

    The same key again is the same response: a repeated or concurrent delivery changes nothing, a
    different rating is a change of mind, a position that is not mentioned stays as it is. What
    staff corrected, what was withdrawn and what was erased is left alone. Raises AnswerRefused.
    """
    if survey.is_deleted:
        raise AnswerRefused(Reason.UNKNOWN_SURVEY)
    version = _version(answer, survey)
    check_answers(answer.answers, version)
    invitation = _invitation(answer, survey) if answer.token else None
    key = key_of(answer, survey=survey.id, invitation=invitation.id if invitation else None)
    with transaction.atomic():
        _check_door(answer, survey, invitation, key, now)
        receipt = _record(answer, survey, version, invitation, key, now)
        if receipt is None:
            receipt = _revise(answer, survey, version, key, now)
        if invitation and receipt.outcome is not Outcome.UNCHANGED:
            fieldwork.note_answer(invitation.id, is_complete=answer.is_complete, now=now)
    return replace(receipt, own_words=invitation.own_words) if invitation else receipt


def _version(answer: IncomingAnswer, survey: AskedSurvey) -> PublishedVersion:
    number = answer.version or survey.current
    if number is None or survey.current is None:
        raise AnswerRefused(Reason.NOT_PUBLISHED)
    try:
        return surveys.get_version(survey.slug, number)
    except SurveyVersion.DoesNotExist:
        raise AnswerRefused(Reason.UNKNOWN_VERSION) from None


def _invitation(answer: IncomingAnswer, survey: AskedSurvey) -> AskedPerson:
    invitation = find_invitation(answer.token)
    if invitation is None or invitation.survey_id != survey.id:
        raise AnswerRefused(Reason.UNKNOWN_INVITATION)
    return invitation


def _check_door(
    answer: IncomingAnswer,
    survey: AskedSurvey,
    invitation: AskedPerson | None,
    key: str,
    now: datetime,
) -> None:
    """Refuse what comes to a closed door; the usual case asks the database nothing."""
    expires_at = invitation.expires_at if invitation else None
    is_expired = expires_at is not None and expires_at <= now
    is_empty = all(given.is_empty for given in answer.answers)
    if survey.is_open and not is_expired and not is_empty:
        return
    is_begun = Response.objects.filter(organisation_id=survey.organisation_id, key=key).exists()
    reason = reason_to_refuse(
        is_open=survey.is_open, closed_at=survey.closed_at, is_begun=is_begun, now=now
    )
    if reason:
        raise AnswerRefused(reason)
    if is_expired and not is_begun:
        raise AnswerRefused(Reason.INVITATION_EXPIRED)
    if is_empty and not is_begun:
        raise AnswerRefused(Reason.NOTHING_ANSWERED)


def _record(
    answer: IncomingAnswer,
    survey: AskedSurvey,
    version: PublishedVersion,
    invitation: AskedPerson | None,
    key: str,
    now: datetime,
) -> Receipt | None:
    """Store a new response; nothing when the key is on record already."""
    person_id, attributes = _person(answer, survey, invitation, now)
    answer = further.as_kept(answer, version, {}, attributes)
    context = rows.Context(
        version=version,
        person_id=person_id,
        invitation_id=invitation.id if invitation else None,
        touchpoint_id=_touchpoint(answer, survey),
        team_id=_team(answer, survey),
    )
    responded_at = answer.responded_at or now
    if invitation:
        answer = replace(answer, channel=answer.channel or invitation.channel)
    public_id = bulk.new_uuids(1)[0]
    seen = signals.seen_row(answer, context.invitation_id, now)
    row = rows.response_row(
        rows.content_row(answer, context, responded_at=responded_at, attributes=attributes),
        public_id=public_id,
        organisation_id=survey.organisation_id,
        survey_id=survey.id,
        key=key,
        source=answer.source,
        batch=None,
        row=answer.row,
        now=bulk.moment(now),
    )
    columns = (*rows.RESPONSE_COLUMNS, *rows.SEEN_COLUMNS)
    response_id = bulk.insert_new(Response, columns, (*row, *seen), unique=rows.RESPONSE_UNIQUE)
    if response_id is None:
        return None
    bulk.append_rows(
        Answer, rows.ANSWER_COLUMNS, rows.answer_rows(response_id, answer.answers, version)
    )
    if version.further:
        further.keep_apart(response_id, answer, version, now=now)
        if answer.is_complete:
            further.tell_person(response_id, now=now)
    public = str(UUID(public_id))
    news.tell(
        news.RECORDED,
        organisation=survey.organisation_id,
        subject=public,
        moments=[responded_at],
        survey=survey.public_id,
        now=now,
    )
    return Receipt(public, Outcome.NEW, _rating(answer.answers))


def _person(
    answer: IncomingAnswer, survey: AskedSurvey, invitation: AskedPerson | None, now: datetime
) -> tuple[int | None, Mapping[str, Any]]:
    """The person and the attributes as they are at this moment."""
    if invitation:
        return invitation.person_id, {**invitation.attributes, **answer.attributes}
    if answer.person is None:
        return None, answer.attributes
    person_id, own = people.find_or_make_person(survey.organisation_id, answer.person, now=now)
    return person_id, {**own, **answer.attributes}


def _touchpoint(answer: IncomingAnswer, survey: AskedSurvey) -> int | None:
    if not answer.touchpoint:
        return survey.touchpoint_id
    found, _ = Touchpoint.objects.get_or_create(
        organisation_id=survey.organisation_id, name=answer.touchpoint.strip()[:120]
    )
    return found.pk


def _team(answer: IncomingAnswer, survey: AskedSurvey) -> int | None:
    if not answer.team:
        return None
    found, _ = Team.objects.get_or_create(
        organisation_id=survey.organisation_id, name=answer.team.strip()[:120]
    )
    return found.pk


def _rating(answers: tuple[GivenAnswer, ...]) -> int | None:
    return next((given.rating for given in answers if given.position == RATING_POSITION), None)


def _revise(
    answer: IncomingAnswer,
    survey: AskedSurvey,
    version: PublishedVersion,
    key: str,
    now: datetime,
) -> Receipt:
    """Bring a response that is on record up to date with what its respondent sends now."""
    response = Response.objects.select_for_update().get(
        organisation_id=survey.organisation_id, key=key
    )
    if response.withdrawn_at is not None:
        raise AnswerRefused(Reason.WITHDRAWN)
    kept = Receipt(str(response.public_id), Outcome.UNCHANGED, _rating(answer.answers))
    if response.erased_at or response.corrected_at:
        return kept
    if comes_too_late(response.revision, answer.revision):
        return kept
    if version.further:
        standing = further.standing_answers(response.pk, version)
        answer = further.as_kept(answer, version, standing, response.attributes)
    is_changed = _change_answers(response, answer, version, now)
    if version.further:
        is_changed |= further.keep_apart(response.pk, answer, version, now=now)
    is_completed = answer.is_complete and response.status != Response.Status.COMPLETE
    if answer.revision is not None:
        response.revision = answer.revision
    if not (is_changed or is_completed):
        response.save(update_fields=["revision"])
        return kept
    response.version_id = version.id
    response.updated_at = now
    signals.see_again(response, answer, now)
    if is_completed:
        response.status = Response.Status.COMPLETE
        response.seconds = answer.seconds
    response.save(
        update_fields=[
            "version", "revision", "updated_at", "status", "seconds", "signals", "is_suspicious",
        ]
    )  # fmt: skip
    if version.further and answer.is_complete:
        further.tell_person(response.pk, now=now)
    news.tell(
        news.UPDATED,
        organisation=survey.organisation_id,
        subject=response.public_id,
        moments=[response.responded_at],
        survey=survey.public_id,
        now=now,
    )
    return replace(kept, outcome=Outcome.UPDATED)


def _change_answers(
    response: Response, answer: IncomingAnswer, version: PublishedVersion, now: datetime
) -> bool:
    """Write the answers that differ, remove those taken back; whether anything did."""
    before = rows.existing_answers([response.pk])[response.pk]
    given = {version.by_position[item.position].id for item in answer.answers}
    wanted = {row[1]: row for row in rows.answer_rows(response.pk, answer.answers, version)}
    gone = [question for question in before if question in given and question not in wanted]
    if version.id != response.version_id:  # other questions: the old ones answer nothing now
        asked = {question.id for question in version.questions}
        gone += [question for question in before if question not in asked]
    changed = [row for question, row in wanted.items() if before.get(question) != row[2:]]
    if gone:
        Answer.objects.filter(response=response, question_id__in=gone).delete()
        Consent.objects.filter(response=response, question_id__in=gone, withdrawn_at=None).update(
            withdrawn_at=now
        )
    bulk.upsert_rows(Answer, rows.ANSWER_COLUMNS, changed, unique=rows.ANSWER_UNIQUE)
    return bool(gone or changed)
