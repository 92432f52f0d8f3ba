"""Decisions about touchpoints as plain values: what is counted, where it stands, in which order."""

from collections.abc import Hashable, Sequence
from enum import StrEnum
from typing import TypeVar

from gloed.surveys.rules import Metric

USUAL_TOP = 7
"""Effort is mostly asked from 1 to 7."""

_Item = TypeVar("_Item", bound=Hashable)


class Standing(StrEnum):
    """Where a score stands beside the line that is good enough."""

    ABOVE = "above"
    BELOW = "below"
    UNCLEAR = "unclear"


def family_of(metric: Metric) -> Metric:
    """The metric by which people call it: stars and thumbs are satisfaction."""
    return Metric.CSAT if metric in (Metric.STARS, Metric.THUMBS) else metric


def metric_of(chosen: str, asked: Sequence[str]) -> Metric | None:
    """The metric of a touchpoint: the one chosen, else the one all its surveys ask in.

    >>> metric_of("", ["csat", "stars"])
    <Metric.CSAT: 'csat'>
    >>> metric_of("", ["csat", "nps"]) is None
    True
    """
    if chosen:
        return Metric(chosen)
    families = {family_of(Metric(metric)) for metric in asked}
    return families.pop() if len(families) == 1 else None


def line_range(metric: Metric, top: int = USUAL_TOP) -> tuple[float, float]:
    """Between which numbers a line may lie: points, percent satisfied, or a mean up to `top`.

    >>> line_range(Metric.CES)
    (1.0, 7.0)
    """
    if metric in (Metric.NPS, Metric.ENPS):
        return -100.0, 100.0
    return (1.0, float(top)) if metric is Metric.CES else (0.0, 100.0)


def standing_of(low: float | None, high: float | None, line: float) -> Standing:
    """Above only when the whole interval is, below only when the whole interval is.

    >>> standing_of(61, 70, 60), standing_of(50, 59, 60), standing_of(55, 70, 60)
    (<Standing.ABOVE: 'above'>, <Standing.BELOW: 'below'>, <Standing.UNCLEAR: 'unclear'>)
    """
    if low is None or high is None:
        return Standing.UNCLEAR
    if low >= line:
        return Standing.ABOVE
    return Standing.BELOW if high < line else Standing.UNCLEAR


def placed(order: Sequence[_Item], item: _Item, before: _Item | None) -> list[_Item]:
    """The order with `item` just before another one; at the end where that one is not there.

    >>> placed(["a", "b", "c"], "c", "a"), placed(["a", "b"], "x", None)
    (['c', 'a', 'b'], ['a', 'b', 'x'])
    """
    if item == before:
        return list(order)
    rest = [other for other in order if other != item]
    place = rest.index(before) if before in rest else len(rest)
    return [*rest[:place], item, *rest[place:]]
