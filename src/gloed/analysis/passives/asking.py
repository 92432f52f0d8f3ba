"""Which surveys ask passives what holds them back, and asking it in one more."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from gloed.analysis.passives.rules import BARRIER
from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.surveys import editing, library, operations, queries
from gloed.surveys.models import Question, Survey, SurveyVersion, Wording
from gloed.surveys.rules import (
    OPEN_POSITION,
    Band,
    Content,
    Further,
    Kind,
    Metric,
    bands_shown,
    read_stored,
)

OPEN_ENTRY, CHOICE_ENTRY = "barrier_nine", "barrier_choice"
ENTRIES = (OPEN_ENTRY, CHOICE_ENTRY)
ASKING = (Kind.OPEN.value, Kind.SINGLE.value, Kind.MULTIPLE.value)


@dataclass(frozen=True, slots=True)
class Asks:
    """Whether a survey asks passives for their barrier, and in which words.

    `now` are the questions that respondents see, `draft` those that stand in the draft only;
    `instead` is how the open question speaks to passives, where it does.
    """

    survey: Survey
    now: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()
    instead: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether anything that respondents see asks for it."""
        return bool(self.now or self.instead)


def is_barrier_question(further: Further) -> bool:
    """A question in words or with a choice that is named so, or that only passives see."""
    if further.kind.value not in ASKING:
        return False
    is_theirs = bands_shown(further.show_if) == frozenset({Band.PASSIVE})
    return further.key.startswith(BARRIER) or is_theirs


def surveys_that_count(organisation: Organisation) -> list[Survey]:
    """Surveys that ask for recommending, of customers: there passives are."""
    surveys = Survey.objects.filter(
        organisation=organisation, metric=Metric.NPS.value, deleted_at=None
    )
    return list(surveys.select_related("organisation", "touchpoint", "current").order_by("title"))


def barrier_questions(surveys: Iterable[Survey]) -> list[Question]:
    """The barrier questions of every version of these surveys, with their version."""
    rows = Question.objects.filter(
        version__survey__in=list(surveys), position__gt=OPEN_POSITION, kind__in=ASKING
    )
    return [
        row
        for row in rows.select_related("version")
        if row.key.startswith(BARRIER)
        or bands_shown(read_stored(row.show_if)) == frozenset({Band.PASSIVE})
    ]


def who_asks(organisation: Organisation, *, language: str) -> list[Asks]:
    """Every survey that is not closed, with what it asks passives; in a handful of queries."""
    surveys = surveys_that_count(organisation)
    alive = [one for one in surveys if one.state != Survey.State.CLOSED]
    drafts = {
        one.survey_id: one.pk
        for one in SurveyVersion.objects.filter(survey__in=alive, published_at=None)
    }
    questions: dict[int, list[int]] = defaultdict(list)
    for question in barrier_questions(alive):
        questions[question.version_id].append(question.pk)
    texts = _texts([one for found in questions.values() for one in found], language)
    instead = _to_passives([one.current_id for one in alive if one.current_id], language)
    return [
        _asks(
            one,
            [texts[key] for key in questions.get(one.current_id or 0, ()) if key in texts],
            [texts[key] for key in questions.get(drafts.get(one.pk, 0), ()) if key in texts],
            instead.get(one.current_id or 0, ""),
        )
        for one in alive
    ]


def _asks(survey: Survey, now: list[str], draft: list[str], instead: str) -> Asks:
    return Asks(survey, tuple(now), tuple(one for one in draft if one not in now), instead)


def _texts(questions: list[int], language: str) -> dict[int, str]:
    """The words of questions, in this language where they have any in it."""
    rows = Wording.objects.filter(question__in=questions, band="").values_list(
        "question_id", "language", "text"
    )
    found: dict[int, str] = {}
    for question, spoken, text in rows:
        if spoken == language or question not in found:
            found[question] = text
    return found


def _to_passives(versions: list[int], language: str) -> dict[int, str]:
    """By version: how its open question speaks to passives."""
    rows = Wording.objects.filter(
        question__version__in=versions,
        question__position=OPEN_POSITION,
        band=Band.PASSIVE.value,
    ).values_list("question__version_id", "language", "text")
    found: dict[int, str] = {}
    for version, spoken, text in rows:
        if spoken == language or version not in found:
            found[version] = text
    return found


@transaction.atomic
def add_question(survey: Survey, entry_id: str, *, by: Staff | None, now: datetime) -> str:
    """Put a barrier question of the library into a survey's draft; the key it got there.

    Nothing is published. Empty where the draft asks for a barrier already, or the entry is none.
    """
    entry = library.find_entry(entry_id) if entry_id in ENTRIES else None
    content = _written(survey)
    if entry is None or any(is_barrier_question(one) for one in content.further):
        return ""
    content, key = editing.with_entry(content, entry, survey.organisation.name)
    _keep(survey, content, now=now)
    audit.record(
        by, "barrier_question.added", survey.title, organisation=survey.organisation, at=now
    )
    return key


@transaction.atomic
def take_out(survey: Survey, key: str, *, by: Staff | None, now: datetime) -> bool:
    """Undo `add_question`; a draft that then differs in nothing goes."""
    content = _written(survey)
    if queries.find_draft(survey) is None or key not in {one.key for one in content.further}:
        return False
    before = editing.removed(content, key)
    if survey.current is not None and before == queries.content_of(
        queries.read_version(survey.current)
    ):
        return operations.discard_draft(survey, by=by, now=now)
    _keep(survey, before, now=now)
    return True


def _written(survey: Survey) -> Content:
    version = queries.find_draft(survey) or survey.current or survey.versions.latest("number")
    return queries.content_of(queries.read_version(version))


def _keep(survey: Survey, content: Content, *, now: datetime) -> None:
    operations.edit_survey(
        survey,
        title=survey.title,
        content=content,
        kind=survey.kind,
        touchpoint=survey.touchpoint.name if survey.touchpoint else "",
        now=now,
    )
