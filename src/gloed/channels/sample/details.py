"""The particulars in a verbatim: amounts, minutes, weekdays, names; remembered within one text."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from random import Random

from gloed.channels.sample.people import names
from gloed.channels.sample.values import Language


@cache
def _words(language: Language) -> Mapping[str, list[str]]:
    text = files("gloed.channels.sample").joinpath("texts/details.toml").read_text("utf-8")
    words: Mapping[str, list[str]] = tomllib.loads(text)[language]
    return words


class Details:
    """Fills the `{details}` of one verbatim; the same detail asked twice gives the same words."""

    def __init__(
        self, rng: Random, language: Language, *, day: date, years: int, wait_minutes: int | None
    ) -> None:
        self._rng = rng
        self._language = language
        self._day = day
        self._years = years
        self._wait_minutes = wait_minutes
        self._said: dict[str, str] = {}
        self._euro = rng.choice(("sign", "sign_tight", "word", "word"))
        self._monthly = rng.randrange(118, 390)

    def __call__(self, name: str) -> str:
        """The words for a detail. Raises KeyError for a detail that nobody knows."""
        if name not in self._said:
            self._said[name] = self._make(name)
        return self._said[name]

    def _make(self, name: str) -> str:
        makers: dict[str, Callable[[], str]] = {
            "monthly": lambda: self._money(self._monthly),
            "monthly2": lambda: self._money(round(self._monthly * self._rng.uniform(0.5, 0.82))),
            "large": lambda: self._money(self._large()),
            "small": lambda: self._money(5 * self._rng.randrange(7, 60)),
            "minutes": self._minutes,
            "short": lambda: self._number(2, 6),
            "two": lambda: self._number(2, 3),
            "days": lambda: self._number(3, 9),
            "weeks": lambda: self._number(3, 9),
            "hours": lambda: self._number(3, 9),
            "years": self._tenure,
            "age": lambda: str(self._rng.randint(67, 86)),
            "kwh": lambda: self._thousands(10 * self._rng.randrange(380, 1150)),
            "kwhday": lambda: str(self._rng.randint(16, 34)),
            "percent": lambda: str(self._rng.randint(8, 38)),
            "degrees": lambda: str(self._rng.randint(18, 20)),
            "cold": lambda: str(self._rng.choice((15, 16, 17))),
            "case": lambda: f"Z-{self._rng.randint(20_000, 79_999)}",
            "month": self._month,
            "weekday": lambda: self._one_of("weekdays"),
            "times": lambda: self._one_of("times"),
            "hour": lambda: self._one_of("hours"),
            "late": lambda: self._one_of("late"),
            "window": lambda: self._one_of("windows"),
            "ordinal": lambda: self._one_of("ordinals"),
            "agent": lambda: self._rng.choice(names()["agents"]),
            "mechanic": lambda: self._rng.choice(names()["mechanics"]),
            "town": lambda: self._rng.choice(names()["towns"]),
        }
        return makers[name]()

    def _one_of(self, words: str) -> str:
        return self._rng.choice(_words(self._language)[words])

    def _large(self) -> int:
        amount = self._rng.randrange(420, 2900)
        return amount if self._rng.random() < 0.6 else round(amount, -2)

    def _money(self, amount: int) -> str:
        written = self._thousands(amount) if self._rng.random() < 0.5 else str(amount)
        if self._euro == "word":
            return f"{written} euro" + ("s" if self._language == "en" else "")
        return f"€ {written}" if self._euro == "sign" else f"€{written}"

    def _thousands(self, number: int) -> str:
        written = f"{number:,}"
        return written.replace(",", ".") if self._language == "nl" else written

    def _number(self, low: int, high: int) -> str:
        number = self._rng.randint(low, high)
        return (
            _words(self._language)["numbers"][number - 2]
            if self._rng.random() < 0.5
            else str(number)
        )

    def _minutes(self) -> str:
        if self._wait_minutes is None:
            return str(self._rng.choice((20, 25, 30, 35, 40, 45, 50)))
        exact = self._rng.random() < 0.45
        return str(self._wait_minutes if exact else max(10, 5 * round(self._wait_minutes / 5)))

    def _month(self) -> str:
        back = self._rng.randint(1, 4)
        return _words(self._language)["months"][(self._day.month - 1 - back) % 12]

    def _tenure(self) -> str:
        return f"{self._years} jaar" if self._language == "nl" else f"{self._years} years"
