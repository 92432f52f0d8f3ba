"""Starting an import: its surveys are made, its job is put down."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from gloed.base import audit, jobs
from gloed.base.models import Job, Staff
from gloed.channels.file_import import queries
from gloed.channels.file_import.examining import groups_of
from gloed.channels.file_import.models import Import, ImportedSurvey
from gloed.channels.file_import.operations.deciding import offer_again
from gloed.channels.file_import.rules import (
    Group,
    ImportRefused,
    Problem,
    file_title,
    question_words,
    scale_for,
    title_of,
)
from gloed.surveys import library
from gloed.surveys import operations as surveys
from gloed.surveys.models import Survey, Touchpoint
from gloed.surveys.rules import Metric

KIND = "file_import.run"
STARTS_FROM = (Import.State.UNDERSTOOD, Import.State.UNDONE, Import.State.CANCELLED)


@transaction.atomic
def start(
    of_import: Import, *, by: Staff | None, now: datetime, run_at: datetime | None = None
) -> Import:
    """Make the surveys it needs and have a worker bring the answers in; gives the import anew.

    `run_at` puts the worker's turn off, for a caller who does the work in this process. Raises
    ImportRefused when it has started already, when there is nothing to import, or when an answer
    would go to a survey that does not fit. Call it again after an undo: it is done once more.
    """
    of_import = Import.objects.select_for_update(of=("self",)).select_related("organisation").get(
        pk=of_import.pk
    )  # fmt: skip
    if of_import.state not in STARTS_FROM:
        raise ImportRefused(Problem.NOT_NOW)
    if not of_import.stored_name:
        raise ImportRefused(Problem.FILE_GONE)
    for problem in of_import.plan["problems"]:
        parameters = {key: value for key, value in problem.items() if key != "code"}
        raise ImportRefused(Problem(problem["code"]), **parameters)
    _find_or_make_surveys(of_import, now=now)
    of_import.plan["new_touchpoints"] = _new_touchpoints(of_import)
    of_import.state, of_import.counts, of_import.after_row = Import.State.WAITING, {}, 0
    of_import.started_at, of_import.finished_at, of_import.ends_as = now, None, ""
    of_import.job = jobs.enqueue(
        KIND,
        {"import": str(of_import.public_id)},
        now=now,
        organisation=of_import.organisation,
        run_at=run_at,
    )
    of_import.save()
    offer_again(of_import, now=now)
    audit.record(
        by,
        "import.started",
        of_import.file_name,
        {"rows": of_import.plan["counts"]["imported"]},
        organisation=of_import.organisation,
        at=now,
    )
    return of_import


def wait_longer(of_import: Import, *, until: datetime) -> None:
    """Put the worker's turn off while this process does the work; it comes if we stop."""
    _waiting_job(of_import).update(run_at=until)


def needs_no_worker(of_import: Import, *, now: datetime) -> None:
    """This process has done the work to the end."""
    _waiting_job(of_import).update(state=Job.State.DONE, finished_at=now)


def _waiting_job(of_import: Import) -> QuerySet[Job]:
    return Job.objects.filter(pk=of_import.job_id or 0, state=Job.State.WAITING)


def _find_or_make_surveys(of_import: Import, *, now: datetime) -> None:
    groups = groups_of(of_import.plan)
    titles = file_title(of_import.file_name)
    of_import.surveys.all().delete()
    made: dict[tuple[str, str, int, int], Survey] = {}
    for number, group in enumerate(groups):
        target = of_import.targets.get(group.key, {})
        survey = _chosen(of_import, group, target.get("survey"))
        is_new = survey is None
        if survey is None:
            title = target.get("title") or title_of(group, file_title=titles, groups=groups)
            same = (title, group.metric, group.low, group.high)
            is_new = same not in made
            survey = made.get(same) or _make(of_import, group, title, now + _after(number))
            made[same] = survey
        ImportedSurvey.objects.create(
            of_import=of_import, survey=survey, group=group.key, is_new=is_new
        )


def _new_touchpoints(of_import: Import) -> list[str]:
    """The touchpoints of the file that the organisation does not know yet."""
    names = {name.strip()[:120] for name in of_import.plan.get("touchpoints", [])}
    known = Touchpoint.objects.filter(organisation=of_import.organisation, name__in=names)
    return sorted(names - set(known.values_list("name", flat=True)))


def _after(number: int) -> timedelta:
    """Surveys made together keep the order of the file in lists, the main one first."""
    return timedelta(microseconds=-number)


def _chosen(of_import: Import, group: Group, public_id: str | None) -> Survey | None:
    if not public_id:
        return None
    survey = Survey.objects.filter(
        organisation=of_import.organisation, public_id=UUID(public_id), deleted_at=None
    ).first()
    if survey is None:
        return None
    if survey not in queries.list_fitting_surveys(of_import.organisation, group):
        raise ImportRefused(
            Problem.WRONG_SURVEY,
            survey=survey.title,
            metric=group.metric,
            low=group.low,
            high=group.high,
        )
    return survey


def _make(of_import: Import, group: Group, title: str, now: datetime) -> Survey:
    """A published, closed survey in the file's own words: its answers stand, nobody is asked."""
    scale = scale_for(group.metric, group.low, group.high)
    if scale is None:
        raise ImportRefused(
            Problem.UNKNOWN_SCALE, metric=group.metric, low=group.low, high=group.high
        )
    rating = question_words(_question_of(of_import, group))
    comment = question_words(_comment_question(of_import))
    language = next((words.language for words in (rating, comment) if words), "")
    home = of_import.organisation.language
    languages = (language or home,) if rating or comment else library.LANGUAGES
    survey = surveys.create_survey(
        of_import.organisation,
        title=title,
        content=surveys.usual_content(
            of_import.organisation,
            Metric(group.metric),
            scale=scale,
            languages=languages,
            rating_text=rating.text if rating else "",
            open_text=comment.text if comment else "",
        ),
        kind=_kind(of_import),
        now=now,
    )
    surveys.publish(survey, now=now)
    return surveys.close_survey(survey, now=now)


def _kind(of_import: Import) -> str:
    """About moments where the file names touchpoints, else about the relationship."""
    named = of_import.plan.get("touchpoints")
    return Survey.Kind.TRANSACTIONAL if named else Survey.Kind.RELATIONSHIP


def _question_of(of_import: Import, group: Group) -> str:
    for entry in of_import.plan["groups"]:
        if entry["key"] == group.key:
            return str(entry["question"])
    return ""


def _comment_question(of_import: Import) -> str:
    for column in of_import.plan["columns"]:
        if column["target"] == "comment":
            return str(column["question"])
    return ""
