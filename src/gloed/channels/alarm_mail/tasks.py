"""From an alarm in the journal to mails."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from gloed.analysis.monitors import words
from gloed.analysis.monitors.models import Alarm
from gloed.analysis.monitors.queries import may_see
from gloed.base import jobs, mails
from gloed.base.links import absolute_url
from gloed.base.models import JournalEntry, Membership
from gloed.channels.alarm_mail.models import Notice


class NotSent(Exception):
    """The mail server did not take a mail; the job tries again."""


def note(entries: Sequence[JournalEntry]) -> None:
    """Subscriber of the journal: write down who is to be told. Harmless to repeat."""
    now = timezone.now()
    rung = Alarm.objects.filter(public_id__in=[entry.subject for entry in entries])
    for alarm in rung.select_related("monitor"):
        told = [
            Notice(alarm=alarm, staff=one.staff)
            for one in _listening(alarm)
            if may_see(one, alarm.monitor)
        ]
        Notice.objects.bulk_create(told, ignore_conflicts=True)
        for notice in Notice.objects.filter(alarm=alarm, sent_at=None):
            jobs.enqueue(
                "alarm_mail.send",
                {"notice": notice.pk},
                now=now,
                organisation=alarm.organisation_id,
                key=f"alarm_mail.send:{notice.pk}",
            )


@jobs.task("alarm_mail.send", outward=True)
def send(run: jobs.JobRun) -> None:
    """Send one notice, unless it has left already."""
    notice = (
        Notice.objects.select_related("staff", "alarm__monitor", "alarm__organisation")
        .filter(pk=run.payload["notice"], sent_at=None, staff__is_active=True)
        .first()
    )
    if notice is None:
        return
    staff, alarm = notice.staff, notice.alarm
    language = staff.language or alarm.organisation.language
    context: dict[str, Any] = {"staff": staff, "organisation": alarm.organisation}
    context["url"] = absolute_url("alarms:alarm", alarm.public_id)
    context["changes_url"] = f"{absolute_url('changes:changes')}?{alarm.changes}"
    with timezone.override(alarm.organisation.time_zone):
        context["alarm"] = _Told(alarm)
        if not mails.send("alarm_mail/alarm", staff.email, context, language=language):
            raise NotSent
    notice.sent_at = run.now()
    notice.save(update_fields=["sent_at"])


class _Told:
    """The words of an alarm, made when the mail is written, in the language of its reader."""

    def __init__(self, alarm: Alarm) -> None:
        self._alarm = alarm

    @property
    def headline(self) -> str:
        return words.headline_of(self._alarm)

    @property
    def sentence(self) -> str:
        return words.sentence_of(self._alarm)


def _listening(alarm: Alarm) -> list[Membership]:
    present = alarm.monitor.recipients.filter(deactivated_at=None, staff__is_active=True)
    return list(present.select_related("staff"))
