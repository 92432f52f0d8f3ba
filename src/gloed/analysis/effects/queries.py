"""Reading predictions: as plans, and as the register of how often we were right."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

from django.db.models import QuerySet

from gloed.analysis.effects.models import Prediction
from gloed.analysis.effects.rules import Design, Verdict
from gloed.analysis.effects.trials import Plan
from gloed.analysis.queries import Filter
from gloed.base.models import Membership
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.queries import seen_by
from gloed.stats import Estimate, wilson_interval
from gloed.surveys.rules import Metric


def plan_of(prediction: Prediction) -> Plan:
    """What it compares, as plain values."""
    return Plan(
        surveys=tuple(prediction.surveys),
        metric=Metric(prediction.metric),
        filters=tuple(Filter(column, (value,)) for column, value in prediction.filters),
        design=Design(prediction.design),
        column=prediction.column,
        treated=tuple(prediction.treated),
        control=tuple(prediction.control),
        starts_on=prediction.starts_on,
        weeks_before=prediction.weeks_before,
        weeks_after=prediction.weeks_after,
        settle_weeks=prediction.settle_weeks,
    )


def versions_of(improvement: Improvement) -> list[Prediction]:
    """All versions, the newest first."""
    found = improvement.predictions.select_related("judgement", "fixed_by").order_by("-number")
    return list(found)


def register(membership: Membership) -> QuerySet[Prediction]:
    """Every version of every prediction of improvements that a colleague may see, newest first."""
    seen = seen_by(membership).values("pk")
    found = Prediction.objects.filter(organisation=membership.organisation, improvement__in=seen)
    return found.select_related("improvement", "judgement", "fixed_by")


@dataclass(frozen=True, slots=True)
class Record:
    """How often we were right, among predictions fixed in time."""

    likely: int
    cannot_tell: int
    likely_not: int
    waiting: int
    late: int

    @property
    def judged(self) -> int:
        """How many were judged."""
        return self.likely + self.cannot_tell + self.likely_not

    @property
    def decided(self) -> int:
        """How many of them could be told."""
        return self.likely + self.likely_not

    @property
    def right(self) -> Estimate | None:
        """The share that helped among those that could be told; None where there is none."""
        if not self.decided:
            return None
        z = NormalDist().inv_cdf(0.975)
        low, high = wilson_interval([self.likely_not, self.likely], [0, 1], z)
        share = self.likely / self.decided
        return Estimate(share, float(low), float(high), self.decided, "wilson")


def record_of(predictions: QuerySet[Prediction]) -> Record:
    """The record of a register. What was fixed after the start does not count as foreseen."""
    counted: Counter[str] = Counter()
    for is_late, verdict in predictions.values_list("is_late", "judgement__verdict"):
        counted["late" if is_late else verdict or "waiting"] += 1
    return Record(
        counted[Verdict.LIKELY],
        counted[Verdict.CANNOT_TELL],
        counted[Verdict.LIKELY_NOT],
        counted["waiting"],
        counted["late"],
    )


def judged_on(prediction: Prediction) -> date:
    """The day from which it can be judged."""
    return plan_of(prediction).judged_on
