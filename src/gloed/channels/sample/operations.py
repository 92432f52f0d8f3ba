"""Loading the sample organisation into the record, and taking it away again."""

import contextlib
import os
import secrets
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gloed.analysis import projection
from gloed.base import audit, bulk
from gloed.base.models import Membership, Organisation, Staff, Team
from gloed.base.rules import Role
from gloed.channels.sample import values
from gloed.channels.sample.cases import add_cases
from gloed.channels.sample.customers import add_customers, clear_customers, give_roles
from gloed.channels.sample.fieldwork import add_fieldwork
from gloed.channels.sample.further import SURVEY, questions, ratings_of
from gloed.channels.sample.generate import DEFAULT_SEED, sample_organisation
from gloed.channels.sample.improvements import add_improvements
from gloed.channels.sample.journey import draw_journey, give_owners
from gloed.channels.sample.passives import add_passives, clear_passives
from gloed.channels.sample.promoters import add_promoters, clear_promoters
from gloed.channels.sample.testimonials import add_testimonials
from gloed.channels.sample.understanding import add_understanding, clear_understanding
from gloed.channels.sample.watching import add_watching, clear_watching
from gloed.coding.operations import codebook as codebooks
from gloed.coding.operations import coding
from gloed.coding.operations import preview as themes
from gloed.fieldwork.models import Invitation, Preference, ReceivedEvent
from gloed.loop.cases.models import Case
from gloed.people import operations as people
from gloed.people.models import Person
from gloed.people.rules import PersonData
from gloed.responses.models import Answer, Response
from gloed.responses.operations import receive_many, remove_everything, withdraw_answer
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys import operations as surveys
from gloed.surveys.models import Survey, Touchpoint
from gloed.surveys.models.journey import Journey
from gloed.surveys.rules import Content, Metric, OpenWords, QuestionWords, Scale

_Item = TypeVar("_Item")

CHUNK = 5_000
LOG_IN_FILE = "sample-log-in"
OWNER = Role.OWNER.value

Tell = Callable[[int, int], None]
"""Told after every step: how many rows are in, of how many."""


@dataclass(frozen=True, slots=True)
class LogIn:
    """How to enter the sample organisation."""

    email: str
    password: str

    def __str__(self) -> str:
        return f"Sample log-in: {self.email}  password: {self.password}"


def load_sample(
    *, language: str = "", now: datetime | None = None, seed: int = DEFAULT_SEED
) -> LogIn:
    """Load it for an installation that nobody uses yet, with colleagues of its own.

    The password is made here and kept in the data folder, readable by its owner alone.
    """
    moment = now or timezone.now()
    chosen = language or settings.LANGUAGE_CODE
    organisation = make_organisation(language=chosen, now=moment)
    fill_organisation(organisation, language=chosen, now=moment, seed=seed)
    make_scores_ready(organisation)
    make_themes_ready(organisation)
    password = secrets.token_urlsafe(9)
    owner = _add_staff(organisation, password=password)
    give_owners(organisation, values_of(moment, seed))
    add_cases(organisation, language=chosen, now=moment)
    add_improvements(organisation, language=chosen, now=moment)
    add_passives(organisation, language=chosen, now=moment)
    add_testimonials(organisation, now=moment)
    add_promoters(organisation, language=chosen, now=moment)
    add_watching(organisation, values_of(moment, seed), language=chosen, now=moment)
    return _keep_log_in(LogIn(owner.email, password))


def find_log_in() -> LogIn | None:
    """The log-in that was made by `load_sample`, while its organisation is there."""
    path = Path(settings.DATA) / LOG_IN_FILE
    if not path.is_file() or not Organisation.objects.filter(is_sample=True).exists():
        return None
    email, _, password = path.read_text(encoding="utf-8").strip().partition(" ")
    return LogIn(email, password)


def make_organisation(*, language: str, now: datetime) -> Organisation:
    """The sample organisation, still empty."""
    facts = values_of(now).organisation
    return Organisation.objects.create(
        name=facts.name,
        time_zone=facts.timezone,
        language=language,
        is_sample=True,
        created_at=now,
    )


def fill_organisation(
    organisation: Organisation,
    *,
    language: str,
    now: datetime,
    seed: int = DEFAULT_SEED,
    tell: Tell | None = None,
) -> None:
    """Bring two years of asking and answering into a sample organisation.

    What an earlier attempt left behind is cleared first, so that it may be run again.
    """
    sample = values_of(now, seed)
    steps = _Loading(organisation, sample, language, now, tell)
    with transaction.atomic():
        _clear(organisation)
        steps.journey()
        steps.people()
        steps.invitations()
        add_fieldwork(
            organisation,
            sample,
            surveys=steps.surveys,
            person_ids=steps.person_ids,
            invitation_ids=steps.invitation_ids,
            language=language,
            now=now,
        )
        add_understanding(organisation, sample, surveys=steps.surveys, language=language, now=now)
        add_customers(organisation, sample, person_ids=steps.person_ids, language=language, now=now)
    steps.answers()
    give_roles(organisation, sample, person_ids=steps.person_ids, language=language)
    bulk.refresh_statistics(Person, Invitation, Response, Answer)
    codebooks.start(organisation, packs=["telecom_energy"], languages=["nl", "en"], now=now)


