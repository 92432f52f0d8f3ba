"""Telling what is due: claimed one by one, told by the connector, judged after."""

import logging
import random
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.urls import reverse

from gloed.base import mails
from gloed.base.models import Membership
from gloed.base.sealing import CannotOpen
from gloed.integrations.connectors import operations, shape
from gloed.integrations.connectors.models import Connection, Dispatch
from gloed.integrations.connectors.shape import Outcome
from gloed.integrations.webhooks.rules import GONE, Told, judge

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
IN_A_ROW = 20


def deliver_due(connection: Connection, *, now: datetime) -> int:
    """Tell what is due for one connection, the oldest first; how many tries there were."""
    tries = 0
    while tries < IN_A_ROW and connection.is_active:
        dispatch = _claim(connection, now)
        if dispatch is None:
            break
        tries += 1
        if not _try(connection, dispatch, now):
            break
    return tries


def next_due(connection: Connection) -> datetime | None:
    """When the next try is; None when nothing waits."""
    waiting = connection.dispatches.filter(state=Dispatch.State.WAITING, next_at__isnull=False)
    return waiting.order_by("next_at").values_list("next_at", flat=True).first()


def _claim(connection: Connection, now: datetime) -> Dispatch | None:
    """Take one, so that no second worker tells it at the same time."""
    due = connection.dispatches.filter(state=Dispatch.State.WAITING, next_at__lte=now)
    for dispatch in due.order_by("next_at", "pk")[:3]:
        mine = Dispatch.objects.filter(
            pk=dispatch.pk, state=Dispatch.State.WAITING, next_at=dispatch.next_at
        )
        if mine.update(next_at=now + LEASE, attempts=F("attempts") + 1, tried_at=now):
            dispatch.refresh_from_db()
            return dispatch
    return None


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
        _end(connection, outcome.status)
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


def _end(connection: Connection, status: int | None) -> None:
    """Switch a connection off that is gone or never answered, and tell the owners."""
    reason = "gone" if status == GONE else "silent"
    ended = Connection.objects.filter(pk=connection.pk, is_active=True)
    if not ended.update(is_active=False, ended_because=reason):
        return
    connection.is_active = False
    path = reverse("connectors:detail", args=[connection.public_id])
    context = {
        "connection": connection.name,
        "reason": reason,
        "address": f"{settings.BASE_URL.rstrip('/')}{path}",
    }
    owners = Membership.objects.filter(
        organisation=connection.organisation, role="owner", deactivated_at=None
    )
    for owner in owners.select_related("staff"):
        email = owner.staff.email
        mails.send("connectors/mail/ended", email, context, language=mails.language_of(email))
