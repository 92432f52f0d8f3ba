"""Scores as the pages show them: with base, interval and caveats, never alone."""

from datetime import date
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone, translation
from ninja import Query, Router, Schema
from pydantic import Field

from gloed.analysis import reports, store, tasks
from gloed.analysis.filters import read
from gloed.analysis.reports import ScoreReport
from gloed.analysis.scores import Split
from gloed.base.keys import Scope
from gloed.integrations.api.ids import SURVEY, id_of
from gloed.integrations.api.keys import needs
from gloed.integrations.api.problems import invalid
from gloed.integrations.api.resources.surveys import find_survey
from gloed.integrations.api.schemas import PROBLEMS, Moment
from gloed.stats import Estimate
from gloed.surveys.models import Survey

router = Router()
When = Literal[
    "", "7d", "30d", "90d", "365d", "month", "last_month", "quarter", "last_quarter", "year"
]


class EstimateOut(Schema):
    """A number with everything it rests on. Nothing is rounded.

    `low` and `high` are null where there is no sampling error; `p_value` belongs to differences.
    """

    value: float
    low: float | None
    high: float | None
    n: float
    method: str
    confidence: float
    caveats: list[str]
    p_value: float | None


class PointOut(Schema):
    """One period; no estimate: nobody answered, or too few to show."""

    start: date
    n: int
    estimate: EstimateOut | None
    is_hidden: bool


class SegmentOut(Schema):
    """One group; hidden ones say nothing but that they are there.

    `difference` is the group minus everybody else, `p_value` corrected for all looks of the page.
    """

    value: str | None
    n: int | None
    is_hidden: bool
    estimate: EstimateOut | None
    difference: EstimateOut | None
    p_value: float | None
    is_different: bool


class CoverageOut(Schema):
    """How many were asked and answered, as far as Gloed did the asking."""

    asked: int
    answered: int


class ScoreOut(Schema):
    """The score of one survey under the filters of the address.

    `withheld` says in words why there is no estimate although somebody answered. Scores of NPS are
    in points from -100 to 100, shares from 0 to 1, means on the scale.
    """

    survey: str
    metric: str
    unit: str
    minimum: int | None
    maximum: int | None
    estimate: EstimateOut | None
    withheld: str
    histogram: dict[str, float]
    also: dict[str, EstimateOut]
    change: EstimateOut | None
    is_clear: bool
    period: str
    trend: list[PointOut]
    by: str | None
    segments: list[SegmentOut]
    coverage: CoverageOut
    definition: list[tuple[str, str]]
    formula: str
    caveats: list[str]
    cut_off: Moment | None
    page: str


class Wanted(Schema):
    """Which answers, and how they are cut."""

    when: When = ""
    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None
    band: Literal["", "promoter", "passive", "detractor"] = ""
    cut: Literal["", "day", "week", "month", "quarter"] = ""
    by: Annotated[str, Field(max_length=140)] = ""

    def narrowed(self, query: QueryDict) -> QueryDict:
        """The same as the pages have it in their address, with the filters by column."""
        told = {**query.dict(), "when": self.when, "by": self.by, "cut": self.cut}
        told |= {"from": str(self.from_ or ""), "to": str(self.to or ""), "band": self.band}
        told = {name: value for name, value in told.items() if name not in {"q", "text"}}
        plain = QueryDict(mutable=True)
        plain.update({name: str(value) for name, value in told.items() if value})
        return plain


@router.get(
    "{survey_id}",
    response={200: ScoreOut, **PROBLEMS},
    auth=needs(Scope.READ_SCORES),
    operation_id="getScore",
)
def get_score(request: Any, survey_id: str, wanted: Annotated[Wanted, Query()]) -> dict[str, Any]:
    """The score of a survey; any other parameter filters by that column, as on the page."""
    survey = find_survey(request.organisation, survey_id)
    if wanted.from_ and wanted.to and wanted.from_ > wanted.to:
        raise invalid("/to", "The last day comes before the first.")
    return score_shown(survey, wanted.narrowed(request.GET))


def score_shown(survey: Survey, narrowed: QueryDict, *, language: str = "en") -> dict[str, Any]:
    """The score under the filters of an address, with its page; words are in `language`."""
    house, now = survey.organisation, timezone.now()
    with timezone.override(house.time_zone), translation.override(language):
        tasks.make_sure(house, now=now)
        asked = read(narrowed, today=timezone.localdate())
        is_current = reports.is_current(house, tasks.KINDS)
        source = store.projection_of(house)
        report = reports.score_report(source, survey, asked, now=now, is_current=is_current)
        return _shown(report)


def _shown(report: ScoreReport) -> dict[str, Any]:
    measure, split = report.measure, report.chosen
    counted = report.histogram
    return {
        "survey": id_of(SURVEY, report.survey.public_id),
        "metric": report.survey.metric,
        "unit": report.kind.value,
        "minimum": measure.scale.minimum if measure else None,
        "maximum": measure.scale.maximum if measure else None,
        "estimate": estimate_shown(report.estimate),
        "withheld": report.withheld,
        "histogram": {
            str(value): count for value, count in zip(counted.values, counted.counts, strict=True)
        }
        if counted
        else {},
        "also": {other.kind.value: estimate_shown(estimate) for other, estimate in report.also},
        "change": estimate_shown(report.change),
        "is_clear": report.is_clear,
        "period": report.period.value,
        "trend": [
            {
                "start": point.start,
                "n": point.n,
                "estimate": estimate_shown(point.estimate),
                "is_hidden": point.is_hidden,
            }
            for point in report.trend.points
        ],
        "by": split.column if split else None,
        "segments": _segments(split) if split else [],
        "coverage": {
            "asked": report.coverage.asked,
            "answered": report.coverage.answered,
        },
        "definition": report.definition.rows,
        "formula": report.definition.formula,
        "caveats": report.caveats,
        "cut_off": report.cut_off,
        "page": f"{settings.BASE_URL.rstrip('/')}/scores/{report.survey.public_id}/",
    }


def _segments(split: Split) -> list[dict[str, Any]]:
    return [
        {
            "value": one.value,
            "n": None if one.is_hidden else one.n,
            "is_hidden": one.is_hidden,
            "estimate": estimate_shown(one.estimate),
            "difference": estimate_shown(one.difference),
            "p_value": one.p_value,
            "is_different": one.is_different,
        }
        for one in split.segments
    ]


def estimate_shown(estimate: Estimate | None) -> dict[str, Any] | None:
    """A number with everything it rests on."""
    if estimate is None:
        return None
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "n": estimate.n,
        "method": estimate.method,
        "confidence": estimate.confidence,
        "caveats": [caveat.value for caveat in estimate.caveats],
        "p_value": estimate.p_value if estimate.exact_p_value is None else estimate.exact_p_value,
    }
