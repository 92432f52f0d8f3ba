"""The run of a monitor as a figure: what was seen, week by week, and what it must keep within."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis import words
from gloed.analysis.figures.drawn import Figure, score_axis, spec_of
from gloed.analysis.measures import Measure
from gloed.analysis.monitors import rules
from gloed.analysis.monitors.models import Monitor
from gloed.analysis.monitors.queries import Reading, points_of, score_of
from gloed.base.figure_theme import LIGHT
from gloed.stats import NetCounts, Refusal, anytime_score

BAND_OPACITY = 0.18


@dataclass(frozen=True, slots=True)
class Step:
    """A week of the figure, in the unit of the score."""

    start: date
    value: float
    low: float
    high: float
    aim: float
    n: float
    is_outside: bool


def run_figure(
    monitor: Monitor, reading: Reading, *, limit: float, csv_url: str = ""
) -> Figure | None:
    """The present run; None where there is nothing to draw yet."""
    measure = reading.measure
    if measure is None or not reading.spans:
        return None
    is_weekly = monitor.kind == Monitor.Kind.WEEKLY
    steps = _weekly(reading, measure, limit) if is_weekly else _running(monitor, reading, measure)
    if not steps:
        return None
    last = steps[-1]
    facts = {
        "now": words.score(last.value, measure.kind),
        "low": words.score(last.low, measure.kind),
        "high": words.score(last.high, measure.kind),
        "aim": words.score(last.aim, measure.kind),
    }
    says = (
        _("Now at %(now)s; from %(low)s to %(high)s is chance around the usual %(aim)s.")
        if is_weekly
        else _("Now at %(now)s (%(low)s to %(high)s), against the level of %(aim)s.")
    )
    return Figure(
        id="run",
        title=_("%(metric)s, smoothed over the weeks") % {"metric": measure.label}
        if is_weekly
        else _("%(metric)s since the start") % {"metric": measure.label},
        says=says % facts,
        spec=_spec(steps, measure, is_weekly=is_weekly),
        columns=[_("Week of"), measure.label, _("from"), _("to"), _("Answers")],
        rows=[
            [
                words.day(step.start),
                words.score(step.value, measure.kind),
                words.score(step.low, measure.kind),
                words.score(step.high, measure.kind),
                words.number(step.n),
            ]
            for step in steps
        ],
        exact_columns=["week", "value", "low", "high", "aim", "answers", "outside"],
        exact=[
            [s.start.isoformat(), s.value, s.low, s.high, s.aim, s.n, s.is_outside] for s in steps
        ],
        csv_url=csv_url,
    )


def _weekly(reading: Reading, measure: Measure, limit: float) -> list[Step]:
    try:
        watched = rules.watch(reading.spans, reading.usual, limit=limit)
    except Refusal:
        return []
    return [
        Step(
            start=one.span.start,
            value=score_of(one.level, measure),
            low=score_of(one.low, measure),
            high=score_of(one.high, measure),
            aim=score_of((one.low + one.high) / 2, measure),
            n=round(one.span.counts.n),
            is_outside=one.is_outside,
        )
        for one in watched
    ]


def _running(monitor: Monitor, reading: Reading, measure: Measure) -> list[Step]:
    found, counts = [], NetCounts(0, 0, 0)
    aim = monitor.aim if monitor.aim is not None else (measure.low + measure.high) / 2
    for span in reading.spans:
        counts = counts + span.counts
        score = anytime_score(counts, confidence=rules.CONFIDENCE)
        low, high = score.low or 0.0, score.high or 0.0
        found.append(
            Step(
                start=span.start,
                value=score_of(score.value, measure),
                low=score_of(low, measure),
                high=score_of(high, measure),
                aim=aim,
                n=round(counts.n),
                is_outside=not low <= points_of(aim, measure) <= high,
            )
        )
    return found


def _spec(steps: list[Step], measure: Measure, *, is_weekly: bool) -> dict[str, Any]:
    ends = [end for s in steps for end in (s.low, s.high, s.value, s.aim)]
    air = 0.06 * (max(ends) - min(ends)) or 0.05 * (measure.high - measure.low)
    shown = (max(measure.low, min(ends) - air), min(measure.high, max(ends) + air))
    names = [words.day(step.start) for step in steps]
    x = {
        "field": "week",
        "type": "ordinal",
        "sort": names,
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": "greedy"},
    }
    y = score_axis(measure, shown, tickCount=5)
    tooltip = [
        {"field": "week", "title": _("Week of"), "type": "nominal"},
        {"field": "text", "title": measure.label, "type": "nominal"},
        {"field": "n", "title": _("Answers"), "type": "quantitative"},
    ]
    color = {
        "condition": {"test": "datum.outside", "value": LIGHT["ember"]},
        "value": LIGHT["ink"],
    }
    reach = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
    around: dict[str, Any] = {"type": "area", "color": LIGHT["edge"], "opacity": BAND_OPACITY}
    if len(steps) == 1:  # a band has no width yet
        around = {"type": "rule", "strokeWidth": 2, "color": LIGHT["edge"]}
    elif is_weekly:  # limits hold for a whole week
        around["interpolate"] = "step"
    usual = {
        "mark": {"type": "line", "strokeDash": [3, 3], "color": LIGHT["quiet"], "strokeWidth": 1},
        "encoding": {"x": x, "y": {**y, "field": "aim"}},
    }
    line = {
        "mark": {"type": "line", "color": LIGHT["ink"], "strokeWidth": 1.5},
        "encoding": {"x": x, "y": {**y, "field": "value"}},
    }
    dots = {
        "mark": {"type": "point", "size": 60, "filled": True},
        "encoding": {"x": x, "y": {**y, "field": "value"}, "color": color, "tooltip": tooltip},
    }
    values = [
        {
            "week": words.day(step.start),
            "value": step.value,
            "low": step.low,
            "high": step.high,
            "aim": step.aim,
            "n": step.n,
            "outside": step.is_outside,
            "text": words.score(step.value, measure.kind),
        }
        for step in steps
    ]
    return spec_of(
        values, height=240, layer=[{"mark": around, "encoding": reach}, usual, line, dots]
    )
