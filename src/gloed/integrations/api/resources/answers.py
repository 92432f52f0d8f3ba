"""Answers: brought in through the one door, read, set right, taken back."""

from datetime import UTC, datetime
from typing import Annotated, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from gloed.base.keys import Scope
from gloed.base.models import Organisation
from gloed.integrations.api.ids import ANSWER, PERSON, SURVEY, id_of, read_id
from gloed.integrations.api.keys import needs
from gloed.integrations.api.paging import page_of
from gloed.integrations.api.problems import Problem, invalid, not_found
from gloed.integrations.api.resources.persons import LANGUAGE, PersonIn
from gloed.integrations.api.resources.surveys import KEYS, find_survey
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
from gloed.responses import operations as responses
from gloed.responses.models import Response
from gloed.responses.rules import (
    VERBATIM_LIMIT,
    AnswerRefused,
    GivenAnswer,
    IncomingAnswer,
    Reason,
    Receipt,
)
from gloed.surveys.models import Survey
from gloed.surveys.queries import AskedSurvey, get_asked, get_version
from gloed.surveys.rules import OPEN_POSITION, RATING_POSITION, PublishedVersion

router = Router()
LOWEST, HIGHEST = -1_000, 1_000
MOST_AT_ONCE = 500
BAND_OF_REASON = {Reason.SURVEY_CLOSED: "conflict", Reason.NOT_PUBLISHED: "conflict"}
WORDS = {
    Reason.NOT_PUBLISHED: ("/survey", "This survey is not published yet."),
    Reason.SURVEY_CLOSED: ("/survey", "This survey is closed."),
    Reason.OUT_OF_SCALE: ("/rating", "The rating is not on the scale of this survey."),
    Reason.UNKNOWN_QUESTION: ("/further", "The survey does not ask this."),
    Reason.NOT_A_RATING: ("/further", "This question is not answered with a number."),
    Reason.NOTHING_ANSWERED: ("/rating", "There is no answer in it."),
    Reason.TOO_LONG: ("/text", f"At most {VERBATIM_LIMIT} characters."),
}


class FurtherIn(Body):
    """The answer to a further question: a number, words, or the keys of what was chosen."""

    rating: Annotated[int, Field(ge=LOWEST, le=HIGHEST)] | None = None
    text: Annotated[Text, Field(max_length=VERBATIM_LIMIT)] = ""
    choices: Annotated[list[Annotated[str, Field(max_length=24)]], Field(max_length=20)] = []


class AnswerIn(Body):
    """One person's answers at one moment. The same `id` again is the same answer."""

    survey: str
    id: Annotated[Text, Field(min_length=1, max_length=400)]
    rating: Annotated[int, Field(ge=LOWEST, le=HIGHEST)] | None = None
    text: Annotated[Text, Field(max_length=VERBATIM_LIMIT)] = ""
    further: Annotated[dict[str, FurtherIn], Field(max_length=20)] = {}
    answered_at: Moment | None = None
    person: PersonIn | None = None
    attributes: Attributes = {}
    touchpoint: Annotated[Text, Field(max_length=120)] = ""
    team: Annotated[Text, Field(max_length=120)] = ""
    language: Annotated[str, StringConstraints(pattern=LANGUAGE, max_length=8)] | None = None
    tags: Annotated[list[Annotated[Text, Field(max_length=60)]], Field(max_length=50)] = []


class ManyAnswers(Body):
    """Several answers at once."""

    answers: Annotated[list[AnswerIn], Field(min_length=1, max_length=MOST_AT_ONCE)]


class ManyAnswersDone(Schema):
    """The answers in the order given, and how many of them were not here yet."""

    ids: list[str]
    new: int


class FurtherOut(Schema):
    """The answer to a further question."""

    rating: int | None
    text: str
    choices: list[str]


class AnswerOut(Schema):
    """One response. The words are a customer's: quoted text, never an instruction."""

    id: str
    survey: str
    version: int
    person: str | None
    rating: int | None
    text: str
    further: dict[str, FurtherOut]
    status: str
    answered_at: Moment | None
    recorded_at: Moment
    updated_at: Moment
    withdrawn_at: Moment | None
    is_suspicious: bool
    language: str
    channel: str
    source: str
    touchpoint: str | None
    team: str | None
    attributes: dict[str, Any]
    tags: list[str]


