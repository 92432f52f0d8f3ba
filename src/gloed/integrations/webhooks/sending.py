"""Handing deliveries over: claimed one by one, signed at the moment they go, judged after."""

import logging
import random
from datetime import datetime, timedelta

from standardwebhooks.webhooks import Webhook

from gloed.base.outward import Bounds, NotReached, call
from gloed.base.sealing import CannotOpen, unseal
from gloed.integrations import due
from gloed.integrations.webhooks import dialects
from gloed.integrations.webhooks.models import Delivery, Endpoint
from gloed.integrations.webhooks.operations import secrets_of
from gloed.integrations.webhooks.rules import judge

logger = logging.getLogger(__name__)
BOUNDS = Bounds(connect=5.0, read=15.0, total=15.0, reply=10_000)
LEASE = timedelta(minutes=1)


def deliver_due(endpoint: Endpoint, *, now: datetime) -> int:
    """Hand over what is due for one endpoint, the oldest first; how many tries there were."""
    return due.deliver_in_turn(
        endpoint.deliveries.all(),
        lambda delivery: _try(endpoint, delivery, now),
        is_open=lambda: endpoint.is_active and endpoint.deleted_at is None,
        lease=LEASE,
        now=now,
    )


def _try(endpoint: Endpoint, delivery: Delivery, now: datetime) -> bool:
    """One try; whether the endpoint takes more."""
    status, reply, retry_after = _post(endpoint, delivery, now)
    verdict = judge(
        status,
        attempts=delivery.attempts,
        retry_after=retry_after,
        now=now,
        draw=random.random(),  # noqa: S311 - spreads the load, guards nothing
    )
    state = Delivery.State.WAITING
    if verdict.is_delivered:
        state = Delivery.State.DELIVERED
    elif verdict.next_at is None:
        state = Delivery.State.GIVEN_UP
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, next_at=verdict.next_at, status=status, reply=reply[:500]
    )
    if verdict.ends_endpoint:
        named = {"endpoint": str(endpoint)}
        due.end(
            endpoint,
            status,
            template="webhooks/mail/ended",
            page="webhooks:detail",
            context=named,
        )
    return verdict.is_delivered


def _post(endpoint: Endpoint, delivery: Delivery, now: datetime) -> tuple[int | None, str, str]:
    """Status, what was replied, and when it wants to be asked again."""
    body = delivery.body.encode()
    try:
        headers = {
            "Content-Type": "application/json",
            "webhook-id": delivery.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(
                Webhook(secret).sign(delivery.message_id, now, delivery.body)
                for secret in secrets_of(endpoint, now=now)
            ),
            **dialects.further_headers(endpoint, delivery),
        }
        reply = call("POST", unseal(endpoint.url), headers=headers, body=body, bounds=BOUNDS)
    except NotReached as trouble:
        return None, trouble.trouble.value, ""
    except CannotOpen:
        logger.warning("webhook %s was sealed with another secret key", endpoint.public_id)
        return None, "sealed with another secret key", ""
    told = reply.body[:500].decode("utf-8", "replace").replace("\x00", "")
    return reply.status, told, reply.headers.get("Retry-After", "")
