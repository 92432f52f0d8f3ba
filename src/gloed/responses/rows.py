"""Responses and answers as rows of their tables, for the single door and the bulk one alike."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from gloed.base import bulk
from gloed.responses.models import Answer, Response
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys.rules import Kind, PublishedVersion

ANSWER_COLUMNS = ("response_id", "question_id", "rating", "verbatim", "raw", "choices")
ANSWER_UNIQUE = ("response_id", "question_id")
RESPONSE_UNIQUE = ("organisation_id", "key")
FIXED_COLUMNS = ("public_id", "organisation_id", "survey_id", "key", "source", "recorded_at")
CONTENT_COLUMNS = (
    "version_id",
    "person_id",
    "invitation_id",
    "touchpoint_id",
    "team_id",
    "revision",
    "responded_at",
    "responded_precision",
    "written_zone",
    "status",
    "language",
    "channel",
    "device",
    "attributes",
    "tags",
)
SEEN_COLUMNS = ("seconds", "signals", "is_suspicious")
ORIGIN_COLUMNS = ("batch", "row", "updated_at")
RESPONSE_COLUMNS = (*FIXED_COLUMNS, *ORIGIN_COLUMNS, *CONTENT_COLUMNS)


class Context(NamedTuple):
    """What a delivery refers to, found in the database."""

    version: PublishedVersion
    person_id: int | None = None
    invitation_id: int | None = None
    touchpoint_id: int | None = None
    team_id: int | None = None


def content_row(
    answer: IncomingAnswer,
    context: Context,
    *,
    responded_at: datetime | None,
    attributes: Mapping[str, Any],
) -> tuple[Any, ...]:
    """The values of CONTENT_COLUMNS."""
    return (
        *context_row(context),
        *said_row(answer, responded_at=responded_at, attributes=attributes),
    )


def context_row(context: Context) -> tuple[Any, ...]:
    """The first values of CONTENT_COLUMNS: what the answer refers to."""
    version, *keys = context
    return (version.id, *keys)


def said_row(
    answer: IncomingAnswer, *, responded_at: datetime | None, attributes: Mapping[str, Any]
) -> tuple[Any, ...]:
    """The other values of CONTENT_COLUMNS, for which nothing is looked up."""
    return (
        answer.revision,
        bulk.moment(responded_at),
        answer.precision,
        answer.written_zone[:64],
        Response.Status.COMPLETE.value if answer.is_complete else Response.Status.PARTIAL.value,
        answer.language[:8],
        bulk.clean(answer.channel)[:32],
        bulk.clean(answer.device)[:32],
        bulk.as_json(attributes),
        bulk.as_json(answer.tags),
    )


def response_row(
    content: tuple[Any, ...],
    *,
    public_id: str,
    organisation_id: int,
    survey_id: int,
    key: str,
    source: str,
    batch: UUID | None,
    row: int | None,
    now: Any,
) -> tuple[Any, ...]:
    """The values of RESPONSE_COLUMNS; `now` as the database stores it."""
    return (
        public_id,
        organisation_id,
        survey_id,
        key,
        source[:32],
        now,
        batch.hex if batch else None,
        row,
        now,
        *content,
    )


def answer_rows(
    response_id: int, answers: Sequence[GivenAnswer], version: PublishedVersion
) -> list[tuple[Any, ...]]:
    """The values of ANSWER_COLUMNS for each answer that holds something."""
    return [(response_id, *given) for given in given_rows(answers, version)]


def given_rows(answers: Sequence[GivenAnswer], version: PublishedVersion) -> list[tuple[Any, ...]]:
    """The same without the response they belong to, for which nothing is looked up."""
    return [
        (
            version.by_position[answer.position].id,
            answer.rating,
            bulk.clean(answer.verbatim),
            bulk.clean(answer.raw)[:200],
            " ".join(answer.choices),
        )
        for answer in answers
        if not answer.is_empty and answer.contact is None
    ]


def existing_answers(response_ids: Sequence[int]) -> dict[int, dict[int, tuple[Any, ...]]]:
    """By response and question: rating, verbatim, raw and choices."""
    where = f'"response_id" {bulk.one_of()}'
    found: dict[int, dict[int, tuple[Any, ...]]] = {key: {} for key in response_ids}
    rows = bulk.select_rows(Answer, ANSWER_COLUMNS, where, [bulk.many(response_ids)])
    for response_id, question_id, *content in rows:
        found[response_id][question_id] = tuple(content)
    return found


def without_words(
    written: list[tuple[Any, ...]], version: PublishedVersion
) -> list[tuple[Any, ...]]:
    """Answer rows as erasure leaves them: ratings, and which options were chosen."""
    consents = {question.id for question in version.questions if question.kind == Kind.CONSENT}
    return [
        (*row[:3], "", "", row[5])
        for row in written
        if (row[2] is not None or row[5]) and row[1] not in consents
    ]
