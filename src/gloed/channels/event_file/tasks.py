"""Work for the worker: bringing a file in, and forgetting those that nobody brought in."""

from datetime import timedelta

from gloed.base import jobs
from gloed.channels.event_file import operations


@jobs.task(operations.TAKE_IN, long=True)
def take_in(run: jobs.JobRun) -> None:
    """Bring in a file, row by row."""
    operations.take_in(int(run.payload["file"]), now=run.now, report=run.progress)


@jobs.task("event_file.let_go", every=timedelta(hours=6))
def let_go(run: jobs.JobRun) -> None:
    """Forget what was only looked at."""
    operations.let_go(now=run.now())
