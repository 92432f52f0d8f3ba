"""Handing news over, in the lane of work that waits for other machines."""

from datetime import timedelta

from gloed.base import jobs
from gloed.integrations import due
from gloed.integrations.webhooks import sending
from gloed.integrations.webhooks.models import Delivery, Endpoint
from gloed.integrations.webhooks.operations import DELIVER

KEPT = timedelta(days=60)


@jobs.task(DELIVER, outward=True, lease=timedelta(minutes=10))
def deliver(run: jobs.JobRun) -> None:
    """Hand over what is due for one endpoint, and come back when the next try is due."""
    endpoint = (
        Endpoint.objects.select_related("organisation")
        .filter(pk=run.payload["endpoint"], is_active=True, deleted_at=None)
        .first()
    )
    if endpoint is None:
        return
    sending.deliver_due(endpoint, now=run.now())
    later = due.next_due(endpoint.deliveries.all()) if endpoint.is_active else None
    if later is not None:
        due.come_back(
            run,
            DELIVER,
            {"endpoint": endpoint.pk},
            at=later,
            organisation=endpoint.organisation_id,
        )


@jobs.task("webhooks.tidy", every=timedelta(days=1))
def tidy(run: jobs.JobRun) -> None:
    """Throw away what was delivered long ago."""
    old = Delivery.objects.filter(created_at__lt=run.now() - KEPT)
    old.exclude(state=Delivery.State.WAITING).delete()
