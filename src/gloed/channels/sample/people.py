"""The customers of the sample organisation and what is true of each of them on any day."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from uuid import UUID, uuid5

from gloed.channels.sample import plan, world
from gloed.channels.sample.chance import stream
from gloed.channels.sample.values import Account, Attributes, Dip, Language, Person

NAMESPACE = UUID("6f0e2c1a-7d53-5b0e-9a44-2d1f0c7e9b31")
INSTALLED = frozenset(plan.INSTALLED_EFFECT)
_MAIL_DOMAINS = ("example.nl", "example.com", "example.org")


@cache
def names() -> Mapping[str, list[str]]:
    """The parts that names and places are made of."""
    text = files("gloed.channels.sample").joinpath("texts/names.toml").read_text("utf-8")
    return tomllib.loads(text)


def identity(seed: int, *parts: object) -> UUID:
    """A UUID that depends on the seed and the parts alone."""
    return uuid5(NAMESPACE, ":".join(str(part) for part in (seed, *parts)))


def pick(rng: Random, shares: Mapping[str, float]) -> str:
    """One key, drawn by its share."""
    return rng.choices(tuple(shares), weights=tuple(shares.values()))[0]


@dataclass(frozen=True, slots=True)
class Customer:
    """One person with a latent liking and a dated history of what changed."""

    number: int
    public_id: UUID
    name: str
    email: str
    language: Language
    account: Account | None
    since: date
    left_on: date | None
    regions: tuple[tuple[date, str], ...]
    contracts: tuple[tuple[date, str], ...]
    product: str
    installed_on: date | None
    support_channel: str
    liking: float
    responsiveness: float
    regular: bool

    def is_customer(self, day: date) -> bool:
        return self.since <= day and (self.left_on is None or day < self.left_on)

    def region(self, day: date) -> str:
        return _in_force(self.regions, day)

    def contract(self, day: date) -> str:
        return _in_force(self.contracts, day)

    def product_on(self, day: date) -> str:
        if self.installed_on is not None and day < self.installed_on:
            return "Stroom en gas"
        return self.product

    def lifecycle(self, day: date) -> str:
        years = (day - self.since).days / 365.25
        return "Nieuw" if years < 1 else "Gevestigd" if years < 5 else "Trouw"

    def in_dip_cell(self, dip: Dip, day: date) -> bool:
        """Whether the person is one of those whose yearly bill went wrong."""
        return self.contract(day) == dip.contract and self.region(day) in dip.regions

    def attributes(self, day: date) -> Attributes:
        """What is known of the person on that day."""
        return (
            ("region", self.region(day)),
            ("product", self.product_on(day)),
            ("contract", self.contract(day)),
            ("customer_since", self.since.isoformat()),
            ("lifecycle", self.lifecycle(day)),
            ("support_channel", self.support_channel),
            ("customer_type", "Zakelijk" if self.account else "Particulier"),
        )

    def as_person(self, last_day: date) -> Person:
        """The plain value handed over, with the attributes of the last day."""
        return Person(
            public_id=self.public_id,
            name=self.name,
            email=self.email,
            language=self.language,
            account_id=self.account.public_id if self.account else None,
            customer_since=self.since,
            left_on=self.left_on,
            attributes=self.attributes(last_day),
        )


def _in_force(history: Sequence[tuple[date, str]], day: date) -> str:
    value = history[0][1]
    for from_day, later in history[1:]:
        if from_day <= day:
            value = later
    return value


def make_accounts(seed: int) -> tuple[Account, ...]:
    """The business customers."""
    rng = stream(seed, "accounts")
    return tuple(
        Account(
            public_id=identity(seed, "account", number),
            name=name,
            region=pick(rng, plan.REGION_SHARES),
            yearly_revenue=100 * round(rng.lognormvariate(6, 0.9)),
        )
        for number, name in enumerate(names()["account_names"])
    )


def make_customers(
    seed: int, *, starts_on: date, today: date, accounts: Sequence[Account]
) -> tuple[Customer, ...]:
    """All customers, in a fixed order; the first ones belong to the accounts."""
    rng = stream(seed, "people")
    dip = plan.dip_for(today)
    made = []
    for number in range(plan.PERSONS):
        account = accounts[number % len(accounts)] if number < plan.BUSINESS_PERSONS else None
        regular = plan.BUSINESS_PERSONS <= number < plan.BUSINESS_PERSONS + plan.REGULARS
        made.append(
            _make_customer(
                rng,
                seed,
                number,
                starts_on=starts_on,
                today=today,
                dip=dip,
                account=account,
                regular=regular,
            )
        )
    return tuple(made)


def _make_customer(
    rng: Random,
    seed: int,
    number: int,
    *,
    starts_on: date,
    today: date,
    dip: Dip,
    account: Account | None,
    regular: bool,
) -> Customer:
    language: Language = "en" if rng.random() < plan.ENGLISH_SHARE else "nl"
    name = _name(rng, language)
    since = _since(rng, starts_on, today, longstanding=regular or account is not None)
    region = account.region if account else pick(rng, plan.REGION_SHARES)
    contract = pick(rng, plan.CONTRACT_SHARES)
    product = pick(rng, plan.PRODUCT_SHARES)
    in_cell = contract == dip.contract and region in dip.regions
    return Customer(
        number=number,
        public_id=identity(seed, "person", number),
        name=name,
        email=_email(rng, name, number),
        language=language,
        account=account,
        since=since,
        left_on=None if regular else _left_on(rng, since, starts_on, today),
        regions=_regions(rng, region, starts_on, account=account),
        contracts=_contracts(rng, contract, starts_on, dip, in_cell=in_cell),
        product=product,
        installed_on=_installed_on(rng, since, starts_on, today) if product in INSTALLED else None,
        support_channel=pick(rng, plan.SUPPORT_SHARES),
        liking=rng.gauss(0, plan.PERSON_SD),
        responsiveness=_responsiveness(rng, regular=regular, business=account is not None),
        regular=regular,
    )


def _responsiveness(rng: Random, *, regular: bool, business: bool) -> float:
    if regular:
        return 6.0
    return rng.lognormvariate(-0.12, 0.5) * (1.5 if business else 1.0)


def _name(rng: Random, language: Language) -> str:
    parts = names()
    first = rng.choice(parts[f"first_names_{language}"])
    return f"{first} {rng.choice(parts['surname_heads'])}{rng.choice(parts['surname_tails'])}"


def _email(rng: Random, name: str, number: int) -> str:
    first, last = name.lower().replace("ë", "e").split(" ", 1)
    local = rng.choice((f"{first}.{last}", f"{first[0]}.{last}", f"{last}{first[0]}"))
    return f"{local}.{number}@{rng.choice(_MAIL_DOMAINS)}"


def _since(rng: Random, starts_on: date, today: date, *, longstanding: bool) -> date:
    if longstanding or rng.random() >= plan.JOINED_IN_HISTORY:
        return starts_on - timedelta(days=30 + int(rng.expovariate(1 / 1500)) % 5500)
    while True:
        day = starts_on + timedelta(days=rng.randrange((today - starts_on).days))
        if rng.random() < plan.SEASON["switching"][day.month - 1] / 1.5:
            return day


def _left_on(rng: Random, since: date, starts_on: date, today: date) -> date | None:
    if rng.random() >= 0.09:
        return None
    first = max(since + timedelta(days=120), starts_on + timedelta(days=30))
    room = (today - first).days
    return first + timedelta(days=rng.randrange(room)) if room > 0 else None


def _regions(
    rng: Random, region: str, starts_on: date, *, account: Account | None
) -> tuple[tuple[date, str], ...]:
    history = [(date.min, region)]
    if account is None and rng.random() < 0.035:
        moved_on = starts_on + timedelta(days=rng.randrange(plan.HISTORY.days))
        history.append(
            (moved_on, rng.choice([other for other in world.REGIONS if other != region]))
        )
    return tuple(history)


def _contracts(
    rng: Random, contract: str, starts_on: date, dip: Dip, *, in_cell: bool
) -> tuple[tuple[date, str], ...]:
    history = [(date.min, contract)]
    if rng.random() < 0.10:
        changed_on = starts_on + timedelta(days=rng.randrange(250))
        history.append((changed_on, pick(rng, plan.CONTRACT_SHARES)))
    if in_cell and rng.random() < 0.12:
        history.append((dip.fixed_on + timedelta(days=rng.randrange(120)), "Vast 1 jaar"))
    return tuple(history)


def _installed_on(rng: Random, since: date, starts_on: date, today: date) -> date:
    if rng.random() < 0.25:
        return since
    first = max(since, starts_on - timedelta(days=120))
    room = max(1, (today - first).days)
    while True:
        day = first + timedelta(days=rng.randrange(room))
        if rng.random() < plan.SEASON["installation"][day.month - 1] / 1.3:
            return day
