"""Telling other systems, in the lane of work that waits for other machines."""

from datetime import datetime, timedelta

from gloed.base import jobs
from gloed.integrations import due
from gloed.integrations.connectors import intake, operations, sending, shape
from gloed.integrations.connectors.desk import Desk
from gloed.integrations.connectors.models import Arrival, Connection, Dispatch
from gloed.integrations.connectors.operations import DELIVER, LOOK_UP

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


@jobs.task(LOOK_UP, outward=True)
def look_up(run: jobs.JobRun) -> None:
    """Ask the other side to whom something happened, and carry that out; tried again by the job."""
    found = Arrival.objects.select_related("connection__organisation")
    arrival = found.filter(pk=run.payload["arrival"], connection__deleted_at=None).first()
    if arrival is None or not isinstance(desk := shape.find(arrival.connection.kind), Desk):
        return
    access = operations.access_of(arrival.connection)
    at = datetime.fromisoformat(run.payload["at"])
    intake.looked_up(arrival, desk.look_up(access, run.payload["what"], at), now=run.now())


@jobs.task("connectors.tidy", every=timedelta(days=1))
def tidy(run: jobs.JobRun) -> None:
    """Throw away what was told or heard long ago."""
    old = Dispatch.objects.filter(created_at__lt=run.now() - KEPT)
    old.exclude(state=Dispatch.State.WAITING).delete()
    Arrival.objects.filter(at__lt=run.now() - ARRIVALS_KEPT).delete()
