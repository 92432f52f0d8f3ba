"""The daily cap of mail domains."""

from collections import Counter
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from gloed.base.models import Organisation
from gloed.fieldwork.models import Invitation, Wave
from gloed.fieldwork.rules import Policy, Window
from gloed.fieldwork.rules.timing import next_opening


class Domains:
    """How many invitations may still go to each mail domain today."""

    def __init__(self, organisation_id: int, policy: Policy, now: datetime) -> None:
        self._cap, self._country, self._now = policy.domain_daily_cap, policy.country, now
        self._sent: Counter[str] = Counter()
        self._zone = "UTC"
        if not self._cap:
            return
        self._zone = Organisation.objects.values_list("time_zone", flat=True).get(
            pk=organisation_id
        )
        midnight = now.astimezone(ZoneInfo(self._zone)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        today = Q(sent_at__gte=midnight) | Q(reminded_at__gte=midnight)
        under_way = Q(leased_until__gt=now, sent_at=None, is_open=True)
        rows = Invitation.objects.filter(today | under_way, organisation_id=organisation_id)
        counted = rows.exclude(domain="").values_list("domain").annotate(Count("id")).order_by()
        self._sent.update(dict(counted))

    def is_full(self, domain: str) -> bool:
        """Whether no more goes to this domain today."""
        return bool(self._cap and domain) and self._sent[domain] >= self._cap

    def add(self, domain: str) -> None:
        """One more goes there."""
        self._sent[domain] += 1

    def next_opening(self, wave: Wave | None) -> datetime:
        """When it is tried again: the next working day, in the hours of the wave."""
        opens, closes = (wave.opens, wave.closes) if wave else (time(9), time(17))
        local = self._now.astimezone(ZoneInfo(self._zone))
        tomorrow = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
        return next_opening(Window(tomorrow, 1, opens, closes, self._zone, self._country))
