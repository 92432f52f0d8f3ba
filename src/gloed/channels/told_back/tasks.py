"""Work for the worker: writing the lines, sending what is due, asking again."""

from datetime import timedelta

from gloed.base import jobs, mails
from gloed.base.links import absolute_url
from gloed.channels.told_back import operations, replies, sending
from gloed.channels.told_back.models import Telling, Told
from gloed.loop.improvements.models import Improvement

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


@jobs.task(replies.TELL_OWNER, outward=True)
def tell_owner(run: jobs.JobRun) -> None:
    """Tell the owner of an improvement that somebody wrote back; not what: that is personal."""
    improvement = Improvement.objects.select_related("owner__staff", "organisation").get(
        pk=run.payload["improvement"]
    )
    owner = improvement.owner
    if owner is None or owner.deactivated_at is not None or improvement.organisation.is_sample:
        return
    if replies.unseen_of(improvement).exists():
        staff = owner.staff
        link = absolute_url("improvements:detail", improvement.public_id)
        context = {"improvement": improvement.title, "link": f"{link}#told"}
        language = staff.language or improvement.organisation.language
        mails.send("told_back/mail/reply", staff.email, context, language=language)
