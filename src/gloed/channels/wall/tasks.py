"""Work for the worker: mailing who is asked to be quoted."""

from datetime import timedelta

from gloed.base import jobs
from gloed.channels.email import notices
from gloed.channels.wall import letters
from gloed.loop.testimonials.operations import PURPOSE

SEND = "wall.send"
ROUND = timedelta(seconds=30)


@jobs.task(SEND, outward=True, every=timedelta(minutes=1), lease=timedelta(minutes=2))
def send(run: jobs.JobRun) -> None:
    """Hand over what is due; what is left goes on at once."""
    if notices.send_due(
        PURPOSE, letters.Writer().write, now=run.now, within=ROUND, progress=run.progress
    ):
        jobs.enqueue(SEND, now=run.now(), key=f"{SEND}:more")
