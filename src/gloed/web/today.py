"""The front page: what came in, what moved for certain, and what to do next."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gloed.analysis import queries, store
from gloed.analysis.measures import Measure, measure_of, p_value_of
from gloed.analysis.queries import Query, Selection, Window
from gloed.analysis.scores import ALPHA
from gloed.analysis.store import Source
from gloed.base.models import Organisation
from gloed.stats import Estimate, Histogram, benjamini_hochberg
from gloed.surveys.models import Survey
from gloed.surveys.queries import list_surveys
from gloed.surveys.rules import Metric, Scale

WEEK = 7
SPAN = 28  # days that are compared with as many before: whole weeks, so that Mondays meet Mondays

Counts = dict[tuple[str, Scale], Histogram]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one survey stands today.

    `week` counts its answers of the last 7 days; `recent` is its score over the last 28 and
    `change` the difference with the 28 before, both None where nobody or too few answered.
    `p_value` is corrected for all surveys on the page.
    """

    survey: Survey
    week: int = 0
    measure: Measure | None = None
    recent: Estimate | None = None
    change: Estimate | None = None
    p_value: float | None = None

    @property
    def is_clear(self) -> bool:
        """Whether the change can be told from chance."""
        return self.p_value is not None and self.p_value < ALPHA

    @property
    def is_up(self) -> bool:
        """Whether the score rose."""
        return self.change is not None and self.change.value > 0

    @property
    def is_draft(self) -> bool:
        """Whether it still has to be opened."""
        return self.survey.state == Survey.State.DRAFT


@dataclass(frozen=True, slots=True)
class FrontPage:
    """All that Today tells."""

    standings: list[Standing] = field(default_factory=list)
    cut_off: datetime | None = None

    @property
    def week(self) -> int:
        """Answers of the last 7 days, all surveys together."""
        return sum(standing.week for standing in self.standings)

    @property
    def moved(self) -> list[Standing]:
        """Surveys whose score moved for certain, the surest first."""
        clear = [standing for standing in self.standings if standing.is_clear]
        return sorted(clear, key=lambda standing: standing.p_value or 0)

    @property
    def compared(self) -> int:
        """In how many surveys a change could be looked for."""
        return sum(standing.p_value is not None for standing in self.standings)

    @property
    def drafts(self) -> list[Standing]:
        """Surveys that still have to be opened."""
        return [standing for standing in self.standings if standing.is_draft]


def front_page(organisation: Organisation, *, now: datetime) -> FrontPage:
    """What Today tells an organisation at this moment."""
    source = store.projection_of(organisation)
    today = now.astimezone(ZoneInfo(organisation.time_zone)).date()
    week = _counts(source, today - timedelta(days=WEEK - 1), today)
    recent = _counts(source, today - timedelta(days=SPAN - 1), today)
    before = _counts(source, today - timedelta(days=2 * SPAN - 1), today - timedelta(days=SPAN))
    standings = [
        _standing(survey, week, recent, before, minimum=organisation.minimum_group)
        for survey in list_surveys(organisation)
    ]
    return FrontPage(_corrected(standings), source.cut_off)


def _counts(source: Source, first: date, last: date) -> Counts:
    """Ratings per survey and scale on the days from `first` to `last`, both included."""
    window = Window(first, last + timedelta(days=1))
    result = queries.run(source, Query(Selection(window=window), by=("survey",)))
    counts: Counts = {}
    for cell in result.cells:
        key = (cell.group[0] or "", cell.scale)
        counts[key] = counts[key] + cell.histogram if key in counts else cell.histogram
    return counts


def _standing(
    survey: Survey, week: Counts, recent: Counts, before: Counts, *, minimum: int
) -> Standing:
    own = str(survey.public_id)
    came_in = int(sum(h.n for (name, _), h in week.items() if name == own))
    standing = Standing(survey, week=came_in)
    scales = [scale for name, scale in recent if name == own]
    if not scales:
        return standing
    scale = max(scales, key=lambda one: recent[own, one].n)
    now, then = recent[own, scale], before.get((own, scale))
    if now.n < minimum:
        return standing
    measure = measure_of(Metric(survey.metric), scale)
    standing = replace(standing, measure=measure, recent=measure.estimate(now))
    if then is None or then.n < minimum:
        return standing
    change = measure.difference(then, now)
    return replace(standing, change=change, p_value=p_value_of(change))


def _corrected(standings: list[Standing]) -> list[Standing]:
    """The same with the p-values corrected for looking at every survey at once."""
    raw = [one.p_value for one in standings if one.p_value is not None]
    adjusted = iter(benjamini_hochberg(raw) if raw else ())
    return [
        one if one.p_value is None else replace(one, p_value=float(next(adjusted)))
        for one in standings
    ]