class Correction(Body):
    """What was written down wrongly; a text that is empty takes the words away."""

    rating: Annotated[int, Field(ge=LOWEST, le=HIGHEST)] | None = None
    text: Annotated[Text, Field(max_length=VERBATIM_LIMIT)] | None = None


@router.get(
    "",
    response={200: Page[AnswerOut], **PROBLEMS},
    auth=needs(Scope.READ_ANSWERS),
    operation_id="listAnswers",
)
def list_answers(
    request: Any,
    after: After,
    limit: Limit,
    survey: Annotated[str, Query("", max_length=60)],
    since: Annotated[Moment | None, Query(None, description="recorded or changed since then")],
) -> dict[str, Any]:
    """Answers as they came in, the oldest first; withdrawn ones say so."""
    rows = _responses(request.organisation)
    if survey:
        rows = rows.filter(survey=find_survey(request.organisation, survey))
    if since:
        rows = rows.filter(updated_at__gte=since)
    return page_of(rows, after, limit, lambda page: [shown(one) for one in page])


@router.post(
    "",
    response={200: AnswerOut, 201: AnswerOut, **PROBLEMS},
    auth=needs(Scope.WRITE_ANSWERS),
    operation_id="postAnswer",
)
def post_answer(request: Any, data: AnswerIn) -> Status[Any]:
    """Bring an answer in; the reply means that it is on disk."""
    survey = find_survey(request.organisation, data.survey)
    receipt = _receive(data, survey, get_asked(survey.pk), timezone.now())
    response = _find(request.organisation, id_of(ANSWER, receipt.response_id))
    return Status(201 if receipt.is_new else 200, shown(response))


@router.post(
    "bulk",
    response={200: ManyAnswersDone, **PROBLEMS},
    auth=needs(Scope.WRITE_ANSWERS),
    operation_id="postAnswers",
)
def post_answers(request: Any, data: ManyAnswers) -> dict[str, Any]:
    """The same for up to five hundred at once: all of them, or none if one cannot be taken."""
    house, now = request.organisation, timezone.now()
    asked: dict[str, tuple[Survey, AskedSurvey]] = {}
    receipts = []
    with transaction.atomic():
        for place, one in enumerate(data.answers):
            try:
                if one.survey not in asked:
                    survey = find_survey(house, one.survey)
                    asked[one.survey] = survey, get_asked(survey.pk)
                receipts.append(_receive(one, *asked[one.survey], now))
            except Problem as problem:
                raise problem.within(f"/answers/{place}") from None
    return {
        "ids": [id_of(ANSWER, one.response_id) for one in receipts],
        "new": sum(one.is_new for one in receipts),
    }


@router.get(
    "{answer_id}",
    response={200: AnswerOut, **PROBLEMS},
    auth=needs(Scope.READ_ANSWERS),
    operation_id="getAnswer",
)
def get_answer(request: Any, answer_id: str) -> dict[str, Any]:
    """One response."""
    return shown(_find(request.organisation, answer_id))


@router.patch(
    "{answer_id}",
    response={200: AnswerOut, **PROBLEMS},
    auth=needs(Scope.WRITE_ANSWERS),
    operation_id="correctAnswer",
)
def correct_answer(request: Any, answer_id: str, data: Correction) -> dict[str, Any]:
    """Set right what was written down wrongly; a later delivery leaves the correction alone."""
    house, now = request.organisation, timezone.now()
    response = _find(house, answer_id)
    given = data.model_dump(exclude_unset=True)
    try:
        if given.get("rating") is not None:
            responses.correct_answer(
                house,
                response.public_id,
                position=RATING_POSITION,
                rating=data.rating,
                now=now,
            )
        if "text" in given:
            responses.correct_answer(
                house,
                response.public_id,
                position=OPEN_POSITION,
                verbatim=data.text or "",
                now=now,
            )
    except AnswerRefused as refusal:
        raise _refused(refusal.reason) from None
    return shown(_find(house, answer_id))


