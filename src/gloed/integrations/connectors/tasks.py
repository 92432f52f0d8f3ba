"""Telling other systems, in the lane of work that waits for other machines."""

from datetime import timedelta

from gloed.base import jobs
from gloed.integrations import due
from gloed.integrations.connectors import sending
from gloed.integrations.connectors.models import Arrival, Connection, Dispatch
from gloed.integrations.connectors.operations import DELIVER

KEPT = timedelta(days=60)
ARRIVALS_KEPT = timedelta(days=30)


@jobs.task(DELIVER, outward=True, lease=timedelta(minutes=10))
def deliver(run: jobs.JobRun) -> None:
    """Tell what is due for one connection, and come back when the next try is due."""
    connection = (
        Connection.objects.select_related("organisation")
        .filter(pk=run.payload["connection"], is_active=True, deleted_at=None)
        .first()
    )
    if connection is None:
        return
    sending.deliver_due(connection, now=run.now())
    later = due.next_due(connection.dispatches.all()) if connection.is_active else None
    if later is not None:
        due.come_back(
            run,
            DELIVER,
            {"connection": connection.pk},
            at=later,
            organisation=connection.organisation_id,
        )


@jobs.task("connectors.tidy", every=timedelta(days=1))
def tidy(run: jobs.JobRun) -> None:
    """Throw away what was told or heard long ago."""
    old = Dispatch.objects.filter(created_at__lt=run.now() - KEPT)
    old.exclude(state=Dispatch.State.WAITING).delete()
    Arrival.objects.filter(at__lt=run.now() - ARRIVALS_KEPT).delete()
