"""Holding many deliveries against their survey, before anything is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gloed.people import operations as people
from gloed.responses import rows
from gloed.responses.rules import (
    AnswerRefused,
    IncomingAnswer,
    Reason,
    check_answers,
    key_of,
)
from gloed.surveys import queries as surveys
from gloed.surveys.models import SurveyVersion
from gloed.surveys.queries import AskedSurvey
from gloed.surveys.rules import PublishedVersion


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken: its number in the source, and why."""

    row: int | None
    reason: Reason


@dataclass(slots=True)
class Checked:
    """Deliveries that were held against the survey: what fits by key, and what was refused.

    `said` and `given` hold what will stand in the rows of a response and its answers whatever the
    database knows of them, `identities` whom each is about.
    """

    survey: AskedSurvey
    by_key: dict[str, IncomingAnswer] = field(default_factory=dict)
    said: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    given: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    identities: dict[str, people.Identity] = field(default_factory=dict)
    versions: dict[int | None, PublishedVersion] = field(default_factory=dict)
    touchpoints: set[str] = field(default_factory=set)
    teams: set[str] = field(default_factory=set)
    refused: list[RefusedRow] = field(default_factory=list)
    repeated: int = 0


def check_many(survey: AskedSurvey, answers: Iterable[IncomingAnswer]) -> Checked:
    """Hold deliveries against the survey they are for, before anything is written.

    Can be done beside a writer: a published version that was read once is not read again.
    """
    checked = Checked(survey)
    for answer in answers:
        try:
            version = _check(survey, answer)
            key = key_of(answer, survey=survey.id)
        except AnswerRefused as refusal:
            checked.refused.append(RefusedRow(answer.row, refusal.reason))
            continue
        if checked.by_key.pop(key, None) is not None:
            checked.repeated += 1
        checked.by_key[key] = answer
        checked.said[key] = rows.said_row(
            answer, responded_at=answer.responded_at, attributes=_attributes(answer)
        )
        checked.given[key] = rows.given_rows(answer.answers, version)
        checked.identities[key] = people.identity_of(answer.person)
        checked.versions[answer.version] = version
    checked.touchpoints = {answer.touchpoint for answer in checked.by_key.values()}
    checked.teams = {answer.team for answer in checked.by_key.values()}
    return checked


def _check(survey: AskedSurvey, answer: IncomingAnswer) -> PublishedVersion:
    if answer.token:
        raise AnswerRefused(Reason.UNKNOWN_INVITATION)
    version = _version(survey, answer)
    check_answers(answer.answers, version)
    for given in answer.answers:
        if not given.is_empty:
            return version
    raise AnswerRefused(Reason.NOTHING_ANSWERED)


def _version(survey: AskedSurvey, answer: IncomingAnswer) -> PublishedVersion:
    number = answer.version or survey.current
    if number is None:
        raise AnswerRefused(Reason.NOT_PUBLISHED)
    try:
        return surveys.get_version(survey.slug, number)
    except SurveyVersion.DoesNotExist:
        raise AnswerRefused(Reason.UNKNOWN_VERSION) from None


def _attributes(answer: IncomingAnswer) -> Mapping[str, Any]:
    if answer.person is None or not answer.person.attributes:
        return answer.attributes
    return {**answer.person.attributes, **answer.attributes}
