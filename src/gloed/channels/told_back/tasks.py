"""Work for the worker: writing the lines, sending what is due, asking again."""

from datetime import timedelta

from gloed.base import jobs
from gloed.channels.told_back import operations, sending
from gloed.channels.told_back.models import Telling, Told

SEND = "told_back.send"
AGAIN = "told_back.again"
ROUND = timedelta(seconds=30)
ASKED_AT_ONCE = 500


@jobs.task(operations.WRITE, long=True)
def write(run: jobs.JobRun) -> None:
    """A line for everybody who is told; what is due is sent at once."""
    telling = Telling.objects.select_related("improvement", "organisation").get(
        pk=run.payload["telling"]
    )
    operations.write_lines(telling, now=run.now())
    operations.close_finished()
    jobs.enqueue(SEND, now=run.now(), key=f"{SEND}:more")


@jobs.task(SEND, outward=True, every=timedelta(minutes=1), lease=timedelta(minutes=2))
def send(run: jobs.JobRun) -> None:
    """Hand over what is due; what is left goes on at once."""
    if sending.send_due(now=run.now, within=ROUND, progress=run.progress):
        jobs.enqueue(SEND, now=run.now(), key=f"{SEND}:more")
    operations.close_finished()


@jobs.task(AGAIN, long=True, every=timedelta(minutes=10))
def again(run: jobs.JobRun) -> None:
    """Ask those again who were told long enough ago."""
    now = run.now()
    due = Told.objects.filter(again_at__lte=now, invitation=None).select_related(
        "person", "telling__survey"
    )
    for number, told in enumerate(due.order_by("again_at")[:ASKED_AT_ONCE]):
        run.progress(number)
        operations.ask_again(told, now=now)
