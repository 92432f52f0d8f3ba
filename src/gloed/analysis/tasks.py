"""From news in the journal to files of the projection."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from gloed.analysis import projection
from gloed.analysis.manifest import GRACE
from gloed.analysis.models import Mark
from gloed.analysis.projection import Changes
from gloed.analysis.record import months_in
from gloed.base import bulk, jobs
from gloed.base.models import JournalEntry, Organisation
from gloed.responses.models import Response

KINDS = (
    "response.recorded",
    "response.updated",
    "response.withdrawn",
    "responses.imported",
    "responses.removed",
    "person.erased",
    "survey.touchpoint_changed",
    "response.coded",
    "responses.coded",
)
SINGLE = frozenset(
    {"response.recorded", "response.updated", "response.withdrawn", "response.coded"}
)
MOST_MARKS = 20_000
"""Marks taken at a time; more than that many answers at once come by month."""
LONG_FROM = 4
"""From so many months on the work is long and leaves the quick lane to news."""
LITTLE = 5_000
"""Making everything anew is quick up to so many answers."""
RETRY = timedelta(seconds=1)


def mark_changes(entries: Sequence[JournalEntry]) -> None:
    """Subscriber of the journal: note what changed and have it projected. Harmless to repeat."""
    now = timezone.now()
    keys = _keys([entry.subject for entry in entries if entry.kind in SINGLE])
    marks: list[Mark] = []
    touched: dict[int, bool] = {}
    for entry in entries:
        found = list(_marks_of(entry, keys))
        marks += found
        is_long = sum(mark.response_id is None for mark in found) >= LONG_FROM
        everything = any(not mark.month and mark.response_id is None for mark in found)
        organisation = entry.organisation_id
        touched[organisation] = touched.get(organisation, False) or is_long or everything
    with transaction.atomic():
        rows = [(mark.organisation_id, mark.response_id, mark.month) for mark in marks]
        bulk.insert_rows(Mark, ("organisation_id", "response_id", "month"), rows)
    for organisation, is_long in touched.items():
        schedule(organisation, now=now, is_long=is_long)


def schedule(organisation: int, *, now: datetime, is_long: bool = False) -> None:
    """Have an organisation's marks worked off soon."""
    kind = "analysis.project_much" if is_long else "analysis.project"
    jobs.enqueue(kind, now=now, organisation=organisation, key=f"{kind}:{organisation}")


def rebuild(organisation: Organisation, *, now: datetime) -> None:
    """Have the whole projection of an organisation made anew from the record."""
    everything = Mark.objects.filter(organisation=organisation, response_id=None, month="")
    if not everything.exists():  # two at the same moment are harmless
        Mark.objects.create(organisation=organisation)
    schedule(organisation.pk, now=now, is_long=True)


def make_sure(organisation: Organisation, *, now: datetime) -> None:
    """Have the projection made where there is none although somebody answered."""
    if not projection.must_be_made(organisation):
        return
    if Response.objects.filter(organisation=organisation).exists():
        rebuild(organisation, now=now)


@jobs.task("analysis.project")
def project(run: jobs.JobRun) -> None:
    """Project what is marked, as long as it is little; much goes to the lane of long work."""
    _project(run, is_long=False)


@jobs.task("analysis.project_much", long=True)
def project_much(run: jobs.JobRun) -> None:
    """Project whatever is marked: imports, removals, a projection made anew."""
    _project(run, is_long=True)


@jobs.task("analysis.sweep")
def sweep(run: jobs.JobRun) -> None:
    """Delete files that no reader can still have open."""
    if run.organisation is None:
        return
    now = run.now()
    try:
        waiting = projection.sweep(run.organisation, now=now)
    except projection.Busy:
        waiting = True
    if waiting:
        _sweep_later(run.organisation, now=now)


def _project(run: jobs.JobRun, *, is_long: bool) -> None:
    organisation = run.organisation
    if organisation is None:
        return
    now = run.now()
    marks = list(Mark.objects.filter(organisation=organisation).order_by("id")[:MOST_MARKS])
    changes = _changes(marks)
    if not is_long and _is_much(organisation, changes):
        schedule(organisation.pk, now=now, is_long=True)
        return
    try:
        projection.project(organisation, changes, now=now, on_rows=run.progress)
    except projection.Busy:
        kind = run.job.kind
        key = f"{kind}:{organisation.pk}"
        jobs.enqueue(kind, now=now, organisation=organisation, run_at=now + RETRY, key=key)
        return
    Mark.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    if Mark.objects.filter(organisation=organisation).exists():
        schedule(organisation.pk, now=now)
    _sweep_later(organisation, now=now)


def _is_much(organisation: Organisation, changes: Changes) -> bool:
    if changes.everything or projection.must_be_made(organisation):
        return Response.objects.filter(organisation=organisation)[LITTLE:].exists()
    return len(changes.months) >= LONG_FROM


def _sweep_later(organisation: Organisation, *, now: datetime) -> None:
    jobs.enqueue(
        "analysis.sweep",
        now=now,
        organisation=organisation,
        run_at=now + GRACE + RETRY,
        key=f"analysis.sweep:{organisation.pk}",
    )


def _changes(marks: Iterable[Mark]) -> Changes:
    changes = Changes()
    for mark in marks:
        if mark.response_id is not None:
            changes.responses.add(mark.response_id)
        elif mark.month:
            changes.months.add(mark.month)
        else:
            changes.everything = True
    return changes


def _marks_of(entry: JournalEntry, keys: dict[str, int]) -> Iterable[Mark]:
    """What an entry touches: one answer, its months, or, where it tells neither, everything."""
    key = keys.get(entry.subject) if entry.kind in SINGLE else None
    if key is not None:
        return [Mark(organisation_id=entry.organisation_id, response_id=key)]
    months = entry.payload.get("months")
    if entry.kind == "survey.touchpoint_changed":
        months = _months_of_survey(entry)
    if months is not None:
        return [Mark(organisation_id=entry.organisation_id, month=month) for month in months]
    return [Mark(organisation_id=entry.organisation_id)]


def _months_of_survey(entry: JournalEntry) -> list[str]:
    """The months in which somebody answered a survey: its touchpoint is that of its answers."""
    if not _is_uuid(entry.subject):
        return []
    survey = {"survey__public_id": entry.subject, "survey__organisation": entry.organisation_id}
    return list(months_in(Response.objects.filter(**survey, withdrawn_at=None)))


def _keys(subjects: Sequence[str]) -> dict[str, int]:
    """Record keys of responses by public id, as far as they still exist."""
    wanted = [subject for subject in subjects if _is_uuid(subject)]
    found: dict[str, int] = {}
    for begin in range(0, len(wanted), 500):
        responses = Response.objects.filter(public_id__in=wanted[begin : begin + 500])
        for public_id, key in responses.values_list("public_id", "pk"):
            found[str(public_id)] = key
    return found


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
