"""Groups beside each other, each with its interval."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.analysis import words
from gloed.analysis.figures.drawn import (
    Figure,
    domain_of,
    names_axis,
    score_axis,
    spec_of,
    tooltip_of,
)
from gloed.analysis.measures import Measure
from gloed.analysis.reports import ScoreReport
from gloed.analysis.scores import Segment, Split
from gloed.base.figure_theme import LIGHT

MOST_SEGMENTS = 40


def segments(report: ScoreReport, measure: Measure, split: Split, csv_url: str = "") -> Figure:
    """Each group as a dot with its interval; ink where it differs, quiet where it does not."""
    shown = [s for s in split.segments if s.estimate is not None][:MOST_SEGMENTS]
    values: list[dict[str, Any]] = [
        {
            "name": _name(split, segment, report),
            "score": estimate.value,
            "low": estimate.low,
            "high": estimate.high,
            "text": words.interval(estimate, measure.kind),
            "n": segment.n,
            "clear": segment.is_different,
        }
        for segment in shown
        if (estimate := segment.estimate) is not None
    ]
    estimates = [s.estimate for s in shown if s.estimate]
    low, high = domain_of(measure, estimates)
    x = score_axis(measure, (low, high), tickCount=6, grid=False)
    y = names_axis([value["name"] for value in values])
    color = {
        "condition": {"test": "datum.clear", "value": LIGHT["ink"]},
        "value": LIGHT["edge"],
    }
    tooltip = tooltip_of(measure, words.column_label(split.column))
    layer: list[dict[str, Any]] = []
    if report.estimate is not None:
        layer.append(
            {
                "data": {"values": [{"all": report.estimate.value}]},
                "mark": {"type": "rule", "color": LIGHT["ember"], "strokeDash": [3, 3]},
                "encoding": {"x": {**x, "field": "all"}},
            }
        )
    layer += [
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {
                "x": {**x, "field": "low"},
                "x2": {"field": "high"},
                "y": y,
                "color": color,
                "tooltip": tooltip,
            },
        },
        {
            "mark": {"type": "point", "size": 70},
            "encoding": {"x": {**x, "field": "score"}, "y": y, "color": color, "tooltip": tooltip},
        },
    ]
    return Figure(
        id="segments",
        title=_("%(metric)s by %(column)s")
        % {"metric": measure.label, "column": words.column_label(split.column).lower()},
        says=segments_say(report, split),
        spec=spec_of(values, height=30 * len(values) + 10, layer=layer),
        columns=[
            words.column_label(split.column),
            measure.label,
            _("Interval"),
            _("Answers"),
            _("Against the rest"),
        ],
        rows=[_segment_row(split, s, report, measure) for s in split.segments],
        exact_columns=[
            "value", "answers", "score", "low", "high",
            "difference_from_rest", "difference_low", "difference_high", "p_value_corrected",
        ],
        exact=[_segment_exact(s) for s in split.segments],
        csv_url=csv_url,
    )  # fmt: skip


def segments_say(report: ScoreReport, split: Split) -> str:
    """What a split shows, in a sentence or two."""
    column = words.column_label(split.column).lower()
    higher = [_name(split, s, report) for s in split.different if _is_up(s)]
    lower = [_name(split, s, report) for s in split.different if not _is_up(s)]
    said = []
    if higher:
        said.append(_("Clearly above the rest: %(names)s.") % {"names": _listed(higher)})
    if lower:
        said.append(_("Clearly below the rest: %(names)s.") % {"names": _listed(lower)})
    if not said:
        said.append(_("No clear difference by %(column)s.") % {"column": column})
    if split.hidden:
        said.append(
            ngettext("%(n)s small group is hidden.", "%(n)s small groups are hidden.", split.hidden)
            % {"n": words.number(split.hidden)}
        )
    return " ".join(said)


def _is_up(segment: Segment) -> bool:
    return segment.is_up is True


def _listed(names: list[str]) -> str:
    if len(names) > 5:
        rest = len(names) - 4
        return ", ".join(names[:4]) + ngettext(" and %(n)s other", " and %(n)s others", rest) % {
            "n": rest
        }
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _segment_row(
    split: Split, segment: Segment, report: ScoreReport, measure: Measure
) -> list[str]:
    name = _name(split, segment, report)
    if segment.estimate is None:
        return [name, _("hidden"), "", "", ""]
    against = _("no clear difference")
    if segment.is_different and segment.difference is not None:
        against = words.change(segment.difference.value, measure.kind)
    ends = (segment.estimate.low or 0.0, segment.estimate.high or 0.0)
    reach = {"low": words.score(ends[0], measure.kind), "high": words.score(ends[1], measure.kind)}
    return [
        name,
        words.score(segment.estimate.value, measure.kind),
        _("%(low)s to %(high)s") % reach,
        words.number(segment.n),
        against if segment.difference is not None else "",
    ]


def _segment_exact(segment: Segment) -> list[Any]:
    known, against = segment.estimate, segment.difference
    if known is None:
        return [segment.value, *[None] * 8]
    reach = [against.value, against.low, against.high] if against else [None] * 3
    return [segment.value, segment.n, known.value, known.low, known.high, *reach, segment.p_value]


def _name(split: Split, segment: Segment, report: ScoreReport) -> str:
    return words.value_label(split.column, segment.value, dict(report.names))
