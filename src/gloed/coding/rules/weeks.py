"""Weeks of a theme, and whether it is named more than it used to be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from gloed.text.drift import binomial_cusum

WATCHED = 12
"""The weeks that are watched; what came before is the baseline."""
FEWEST_WEEKS, FEWEST_ANSWERS, FEWEST_NAMING = 8, 200, 5
"""Of the baseline: less than this is no usual share."""
LONGEST = 52
RECENT = 8
"""An alarm that rang longer ago than so many weeks is no news."""


@dataclass(frozen=True, slots=True)
class Rise:
    """A theme that is named more since a week; both are shares with what they are of."""

    since: date
    usual: float
    usual_n: int
    now: float
    now_n: int


def monday_of(day: date) -> date:
    """The Monday of a day's week.

    >>> monday_of(date(2026, 3, 4))
    datetime.date(2026, 3, 2)
    """
    return day - timedelta(days=day.weekday())


def rise_of(named: Mapping[date, int], answers: Mapping[date, int], *, last: date) -> Rise | None:
    """Whether a theme rises; both count by Monday, `last` is the present week's.

    None where there is no alarm, or too little before to know what is usual.
    """
    weeks = list(_weeks(min(answers, default=last), last))[-(LONGEST + WATCHED) :]
    before, watched = weeks[:-WATCHED], weeks[-WATCHED:]
    usual = (sum(named.get(w, 0) for w in before), sum(answers.get(w, 0) for w in before))
    if len(before) < FEWEST_WEEKS or usual[1] < FEWEST_ANSWERS or usual[0] < FEWEST_NAMING:
        return None
    counts = [(named.get(week, 0), answers.get(week, 0)) for week in watched]
    states = binomial_cusum(counts, baseline=usual)
    rang = [place for place, week in enumerate(states) if week.alarm]
    if not rang or rang[-1] < len(states) - RECENT:
        return None
    since = states[rang[-1]].rising_since or 0
    part = counts[since : rang[-1] + 1]
    n = sum(all_ for _named, all_ in part)
    return Rise(
        since=watched[since],
        usual=usual[0] / usual[1],
        usual_n=usual[1],
        now=sum(number for number, _all in part) / n,
        now_n=n,
    )


def _weeks(first: date, last: date) -> Iterable[date]:
    week = monday_of(first)
    while week <= last:
        yield week
        week += timedelta(days=7)
