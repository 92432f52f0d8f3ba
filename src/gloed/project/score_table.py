"""The scores of a file on a terminal: one table, the groups, and what to know about them."""

from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gloed.analysis.measures import Kind, Measure, band_counts
from gloed.channels.file_import.reading import ImportPlan, Why
from gloed.channels.file_report.gathering import Column, Gathered
from gloed.channels.file_report.scoring import (
    SMALLEST,
    UNREAD,
    FileScore,
    MetricScore,
    SegmentScore,
)
from gloed.project.left_out import left_out
from gloed.stats import Estimate
from gloed.stats.estimate import SMALL_BASE
from gloed.surveys.rules import Band

MINUS = "\u2212"
MOST_LINES = 40
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def print_score(score: FileScore, console: Console | None = None) -> None:
    """Print everything, in the order in which it is read."""
    console = console or Console(highlight=False)
    console.print(_table_of(score))
    for column, segments in score.segments.items():
        console.print(_segments_of(column, segments, score.main))
        if len(segments) > MOST_LINES:
            rest = len(segments) - MOST_LINES
            console.print(f"  and {rest:,} more groups; --json lists them all")
    for line in (*_remarks(score), *_how_understood(score.gathered)):
        console.print(escape(line), soft_wrap=True)


def value_text(value: float, measure: Measure) -> str:
    """A score with one decimal more than a page shows."""
    if measure.kind is Kind.SHARE:
        return f"{_number(100 * value, 1)}%"
    return _number(value, 2 if measure.kind is Kind.MEAN else 1)


def _table_of(score: FileScore) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("")
    for head in ("Score", "95% interval", "Answers"):
        table.add_column(head, justify="right")
    for one in score.metrics:
        table.add_row(f"[bold]{one.measure.label}[/]", *_cells(one.estimate, one.measure, "bold"))
        for measure, estimate in one.also:
            name = "  mean" if measure.kind is Kind.MEAN else "  share of good answers"
            table.add_row(name, *_cells(estimate, measure))
        for name, count in _bands(one):
            share = _number(100 * count / one.histogram.n, 1)
            table.add_row(f"  {name}", f"{share}%", "", f"{count:,.0f}")
    return table


def _segments_of(column: Column, segments: tuple[SegmentScore, ...], main: MetricScore) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column(f"\n{escape(column.header)}", max_width=40, no_wrap=True)
    for head in (main.measure.label, "95% interval", "Answers"):
        table.add_column(f"\n{head}", justify="right")
    table.add_column("\n")
    for segment in segments[:MOST_LINES]:
        name = "(not known)" if segment.value is None else escape(segment.value)
        own = segment.metrics.get(main.metric)
        style = "bold" if segment.is_different else ""
        cells = _cells(own.estimate, main.measure, style) if own else ("–", "", "0")
        table.add_row(f"  {name}", *cells, _verdict(segment))
    return table


def _verdict(segment: SegmentScore) -> str:
    if segment.is_small:
        return f"fewer than {SMALLEST}: not compared"
    if segment.is_different:
        return "above the others" if segment.is_up else "below the others"
    return "no clear difference" if segment.p_value is not None else ""


def _bands(one: MetricScore) -> Iterator[tuple[str, float]]:
    counts = band_counts(one.metric, one.measure.scale, one.histogram)
    if one.measure.kind is Kind.POINTS:
        yield "promoters", counts[Band.PROMOTER]
        yield "passives", counts[Band.PASSIVE]
        yield "detractors", counts[Band.DETRACTOR]


def _remarks(score: FileScore) -> Iterator[str]:
    gathered = score.gathered
    yield ""
    few = [one.measure.label for one in score.metrics if one.estimate.n < SMALL_BASE]
    if few:
        yield f"Few answers ({', '.join(few)}): read the interval, not the score."
    yield from left_out(gathered.skipped, gathered.warnings)
    if gathered.keeps_alike:
        yield "Rows that are alike count as different answers: nothing says who gave them."
    scored = max(int(one.histogram.n) for one in score.metrics)
    unread = sum(gathered.warnings[code.value] for code in UNREAD)
    unscored = gathered.imported - scored - unread
    if unscored > 0 and len(score.metrics) == 1:
        yield f"Rows that do not count in the score, because they hold none: {unscored:,}"
    for (metric, low, high), count in gathered.unscored.items():
        yield f"Answers to {metric} from {low} to {high}, which has no score here: {count:,}"
    if score.other_scales:
        yield f"Answers on another scale than most, left out: {score.other_scales:,}"


def _how_understood(gathered: Gathered) -> Iterator[str]:
    plan = gathered.plan
    how = [plan.format]
    how += [plan.encoding] if plan.encoding else []
    how += (
        [f"separated by {DELIMITERS.get(plan.delimiter, plan.delimiter)}"]
        if (plan.delimiter)
        else []
    )
    how += [f"sheet {plan.sheet}"] if plan.sheet else []
    yield f"Read {gathered.imported:,} of {gathered.rows:,} rows as {', '.join(how)}."
    for metric in plan.metrics:
        low, high = metric.scale
        guess = ", judging by its numbers (--metric)" if metric.why is Why.RANGE else ""
        yield f"  {metric.metric.upper()}: {metric.column}, from {low} to {high}{guess}"
    yield from _how_timed(plan)
    if plan.notes or plan.questions:
        told = {remark.code for remark in plan.questions} & {"timezone", "metric_assumed"}
        for remark in (*plan.questions, *plan.notes):
            if remark.code not in told | {"metric_assumed"}:
                yield f"  {remark.message}"


def _how_timed(plan: ImportPlan) -> Iterator[str]:
    if plan.time is None:
        yield "  time: none; name its column with --time-column"
        return
    zone = f"zone {plan.time.zone}"
    if plan.time.zone_is_assumed:
        zone += ", which the file does not say (--timezone)"
    yield f"  time: {plan.time.column}, {zone}"


def _cells(estimate: Estimate, measure: Measure, style: str = "") -> tuple[str, str, str]:
    value = value_text(estimate.value, measure)
    interval = ""
    if estimate.low is not None and estimate.high is not None:
        interval = f"{value_text(estimate.low, measure)} to {value_text(estimate.high, measure)}"
    return (f"[{style}]{value}[/]" if style else value, interval, f"{estimate.n:,.0f}")


def _number(value: float, decimals: int) -> str:
    rounded = round(value, decimals) + 0.0
    text = f"{abs(rounded):,.{decimals}f}"
    return f"{MINUS}{text}" if rounded < 0 else text
