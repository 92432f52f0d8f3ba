"""Work for the worker: sending what promoters are asked by mail."""

from datetime import timedelta

from gloed.base import jobs
from gloed.channels.email import notices
from gloed.channels.referral.letters import Writer
from gloed.loop.promoters.operations.asking import PURPOSE

SEND = "referral.send"
ROUND = timedelta(seconds=30)


@jobs.task(SEND, outward=True, every=timedelta(minutes=1), lease=timedelta(minutes=2))
def send(run: jobs.JobRun) -> None:
    """Hand over what is due; what is left goes on at once."""
    if notices.send_due(PURPOSE, Writer().write, now=run.now, within=ROUND, progress=run.progress):
        jobs.enqueue(SEND, now=run.now(), key=f"{SEND}:more")
