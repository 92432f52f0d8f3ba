"""Work of this room that a worker does: writing files, bringing an archive in, tidying up."""

from datetime import timedelta

from gloed.base import jobs
from gloed.base.models import Membership, Staff
from gloed.integrations.exports import shelf
from gloed.integrations.exports.bringing_in import bring_in
from gloed.integrations.exports.making import make_archive
from gloed.integrations.exports.refusals import ArchiveRefused
from gloed.integrations.exports.staging import remove_abandoned
from gloed.integrations.exports.tables.making import make_table


@jobs.task(shelf.ARCHIVE, long=True, max_attempts=3)
def archive(run: jobs.JobRun) -> None:
    """Write an archive of everything."""
    if run.organisation is None:
        return
    path = shelf.path_of(run.job)
    try:
        made = make_archive(run.organisation, path, now=run.now(), report=run.progress)
    except ArchiveRefused as refusal:
        shelf.note(run.job, refused=refusal.as_json())
    else:
        shelf.note(run.job, rows=made.rows)


@jobs.task(shelf.TABLE, long=True, max_attempts=3)
def table(run: jobs.JobRun) -> None:
    """Write a table of answers, as far as who asked may read them."""
    membership = (
        Membership.objects.select_related("organisation")
        .filter(organisation=run.organisation, staff=run.payload["by"], deactivated_at=None)
        .first()
    )
    if membership is None:  # they left since
        return
    asked = run.payload
    try:
        rows = make_table(
            membership,
            shelf.path_of(run.job),
            kind=asked["format"],
            survey=asked["survey"],
            address=asked["address"],
            personal=tuple(asked["personal"]),
            report=run.progress,
        )
    except ArchiveRefused as refusal:
        shelf.note(run.job, refused=refusal.as_json())
    else:
        shelf.note(run.job, rows=rows)


@jobs.task(shelf.BRING_IN, long=True, max_attempts=3)
def bring(run: jobs.JobRun) -> None:
    """Bring an archive in as a new organisation; the file goes when it is done."""
    path = shelf.path_of(run.job)
    if run.payload.get("name_here") or not path.exists():  # an earlier attempt came to the end
        return
    by = Staff.objects.filter(pk=run.payload["by"]).first()
    name = run.payload.get("name", "")
    try:
        made = bring_in(path, name=name, by=by, now=run.now(), report=run.progress)
    except ArchiveRefused as refusal:
        shelf.note(run.job, refused=refusal.as_json())
    else:
        shelf.note(run.job, name_here=made.name)
    path.unlink(missing_ok=True)


@jobs.task("exports.sweep", every=timedelta(hours=1))
def sweep(_run: jobs.JobRun) -> None:
    """Delete files whose week is over, and what a killed process left half brought in."""
    shelf.sweep()
    remove_abandoned()
