"""One pass over a file before anything is stored: what would come of it, as data for a page."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from gloed.channels.file_import.reading import (
    ImportPlan,
    Record,
    Remark,
    Skipped,
    Source,
    Status,
)
from gloed.channels.file_import.routing import Router, asked_of
from gloed.channels.file_import.rules import MOST_SURVEYS, Group, Problem, scale_for

Report = Callable[[int, int | None], None]
_EVERY = 500
_MOST_NAMES = 500
_SAMPLE_CELLS = 8


@dataclass(slots=True)
class _Tally:
    imported: int = 0
    partial: int = 0
    with_comment: int = 0
    with_person: int = 0
    aside: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    skipped: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    first_skipped: dict[str, dict[str, Any]] = field(default_factory=dict)
    first_warned: dict[str, dict[str, Any]] = field(default_factory=dict)
    histograms: dict[Group, Counter[int]] = field(default_factory=dict)
    answers: Counter[Group] = field(default_factory=Counter)
    without_number: Counter[str] = field(default_factory=Counter)
    touchpoints: set[str] = field(default_factory=set)

    def skip(self, item: Skipped) -> None:
        """Count a row that is left out; the first of each kind is kept to show."""
        reason = item.reason.value
        self.skipped[reason] += 1
        if reason not in self.first_skipped:
            cells = dict(list(item.cells.items())[:_SAMPLE_CELLS])
            self.first_skipped[reason] = {"row": item.row, "cells": cells}

    def add(self, record: Record, router: Router) -> None:
        """Count a record."""
        self.imported += 1
        self.partial += record.status is Status.PARTIAL
        self.with_comment += record.comment is not None
        self.with_person += record.respondent is not None
        for warning in record.warnings:
            self.warnings[warning.value] += 1
            if warning.value not in self.first_warned:
                raw = next((a.score_raw for a in record.answers if a.score is None), "")
                self.first_warned[warning.value] = {"row": record.row, "raw": raw[:200]}
        if record.responded_at is not None:
            at = record.responded_at.at
            self.first_at = at if self.first_at is None else min(self.first_at, at)
            self.last_at = at if self.last_at is None else max(self.last_at, at)
        if record.touchpoint and len(self.touchpoints) < _MOST_NAMES:
            self.touchpoints.add(record.touchpoint)
        self._count_answers(record, router)

    def _count_answers(self, record: Record, router: Router) -> None:
        asked = asked_of(record)
        if not asked:
            if record.comment:
                self.without_number[record.survey or ""] += 1
            else:
                self.aside += 1
        for answer in asked:
            group = router.group_of(record, answer)
            self.answers[group] += 1
            if answer.score is not None:
                self.histograms.setdefault(group, Counter())[answer.score] += 1


def examine(source: Source, *, report: Report | None = None) -> dict[str, Any]:
    """How a file is understood and what its rows would become; fit for JSON.

    `report` hears how many rows were read, of how many. Raises UnreadableFile.
    """
    plan = source.plan()
    tally = _Tally()
    router = Router(plan.format)
    if source.is_readable and plan.rows:
        for number, item in enumerate(source.records(), start=1):
            if report is not None and number % _EVERY == 0:
                report(number, plan.rows)
            if isinstance(item, Skipped):
                tally.skip(item)
            else:
                tally.add(item, router)
        plan = source.plan() if any(m.column for m in plan.metrics) else plan
    groups = _groups(tally, plan)
    return {
        **_plan_as_data(plan),
        "is_readable": source.is_readable,
        "counts": _counts_as_data(tally),
        "first_skipped": tally.first_skipped,
        "first_warned": tally.first_warned,
        "groups": groups,
        "touchpoints": sorted(tally.touchpoints),
        "problems": _problems(source, tally, groups),
    }


def groups_of(plan: Mapping[str, Any]) -> list[Group]:
    """The groups of an examined file, the largest first."""
    return [
        Group(entry["survey"], entry["metric"], entry["low"], entry["high"])
        for entry in plan.get("groups", [])
    ]


def _groups(tally: _Tally, plan: ImportPlan) -> list[dict[str, Any]]:
    order = {m.metric.value: place for place, m in enumerate(plan.metrics)}
    found = sorted(
        tally.answers, key=lambda g: (-tally.answers[g], order.get(g.metric, 99), g.survey)
    )
    router = Router(plan.format, found)
    comments: Counter[Group] = Counter()
    for survey, count in tally.without_number.items():
        comments[router.fallback(survey)] += count
    for group in comments:
        if group not in tally.answers:
            found.append(group)
    questions = {m.metric.value: m.question for m in plan.metrics}
    return [
        {
            "key": group.key,
            "survey": group.survey,
            "metric": group.metric,
            "low": group.low,
            "high": group.high,
            "question": questions.get(group.metric, ""),
            "answers": tally.answers[group] + comments[group],
            "histogram": {
                str(score): count
                for score, count in sorted(tally.histograms.get(group, Counter()).items())
            },
        }
        for group in found
    ]


def _problems(
    source: Source, tally: _Tally, groups: list[dict[str, Any]]
) -> list[dict[str, object]]:
    if not source.is_readable:
        return [{"code": Problem.NO_SCORE_COLUMN.value}]
    if not groups and tally.aside:
        return [{"code": Problem.NO_METRIC.value}]
    if not tally.imported:
        return [{"code": Problem.NO_ANSWERS.value}]
    if len({group["survey"] for group in groups}) > MOST_SURVEYS:
        return [{"code": Problem.TOO_MANY_SURVEYS.value, "limit": MOST_SURVEYS}]
    return [
        {
            "code": Problem.UNKNOWN_SCALE.value,
            "metric": group["metric"],
            "low": group["low"],
            "high": group["high"],
        }
        for group in groups
        if scale_for(group["metric"], group["low"], group["high"]) is None
    ]


def _counts_as_data(tally: _Tally) -> dict[str, Any]:
    return {
        "imported": tally.imported,
        "skipped": dict(tally.skipped),
        "partial": tally.partial,
        "warnings": dict(tally.warnings),
        "with_comment": tally.with_comment,
        "with_person": tally.with_person,
        "aside": tally.aside,
        "first_at": tally.first_at.isoformat() if tally.first_at else None,
        "last_at": tally.last_at.isoformat() if tally.last_at else None,
    }


def _plan_as_data(plan: ImportPlan) -> dict[str, Any]:
    return {
        "format": plan.format,
        "rows": plan.rows,
        "encoding": plan.encoding,
        "delimiter": plan.delimiter,
        "sheet": plan.sheet,
        "sheets": list(plan.sheets),
        "columns": [
            {**asdict(column), "why": column.why.value, "samples": list(column.samples)}
            for column in plan.columns
        ],
        "metrics": [
            {
                "metric": metric.metric.value,
                "low": metric.scale[0],
                "high": metric.scale[1],
                "column": metric.column,
                "question": metric.question,
                "why": metric.why.value,
                "is_assumed": metric.is_assumed,
                "labels": [asdict(label) for label in metric.labels],
            }
            for metric in plan.metrics
        ],
        "time": _time_as_data(plan),
        "questions": [_remark(remark) for remark in plan.questions],
        "notes": [_remark(remark) for remark in plan.notes],
        "preview": [_preview(record) for record in plan.preview],
        "people": plan.people,
        "suppressions": plan.suppressions,
    }


def _time_as_data(plan: ImportPlan) -> dict[str, Any] | None:
    time = plan.time
    if time is None:
        return None
    return {
        "column": time.column,
        "zone": time.zone,
        "zone_is_assumed": time.zone_is_assumed,
        "order": time.order.value if time.order else None,
        "order_is_assumed": time.order_is_assumed,
        "examples": [list(example) for example in time.examples],
    }


def _remark(remark: Remark) -> dict[str, Any]:
    return {
        "code": remark.code,
        "message": remark.message,
        "parameters": dict(remark.parameters),
        "choices": list(remark.choices),
    }


def _preview(record: Record) -> dict[str, Any]:
    person, moment = record.respondent, record.responded_at
    return {
        "row": record.row,
        "who": (person.name or person.email or person.external_id or "") if person else "",
        "at": moment.at.isoformat() if moment else None,
        "precision": moment.precision.value if moment else "",
        "scores": [
            {"metric": a.metric.value, "score": a.score, "raw": a.score_raw[:80]}
            for a in record.answers
        ],
        "comment": (record.comment or "")[:300],
        "survey": record.survey or "",
        "touchpoint": record.touchpoint or "",
        "attributes": len(record.attributes),
    }
