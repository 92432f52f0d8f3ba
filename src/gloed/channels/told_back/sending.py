"""What is sent to whoever is told, and what follows when it went."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.core.mail import EmailMessage

from gloed.channels.email import notices
from gloed.channels.email.notices import Clock
from gloed.channels.outcomes import Fate
from gloed.channels.told_back.letters import Writer
from gloed.channels.told_back.models import Told, Wording
from gloed.channels.told_back.operations import PURPOSE
from gloed.channels.told_back.rules import Group, asked_again_at
from gloed.fieldwork.notices.operations import DueNotice
from gloed.loop.cases import operations as cases

SAMPLE = "sample"


def send_due(
    *, now: Clock, within: timedelta, progress: Callable[[int], None] = lambda _done: None
) -> bool:
    """Send what is due for about so long; whether more waits."""
    writer = Writer()

    def write(batch: Sequence[DueNotice]) -> Mapping[int, EmailMessage | str]:
        return _mails(batch, writer)

    return notices.send_due(
        PURPOSE, write, now=now, within=within, progress=progress, ended=_follow
    )


def _mails(batch: Sequence[DueNotice], writer: Writer) -> dict[int, EmailMessage | str]:
    """The words of each one's group in their language; nothing to the people of a sample."""
    told = {
        one.notice_id: one
        for one in Told.objects.filter(notice__in=[due.id for due in batch]).select_related(
            "notice", "person", "telling__organisation", "telling__improvement"
        )
    }
    words = {
        (w.telling_id, w.language, w.group): w
        for w in Wording.objects.filter(telling__in={t.telling_id for t in told.values()})
    }
    mails: dict[int, EmailMessage | str] = {}
    for due in batch:
        one = told.get(due.id)
        if one is None:
            continue
        if one.telling.organisation.is_sample:
            mails[due.id] = SAMPLE
            continue
        wording = words[one.telling_id, one.language, one.group]
        mails[due.id] = writer.mail(one, wording, email=due.person.email, name=due.person.name)
    return mails


def _follow(due: DueNotice, fate: Fate, now: datetime) -> None:
    """Who was told is asked again, and their case knows."""
    if fate not in (Fate.SENT, Fate.UNCERTAIN):
        return
    told = Told.objects.select_related("telling__improvement").filter(notice=due.id).first()
    if told is None:
        return
    if told.telling.survey_id is not None:
        again = asked_again_at(now, told.telling.ask_after_days)
        Told.objects.filter(pk=told.pk).update(again_at=again)
    if told.group == Group.CASE and told.person_id is not None:
        for case in told.telling.improvement.cases.filter(person=told.person_id):
            cases.note_contact(case, how="told_back", is_told=False, now=now)
            cases.write_line(case, "told_back", now=now)
