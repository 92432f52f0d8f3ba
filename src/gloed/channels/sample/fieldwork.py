"""How the sample organisation asks: a trigger and its events, waves that come again."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from gloed.base.models import Organisation
from gloed.channels.sample import values
from gloed.channels.sample.chance import stream
from gloed.channels.sample.waves import add_waves
from gloed.fieldwork import operations
from gloed.fieldwork.models import Invitation, Reaction, ReceivedEvent, Trigger, WavePlan
from gloed.fieldwork.rules import Condition, Exemption, Policy, Relation, Where
from gloed.surveys.models import Survey

BUSINESS = "Zakelijk"
LATELY = timedelta(days=30)
CALL, SURVEY = "call_ended", "phone"
WORDS = {
    "nl": {
        "trigger": "Na een telefoongesprek",
        "minutes": "minuten",
        "series": "Klantrelatie",
        "type": "Soort klant",
    },
    "en": {
        "trigger": "After a phone call",
        "minutes": "minutes",
        "series": "Customer relationship",
        "type": "Customer type",
    },
}


@transaction.atomic
def add_fieldwork(
    organisation: Organisation,
    sample: values.SampleOrganisation,
    *,
    surveys: Mapping[str, Survey],
    person_ids: Mapping[UUID, int],
    invitation_ids: Mapping[UUID, int],
    language: str,
    now: datetime,
) -> None:
    """Bring in what makes its pages of asking alive; asks of before the last month stay as is."""
    words = WORDS["nl" if language == "nl" else "en"]
    business = Condition(Where.PERSON, words["type"], Relation.IS, (BUSINESS,))
    exemption = Exemption(
        id=str(UUID(int=stream(sample.seed, "exemption").getrandbits(128), version=4)),
        conditions=(business,),
        relationship_rest_days=180,
    )
    operations.keep_policy(organisation, Policy(exemptions=(exemption,)), now=now)
    series = operations.keep_series(
        organisation,
        {
            "survey": surveys["relationship"],
            "name": words["series"],
            "channel": "email",
            "every": "quarter",
            "counted_in": "working_days",
            "number": 5,
            "pace": WavePlan.Pace.TRICKLE,
            "days": 10,
            "sample_size": 1500,
            "reminders": 1,
        },
        now=now,
    )
    operations.begin_series(series, now=now)
    add_waves(
        series,
        sample,
        person_ids=person_ids,
        invitation_ids=invitation_ids,
        language=language,
    )
    trigger = operations.keep_trigger(
        organisation,
        {
            "survey": surveys[SURVEY],
            "name": words["trigger"],
            "kind": CALL,
            "channel": "email",
            "delay_minutes": 120,
            "within_minutes": 3 * 24 * 60,
            "in_working_hours": True,
            "cancelled_by": ["complaint_opened"],
            "conditions": [
                {
                    "where": "event",
                    "name": words["minutes"],
                    "relation": "at_least",
                    "values": ["2"],
                }
            ],
        },
        now=now,
    )
    operations.switch_trigger(trigger, to=True, now=now)
    _Calls(organisation, sample, trigger, words["minutes"], now).add(person_ids, invitation_ids)


class _Calls:
    """The phone calls of the last month: who was asked after them, who was not and why."""

    def __init__(
        self,
        organisation: Organisation,
        sample: values.SampleOrganisation,
        trigger: Trigger,
        minutes: str,
        now: datetime,
    ) -> None:
        self.organisation, self.sample, self.trigger = organisation, sample, trigger
        self.minutes, self.now = minutes, now
        self.chance = stream(sample.seed, "calls lately")
        self.events: list[ReceivedEvent] = []
        self.reactions: list[Reaction] = []

    def add(self, person_ids: Mapping[UUID, int], invitation_ids: Mapping[UUID, int]) -> None:
        """Write the calls with what became of each."""
        since = self.now - LATELY
        for asked in self.sample.invitations:
            if asked.survey == SURVEY and asked.sent_at > since:
                event = self._call(asked.sent_at, person_ids[asked.person_id])
                line = invitation_ids[asked.public_id]
                self._react(event, Reaction.Became.ASKED, line=line)
        lines = []
        for missed in self.sample.not_asked:
            at = datetime.combine(missed.due_on, time(10, self.chance.randrange(60)), UTC)
            if missed.survey == SURVEY and at > since:
                event = self._call(at, person_ids[missed.person_id])
                line_of_ledger = self._skipped(event, missed.reason)
                lines.append(line_of_ledger)
                self._react(event, Reaction.Became.SKIPPED, made=line_of_ledger)
        ReceivedEvent.objects.bulk_create(self.events, batch_size=500)
        Invitation.objects.bulk_create(lines, batch_size=500)
        for reaction in self.reactions:  # the keys are known only now
            reaction.event_id = reaction.event.pk
            if reaction.invitation is not None:
                reaction.invitation_id = reaction.invitation.pk
        Reaction.objects.bulk_create(self.reactions, batch_size=500)
        own = [one.invitation_id for one in self.reactions if one.invitation_id]
        Invitation.objects.filter(pk__in=own).update(trigger=self.trigger)

    def _call(self, asked_at: datetime, person: int) -> ReceivedEvent:
        ended_at = asked_at - timedelta(minutes=120)
        event = ReceivedEvent(
            organisation=self.organisation,
            kind=CALL,
            key=f"sample {len(self.events)}",
            person_id=person,
            properties={self.minutes: self.chance.randint(2, 24)},
            source="sample",
            occurred_at=ended_at,
            received_at=ended_at,
        )
        self.events.append(event)
        return event

    def _skipped(self, event: ReceivedEvent, reason: str) -> Invitation:
        return Invitation(
            organisation=self.organisation,
            survey=self.trigger.survey,
            person_id=event.person_id,
            trigger=self.trigger,
            token=secrets.token_urlsafe(16),
            channel="email",
            disposition=Invitation.Disposition.SKIPPED,
            skip=reason,
            created_at=event.occurred_at,
        )

    def _react(
        self,
        event: ReceivedEvent,
        became: str,
        *,
        line: int | None = None,
        made: Invitation | None = None,
    ) -> None:
        reaction = Reaction(event=event, trigger=self.trigger, became=became)
        if made is not None:
            reaction.invitation, reaction.skip = made, made.skip
        else:
            reaction.invitation_id = line
        self.reactions.append(reaction)
