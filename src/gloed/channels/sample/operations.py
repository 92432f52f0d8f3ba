"""Loading the sample organisation into the record, and taking it away again."""

import contextlib
import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

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
from gloed.channels.sample.generate import DEFAULT_SEED, sample_organisation
from gloed.channels.sample.improvements import add_improvements
from gloed.channels.sample.journey import give_owners
from gloed.channels.sample.loading import Loading, Tell
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
from gloed.people.models import Person
from gloed.responses.models import Answer, Response
from gloed.responses.operations import remove_everything
from gloed.surveys.models import Survey, Touchpoint
from gloed.surveys.models.journey import Journey

LOG_IN_FILE = "sample-log-in"
OWNER = Role.OWNER.value


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
    add_what_was_done(organisation, language=chosen, now=moment, seed=seed)
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
    steps = Loading(organisation, sample, language, now, tell)
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


def add_what_was_done(
    organisation: Organisation, *, language: str, now: datetime, seed: int = DEFAULT_SEED
) -> None:
    """What colleagues did with the answers; needs the scores and the themes."""
    add_cases(organisation, language=language, now=now)
    add_improvements(organisation, language=language, now=now)
    add_passives(organisation, language=language, now=now)
    add_testimonials(organisation, now=now)
    add_promoters(organisation, language=language, now=now)
    add_watching(organisation, values_of(now, seed), language=language, now=now)


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
