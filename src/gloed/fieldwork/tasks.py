"""Work for the worker: writing waves, and what must be looked at again and again."""

from datetime import timedelta

from gloed.base import jobs
from gloed.fieldwork import operations
from gloed.fieldwork.models import Wave
from gloed.fieldwork.operations.waves import WRITE


@jobs.task(WRITE, long=True)
def write_wave(run: jobs.JobRun) -> None:
    """Write the ledger of one wave; resumed where it was cut off."""
    try:
        operations.write_wave(run.payload["wave"], now=run.now(), progress=run.progress)
    except Wave.DoesNotExist:  # it was deleted meanwhile
        return


@jobs.task("fieldwork.tend", every=timedelta(minutes=1))
def tend(run: jobs.JobRun) -> None:
    """End invitations whose time is over, make the waves whose turn has come, end those done."""
    operations.expire_due(run.now())
    operations.make_due_waves(now=run.now())
    operations.plan_anew(now=run.now())
    operations.finish_waves(now=run.now())