def make_scores_ready(organisation: Organisation) -> None:
    """Have the scores stand there at the first look, before the news reaches them by itself."""
    everything = projection.Changes(everything=True)
    with contextlib.suppress(projection.Busy):  # somebody does it already
        projection.project(organisation, everything, now=timezone.now())


def make_themes_ready(organisation: Organisation) -> None:
    """Have the themes stand there at the first look, too; takes seconds."""
    coding.code_stale(organisation)
    themes.find_terms(organisation)


def values_of(now: datetime, seed: int = DEFAULT_SEED) -> values.SampleOrganisation:
    """The sample's plain values up to the day of `now`."""
    return _values_until(timezone.localdate(now), seed)


@lru_cache(maxsize=1)
def _values_until(today: date, seed: int) -> values.SampleOrganisation:
    return sample_organisation(seed=seed, today=today)


@transaction.atomic
def remove_sample(organisation: Organisation, *, by: Staff | None = None) -> None:
    """Take a sample organisation away, with everything that was added to it.

    Its own audit trail goes too; that `by` removed it stands in the place where they work next.
    """
    if not organisation.is_sample:
        raise ValueError("only a sample organisation is removed in one step")
    colleagues = list(
        Staff.objects.filter(memberships__organisation=organisation, email__endswith=_domain())
    )
    _clear(organisation)
    folder, name = str(organisation.public_id), organisation.name
    organisation.delete()
    for staff in colleagues:
        if not staff.memberships.exists():
            staff.delete()
    places = Organisation.objects.filter(memberships__staff=by, memberships__deactivated_at=None)
    place = places.order_by("memberships__pk").first() if by else None
    if place is not None:
        audit.record(by, "sample.removed", name, organisation=place)
    transaction.on_commit(lambda: _forget_files(folder))


def _clear(organisation: Organisation) -> None:
    """Take out everybody, everything asked and everything answered; the organisation stays."""
    if not organisation.is_sample:
        raise ValueError("only a sample organisation is ever cleared")
    coding.forget_everything(organisation)
    Case.objects.filter(organisation=organisation).delete()
    clear_understanding(organisation)
    clear_watching(organisation)
    clear_customers(organisation)
    clear_passives(organisation)
    clear_promoters(organisation)
    remove_everything(organisation)
    ReceivedEvent.objects.filter(organisation=organisation).delete()
    Preference.objects.filter(person__organisation=organisation).delete()
    bulk.delete_rows(Invitation, "organisation_id", [organisation.pk])
    bulk.delete_rows(Person, "organisation_id", [organisation.pk])
    for model in (Survey, Touchpoint, Journey, Team):
        model.objects.filter(organisation=organisation).delete()


class _Loading:
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
        self.done = 0
        self.total = len(sample.persons) + len(sample.invitations) + len(sample.responses)
        self._tell = tell

    def journey(self) -> None:
        """Teams, touchpoints and surveys; all open, as in a house that keeps asking."""
        names = {team.key: self._in(team.name) for team in self.sample.teams}
        Team.objects.bulk_create(
            Team(organisation=self.organisation, name=name) for name in names.values()
        )
        draw_journey(self.organisation, self.sample, language=self.language, now=self.now)
        give_owners(self.organisation, self.sample)
        for planned in self.sample.surveys:
            self.surveys[planned.key] = self._survey(planned)

    def _survey(self, planned: values.Survey) -> Survey:
        points = {point.key: self._in(point.name) for point in self.sample.touchpoints}
        survey = surveys.create_survey(
            self.organisation,
            title=self._in(planned.name),
            content=_content(planned, first=self.language),
            kind=planned.kind,
            touchpoint=points[planned.touchpoint] if planned.touchpoint else "",
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
        points = {point.key: self._in(point.name) for point in self.sample.touchpoints}
        teams = {team.key: self._in(team.name) for team in self.sample.teams}
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
            touchpoint=points[response.touchpoint] if response.touchpoint else "",
            team=teams[response.team] if response.team else "",
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
        names = {item.key: self._in(item.name) for item in self.sample.attribute_definitions}
        return {names[key]: value for key, value in pairs}

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


def _domain() -> str:
    return "@zilverwiek.example.nl"


def _add_staff(organisation: Organisation, *, password: str) -> Staff:
    """The sample's own colleagues, one log-in for all; returns the owner."""
    teams = {team.name: team for team in organisation.teams.all()}
    sample = values_of(organisation.created_at)
    names = {team.key: {team.name.nl, team.name.en} for team in sample.teams}
    owner: Staff | None = None
    for person in sample.staff:
        staff = Staff.objects.filter(email=person.email).first()
        staff = staff or Staff.objects.create_user(person.email, name=person.name)
        staff.set_password(password)
        staff.save(update_fields=["password"])
        membership = Membership.objects.create(
            organisation=organisation, staff=staff, role=person.role
        )
        membership.teams.set(
            team for name, team in teams.items() if name in names.get(person.team or "", set())
        )
        owner = owner or (staff if person.role == OWNER else None)
    if owner is None:
        raise ValueError("the sample has no owner")
    return owner


def _keep_log_in(log_in: LogIn) -> LogIn:
    path = Path(settings.DATA) / LOG_IN_FILE
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(f"{log_in.email} {log_in.password}\n")
    return log_in


def _forget_files(folder: str) -> None:
    for place in (settings.PROJECTION, settings.UPLOADS):
        shutil.rmtree(Path(place) / folder, ignore_errors=True)
