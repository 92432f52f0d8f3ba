"""The page on which it is fixed: which scores and groups there are, and what they can show."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gloed.analysis import queries, words
from gloed.analysis.changes.subjects import Subject
from gloed.analysis.effects.rules import Design, Volume, detectable, weeks_needed
from gloed.analysis.effects.trials import Plan, shown_unit, volume_of, weekly_answers
from gloed.analysis.measures import Measure
from gloed.analysis.queries import Filter
from gloed.analysis.schema import is_attribute
from gloed.analysis.store import Source
from gloed.base.models import Organisation, Team
from gloed.surveys.models import Touchpoint

MOST_GROUPS = 40
COLUMNS = ("team", "touchpoint", "channel", "language", "source")


@dataclass(frozen=True, slots=True)
class Promise:
    """What the volume promises, in the unit of a minimum; `detectable` None: nothing."""

    kind: str
    detectable: float | None
    weeks: int | None
    can_show: bool

    def plain(self) -> dict[str, Any]:
        """To be kept with the prediction."""
        return {
            "kind": self.kind,
            "detectable": self.detectable,
            "weeks": self.weeks,
            "can_show": self.can_show,
        }


def columns_of(source: Source) -> list[tuple[str, str]]:
    """The columns by which two sides can be told apart, in words."""
    found = [
        name for name in queries.splitting_columns(source) if name in COLUMNS or is_attribute(name)
    ]
    found.sort(key=lambda name: (name not in COLUMNS, words.column_label(name)))
    return [(name, words.column_label(name)) for name in found]


def names_in(organisation: Organisation) -> dict[str, str]:
    """Teams and touchpoints by public id."""
    rows = [
        *Team.objects.filter(organisation=organisation).values_list("public_id", "name"),
        *Touchpoint.objects.filter(organisation=organisation).values_list("public_id", "name"),
    ]
    return {str(public_id): name for public_id, name in rows}


def groups_of(
    source: Source, plan: Plan, names: Mapping[str, str], *, today: date
) -> list[tuple[str, str, str]]:
    """The groups of the plan's column: value, name, and answers a week; the largest first."""
    if not plan.column:
        return []
    selection = plan.selection(queries.ALL_TIME)
    found = queries.run(source, queries.Query(selection, by=(plan.column,))).by_group()
    values = [group[0] for group, histogram in found.items() if group[0] and histogram.n]
    weekly = weekly_answers(source, plan, values, until=today)
    values.sort(key=lambda value: (-weekly[value], value))
    return [
        (
            value,
            words.value_label(plan.column, value, dict(names)),
            f"{words.number(weekly[value], 0 if weekly[value] >= 10 else 1)}",
        )
        for value in values[:MOST_GROUPS]
    ]


def promise_of(source: Source, plan: Plan, *, minimum: float, today: date) -> Promise:
    """Whether this volume can show it, and after how many weeks."""
    counted = volume_of(source, _as_compared(plan), until=today)
    if counted is None:
        return Promise("points", None, None, can_show=False)
    volume, measure = counted
    if plan.design is Design.NONE:
        return Promise(measure.kind.value, None, None, can_show=False)
    return _promise(volume, measure, plan, minimum)


def _promise(volume: Volume, measure: Measure, plan: Plan, minimum: float) -> Promise:
    to_points = shown_unit(measure.kind) / measure.net_unit
    least = detectable(volume, weeks_before=plan.weeks_before, weeks_after=plan.weeks_after)
    weeks = weeks_needed(volume, minimum=minimum * to_points, weeks_before=plan.weeks_before)
    return Promise(
        measure.kind.value,
        None if least is None else least / to_points,
        weeks,
        can_show=least is not None and least <= minimum * to_points,
    )


def _as_compared(plan: Plan) -> Plan:
    """A roll-out before its lot: any half against the other promises about the same."""
    if plan.design is not Design.ROLLOUT or plan.control:
        return plan
    return replace(plan, treated=plan.treated[::2], control=plan.treated[1::2])


def filters_of(segment: Mapping[str, str], *, column: str) -> tuple[Filter, ...]:
    """The segment of an improvement as filters, save for the column that is compared by."""
    return tuple(
        Filter(name, (value,)) for name, value in sorted(segment.items()) if name != column
    )


def values_of(subject: Subject, plan: Plan, *, minimum: float, promise: Promise) -> dict[str, Any]:
    """What `operations.keep_prediction` fixes."""
    return {
        "about": subject.key[:80],
        "about_label": subject.label[:200],
        "metric": subject.metric.value,
        "surveys": [str(survey.public_id) for survey in subject.surveys],
        "filters": [[only.column, only.values[0]] for only in plan.filters],
        "design": plan.design.value,
        "column": plan.column,
        "treated": list(plan.treated),
        "control": list(plan.control),
        "minimum": minimum,
        "starts_on": plan.starts_on,
        "weeks_before": plan.weeks_before,
        "weeks_after": plan.weeks_after,
        "settle_weeks": plan.settle_weeks,
        "volume": promise.plain(),
    }
