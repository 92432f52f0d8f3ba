"""Taking an import back: by cancelling it, by undoing it, or because its file was refused."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from gloed.base import audit, jobs
from gloed.base.models import Staff
from gloed.channels.file_import.examining import Report
from gloed.channels.file_import.models import Import
from gloed.channels.file_import.operations import starting
from gloed.channels.file_import.rules import ImportRefused, Overtaken, Problem
from gloed.people.models import Suppression
from gloed.responses import operations as responses
from gloed.responses.models import Response
from gloed.surveys.models import Survey, Touchpoint

KIND = "file_import.remove"
FIRST = timedelta(hours=1)
"""Taking back goes before what the import left to do, as if it had waited so long already."""
RUNS = (Import.State.WAITING, Import.State.RUNNING)


def cancel(of_import: Import, *, by: Staff | None, now: datetime) -> None:
    """Stop an import that waits or runs, and take back what it brought so far."""
    _take_back(of_import, RUNS, Import.State.CANCELLED, "import.cancelled", by=by, now=now)


def undo(of_import: Import, *, by: Staff | None, now: datetime) -> None:
    """Take a finished import back whole; `redo` brings it in again while its file is kept."""
    _take_back(
        of_import, (Import.State.DONE,), Import.State.UNDONE, "import.undone", by=by, now=now
    )


def redo(of_import: Import, *, by: Staff | None, now: datetime) -> Import:
    """Bring an import that was taken back in again."""
    if of_import.state not in (Import.State.UNDONE, Import.State.CANCELLED):
        raise ImportRefused(Problem.NOT_NOW)
    return starting.start(of_import, by=by, now=now)


def give_up(of_import: Import, refusal: Mapping[str, object], *, now: datetime) -> None:
    """The file was refused in the middle: take back what came of it, and say why."""
    with transaction.atomic():
        of_import = _locked(of_import)
        if of_import.state not in RUNS:
            raise Overtaken
        of_import.state, of_import.ends_as = Import.State.REMOVING, Import.State.REFUSED
        of_import.refusal = dict(refusal)
        of_import.save(update_fields=["state", "ends_as", "refusal"])
    remove(of_import, now=lambda: now)


def remove(of_import: Import, *, now: Callable[[], datetime], report: Report | None = None) -> None:
    """Remove everything that an import brought, to the end; running it again goes on.

    Responses and persons, suppressions, and those surveys and touchpoints it made that nothing
    else uses by now. What it updated keeps its newer content.
    """
    of_import = Import.objects.select_related("organisation").get(pk=of_import.pk)
    if of_import.state != Import.State.REMOVING:
        raise Overtaken
    total, left = int(of_import.counts.get("new", 0)), _brought(of_import)
    gone = max(total - left, 0)  # by an attempt that was cut off
    for removal in responses.remove_batch(of_import.organisation, of_import.public_id, now=now()):
        if report is not None:
            report(gone + removal.responses, total or None)
    with transaction.atomic():
        of_import = _locked(of_import)
        if of_import.state != Import.State.REMOVING:
            raise Overtaken
        Suppression.objects.filter(
            organisation=of_import.organisation, source=source_of(of_import)
        ).delete()
        _remove_surveys(of_import)
        _remove_touchpoints(of_import)
        of_import.state, of_import.finished_at = of_import.ends_as, now()
        of_import.after_row = 0
        of_import.save(update_fields=["state", "finished_at", "after_row"])


def source_of(of_import: Import) -> str:
    """What a suppression says of where it came from."""
    return f"import:{of_import.public_id}"


def _take_back(
    of_import: Import,
    states: tuple[str, ...],
    ends_as: str,
    action: str,
    *,
    by: Staff | None,
    now: datetime,
) -> None:
    with transaction.atomic():
        of_import = _locked(of_import)
        if of_import.state not in states:
            raise ImportRefused(Problem.NOT_NOW)
        if of_import.job is not None:
            jobs.cancel(of_import.job, now=now)
        of_import.state, of_import.ends_as = Import.State.REMOVING, ends_as
        of_import.job = jobs.enqueue(
            KIND,
            {"import": str(of_import.public_id)},
            now=now,
            organisation=of_import.organisation,
            run_at=now - FIRST,
        )
        of_import.save(update_fields=["state", "ends_as", "job"])
        audit.record(by, action, of_import.file_name, organisation=of_import.organisation, at=now)


def _locked(of_import: Import) -> Import:
    return (
        Import.objects.select_for_update(of=("self",))
        .select_related("organisation", "job")
        .get(pk=of_import.pk)
    )


def _brought(of_import: Import) -> int:
    """How many answers of it are in the record."""
    brought = Response.objects.filter(
        organisation=of_import.organisation, batch=of_import.public_id
    )
    return brought.count()


def _remove_surveys(of_import: Import) -> None:
    """The surveys it made, where no answer of another source came in since."""
    made = [row.survey_id for row in of_import.surveys.filter(is_new=True)]
    used = Response.objects.filter(survey__in=made).values_list("survey_id", flat=True).distinct()
    empty = set(made) - set(used)
    Survey.objects.filter(pk__in=empty).update(current=None)
    Survey.objects.filter(pk__in=empty).delete()


def _remove_touchpoints(of_import: Import) -> None:
    """The touchpoints it made, where nothing else uses them."""
    Touchpoint.objects.filter(
        organisation=of_import.organisation,
        name__in=of_import.plan.get("new_touchpoints", []),
        responses=None,
        surveys=None,
    ).delete()
