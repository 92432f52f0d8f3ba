"""A customer with what it answered: plain values, and plain decisions on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from gloed.surveys.rules import Band


@dataclass(frozen=True, slots=True)
class Held:
    """A customer with the answers of everybody behind it, oldest first, and when first asked."""

    key: int
    started_on: date
    ended_on: date | None
    revenue: Decimal | None
    before: Decimal | None
    origin: str
    answers: tuple[tuple[date, Band], ...] = ()
    asked_on: date | None = None

    def is_active(self, day: date) -> bool:
        """Whether this is a customer at the end of that day."""
        return self.started_on <= day and (self.ended_on is None or self.ended_on > day)

    def band_on(self, day: date) -> Band | None:
        """The band of the latest answer up to that day; None while silent."""
        held = [band for on, band in self.answers if on <= day]
        return held[-1] if held else None


def first_answer_day(customers: Sequence[Held]) -> date | None:
    """The day from which anybody answered."""
    return min((one.answers[0][0] for one in customers if one.answers), default=None)


def year_before(day: date) -> date:
    """The same day a year earlier."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # the 29th of February
        return day - timedelta(days=366)
