"""The scores of a file as one object for JSON; every number unrounded."""

from typing import Any

from gloed.analysis.measures import Kind, band_counts
from gloed.channels.file_report.scoring import FileScore, MetricScore, SegmentScore
from gloed.stats import Estimate
from gloed.surveys.rules import Band

OTHER_SCALE = "other_scale"


def as_object(score: FileScore) -> dict[str, Any]:
    """What `gloed score --json` prints; docs/reference/commands.md names every key."""
    gathered = score.gathered
    warnings = dict(gathered.warnings)
    if score.other_scales:
        warnings[OTHER_SCALE] = score.other_scales
    return {
        "format": gathered.file.format,
        "rows": gathered.rows,
        "imported": gathered.imported,
        "skipped": dict(gathered.skipped),
        "warnings": warnings,
        "metrics": {one.metric.value: metric_object(one) for one in score.metrics},
        "segments": {
            column.header: [_segment(segment) for segment in segments]
            for column, segments in score.segments.items()
        },
    }


def metric_object(score: MetricScore) -> dict[str, Any]:
    """One metric: bands for NPS and eNPS, the share and the mean for the others."""
    histogram = [int(count) for count in score.histogram.counts]
    begin = _numbers(score.estimate, score.measure.kind)
    if score.measure.kind is Kind.POINTS:
        bands = band_counts(score.metric, score.measure.scale, score.histogram)
        return {
            **begin,
            "promoters": int(bands[Band.PROMOTER]),
            "passives": int(bands[Band.PASSIVE]),
            "detractors": int(bands[Band.DETRACTOR]),
            "histogram": histogram,
        }
    estimates = {score.measure.kind: score.estimate} | {m.kind: e for m, e in score.also}
    bands = band_counts(score.metric, score.measure.scale, score.histogram)
    found: dict[str, Any] = {
        **begin,
        "scale": [score.measure.scale.minimum, score.measure.scale.maximum],
        "satisfied": int(bands[Band.PROMOTER]),
    }
    for kind, name in ((Kind.SHARE, "satisfied_percent"), (Kind.MEAN, "mean")):
        if kind in estimates:
            found[name] = _numbers(estimates[kind], kind)
    return {**found, "histogram": histogram}


def _numbers(estimate: Estimate, kind: Kind) -> dict[str, Any]:
    unit = 100.0 if kind is Kind.SHARE else 1.0
    ends = (estimate.value, estimate.low, estimate.high)
    value, low, high = (None if end is None else unit * end for end in ends)
    return {"value": value, "low": low, "high": high, "n": int(estimate.n),
            "method": estimate.method}  # fmt: skip


def _segment(segment: SegmentScore) -> dict[str, Any]:
    return {
        "value": segment.value,
        "metrics": {metric.value: metric_object(one) for metric, one in segment.metrics.items()},
        "significant": segment.is_different,
    }
