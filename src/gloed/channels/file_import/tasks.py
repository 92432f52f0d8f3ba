"""Work of this room that a worker does: understanding large files, importing, taking back."""

from gloed.base import jobs
from gloed.channels.file_import import operations
from gloed.channels.file_import.models import Import
from gloed.channels.file_import.operations import removing, starting, understanding
from gloed.channels.file_import.reading import UnreadableFile


def _import_of(run: jobs.JobRun) -> Import:
    """The import a job is about; a job whose import was thrown away has nothing to do."""
    found = (
        Import.objects.select_related("organisation")
        .filter(public_id=run.payload["import"], organisation=run.organisation)
        .first()
    )
    if found is None:
        raise jobs.Cancelled
    return found


@jobs.task(understanding.KIND, long=True)
def understand(run: jobs.JobRun) -> None:
    """Read a large file through."""
    of_import = _import_of(run)
    if of_import.job_id != run.job.pk or of_import.state != Import.State.UPLOADED:
        return
    try:
        operations.understand(of_import, report=run.progress)
    except UnreadableFile as problem:
        understanding.refuse(of_import, problem, now=run.now())


@jobs.task(starting.KIND, long=True)
def bring_in(run: jobs.JobRun) -> None:
    """Bring the answers of a file into the record."""
    operations.run(_import_of(run), now=run.now, report=run.progress)


@jobs.task(removing.KIND, long=True)
def take_back(run: jobs.JobRun) -> None:
    """Remove what an import brought."""
    operations.remove(_import_of(run), now=run.now, report=run.progress)
