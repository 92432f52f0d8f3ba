"""Surveys: what is asked, in which words, and where."""

from typing import Annotated, Any, Literal

from django.conf import settings
from django.urls import reverse
from ninja import Query, Router, Schema

from gloed.base.keys import Scope
from gloed.base.models import Organisation
from gloed.integrations.api.ids import SURVEY, id_of, read_id
from gloed.integrations.api.keys import needs
from gloed.integrations.api.paging import page_of
from gloed.integrations.api.problems import not_found
from gloed.integrations.api.schemas import PROBLEMS, After, Limit, Moment, Page
from gloed.surveys import queries
from gloed.surveys.models import Survey
from gloed.surveys.rules import OPEN_POSITION, RATING_POSITION, Content, Further, Scale

router = Router()


class QuestionOut(Schema):
    """One question of the present version, in each language it is written in."""

    key: str
    kind: str
    minimum: int | None
    maximum: int | None
    high_is_good: bool | None
    words: dict[str, str]
    options: dict[str, dict[str, str]]


class SurveyOut(Schema):
    """A survey."""

    id: str
    title: str
    metric: str
    kind: str
    state: str
    touchpoint: str | None
    languages: list[str]
    link: str
    version: int | None
    created_at: Moment


class SurveyWithQuestions(SurveyOut):
    """The same with what it asks now; empty before it is published."""

    questions: list[QuestionOut]


@router.get(
    "",
    response={200: Page[SurveyOut], **PROBLEMS},
    auth=needs(Scope.READ_SURVEYS),
    operation_id="listSurveys",
)
def list_surveys(
    request: Any,
    after: After,
    limit: Limit,
    state: Annotated[Literal["", "draft", "open", "closed"], Query("")],
) -> dict[str, Any]:
    """Every survey, or those in one state."""
    rows = _surveys(request.organisation)
    if state:
        rows = rows.filter(state=state)
    return page_of(rows, after, limit, lambda page: [_shown(survey) for survey in page])


@router.get(
    "{survey_id}",
    response={200: SurveyWithQuestions, **PROBLEMS},
    auth=needs(Scope.READ_SURVEYS),
    operation_id="getSurvey",
)
def get_survey(request: Any, survey_id: str) -> dict[str, Any]:
    """One survey with its questions."""
    survey = find_survey(request.organisation, survey_id)
    questions: list[dict[str, Any]] = []
    if survey.current is not None:
        content = queries.content_of(queries.get_version(survey.slug, survey.current.number))
        questions = _questions(content)
    return {**_shown(survey), "questions": questions}


def find_survey(organisation: Organisation, survey_id: str) -> Survey:
    """The survey of this id in the organisation. Raises the problem "not found"."""
    wanted = read_id(SURVEY, survey_id)
    survey: Survey | None = _surveys(organisation).filter(public_id=wanted).first()
    if survey is None:
        raise not_found()
    return survey


def _surveys(organisation: Organisation) -> Any:
    found = Survey.objects.filter(organisation=organisation, deleted_at=None)
    return found.select_related("touchpoint", "current")


def _shown(survey: Survey) -> dict[str, Any]:
    return {
        "id": id_of(SURVEY, survey.public_id),
        "title": survey.title,
        "metric": survey.metric,
        "kind": survey.kind,
        "state": survey.state,
        "touchpoint": survey.touchpoint.name if survey.touchpoint else None,
        "languages": survey.languages,
        "link": settings.BASE_URL.rstrip("/") + reverse("link:answer", args=[survey.slug]),
        "version": survey.current.number if survey.current else None,
        "created_at": survey.created_at,
    }


def _questions(content: Content) -> list[dict[str, Any]]:
    rating = {language: words.text for language, words in content.rating.items()}
    why = {language: words.everybody for language, words in content.open.items()}
    return [
        _question("rating", content.metric.value, content.scale, rating),
        _question("why", "open", None, why),
        *(_further(one) for one in content.further),
    ]


def _further(one: Further) -> dict[str, Any]:
    words = {language: own.text for language, own in one.words.items()}
    options = {
        option.key: {
            language: own.options.get(option.key, "") for language, own in one.words.items()
        }
        for option in one.options
    }
    return _question(one.key, one.kind.value, one.scale, words, options)


def _question(
    key: str,
    kind: str,
    scale: Scale | None,
    words: dict[str, str],
    options: dict[str, dict[str, str]] | None = None,
) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind,
        "minimum": scale.minimum if scale else None,
        "maximum": scale.maximum if scale else None,
        "high_is_good": scale.high_is_good if scale else None,
        "words": words,
        "options": options or {},
    }


KEYS = {"rating": RATING_POSITION, "why": OPEN_POSITION}
"""The questions every survey has, by the key a program names them with."""
