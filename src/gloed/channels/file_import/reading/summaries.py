"""The figures of a dry run: what came out of a file, in exact arithmetic on counts."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from gloed.channels.file_import.reading.sources import Source, open_source
from gloed.channels.file_import.reading.values import (
    Metric,
    Options,
    Record,
    Scale,
    Skipped,
    Status,
)

_SATISFIED_FROM = {(1, 5): 4, (1, 3): 3, (0, 2): 2, (1, 7): 5, (0, 1): 1, (1, 10): 9}
_TOP_SHARE = Decimal("0.75")


def summary(
    path: Path | str, options: Options | None = None, *, most_records: int = 10_000
) -> dict[str, object]:
    """One object with the figures of a dry run (imports.md section 7), fit for JSON.

    `most_records` bounds the list of imported records. Raises UnreadableFile.
    """
    return tally(open_source(path, options), most_records=most_records)


def tally(source: Source, *, most_records: int = 10_000) -> dict[str, object]:
    """The same figures for a source that is already open."""
    if source.file.format == "limesurvey_lss":
        return {"format": source.file.format, **source.layout.facts_of_structure}
    counts = _Counts()
    records: list[dict[str, object]] = []
    asked = _asked_of_everybody(source)
    for item in source.records():
        counts.rows += 1
        if isinstance(item, Skipped):
            counts.skipped[item.reason.value] += 1
            continue
        counts.add(item)
        if len(records) < most_records:
            records.append(_record(item, asked))
    return {**counts.as_dict(source.file.format), "records": records}


class _Counts:
    def __init__(self) -> None:
        self.rows = self.imported = self.partial = self.with_email = self.with_comment = 0
        self.skipped: Counter[str] = Counter()
        self.warnings: Counter[str] = Counter()
        self.emails: set[str] = set()
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.scores: dict[tuple[Metric, Scale], Counter[int]] = {}

    def add(self, record: Record) -> None:
        """Count one imported record."""
        self.imported += 1
        self.partial += record.status is Status.PARTIAL
        self.warnings.update(warning.value for warning in record.warnings)
        if record.respondent is not None and record.respondent.email:
            self.with_email += 1
            self.emails.add(record.respondent.email.casefold())
        self.with_comment += record.comment is not None
        if record.responded_at is not None:
            at = record.responded_at.at
            self.first = at if self.first is None or at < self.first else self.first
            self.last = at if self.last is None or at > self.last else self.last
        for answer in record.answers:
            if answer.score is not None:
                self.scores.setdefault((answer.metric, answer.scale), Counter())[answer.score] += 1

    def as_dict(self, name: str) -> dict[str, object]:
        """The figures, in the order of the specification."""
        metrics: dict[str, object] = {}
        for (metric, scale), counted in self.scores.items():
            key = metric.value
            if key in metrics:
                key = f"{key}_{scale[0]}_{scale[1]}"
            metrics[key] = _metric(metric, scale, counted)
        return {
            "format": name,
            "rows": self.rows,
            "imported": self.imported,
            "skipped": dict(self.skipped),
            "partial": self.partial,
            "warnings": dict(self.warnings),
            "with_email": self.with_email,
            "distinct_emails": len(self.emails),
            "with_comment": self.with_comment,
            "first_at": _iso(self.first),
            "last_at": _iso(self.last),
            "metrics": metrics,
        }


def _metric(metric: Metric, scale: Scale, counted: Counter[int]) -> dict[str, object]:
    n = counted.total()
    mean = _rounded(Decimal(sum(score * times for score, times in counted.items())) / n)
    begin: dict[str, object] = {"scale": list(scale), "scored": n, "mean": mean}
    if metric in {Metric.NPS, Metric.ENPS} and scale == (0, 10):
        promoters = _sum(counted, range(9, 11))
        detractors = _sum(counted, range(7))
        return {
            **begin,
            "promoters": promoters,
            "passives": n - promoters - detractors,
            "detractors": detractors,
            metric.value: _rounded(Decimal(100 * (promoters - detractors)) / n),
        }
    satisfied = _sum(counted, range(_satisfied_from(scale), scale[1] + 1))
    return {
        **begin,
        "satisfied": satisfied,
        "satisfied_percent": _rounded(Decimal(100 * satisfied) / n),
    }


def _satisfied_from(scale: Scale) -> int:
    """The lowest number that counts as satisfied; the top quarter on unusual scales."""
    low, high = scale
    return _SATISFIED_FROM.get(scale, int(low + (high - low) * _TOP_SHARE) + 1)


def _sum(counted: Counter[int], scores: Iterable[int]) -> int:
    return sum(counted[score] for score in scores)


def _rounded(number: Decimal) -> float:
    return float(number.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def _asked_of_everybody(source: Source) -> tuple[str, ...]:
    """Metrics with a column of their own; where a column says which metric, a row has only that."""
    layout = source.layout
    return () if layout.switch else tuple(column.metric.value for column in layout.scores)


def _record(record: Record, asked: Iterable[str]) -> dict[str, object]:
    respondent, moment = record.respondent, record.responded_at
    return {
        "row": record.row,
        "email": respondent.email.lower() if respondent and respondent.email else None,
        "responded_at": _iso(moment.at) if moment else None,
        "scores": dict.fromkeys(asked)
        | {answer.metric.value: answer.score for answer in record.answers},
        "comment": record.comment,
        "source_response_id": record.source_response_id,
    }


def _iso(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
