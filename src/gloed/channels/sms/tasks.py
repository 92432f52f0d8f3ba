"""Work for the worker: sending what is due."""

from datetime import timedelta

from gloed.base import jobs
from gloed.channels.sms import operations

SEND = "sms.send"
ROUND = timedelta(seconds=45)
"""How long one round may take before other work outside gets its turn."""


@jobs.task(SEND, outward=True, every=timedelta(seconds=30), lease=timedelta(minutes=2))
def send(run: jobs.JobRun) -> None:
    """Hand over what is due; what is left when the round is over goes on at once."""
    result = operations.send_due(now=run.now, within=ROUND, progress=run.progress)
    if result.is_more:
        jobs.enqueue(SEND, now=run.now(), key=f"{SEND}:more")
