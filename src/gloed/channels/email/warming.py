"""The warm-up of a young sender: so many mails on the first day, more on each that went well."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F

from gloed.base import audit
from gloed.channels.email.models import WarmUp, WarmUpDay
from gloed.channels.email.rules.pacing import MOST_A_DAY, Day, next_limit, outlook

FIRST, GROWTH = 200, 50
SHOWN_DAYS = 7


@dataclass(frozen=True, slots=True)
class Standing:
    """How a warm-up stands: what may go today, what went or is going, and the days to come."""

    first: int
    growth: int
    started_at: datetime
    limit: int
    mails: int
    coming: tuple[int, ...]

    @property
    def left(self) -> int:
        """How many may still go today."""
        return max(0, self.limit - self.mails)


def begin(*, first: int, growth: int, by: Any, now: datetime) -> None:
    """Start a warm-up from its first day, or start it again."""
    with transaction.atomic():
        WarmUp.objects.all().delete()
        WarmUpDay.objects.all().delete()
        WarmUp.objects.create(first=first, growth=growth, started_at=now)
        audit.record(by, "email.warm_up_begun", "", {"first": first, "growth": growth}, at=now)


def end(*, by: Any, now: datetime) -> None:
    """End the warm-up: from now on only the pace per domain holds."""
    with transaction.atomic():
        if WarmUp.objects.all().delete()[0]:
            audit.record(by, "email.warm_up_ended", at=now)


def standing(now: datetime) -> Standing | None:
    """How the warm-up stands; None where there is none."""
    plan = WarmUp.objects.first()
    if plan is None:
        return None
    day = _day(plan, today_at(now))
    coming = outlook(day.limit, growth=plan.growth, days=SHOWN_DAYS)
    return Standing(plan.first, plan.growth, plan.started_at, day.limit, day.mails, tuple(coming))


def take(wanted: int, *, now: datetime) -> int:
    """How many of `wanted` mails may go today; they count as going from now on."""
    if not WarmUp.objects.exists():
        return wanted
    with transaction.atomic():
        plan = WarmUp.objects.select_for_update().first()
        if plan is None:
            return wanted
        day = _day(plan, today_at(now))
        if day.limit >= MOST_A_DAY:
            plan.delete()
            return wanted
        row, _made = WarmUpDay.objects.get_or_create(on=day.on, defaults={"limit": day.limit})
        going = max(0, min(wanted, row.limit - row.mails))
        WarmUpDay.objects.filter(pk=row.pk).update(mails=F("mails") + going)
        return going


def today_at(now: datetime) -> date:
    """The day at this moment where the installation is."""
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _day(plan: WarmUp, today: date) -> Day:
    row = WarmUpDay.objects.filter(on__lte=today).last()
    last = Day(row.on, row.limit, row.mails) if row else None
    limit = next_limit(last, first=plan.first, growth=plan.growth, today=today)
    mails = last.mails if last is not None and last.on == today else 0
    return Day(today, limit, mails)
