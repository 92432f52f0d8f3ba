"""Subscribing, making the brief of a month once, and sending it once."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from gloed.analysis.briefs import mailing, writing
from gloed.analysis.briefs.content import Content, from_json
from gloed.analysis.briefs.models import Brief, Subscription
from gloed.analysis.briefs.rules import Audience, month_due
from gloed.analysis.briefs.writing import Order
from gloed.base import audit, jobs
from gloed.base.models import Membership, Staff

SEND = "briefs.send"
MOST_ATTEMPTS = 6
LOST_AFTER = timedelta(hours=1)
"""A brief that is being sent for so long was begun by a worker that is gone."""
FIELDS = ("audience", "about", "team", "day", "hour", "time_zone", "language")
State = Brief.State


def subscribe(
    membership: Membership, values: Mapping[str, Any], *, by: Staff, now: datetime
) -> Subscription:
    """Have a brief sent every month from now on; the one of this month only if it is still due."""
    with transaction.atomic():
        made = Subscription.objects.create(
            organisation=membership.organisation,
            membership=membership,
            created_by=by,
            created_at=now,
            resumed_at=now,
            **{name: values[name] for name in FIELDS},
        )
        _audit("briefs.subscribe", made, by, now)
    return made


def change(
    subscription: Subscription, values: Mapping[str, Any], *, by: Staff, now: datetime
) -> None:
    """Change what a subscription asks for."""
    with transaction.atomic():
        for name in FIELDS:
            setattr(subscription, name, values[name])
        subscription.save(update_fields=list(FIELDS))
        _audit("briefs.change", subscription, by, now)


def end(subscription: Subscription, *, by: Staff | None, now: datetime) -> bool:
    """Send no more; harmless to repeat."""
    with transaction.atomic():
        live = Subscription.objects.filter(pk=subscription.pk, ended_at=None)
        ended = bool(live.update(ended_at=now))
        if ended:
            _audit("briefs.end", subscription, by, now)
    return ended


def resume(subscription: Subscription, *, by: Staff | None, now: datetime) -> bool:
    """Take a subscription up again; what was due meanwhile is not sent."""
    with transaction.atomic():
        gone = Subscription.objects.filter(pk=subscription.pk, ended_at__isnull=False)
        resumed = bool(gone.update(ended_at=None, resumed_at=now))
        if resumed:
            _audit("briefs.subscribe", subscription, by, now)
    return resumed


def active_subscriptions() -> QuerySet[Subscription]:
    """Those of colleagues who still work there."""
    return Subscription.objects.filter(
        ended_at=None, membership__deactivated_at=None, membership__staff__is_active=True
    ).select_related("organisation", "membership__staff", "membership__organisation", "team")


def order_of(subscription: Subscription) -> Order:
    """What is to be written for a subscription."""
    return Order(
        membership=subscription.membership,
        audience=Audience(subscription.audience),
        about=subscription.about,
        team=subscription.team,
        language=subscription.language,
        time_zone=subscription.time_zone,
    )


def enqueue_due(*, now: datetime) -> int:
    """Put down the sending of every brief that is due and has not ended; how many."""
    _give_up_lost(now)
    found = 0
    for one in active_subscriptions():
        month = month_due(now, since=one.resumed_at, day=one.day, hour=one.hour, zone=one.time_zone)
        if month is None:
            continue
        begun = Brief.objects.filter(subscription=one, month=month)
        if begun.exclude(state=State.WAITING).exists():
            continue
        jobs.enqueue(
            SEND,
            {"subscription": str(one.public_id), "month": month.isoformat()},
            now=now,
            organisation=one.organisation_id,
            key=f"{SEND}:{one.pk}:{month}",
        )
        found += 1
    return found


def make(subscription: Subscription, month: date, *, now: datetime) -> Brief:
    """The brief of a month: the one that is there, or a new one, frozen from here on."""
    known = Brief.objects.filter(subscription=subscription, month=month).first()
    if known is not None:
        return known
    content = writing.write(order_of(subscription), month, now=now)
    made, _is_new = Brief.objects.get_or_create(
        subscription=subscription,
        month=month,
        defaults={
            "organisation": subscription.organisation,
            "language": subscription.language,
            "content": content.as_json(),
            "made_at": now,
        },
    )
    return made


def send(brief: Brief, *, now: datetime) -> bool:
    """Send a brief that waits, and only then; False where another one has it, or it did not leave.

    The claim is a conditional update: of two workers one finds nothing to claim. A worker that
    dies after the claim leaves it uncertain rather than sent twice.
    """
    claimed = Brief.objects.filter(pk=brief.pk, state=State.WAITING).update(
        state=State.SENDING, claimed_at=now, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    brief.refresh_from_db()
    left = mailing.mail(brief, from_json(brief.content))
    is_last = brief.attempts >= MOST_ATTEMPTS
    becomes = State.SENT if left else State.FAILED if is_last else State.WAITING
    Brief.objects.filter(pk=brief.pk, state=State.SENDING).update(
        state=becomes, sent_at=now if left else None
    )
    brief.refresh_from_db()
    return left


def send_again(brief: Brief, *, now: datetime) -> bool:
    """Send a brief once more because somebody asks for it, as it was frozen."""
    freed = Brief.objects.filter(
        pk=brief.pk, state__in=[State.UNCERTAIN, State.FAILED, State.SENT]
    ).update(state=State.WAITING, attempts=0)
    return bool(freed) and send(brief, now=now)


def send_test(order: Order, month: date, *, now: datetime) -> bool:
    """Send the brief as it would be now to the one who asks; nothing is kept of it."""
    content: Content = writing.write(order, month, now=now)
    return mailing.mail_test(order.membership, content, language=order.language)


def _give_up_lost(now: datetime) -> None:
    lost = Brief.objects.filter(state=State.SENDING, claimed_at__lt=now - LOST_AFTER)
    lost.update(state=State.UNCERTAIN)


def _audit(action: str, subscription: Subscription, by: Staff | None, now: datetime) -> None:
    audit.record(
        by,
        action,
        subscription.membership.staff.email,
        organisation=subscription.organisation,
        at=now,
    )
