"""Work of this room that a worker does: understanding large files, importing, taking back."""

from gloed.base import jobs
from gloed.channels.file_import import operations
from gloed.channels.file_import.models import Import
from gloed.channels.file_import.operations import removing, starting, understanding
from gloed.channels.file_import.reading import UnreadableFile
from gloed.channels.file_import.rules import Overtaken


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
    of_import = _import_of(run)
    try:
        operations.run(of_import, now=run.now, report=run.progress)
    except Overtaken:
        _let_go(of_import, Import.State.WAITING, Import.State.RUNNING)


@jobs.task(removing.KIND, long=True)
def take_back(run: jobs.JobRun) -> None:
    """Remove what an import brought."""
    of_import = _import_of(run)
    try:
        operations.remove(of_import, now=run.now, report=run.progress)
    except Overtaken:
        _let_go(of_import, Import.State.REMOVING)


def _let_go(of_import: Import, *at_work: Import.State) -> None:
    """Somebody else has it in hand; while it is not at its end this job looks again later."""
    of_import.refresh_from_db(fields=["state"])
    if of_import.state in at_work:
        raise Overtaken
