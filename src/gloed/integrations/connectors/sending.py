"""Telling what is due: claimed one by one, told by the connector, judged after."""

import logging
import random
from datetime import datetime, timedelta

from gloed.base.sealing import CannotOpen
from gloed.integrations import due
from gloed.integrations.connectors import operations, shape
from gloed.integrations.connectors.models import Connection, Dispatch
from gloed.integrations.connectors.shape import Outcome
from gloed.integrations.webhooks.rules import Told, judge

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)


def deliver_due(connection: Connection, *, now: datetime) -> int:
    """Tell what is due for one connection, the oldest first; how many tries there were."""
    return due.deliver_in_turn(
        connection.dispatches.all(),
        lambda dispatch: _try(connection, dispatch, now),
        is_open=lambda: connection.is_active,
        lease=LEASE,
        now=now,
    )


def _try(connection: Connection, dispatch: Dispatch, now: datetime) -> bool:
    """One try; whether the other side takes more."""
    outcome = _tell(connection, dispatch, now)
    state, next_at, ends = Dispatch.State.DELIVERED, None, False
    if outcome.is_refused:
        state = Dispatch.State.REFUSED
    elif not outcome.is_done:
        verdict = judge(
            outcome.status if not 200 <= (outcome.status or 0) < 300 else None,
            attempts=dispatch.attempts,
            retry_after=outcome.retry_after,
            now=now,
            draw=random.random(),  # noqa: S311 - spreads the load, guards nothing
        )
        state = Dispatch.State.WAITING if verdict.next_at else Dispatch.State.GIVEN_UP
        next_at, ends = verdict.next_at, verdict.ends_endpoint
    Dispatch.objects.filter(pk=dispatch.pk).update(
        state=state, next_at=next_at, status=outcome.status, reply=_plain(outcome.reply)
    )
    if ends:
        named = {"connection": connection.name}
        due.end(
            connection,
            outcome.status,
            template="connectors/mail/ended",
            page="connectors:detail",
            context=named,
        )
    return outcome.is_done or outcome.is_refused


def _tell(connection: Connection, dispatch: Dispatch, now: datetime) -> Outcome:
    told = Told(dispatch.news, dispatch.happened_at, dispatch.data)
    try:
        access = operations.access_of(connection)
    except CannotOpen:
        logger.warning("connection %s was sealed with another secret key", connection.public_id)
        return Outcome(reply="sealed with another secret key")
    connector = shape.find(connection.kind)
    if told.news == operations.TEST:
        return connector.try_out(access)
    return connector.tell(access, told, operations.Remembered(connection.pk, now))


def _plain(text: str) -> str:
    return text.replace("\x00", "")[:300]
