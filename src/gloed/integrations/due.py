"""News on its way to one receiver: claimed row by row, tried again later, ended with a word.

A row is anything with `state` ("waiting" until it is settled), `next_at`, `attempts` and
`tried_at`; a receiver anything with `is_active`, `ended_because` and an organisation.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import F, Model, QuerySet
from django.urls import reverse

from gloed.base import jobs, mails
from gloed.base.models import Membership, Organisation
from gloed.integrations.webhooks.rules import GONE

WAITING = "waiting"
IN_A_ROW = 20

Row = TypeVar("Row", bound=Model)


def deliver_in_turn(
    rows: QuerySet[Row],
    deliver: Callable[[Row], bool],
    *,
    is_open: Callable[[], bool],
    lease: timedelta,
    now: datetime,
) -> int:
    """Deliver what is due, the oldest first, while the receiver takes more; how many tries."""
    tries = 0
    while tries < IN_A_ROW and is_open():
        row = _claim(rows, lease=lease, now=now)
        if row is None:
            break
        tries += 1
        if not deliver(row):
            break
    return tries


def next_due(rows: QuerySet[Row]) -> datetime | None:
    """When the next try is; None when nothing waits."""
    waiting = rows.filter(state=WAITING, next_at__isnull=False).order_by("next_at")
    return waiting.values_list("next_at", flat=True).first()


def _claim(rows: QuerySet[Row], *, lease: timedelta, now: datetime) -> Row | None:
    """Take one, so that no second worker delivers it at the same time."""
    due = rows.filter(state=WAITING, next_at__lte=now).order_by("next_at", "pk")
    for row in due[:3]:
        mine = rows.filter(pk=row.pk, state=WAITING, next_at=row.next_at)  # type: ignore[attr-defined]  # told above
        if mine.update(next_at=now + lease, attempts=F("attempts") + 1, tried_at=now):
            row.refresh_from_db()
            return row
    return None


def come_back(
    run: jobs.JobRun, kind: str, payload: dict[str, int], *, at: datetime, organisation: int
) -> None:
    """Let the job for one receiver run again when its next try is due."""
    [receiver] = payload.values()
    jobs.enqueue(
        kind,
        payload,
        now=run.now(),
        run_at=max(at, run.now()),
        organisation=organisation,
        key=f"{kind}:{receiver}",
    )


def end(
    receiver: Any, status: int | None, *, template: str, page: str, context: dict[str, str]
) -> None:
    """Switch a receiver off that is gone or never answered, and tell the owners by mail."""
    reason = "gone" if status == GONE else "silent"
    ended = type(receiver).objects.filter(pk=receiver.pk, is_active=True)
    if not ended.update(is_active=False, ended_because=reason):
        return
    receiver.is_active = False
    path = reverse(page, args=[receiver.public_id])
    context = {**context, "reason": reason, "address": f"{settings.BASE_URL.rstrip('/')}{path}"}
    for email in _owners(receiver.organisation):
        mails.send(template, email, context, language=mails.language_of(email))


def _owners(organisation: Organisation) -> list[str]:
    owners = Membership.objects.filter(organisation=organisation, role="owner", deactivated_at=None)
    return list(owners.values_list("staff__email", flat=True))
