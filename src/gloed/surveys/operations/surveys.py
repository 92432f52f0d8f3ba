"""Writing surveys: make, edit, publish, open and close."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gloed.base import audit, journal
from gloed.base.models import Organisation, Staff
from gloed.surveys import library, queries
from gloed.surveys.models import Survey, SurveyVersion, Touchpoint
from gloed.surveys.operations.writing import write_content
from gloed.surveys.rules import (
    Content,
    Finding,
    Metric,
    OpenWords,
    QuestionWords,
    Scale,
    problems_of,
)

_Words = TypeVar("_Words", QuestionWords, OpenWords)


class CannotPublish(Exception):
    """What is written is not complete; `problems` says what is missing, and where."""

    def __init__(self, problems: Sequence[Finding]) -> None:
        super().__init__(", ".join(f"{one.problem} {one.key}".strip() for one in problems))
        self.problems = tuple(problems)


class WrongState(Exception):
    """The survey is not in a state in which this can be done; the text says which."""


def usual_content(
    organisation: Organisation,
    metric: Metric,
    *,
    scale: Scale | None = None,
    languages: Sequence[str] = library.LANGUAGES,
    rating_text: str = "",
    open_text: str = "",
) -> Content:
    """The library's usual wording of a metric; `rating_text`, `open_text` replace its questions.

    A language the library does not know gets the English words.
    """
    metric = Metric(metric)
    rating = library.get_rating_wording(metric, scale)
    opened = library.get_open_wording(metric)
    return Content(
        metric=metric,
        scale=rating.scale,
        rating={
            language: _named(_in(rating.words, language), organisation, rating_text)
            for language in languages
        },
        open={
            language: OpenWords(open_text) if open_text else _in(opened.words, language)
            for language in languages
        },
    )


def _in(words: Mapping[str, _Words], language: str) -> _Words:
    return words.get(language, words["en"])


def _named(words: QuestionWords, organisation: Organisation, text: str) -> QuestionWords:
    return replace(words, text=text or words.text.replace("{organisation}", organisation.name))


@transaction.atomic
def create_survey(
    organisation: Organisation,
    *,
    title: str,
    content: Content,
    kind: str = Survey.Kind.RELATIONSHIP,
    touchpoint: str = "",
    now: datetime,
) -> Survey:
    """A new survey as a draft. `touchpoint` is a name; a new one is made."""
    survey = Survey.objects.create(
        organisation=organisation,
        title=title,
        metric=content.metric,
        kind=kind,
        touchpoint=find_or_make_touchpoint(organisation, touchpoint),
        languages=list(content.languages),
        created_at=now,
    )
    write_content(SurveyVersion.objects.create(survey=survey, number=1), content)
    return survey


def find_or_make_touchpoint(organisation: Organisation, name: str) -> Touchpoint | None:
    """The touchpoint of that name, made where there is none; nothing for an empty name.

    One that was removed comes back: somebody asks about it again.
    """
    name = name.strip()[:120]
    if not name:
        return None
    touchpoint, _is_new = Touchpoint.objects.get_or_create(organisation=organisation, name=name)
    if touchpoint.removed_at is not None:
        touchpoint.removed_at = None
        touchpoint.save(update_fields=["removed_at"])
    return touchpoint


@transaction.atomic
def edit_survey(
    survey: Survey,
    *,
    title: str,
    content: Content,
    kind: str,
    touchpoint: str = "",
    now: datetime | None = None,
) -> SurveyVersion:
    """Write a survey's draft; one that was published gets a next version, not yet published.

    Title, kind and touchpoint count at once; the metric is fixed by the first version. Languages
    change with publishing. Another touchpoint is told in the journal, because it is that of answers
    given before too.
    """
    if content.metric != survey.metric:
        raise WrongState("the metric of a survey cannot change; make a new survey")
    survey = _locked(survey)
    survey.title, survey.kind = title, kind
    before = survey.touchpoint_id
    survey.touchpoint = find_or_make_touchpoint(survey.organisation, touchpoint)
    if survey.current_id is None:
        survey.languages = list(content.languages)
    survey.save(update_fields=["title", "kind", "touchpoint", "languages"])
    if survey.touchpoint_id != before:
        _tell(survey, "survey.touchpoint_changed", now or timezone.now())
    draft = queries.find_draft(survey)
    if draft is None:
        last = survey.versions.aggregate(last=Max("number"))["last"] or 0
        draft = SurveyVersion.objects.create(survey=survey, number=last + 1)
    write_content(draft, content)
    return draft


@transaction.atomic
def discard_draft(survey: Survey, *, by: Staff | None = None, now: datetime | None = None) -> bool:
    """Throw away what was written since the last publishing; whether there was anything."""
    survey = _locked(survey)
    draft = queries.find_draft(survey)
    if draft is None or survey.current_id is None:
        return False
    _audit(survey, "survey.draft_discarded", by, now, version=draft.number)
    draft.delete()
    return True


@transaction.atomic
def publish(survey: Survey, *, by: Staff | None = None, now: datetime) -> SurveyVersion:
    """Freeze the draft: from now on it is what is asked, and it never changes.

    Without a draft the present version stands. Raises CannotPublish naming what is missing. What a
    colleague does (`by`) stands in the audit trail, here and below; what an import makes stands
    there as that import.
    """
    survey = _locked(survey)
    draft = queries.find_draft(survey)
    if draft is None:
        if survey.current is None:
            raise WrongState("there is nothing to publish")
        return survey.current
    content = queries.content_of(queries.read_version(draft))
    if problems := problems_of(content):
        raise CannotPublish(problems)
    draft.published_at = now
    draft.save(update_fields=["published_at"])
    survey.current = draft
    survey.languages = list(content.languages)
    survey.save(update_fields=["current", "languages"])
    _tell(survey, "survey.published", now, version=draft.number)
    _audit(survey, "survey.published", by, now, version=draft.number)
    return draft


@transaction.atomic
def open_survey(survey: Survey, *, by: Staff | None = None, now: datetime) -> Survey:
    """Let the link take answers; a survey that was never published is published first.

    Also reopens a closed one. Opening an open survey changes nothing.
    """
    survey = _locked(survey)
    if survey.state == Survey.State.OPEN:
        return survey
    if survey.current_id is None:
        publish(survey, by=by, now=now)
        survey.refresh_from_db()
    survey.state = Survey.State.OPEN
    survey.opened_at = survey.opened_at or now
    survey.closed_at = None
    survey.save(update_fields=["state", "opened_at", "closed_at"])
    _tell(survey, "survey.opened", now)
    _audit(survey, "survey.opened", by, now)
    return survey


@transaction.atomic
def close_survey(survey: Survey, *, by: Staff | None = None, now: datetime) -> Survey:
    """Take no more answers over the link. A draft that is published may be closed at once.

    (That is what an import does: its answers stand, and nobody is asked.)
    """
    survey = _locked(survey)
    if survey.state == Survey.State.CLOSED:
        return survey
    if survey.current_id is None:
        raise WrongState("a survey that was never published cannot be closed")
    survey.state, survey.closed_at = Survey.State.CLOSED, now
    survey.save(update_fields=["state", "closed_at"])
    _tell(survey, "survey.closed", now)
    _audit(survey, "survey.closed", by, now)
    return survey


@transaction.atomic
def delete_draft(survey: Survey, *, by: Staff | None = None, now: datetime) -> None:
    """Throw away a survey that was never published; `restore_draft` brings it back."""
    survey = _locked(survey)
    if survey.current_id is not None:
        raise WrongState("only a survey that was never published can be deleted")
    survey.deleted_at = now
    survey.save(update_fields=["deleted_at"])
    _audit(survey, "survey.draft_deleted", by, now)


@transaction.atomic
def restore_draft(survey: Survey, *, by: Staff | None = None, now: datetime | None = None) -> None:
    """Undo `delete_draft`; nothing to do for a survey that is there."""
    survey = _locked(survey)
    if survey.deleted_at is None:
        return
    survey.deleted_at = None
    survey.save(update_fields=["deleted_at"])
    _audit(survey, "survey.draft_restored", by, now)


def _locked(survey: Survey) -> Survey:
    """The survey as it is now, held until the end of the transaction."""
    return (
        Survey.objects.select_for_update(of=("self",))
        .select_related("organisation", "current")
        .get(pk=survey.pk)
    )


def _tell(survey: Survey, kind: str, now: datetime, **payload: object) -> None:
    journal.append(
        kind, organisation=survey.organisation_id, subject=survey.public_id, at=now, payload=payload
    )


def _audit(
    survey: Survey, action: str, by: Staff | None, at: datetime | None, **detail: object
) -> None:
    if by is not None:
        audit.record(by, action, survey.title, detail, organisation=survey.organisation, at=at)