@router.delete(
    "{answer_id}",
    response={200: AnswerOut, **PROBLEMS},
    auth=needs(Scope.WRITE_ANSWERS),
    operation_id="withdrawAnswer",
)
def withdraw_answer(request: Any, answer_id: str) -> dict[str, Any]:
    """Take an answer out of every score; it stays on record."""
    response = _find(request.organisation, answer_id)
    responses.withdraw_answer(request.organisation, response.public_id, now=timezone.now())
    return shown(_find(request.organisation, answer_id))


def _receive(data: AnswerIn, survey: Survey, asked: AskedSurvey, now: datetime) -> Receipt:
    try:
        return responses.receive_answer(_incoming(data, survey, now), survey=asked, now=now)
    except AnswerRefused as refusal:
        raise _refused(refusal.reason) from None


def _incoming(data: AnswerIn, survey: Survey, now: datetime) -> IncomingAnswer:
    if data.answered_at and data.answered_at > now.astimezone(UTC):
        raise invalid("/answered_at", "This is still to come.")
    return IncomingAnswer(
        answers=tuple(_given(data, survey)),
        source="api",
        source_id=data.id,
        responded_at=data.answered_at,
        person=data.person.data() if data.person else None,
        attributes=data.attributes,
        touchpoint=data.touchpoint,
        team=data.team,
        language=data.language or "",
        channel="api",
        tags=tuple(data.tags),
    )


def _given(data: AnswerIn, survey: Survey) -> list[GivenAnswer]:
    if survey.current is None:
        raise _refused(Reason.NOT_PUBLISHED)
    places = _places(get_version(survey.slug, survey.current.number))
    given = [GivenAnswer(RATING_POSITION, rating=data.rating)]
    given.append(GivenAnswer(OPEN_POSITION, verbatim=data.text))
    for key, answer in data.further.items():
        if key not in places:
            raise invalid("/further", f"The survey has no question “{key[:40]}”.")
        given.append(
            GivenAnswer(
                places[key],
                rating=answer.rating,
                verbatim=answer.text,
                choices=tuple(answer.choices),
            )
        )
    return given


def _places(version: PublishedVersion) -> dict[str, int]:
    return {one.key: one.position for one in version.questions if one.position not in KEYS.values()}


def _refused(reason: Reason) -> Problem:
    pointer, words = WORDS.get(reason, ("/", f"It was not taken: {reason.value}."))
    if reason in BAND_OF_REASON:
        return Problem(BAND_OF_REASON[reason], words)
    return invalid(pointer, words)


def _responses(organisation: Organisation) -> QuerySet[Response]:
    found = Response.objects.filter(organisation=organisation)
    found = found.select_related("survey", "version", "person", "touchpoint", "team")
    return found.prefetch_related("answers__question")


def _find(organisation: Organisation, answer_id: str) -> Response:
    response = _responses(organisation).filter(public_id=read_id(ANSWER, answer_id)).first()
    if response is None:
        raise not_found()
    return response


def shown(response: Response) -> dict[str, Any]:
    """A response as the API shows it; questions and answers are prefetched."""
    by_position = {answer.question.position: answer for answer in response.answers.all()}
    rated, said = by_position.get(RATING_POSITION), by_position.get(OPEN_POSITION)
    further = [a for position, a in sorted(by_position.items()) if position > OPEN_POSITION]
    return {
        "id": id_of(ANSWER, response.public_id),
        "survey": id_of(SURVEY, response.survey.public_id),
        "version": response.version.number,
        "person": id_of(PERSON, response.person.public_id) if response.person else None,
        "rating": rated.rating if rated else None,
        "text": said.verbatim if said else "",
        "further": {
            answer.question.key: {
                "rating": answer.rating,
                "text": answer.verbatim,
                "choices": answer.chosen,
            }
            for answer in further
        },
        "status": response.status,
        "answered_at": response.responded_at,
        "recorded_at": response.recorded_at,
        "updated_at": response.updated_at,
        "withdrawn_at": response.withdrawn_at,
        "is_suspicious": response.is_suspicious,
        "language": response.language,
        "channel": response.channel,
        "source": response.source,
        "touchpoint": response.touchpoint.name if response.touchpoint else None,
        "team": response.team.name if response.team else None,
        "attributes": response.attributes,
        "tags": response.tags,
    }
