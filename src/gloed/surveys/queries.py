"""Reading surveys: what is asked now, and what a version asked."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, prefetch_related_objects

from gloed.base import bulk
from gloed.base.models import Organisation
from gloed.surveys.models import Question, Survey, SurveyVersion
from gloed.surveys.rules import (
    OPEN_POSITION,
    RATING_POSITION,
    AskedQuestion,
    Band,
    Content,
    Metric,
    OpenWords,
    PublishedVersion,
    QuestionWords,
    Scale,
)


@dataclass(frozen=True, slots=True)
class AskedSurvey:
    """What a door must know of a survey, read afresh each time: it may have been closed."""

    id: int
    public_id: UUID
    organisation_id: int
    organisation_name: str
    slug: str
    title: str
    languages: tuple[str, ...]
    state: str
    closed_at: datetime | None
    touchpoint_id: int | None
    current: int | None
    is_deleted: bool

    @property
    def is_open(self) -> bool:
        """Whether it takes answers over its link."""
        return self.state == Survey.State.OPEN and self.current is not None


# every answer that comes in asks this: plain SQL takes an eighth of the time of the ORM
_ASKED = """
    SELECT survey.id, survey.public_id, survey.organisation_id, organisation.name, survey.slug,
           survey.title, survey.languages, survey.state, survey.closed_at, survey.touchpoint_id,
           version.number, survey.deleted_at
      FROM surveys_survey AS survey
      JOIN base_organisation AS organisation ON organisation.id = survey.organisation_id
      LEFT JOIN surveys_surveyversion AS version ON version.id = survey.current_id
"""


def find_asked(slug: str) -> AskedSurvey | None:
    """The survey behind a public link, or nothing."""
    return _find_asked(_ASKED + "WHERE survey.slug = %s", slug)


def get_asked(survey_id: int) -> AskedSurvey:
    """The survey by its key; raises Survey.DoesNotExist."""
    found = _find_asked(_ASKED + "WHERE survey.id = %s", survey_id)
    if found is None:
        raise Survey.DoesNotExist
    return found


def _find_asked(sql: str, value: str | int) -> AskedSurvey | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value])
        row = cursor.fetchone()
    if row is None:
        return None
    pk, public_id, *names, languages, state, closed_at, touchpoint_id, current, deleted_at = row
    organisation_id, organisation_name, slug, title = names
    return AskedSurvey(
        id=pk,
        public_id=public_id if isinstance(public_id, UUID) else UUID(public_id),
        organisation_id=organisation_id,
        organisation_name=organisation_name,
        slug=slug,
        title=title,
        languages=tuple(bulk.from_json(languages)),
        state=state,
        closed_at=bulk.as_moment(closed_at),
        touchpoint_id=touchpoint_id,
        current=current,
        is_deleted=deleted_at is not None,
    )


@lru_cache(maxsize=512)
def get_version(slug: str, number: int) -> PublishedVersion:
    """A published version, kept in memory: it never changes. Raises SurveyVersion.DoesNotExist.

    Found by the survey's slug, which is never given out twice.
    """
    version = SurveyVersion.objects.select_related("survey").get(
        survey__slug=slug, number=number, published_at__isnull=False
    )
    return read_version(version)


_WORDS = ("questions", "questions__wordings")


def read_version(version: SurveyVersion) -> PublishedVersion:
    """A version, published or not, as plain values."""
    prefetch_related_objects([version], *_WORDS)  # nothing to do for one of `list_versions`
    asked = sorted(version.questions.all(), key=lambda question: question.position)
    questions = tuple(
        AskedQuestion(q.pk, q.position, q.kind, q.scale if q.is_rating else None) for q in asked
    )
    worded = ((wording, q.position) for q in asked for wording in q.wordings.all())
    words = {
        (position, wording.language, wording.band): QuestionWords(
            wording.text, wording.low_label, wording.high_label
        )
        for wording, position in sorted(worded, key=lambda pair: pair[0].pk)
    }
    return PublishedVersion(
        id=version.pk,
        number=version.number,
        metric=Metric(version.survey.metric),
        questions=questions,
        words=words,
        by_position={question.position: question for question in questions},
    )


def version_of(content: Content) -> PublishedVersion:
    """What a version of this content would ask; it is in no database (ids are positions)."""
    questions = (
        AskedQuestion(RATING_POSITION, RATING_POSITION, content.metric.value, content.scale),
        AskedQuestion(OPEN_POSITION, OPEN_POSITION, Question.Kind.OPEN.value, None),
    )
    words = {(RATING_POSITION, language, ""): rating for language, rating in content.rating.items()}
    for language, opened in content.open.items():
        words[OPEN_POSITION, language, ""] = QuestionWords(opened.everybody)
        for band, text in opened.by_band.items():
            if text:
                words[OPEN_POSITION, language, band.value] = QuestionWords(text)
    return PublishedVersion(
        id=0,
        number=0,
        metric=content.metric,
        questions=questions,
        words=words,
        by_position={question.position: question for question in questions},
    )


def content_of(version: PublishedVersion) -> Content:
    """A version turned back into what was written, as a start for the next draft."""
    rating = {
        language: words
        for (position, language, _), words in version.words.items()
        if position == RATING_POSITION
    }
    return Content(
        metric=version.metric,
        scale=version.by_position[RATING_POSITION].scale or Scale(0, 10),
        rating=rating,
        open={language: _open_words(version, language) for language in rating},
    )


def _open_words(version: PublishedVersion, language: str) -> OpenWords:
    found = {
        band: words.text
        for (position, in_language, band), words in version.words.items()
        if position == OPEN_POSITION and in_language == language
    }
    return OpenWords(
        everybody=found.get("", ""),
        by_band={band: found[band] for band in Band if band in found},
    )


def list_surveys(organisation: Organisation) -> QuerySet[Survey]:
    """An organisation's surveys, newest first, with what a list shows of them."""
    return (
        Survey.objects.filter(organisation=organisation, deleted_at=None)
        .select_related("touchpoint", "current")
        .order_by("-created_at", "-pk")
    )


def find_draft(survey: Survey) -> SurveyVersion | None:
    """The version that is being written, or nothing."""
    return SurveyVersion.objects.filter(survey=survey, published_at=None).first()


def list_versions(survey: Survey) -> QuerySet[SurveyVersion]:
    """All versions with their words, newest first."""
    versions = SurveyVersion.objects.filter(survey=survey).order_by("-number")
    return versions.select_related("survey").prefetch_related(*_WORDS)
