"""Work of this app that a worker does: looking what is due, and sending one brief."""

from datetime import date, timedelta

from gloed.analysis import projection
from gloed.analysis import tasks as projecting
from gloed.analysis.briefs import operations
from gloed.analysis.briefs.models import Brief, Subscription
from gloed.base import jobs
from gloed.responses.models import Response


class NotSent(Exception):
    """The mail server did not take it; the job is tried again later."""


class NotCounted(Exception):
    """The answers are being counted anew; a brief is not frozen before that is done."""


@jobs.task("briefs.look", every=timedelta(minutes=10))
def look(run: jobs.JobRun) -> None:
    """Put down the sending of what is due."""
    operations.enqueue_due(now=run.now())


@jobs.task(operations.SEND, outward=True)
def send(run: jobs.JobRun) -> None:
    """Make the brief of a month and send it; doubled or killed, it goes out at most once."""
    found = operations.active_subscriptions().filter(
        public_id=run.payload["subscription"], organisation=run.organisation
    )
    subscription = found.first()
    if subscription is None:
        return
    if projection.must_be_made(subscription.organisation):
        projecting.make_sure(subscription.organisation, now=run.now())
        if projection.must_be_made(subscription.organisation) and _has_answers(subscription):
            raise NotCounted
    brief = operations.make(subscription, date.fromisoformat(run.payload["month"]), now=run.now())
    if not operations.send(brief, now=run.now()):
        brief.refresh_from_db()
        if brief.state == Brief.State.WAITING:
            raise NotSent


def _has_answers(subscription: Subscription) -> bool:
    return Response.objects.filter(organisation=subscription.organisation_id).exists()
