"""The steps of one load: a generated organisation on its way into the record."""

import secrets
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from gloed.base import bulk
from gloed.base.models import Organisation, Team
from gloed.channels.sample import values
from gloed.channels.sample.further import SURVEY, questions, ratings_of
from gloed.channels.sample.journey import draw_journey, give_owners
from gloed.fieldwork.models import Invitation
from gloed.people import operations as people
from gloed.people.rules import PersonData
from gloed.responses.models import Response
from gloed.responses.operations import receive_many, withdraw_answer
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys import operations as surveys
from gloed.surveys.models import Survey
from gloed.surveys.rules import Content, Metric, OpenWords, QuestionWords, Scale

_Item = TypeVar("_Item")

CHUNK = 5_000

Tell = Callable[[int, int], None]
"""Told after every step: how many rows are in, of how many."""


class Loading:
    """One load: the organisation, its plain values, and the keys they got in the record."""

    def __init__(
        self,
        organisation: Organisation,
        sample: values.SampleOrganisation,
        language: str,
        now: datetime,
        tell: Tell | None,
    ) -> None:
        self.organisation, self.sample = organisation, sample
        self.language, self.now = language, now
        self.batch = uuid.uuid5(organisation.public_id, "sample")
        self.surveys: dict[str, Survey] = {}
        self.person_ids: dict[uuid.UUID, int] = {}
        self.invitation_ids: dict[uuid.UUID, int] = {}
        self.persons = {person.public_id: person for person in sample.persons}
        self.points = {point.key: self._in(point.name) for point in sample.touchpoints}
        self.teams = {team.key: self._in(team.name) for team in sample.teams}
        self.attributes = {one.key: self._in(one.name) for one in sample.attribute_definitions}
        self.done = 0
        self.total = len(sample.persons) + len(sample.invitations) + len(sample.responses)
        self._tell = tell

    def journey(self) -> None:
        """Teams, touchpoints and surveys; all open, as in a house that keeps asking."""
        Team.objects.bulk_create(
            Team(organisation=self.organisation, name=name) for name in self.teams.values()
        )
        draw_journey(self.organisation, self.sample, language=self.language, now=self.now)
        give_owners(self.organisation, self.sample)
        for planned in self.sample.surveys:
            self.surveys[planned.key] = self._survey(planned)

    def _survey(self, planned: values.Survey) -> Survey:
        survey = surveys.create_survey(
            self.organisation,
            title=self._in(planned.name),
            content=_content(planned, first=self.language),
            kind=planned.kind,
            touchpoint=self.points[planned.touchpoint] if planned.touchpoint else "",
            now=self.now,
        )
        return surveys.open_survey(survey, now=self.now)

    def people(self) -> None:
        """Everybody who may be asked."""
        for block in _blocks(self.sample.persons):
            found = people.match_people(
                self.organisation.pk,
                [self._person(person) for person in block],
                batch=self.batch,
                now=self.now,
            )
            for person, pk in zip(block, found, strict=True):
                if pk is not None:
                    self.person_ids[person.public_id] = pk
            self._step(len(block))

    def _person(self, person: values.Person) -> PersonData:
        return PersonData(
            external_id=f"ZW-{person.public_id.hex[:10]}",
            name=person.name,
            email=person.email,
            language=person.language,
            attributes=self._attributes(person.attributes),
        )

    def invitations(self) -> None:
        """Who was asked, and what became of it."""
        columns = (
            "id", "public_id", "organisation_id", "survey_id", "person_id", "token", "channel",
            "disposition", "attributes", "created_at", "sent_at",
        )  # fmt: skip
        for block in _blocks(self.sample.invitations):
            ids = bulk.reserve_ids(Invitation, len(block))
            public_ids = bulk.new_uuids(len(block))
            rows = []
            for invitation, pk, public_id in zip(block, ids, public_ids, strict=True):
                self.invitation_ids[invitation.public_id] = pk
                sent = bulk.moment(invitation.sent_at)
                rows.append(
                    (
                        pk, public_id, self.organisation.pk, self.surveys[invitation.survey].pk,
                        self.person_ids[invitation.person_id], secrets.token_urlsafe(16), "email",
                        _DISPOSITIONS[invitation.disposition].value, "{}", sent, sent,
                    )
                )  # fmt: skip
            bulk.insert_rows(Invitation, columns, rows)
            self._step(len(block))

    def answers(self) -> None:
        """What came back, through the same bulk door as every import."""
        for key, survey in self.surveys.items():
            given = [response for response in self.sample.responses if response.survey == key]
            before = self.done
            incoming = (self._answer(response) for response in given)
            for progress in receive_many(survey, incoming, batch=self.batch, now=self.now):
                self._step(before + progress.done - self.done)
        self._join_invitations()
        for response in self.sample.responses:
            if response.withdrawn_at is not None:
                found = Response.objects.get(
                    organisation=self.organisation, key__endswith=f":{response.public_id.hex}"
                )
                withdraw_answer(self.organisation, found.public_id, now=self.now)

    def _answer(self, response: values.Response) -> IncomingAnswer:
        answers = [GivenAnswer(1, rating=response.rating)]
        if response.verbatim:
            answers.append(GivenAnswer(2, verbatim=response.verbatim))
        further = ratings_of(response, self.sample.seed)
        answers += [GivenAnswer(3 + place, rating=rating) for place, rating in enumerate(further)]
        return IncomingAnswer(
            answers=tuple(answers),
            source="sample",
            source_id=response.public_id.hex,
            is_complete=response.status != "partial",
            responded_at=response.answered_at,
            person=self._person(self.persons[response.person_id]),
            attributes=self._attributes(response.attributes),
            touchpoint=self.points[response.touchpoint] if response.touchpoint else "",
            team=self.teams[response.team] if response.team else "",
            language=response.language,
            channel="email",
            device=response.device,
        )

    def _join_invitations(self) -> None:
        invited = {
            response.public_id.hex: self.invitation_ids[response.invitation_id]
            for response in self.sample.responses
        }
        stored = Response.objects.filter(organisation=self.organisation, batch=self.batch)
        pairs = [
            (invited[key.rpartition(":")[2]], pk) for pk, key in stored.values_list("pk", "key")
        ]
        with transaction.atomic():
            bulk.update_rows(Response, ["invitation_id"], pairs)

    def _attributes(self, pairs: values.Attributes) -> dict[str, str]:
        return {self.attributes[key]: value for key, value in pairs}

    def _in(self, text: values.Text) -> str:
        return text.nl if self.language == "nl" else text.en

    def _step(self, count: int) -> None:
        self.done += count
        if self._tell is not None:
            self._tell(self.done, self.total)


_DISPOSITIONS = {
    "complete": Invitation.Disposition.COMPLETE,
    "partial": Invitation.Disposition.PARTIAL,
    "no_answer": Invitation.Disposition.SENT,
    "bounced": Invitation.Disposition.BOUNCED,
    "opted_out": Invitation.Disposition.OPTED_OUT,
}


def _content(planned: values.Survey, *, first: str) -> Content:
    languages = sorted(("nl", "en"), key=lambda language: language != first)
    return Content(
        metric=Metric(planned.metric),
        scale=Scale(planned.low, planned.high),
        rating={
            language: QuestionWords(
                getattr(planned.question, language),
                getattr(planned.low_label, language),
                getattr(planned.high_label, language),
            )
            for language in languages
        },
        open={
            language: OpenWords(getattr(planned.open_question, language)) for language in languages
        },
        further=questions(languages) if planned.key == SURVEY else (),
    )


def _blocks(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
