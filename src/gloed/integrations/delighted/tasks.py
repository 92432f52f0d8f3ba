"""Recurring surveys of the old kind, looked at again and again."""

from datetime import timedelta

from gloed.base import jobs
from gloed.integrations.delighted import operations


@jobs.task("delighted.fly", every=timedelta(minutes=5))
def fly(run: jobs.JobRun) -> None:
    """Ask the members whose turn has come, a piece at a time."""
    while operations.fly(now=run.now()) == operations.AT_ONCE:
        run.progress(operations.AT_ONCE, operations.AT_ONCE)
