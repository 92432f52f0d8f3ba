"""Who is asked what on which day: occasions, then the contact policy of the sample organisation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from gloed.channels.sample import plan
from gloed.channels.sample.chance import stream
from gloed.channels.sample.people import Customer
from gloed.channels.sample.values import Dip, Wave

_TRIES = 12


@dataclass(frozen=True, slots=True)
class Occasion:
    """A reason to ask one customer one survey; `wait_minutes` is known for phone calls only."""

    on: date
    customer: Customer
    survey: str
    wave: str | None = None
    wait_minutes: int | None = None


def list_occasions(
    seed: int,
    customers: Sequence[Customer],
    *,
    starts_on: date,
    today: date,
    dip: Dip,
    waves: Sequence[Wave],
) -> list[Occasion]:
    """Every occasion in [starts_on, today), in order of day and customer."""
    found: list[Occasion] = []
    found += _journeys(stream(seed, "journeys"), customers, starts_on, today)
    found += _calls(stream(seed, "calls"), customers, starts_on, today, dip)
    found += _outages(stream(seed, "outages"), customers, starts_on, today)
    for wave in waves:
        found += _wave(stream(seed, wave.key), customers, wave)
    inside = [item for item in found if starts_on <= item.on < today]
    return sorted(inside, key=lambda item: (item.on, item.customer.number, item.survey))


def _journeys(
    rng: Random, customers: Sequence[Customer], starts_on: date, today: date
) -> Iterator[Occasion]:
    for customer in customers:
        for survey, day in _own_occasions(rng, customer, starts_on, today):
            if customer.is_customer(day) and rng.random() < plan.SAMPLED[survey]:
                yield Occasion(_weekday_from(day, rng), customer, survey)


def _own_occasions(
    rng: Random, customer: Customer, starts_on: date, today: date
) -> Iterator[tuple[str, date]]:
    if customer.since >= starts_on:
        yield "switching", customer.since + timedelta(days=rng.randint(2, 5))
        yield "welcome", customer.since + timedelta(days=rng.randint(36, 43))
    if customer.installed_on and customer.installed_on > customer.since:
        yield "installation", customer.installed_on + timedelta(days=rng.randint(2, 6))
    bill_month = rng.choices(range(1, 13), weights=plan.SEASON["bill"])[0]
    bill_day = rng.randint(3, 28)
    ends = rng.randrange(365)
    for year in range(starts_on.year, today.year + 1):
        day = date(year, bill_month, bill_day)
        if (day - customer.since).days > 200:
            yield "bill", day
        offer = date(year, 1, 1) + timedelta(days=ends)
        if _contract_ends(customer, offer, year):
            yield "renewal", offer


def _contract_ends(customer: Customer, day: date, year: int) -> bool:
    contract = customer.contract(day)
    if (day - customer.since).days < 300 or contract == "Variabel":
        return False
    return contract != "Vast 3 jaar" or (year + customer.number) % 3 == 0


def _weekday_from(day: date, rng: Random) -> date:
    """Surveys leave on working days, save one in eight."""
    if day.weekday() >= 5 and rng.random() < 0.875:
        return day + timedelta(days=7 - day.weekday())
    return day


def _calls(
    rng: Random, customers: Sequence[Customer], starts_on: date, today: date, dip: Dip
) -> Iterator[Occasion]:
    for day in _days(starts_on, today):
        felt = plan.strength(dip, day)
        usual = plan.PHONE_CALLS_PER_DAY * _volume("phone", day)
        extra = usual * plan.PHONE_SURGE * felt
        for number in range(_whole(rng, usual) + _whole(rng, extra)):
            from_cell = number >= usual and rng.random() < 0.7
            customer = _someone(rng, customers, day, dip if from_cell else None)
            if customer is not None:
                yield Occasion(day, customer, "phone", wait_minutes=_wait(rng, felt, day))


def _wait(rng: Random, felt: float, day: date) -> int:
    median = plan.USUAL_WAIT + plan.DIP_WAIT * felt + (2.0 if day.weekday() == 0 else 0.0)
    return max(0, min(95, round(median * rng.lognormvariate(0, 0.55))))


def _outages(
    rng: Random, customers: Sequence[Customer], starts_on: date, today: date
) -> Iterator[Occasion]:
    for day in _days(starts_on, today):
        rate = plan.OUTAGES_PER_DAY * plan.SEASON["outage"][day.month - 1]
        for _ in range(_whole(rng, rate)):
            customer = _someone(rng, customers, day, None)
            if customer is not None:
                yield Occasion(day, customer, "outage")


def _someone(
    rng: Random, customers: Sequence[Customer], day: date, dip: Dip | None
) -> Customer | None:
    for _ in range(_TRIES):
        customer = rng.choice(customers)
        if customer.is_customer(day) and (dip is None or customer.in_dip_cell(dip, day)):
            return customer
    return None


def _wave(rng: Random, customers: Sequence[Customer], wave: Wave) -> Iterator[Occasion]:
    there = [item for item in customers if item.is_customer(wave.starts_on)]
    regulars = [item for item in there if item.regular]
    others = rng.sample([item for item in there if not item.regular], plan.WAVE_SIZE)
    days = [day for day in _days(wave.starts_on, wave.ends_on) if day.weekday() < 5]
    for customer in regulars + others:
        yield Occasion(rng.choice(days), customer, "relationship", wave=wave.key)


def _days(first: date, end: date) -> Iterator[date]:
    for number in range((end - first).days):
        yield first + timedelta(days=number)


def _volume(survey: str, day: date) -> float:
    quiet = 0.6 if (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 1) else 1.0
    return plan.SEASON[survey][day.month - 1] * plan.WEEKDAY[day.weekday()] * quiet


def _whole(rng: Random, expected: float) -> int:
    """A whole number around the expected one, wobbling a little."""
    return int(max(0.0, expected * rng.uniform(0.7, 1.3)) + rng.random())
