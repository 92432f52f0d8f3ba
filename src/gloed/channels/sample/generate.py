"""Making the sample organisation: `sample_organisation(seed=..., today=...)`."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from gloed.channels.sample import plan, world
from gloed.channels.sample.answers import latent, rate, team_of
from gloed.channels.sample.asking import Occasion, list_occasions
from gloed.channels.sample.chance import stream
from gloed.channels.sample.people import identity, make_accounts, make_customers
from gloed.channels.sample.values import (
    Device,
    Dip,
    Disposition,
    Invitation,
    NotAsked,
    Response,
    SampleOrganisation,
    Status,
)
from gloed.channels.sample.verbatims import Verbatim, Writer, has_verbatim

DEFAULT_SEED = 2026
_ZONE = ZoneInfo(world.ORGANISATION.timezone)
_SILENT = Verbatim("", ())


def sample_organisation(*, seed: int = DEFAULT_SEED, today: date) -> SampleOrganisation:
    """The whole sample organisation, two years up to and without `today`.

    The same seed and day give the same values, whatever the machine, process or hash seed.
    """
    starts_on = today - plan.HISTORY
    dip, waves = plan.dip_for(today), plan.waves_for(today)
    accounts = make_accounts(seed)
    customers = make_customers(seed, starts_on=starts_on, today=today, accounts=accounts)
    occasions = list_occasions(
        seed, customers, starts_on=starts_on, today=today, dip=dip, waves=waves
    )
    fieldwork = _Fieldwork(seed=seed, today=today, dip=dip)
    for occasion in occasions:
        fieldwork.ask(occasion)
    return SampleOrganisation(
        seed=seed,
        starts_on=starts_on,
        ends_on=today,
        organisation=world.ORGANISATION,
        teams=world.TEAMS,
        staff=world.STAFF,
        touchpoints=world.TOUCHPOINTS,
        surveys=world.SURVEYS,
        waves=waves,
        attribute_definitions=world.ATTRIBUTES,
        accounts=accounts,
        persons=tuple(customer.as_person(today - timedelta(days=1)) for customer in customers),
        invitations=tuple(fieldwork.invitations),
        not_asked=tuple(fieldwork.not_asked),
        responses=_withdraw_some(seed, fieldwork.responses, today),
        events=plan.events_for(today),
        dip=dip,
    )


@dataclass
class _Fieldwork:
    """Two years of asking and answering, day after day."""

    seed: int
    today: date
    dip: Dip
    invitations: list[Invitation] = field(default_factory=list)
    not_asked: list[NotAsked] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    _last_asked: dict[UUID, date] = field(default_factory=dict)
    _opted_out: set[UUID] = field(default_factory=set)
    _small_team_answers: int = 0

    def __post_init__(self) -> None:
        self._fate = stream(self.seed, "fate")
        self._ratings = stream(self.seed, "ratings")
        self._words = stream(self.seed, "words")
        self._writer = Writer(self.seed, self.dip)
        self._end = datetime.combine(self.today, time(0), tzinfo=_ZONE).astimezone(UTC)

    def ask(self, occasion: Occasion) -> None:
        """Send the invitation unless the contact policy says no, and see what becomes of it."""
        person_id, day = occasion.customer.public_id, occasion.on
        if person_id in self._opted_out:
            self.not_asked.append(NotAsked(person_id, occasion.survey, day, "opted_out"))
            return
        last = self._last_asked.get(person_id)
        if last is not None and day - last < plan.REST_PERIOD:
            self.not_asked.append(NotAsked(person_id, occasion.survey, day, "resting"))
            return
        self._last_asked[person_id] = day
        self._send(occasion)

    def _send(self, occasion: Occasion) -> None:
        sent_at = _moment(occasion.on, hours=self._fate.uniform(8.5, 11.5))
        disposition = self._disposition(occasion)
        answered_at = sent_at + self._delay(occasion)
        if disposition in {"complete", "partial"} and answered_at >= self._end:
            disposition = "no_answer"
        if disposition == "opted_out":
            self._opted_out.add(occasion.customer.public_id)
        invitation = Invitation(
            public_id=identity(self.seed, "invitation", len(self.invitations)),
            person_id=occasion.customer.public_id,
            survey=occasion.survey,
            wave=occasion.wave,
            sent_at=sent_at,
            disposition=disposition,
        )
        self.invitations.append(invitation)
        if disposition == "complete" or disposition == "partial":
            self.responses.append(self._answer(occasion, invitation, answered_at))

    def _disposition(self, occasion: Occasion) -> Disposition:
        customer = occasion.customer
        chance = plan.RESPONSE_RATES[occasion.survey] * customer.responsiveness
        chance *= plan.RESPONSE_FACTOR[customer.contract(occasion.on)]
        chance *= 0.85 if customer.language == "en" else 1.0
        if self._fate.random() < min(0.95, chance):
            return "partial" if self._fate.random() < plan.PARTIAL_SHARE else "complete"
        silent: tuple[Disposition, ...] = ("no_answer", "bounced", "opted_out")
        weights = (100, 0, 0) if customer.regular else (96.6, 2.2, 1.2)
        return self._fate.choices(silent, weights=weights)[0]

    def _delay(self, occasion: Occasion) -> timedelta:
        same_day = self._fate.random() < (0.75 if occasion.survey == "phone" else 0.55)
        if same_day:
            return timedelta(minutes=min(700.0, self._fate.lognormvariate(4.6, 1.1)))
        days = min(9, 1 + int(self._fate.expovariate(1 / 1.8)))
        return timedelta(days=days, minutes=self._fate.uniform(-120, 620))

    def _answer(
        self, occasion: Occasion, invitation: Invitation, answered_at: datetime
    ) -> Response:
        customer = occasion.customer
        team = self._team(occasion)
        device: Device = "mobile" if self._fate.random() < 0.62 else "desktop"
        level = latent(occasion, team, dip=self.dip, today=self.today)
        rating = rate(self._ratings, occasion.survey, level)
        complete = invitation.disposition == "complete"
        verbatim = _SILENT
        if complete and has_verbatim(self._words, occasion, rating, device):
            verbatim = self._writer.write(self._words, occasion, rating, device)
        seconds = self._fate.uniform(6, 25) + 0.35 * len(verbatim.text)
        status: Status = "complete" if complete else "partial"
        return Response(
            public_id=identity(self.seed, "response", invitation.public_id),
            invitation_id=invitation.public_id,
            person_id=customer.public_id,
            survey=occasion.survey,
            touchpoint=None if occasion.wave else occasion.survey,
            team=team,
            rating=rating,
            verbatim=verbatim.text,
            language=customer.language,
            device=device,
            status=status,
            answered_at=answered_at,
            completed_at=min(answered_at + timedelta(seconds=int(seconds)), self._end)
            if complete
            else None,
            withdrawn_at=None,
            attributes=_attributes(occasion),
            mentions=verbatim.mentions,
        )

    def _team(self, occasion: Occasion) -> str | None:
        """The usual team, save for the few calls that the new desk in the West took over."""
        team = team_of(occasion)
        if (
            team == "service_west"
            and occasion.on >= self.today - timedelta(days=60)
            and self._small_team_answers < plan.SMALL_TEAM_ANSWERS
            and self._fate.random() < 0.8
        ):
            self._small_team_answers += 1
            return world.SMALL_TEAM
        return team


def _attributes(occasion: Occasion) -> tuple[tuple[str, str], ...]:
    known = occasion.customer.attributes(occasion.on)
    if occasion.wait_minutes is None:
        return known
    return (*known, ("wait_minutes", str(occasion.wait_minutes)))


def _moment(day: date, *, hours: float) -> datetime:
    local = datetime.combine(day, time(0), tzinfo=_ZONE) + timedelta(seconds=int(hours * 3600))
    return local.astimezone(UTC)


def _withdraw_some(seed: int, responses: Sequence[Response], today: date) -> tuple[Response, ...]:
    """A handful of people took their answer back, some days later."""
    rng = stream(seed, "withdrawn")
    recent = today - timedelta(days=14)
    open_to_it = [
        index
        for index, response in enumerate(responses)
        if response.status == "complete"
        and response.answered_at.date() < recent
        and response.team != world.SMALL_TEAM
    ]
    changed = list(responses)
    for index in rng.sample(open_to_it, k=plan.WITHDRAWN_ANSWERS):
        withdrawn_at = changed[index].answered_at + timedelta(days=rng.randint(1, 12))
        changed[index] = replace(changed[index], status="withdrawn", withdrawn_at=withdrawn_at)
    return tuple(sorted(changed, key=lambda response: (response.answered_at, response.public_id)))
