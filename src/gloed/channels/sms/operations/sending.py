"""Handing over what is due: each message at most once, whatever dies on the way.

As with mail: before a message leaves we write down that it is about to, afterwards what became of
it. A mark without an ending may have gone out and is not sent again; only what certainly did not
arrive is tried again.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F

from gloed.base.models import Organisation
from gloed.base.sealing import CannotOpen, unseal
from gloed.channels.handing import Clock, batches, set_aside, settle
from gloed.channels.sms import gateway, texts
from gloed.channels.sms.models import ShortLink, TextHours, TextMinute, TextProvider
from gloed.channels.sms.rules import (
    Hours,
    Outcome,
    next_moment,
    normal_number,
    rest_after,
    zone_or,
)
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.candidates import ZONE_ATTRIBUTE, policy_of
from gloed.fieldwork.operations import DueInvitation
from gloed.fieldwork.rules.timing import holidays

CHANNEL = "sms"
BATCH = 20
BATCH_TIME = timedelta(minutes=4)
WAIT_FOR_PROVIDER = timedelta(minutes=15)
SAMPLE = "sample"
NO_NUMBER = "number"


@dataclass(slots=True)
class Round:
    """What one round did, by fate; `waiting` was given back for later."""

    fates: Counter[str] = field(default_factory=Counter)
    waiting: int = 0
    is_more: bool = False

    @property
    def done(self) -> int:
        """How many messages were looked at."""
        return self.fates.total() + self.waiting


@dataclass(frozen=True, slots=True)
class _House:
    """What holds for an organisation in this round."""

    is_sample: bool
    zone: str
    hours: Hours
    country: str
    holidays_of: str
    provider: TextProvider | None
    address: str


def send_due(
    *, now: Clock, within: timedelta, progress: Callable[[int], None] = lambda _done: None
) -> Round:
    """Send what is due, reminders last, for about so long."""
    found, words = Round(), texts.Texts()
    end = now() + within
    for batch in batches(CHANNEL, size=BATCH, until=end, now=now):
        _Batch(batch, words, found, now=now, progress=progress).send()
    found.is_more = now() >= end
    return found


class _Batch:
    """A batch on its way; what cannot go now is given back before its lease runs out."""

    def __init__(
        self,
        batch: list[DueInvitation],
        words: texts.Texts,
        found: Round,
        *,
        now: Clock,
        progress: Callable[[int], None],
    ) -> None:
        self.waiting = list(batch)
        self.words, self.found, self.now, self.progress = words, found, now, progress
        self.ours_until = now() + BATCH_TIME
        self.houses = {one: _house(one) for one in {each.organisation_id for each in batch}}

    def send(self) -> None:
        """Hand them over one by one, in their order."""
        try:
            while self.waiting and self.now() < self.ours_until:
                self.progress(self.found.done)
                self._send(self.waiting.pop(0))
        finally:
            if self.waiting and self.now() < self.ours_until:
                fieldwork.release([one.id for one in self.waiting])

    def _send(self, one: DueInvitation) -> None:
        house = self.houses[one.organisation_id]
        number = normal_number(one.phone, country=house.country)
        unsendable = SAMPLE if house.is_sample else "" if number else NO_NUMBER
        if set_aside(one, self.found.fates, unsendable=unsendable, now=self.now):
            return
        until = self._not_before(one, house)
        if until is not None:
            fieldwork.release([one.id], until=until)
            self.found.waiting += 1
            return
        self._hand_over(one, house, number)

    def _not_before(self, one: DueInvitation, house: _House) -> datetime | None:
        """When it may go, if not now: no provider, one that rests, quiet hours, or the pace."""
        now, provider = self.now(), house.provider
        if provider is None:
            return now + WAIT_FOR_PROVIDER
        provider.refresh_from_db(fields=["resting_until"])
        if provider.resting_until is not None and provider.resting_until > now:
            return provider.resting_until
        moment = next_moment(
            house.hours,
            zone=zone_or(one.attributes.get(ZONE_ATTRIBUTE), house.zone),
            now=now,
            is_holiday=lambda day: day in holidays(day.year, house.holidays_of),
        )
        return moment if moment > now else _minute_for(provider, now)

    def _hand_over(self, one: DueInvitation, house: _House, number: str) -> None:
        survey, language, words = self.words.words(one.survey_id, one.language)
        link = _short_link(one, number, now=self.now())
        organisation = survey.organisation_name
        text = texts.message(
            texts.text_for(words, one.own_words, organisation, is_reminder=one.reminder > 0),
            name=one.name,
            organisation=organisation,
            attributes=one.attributes,
            code=link.code,
            language=language,
            takes_replies=bool(house.provider and house.provider.takes_replies),
            own=one.own_words,
        )
        message_id = f"text-{one.public_id.hex}.{one.reminder}"
        if not fieldwork.note_handing(one.id, message_id=message_id, now=self.now()):
            return  # answered, opted out or taken back in this very moment
        outcome = gateway.hand_over(house.address, number, text)
        if outcome.given_id != link.given_id:  # what the provider's reports will call it
            ShortLink.objects.filter(pk=link.pk).update(given_id=outcome.given_id)
        settle(one, outcome, message_id=message_id, now=self.now())
        self.found.fates[outcome.fate] += 1
        if house.provider is not None:
            _note_provider(house.provider, outcome, now=self.now())


def _house(organisation_id: int) -> _House:
    organisation = Organisation.objects.get(pk=organisation_id)
    hours = TextHours.objects.filter(organisation=organisation).first() or TextHours(
        opens=time(9), closes=time(20)
    )
    provider = TextProvider.objects.filter(
        organisation=organisation, is_default=True, removed_at=None
    ).first()
    address = ""
    if provider is not None:
        try:
            address = unseal(provider.sealed_address)
        except CannotOpen:  # a copy was restored without its key: somebody has to write it anew
            provider = None
    return _House(
        is_sample=organisation.is_sample,
        zone=organisation.time_zone,
        hours=Hours(hours.opens, hours.closes, hours.rests_on_sundays),
        country=hours.country,
        holidays_of=policy_of(organisation_id).country,
        provider=provider,
        address=address,
    )


def _short_link(one: DueInvitation, number: str, *, now: datetime) -> ShortLink:
    """The link of an invitation: made once, so that a reminder leads to the same place."""
    link, _made = ShortLink.objects.update_or_create(
        invitation_id=one.id,
        defaults={"number": number},
        create_defaults={
            "organisation_id": one.organisation_id,
            "number": number,
            "made_at": now,
        },
    )
    return link


def _minute_for(provider: TextProvider, now: datetime) -> datetime | None:
    """None where this minute has room for one more (and counts it), else the next minute."""
    if not provider.per_minute:
        return None
    minute = now.replace(second=0, microsecond=0)
    with transaction.atomic():
        row, _made = TextMinute.objects.get_or_create(provider=provider, minute=minute)
        room = TextMinute.objects.filter(pk=row.pk, messages__lt=provider.per_minute)
        if room.update(messages=F("messages") + 1):
            return None
        TextMinute.objects.filter(minute__lt=minute - timedelta(hours=1)).delete()
    return minute + timedelta(minutes=1)


def _note_provider(provider: TextProvider, outcome: Outcome, *, now: datetime) -> None:
    """A provider in trouble is left alone for a while, longer each time; one that sends is well."""
    own = TextProvider.objects.filter(pk=provider.pk)
    if not outcome.is_ours:
        own.exclude(troubles=0).update(troubles=0, resting_until=None, problem="")
        return
    own.update(
        troubles=F("troubles") + 1,
        problem=outcome.problem[:120],
        resting_until=now + rest_after(provider.troubles + 1),
    )
    provider.refresh_from_db(fields=["troubles", "resting_until"])
