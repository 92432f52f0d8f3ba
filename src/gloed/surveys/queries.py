"""Reading surveys: what is asked now, and what a version asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects

from gloed.base import bulk
from gloed.base.models import Organisation
from gloed.base.prepared import prepared_cursor
from gloed.surveys.models import Question, Survey, SurveyVersion, ThanksWording, Wording
from gloed.surveys.rules import (
    FIRST_FURTHER,
    OPEN_KEY,
    OPEN_POSITION,
    RATING_KEY,
    RATING_POSITION,
    AskedQuestion,
    Band,
    ContactField,
    Content,
    Further,
    Kind,
    Metric,
    OpenWords,
    Option,
    Presentation,
    PublishedVersion,
    Purpose,
    QuestionWords,
    Scale,
    Thanks,
    ThanksWords,
    VersionChange,
    changes_between,
    read_stored,
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
    with prepared_cursor() as cursor:
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


_WORDS = (
    "questions",
    "questions__wordings",
    "questions__options",
    "questions__options__wordings",
    "thanks_wordings",
)


def read_version(version: SurveyVersion) -> PublishedVersion:
    """A version, published or not, as plain values."""
    prefetch_related_objects([version], *_WORDS)  # nothing to do for one of `list_versions`
    asked = sorted(version.questions.all(), key=lambda question: question.position)
    worded = ((wording, question) for question in asked for wording in question.wordings.all())
    words = {
        (question.position, wording.language, wording.band): _words(question, wording)
        for wording, question in sorted(worded, key=lambda pair: pair[0].pk)
    }
    return _published(
        version.pk,
        version.number,
        Metric(version.survey.metric),
        [_asked(question, words) for question in asked],
        words,
        _thanks(version.thanks_wordings.all()),
    )


def _words(question: Question, wording: Wording) -> QuestionWords:
    return QuestionWords(
        wording.text,
        wording.low_label,
        wording.high_label,
        wording.hint,
        {
            option.key: one.text
            for option in question.options.all()
            for one in option.wordings.all()
            if one.language == wording.language
        },
        wording.other,
    )


def _asked(
    question: Question, words: Mapping[tuple[int, str, str], QuestionWords]
) -> AskedQuestion:
    own = {
        language: found
        for (position, language, band), found in words.items()
        if position == question.position and not band
    }
    return AskedQuestion(
        id=question.pk,
        position=question.position,
        kind=question.kind,
        scale=question.scale if question.is_rating else None,
        key=question.key or _FIRST_KEYS.get(question.position, ""),
        presentation=Presentation(question.presentation),
        further=_further(question, own) if question.position >= FIRST_FURTHER else None,
    )


_FIRST_KEYS = {RATING_POSITION: RATING_KEY, OPEN_POSITION: OPEN_KEY}


def _further(question: Question, words: Mapping[str, QuestionWords]) -> Further:
    return Further(
        key=question.key,
        kind=Kind(question.kind),
        words=words,
        scale=question.scale if question.is_rating else None,
        metric=Metric(question.metric) if question.metric else None,
        presentation=Presentation(question.presentation),
        options=tuple(Option(one.key, one.is_fixed) for one in question.options.all()),
        has_other=question.has_other,
        is_shuffled=question.is_shuffled,
        most=question.most,
        purpose=Purpose(question.purpose) if question.purpose else None,
        fields=tuple(ContactField(one) for one in question.contact_fields),
        show_if=read_stored(question.show_if),
        starts_page=question.starts_page,
    )


def _thanks(wordings: Iterable[ThanksWording]) -> dict[str, Thanks]:
    found: dict[str, dict[str, ThanksWords]] = {}
    for one in sorted(wordings, key=lambda wording: wording.pk):
        words = ThanksWords(one.text, one.link, one.link_label)
        found.setdefault(one.language, {})[one.band] = words
    return {
        language: Thanks(own.get(""), {band: own[band] for band in Band if band in own})
        for language, own in found.items()
    }


def _published(
    pk: int,
    number: int,
    metric: Metric,
    questions: Sequence[AskedQuestion],
    words: Mapping[tuple[int, str, str], QuestionWords],
    thanks: Mapping[str, Thanks],
) -> PublishedVersion:
    return PublishedVersion(
        id=pk,
        number=number,
        metric=metric,
        questions=tuple(questions),
        words=words,
        by_position={question.position: question for question in questions},
        thanks=thanks,
    )


def version_of(content: Content) -> PublishedVersion:
    """What a version of this content would ask; it is in no database (ids are positions)."""
    first = AskedQuestion(
        RATING_POSITION,
        RATING_POSITION,
        content.metric.value,
        content.scale,
        RATING_KEY,
        content.presentation,
    )
    opened = AskedQuestion(OPEN_POSITION, OPEN_POSITION, Question.Kind.OPEN.value, None, OPEN_KEY)
    further = [
        AskedQuestion(place, place, one.kind.value, one.scale, one.key, one.presentation, one)
        for place, one in enumerate(content.further, start=FIRST_FURTHER)
    ]
    words = {(RATING_POSITION, language, ""): rating for language, rating in content.rating.items()}
    for language, open_words in content.open.items():
        words[OPEN_POSITION, language, ""] = QuestionWords(open_words.everybody)
        for band, text in open_words.by_band.items():
            if text:
                words[OPEN_POSITION, language, band.value] = QuestionWords(text)
    for question, one in zip(further, content.further, strict=True):
        for language, own in one.words.items():
            words[question.position, language, ""] = own
    return _published(0, 0, content.metric, [first, opened, *further], words, dict(content.thanks))


def content_of(version: PublishedVersion) -> Content:
    """A version turned back into what was written, as a start for the next draft."""
    rating = {
        language: words
        for (position, language, _), words in version.words.items()
        if position == RATING_POSITION
    }
    return Content(
        metric=version.metric,
        scale=version.rating.scale or Scale(0, 10),
        rating=rating,
        open={language: _open_words(version, language) for language in rating},
        presentation=version.rating.presentation,
        further=tuple(one.further for one in version.further if one.further is not None),
        thanks=version.thanks,
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


def list_changes(survey: Survey) -> list[VersionChange]:
    """The published versions of a survey, the oldest first, each with what it changed.

    Those with `is_break` are where a trend is broken: scores before and after are not of the same
    question.
    """
    published = list_versions(survey).filter(published_at__isnull=False).order_by("number")
    found: list[VersionChange] = []
    before: Content | None = None
    for version in published:
        if version.published_at is None:
            continue
        content = content_of(read_version(version))
        changes = changes_between(before, content) if before else ()
        found.append(VersionChange(version.number, version.published_at, changes))
        before = content
    return found


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
