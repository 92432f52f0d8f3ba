"""What the pages of imports show, made from an import and its plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo, available_timezones

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.analysis.measures import measure_of
from gloed.base.links import page_url
from gloed.base.models import Job
from gloed.channels.file_import import queries, wording
from gloed.channels.file_import.examining import groups_of
from gloed.channels.file_import.models import Import
from gloed.channels.file_import.rules import Group, Problem, metric_word, scale_for, time_left
from gloed.channels.file_import.sentences import problem_words, stored_words
from gloed.stats import Estimate, Histogram
from gloed.surveys.rules import SCALES, Metric


@dataclass(frozen=True, slots=True)
class Definition:
    """What the part definition.html asks for."""

    rows: list[tuple[str, str]]
    formula: str


AT_WORK = (
    Import.State.UPLOADED,
    Import.State.WAITING,
    Import.State.RUNNING,
    Import.State.REMOVING,
)
_MOST_TIMES = 3


def frame_of(of_import: Import) -> dict[str, Any]:
    """What every page of one import needs."""
    return {
        "import": of_import,
        "crumbs": [(_("Imports"), reverse("file_import:list"))],
        "state": wording.STATES[of_import.state],
    }


def work(of_import: Import, *, now: datetime) -> dict[str, Any]:
    """The progress of an import that a worker has in hand, for the part progress.html."""
    job = of_import.job
    has_failed = job is not None and job.state == Job.State.FAILED
    labels = {
        Import.State.UPLOADED: _("Reading the file"),
        Import.State.WAITING: _("Waiting for its turn"),
        Import.State.RUNNING: _("Bringing in answers"),
        Import.State.REMOVING: _("Taking the answers back"),
    }
    done, total = (job.progress_done, job.progress_total) if job is not None else (0, None)
    since = job.started_at if job is not None else None
    label = labels[Import.State(of_import.state)]
    is_waiting = job is not None and job.state == Job.State.WAITING
    if of_import.state == Import.State.REMOVING and is_waiting:
        label = labels[Import.State.WAITING]
    # also of what was done before it was interrupted
    if of_import.state == Import.State.RUNNING:
        done, total, since = of_import.after_row, of_import.plan.get("rows"), of_import.started_at
    elif of_import.state == Import.State.REMOVING and job is not None:
        since = job.created_at
    left = time_left(done, total, now - since) if since is not None else None
    return {
        **frame_of(of_import),
        "label": label,
        "done": done,
        "total": total,
        "note": "" if left is None else wording.left_words(left),
        "has_failed": has_failed,
        "is_finished": of_import.state not in AT_WORK or has_failed,
        "may_cancel": of_import.state in (Import.State.WAITING, Import.State.RUNNING),
    }


def understood(of_import: Import) -> dict[str, Any]:
    """How a file was understood, for the user to look at and correct."""
    plan = of_import.plan
    counts = plan["counts"]
    return {
        **frame_of(of_import),
        "plan": plan,
        "counts": counts,
        "tool": wording.tool_name(plan["format"]),
        "earlier": queries.find_earlier(of_import),
        "problems": [_problem(problem) for problem in plan["problems"]],
        "questions": [_question(of_import, remark) for remark in _open_questions(of_import)],
        "notes": [wording.remark_words(remark) for remark in plan["notes"]],
        "columns": [_column(column) for column in plan["columns"]],
        "metrics": [_metric(metric) for metric in plan["metrics"]],
        "groups": [_target(of_import, n, g) for n, g in enumerate(groups_of(plan))],
        "scores": [_score(group) for group in plan["groups"]],
        "skipped": [_first(plan, "skipped", reason, n) for reason, n in counts["skipped"].items()],
        "warnings": [_first(plan, "warned", code, n) for code, n in counts["warnings"].items()],
        "preview": [_preview(row, of_import.organisation.time_zone) for row in plan["preview"]],
        "zones": _zones(),
        "zone": of_import.options.get("timezone") or (plan["time"] or {}).get("zone", ""),
        "orders": wording.ORDERS.items(),
        "keep_private": of_import.options.get("keep_private", False),
        "has_private": any(column["why"] == "private" for column in plan["columns"])
        or of_import.options.get("keep_private", False),
        "has_undated": bool({"time_missing"} & set(counts["warnings"])) or not plan["time"],
        "undated_at": of_import.options.get("undated_at", ""),
        "period": _period(counts, of_import.organisation.time_zone),
        "steps": [(_("File"), "done"), (_("Check"), "now"), (_("Report"), "later")],
        "can_start": not plan["problems"],
    }


def report(of_import: Import) -> dict[str, Any]:
    """What became of a file."""
    counts, plan = of_import.counts, of_import.plan
    rows = list(of_import.surveys.select_related("survey"))
    by_group = {group["key"]: group for group in plan["groups"]}
    return {
        **frame_of(of_import),
        "plan": plan,
        "counts": counts,
        "tool": wording.tool_name(of_import.format),
        "results": [_result(n, row.survey, by_group[row.group]) for n, row in enumerate(rows)],
        "several": len({row.survey_id for row in rows}) > 1,
        "has_pmf": any(metric["metric"] == "pmf" for metric in plan["metrics"]),
        "skipped": [(wording.skip_words(k), n) for k, n in counts.get("skipped", {}).items()],
        "warnings": [
            (str(wording.WARNINGS.get(code, code)), n)
            for code, n in counts.get("warnings", {}).items()
        ],
        "has_skipped": bool(counts.get("skipped") or counts.get("refused")),
        "notes": [
            wording.remark_words(note)
            for note in plan["notes"]
            if note["code"] in ("private_left_out", "groups_disagree", "rounded_ids")
        ],
        "steps": [(_("File"), "done"), (_("Check"), "done"), (_("Report"), "now")],
        "period": _period(plan["counts"], of_import.organisation.time_zone),
    }


def ended(of_import: Import) -> dict[str, Any]:
    """An import of which nothing is in the record, and why."""
    return {
        **frame_of(of_import),
        "why": stored_words(of_import.refusal),
        "can_repeat": bool(of_import.stored_name)
        and of_import.state in (Import.State.UNDONE, Import.State.CANCELLED),
    }


def score_url(survey_id: object) -> str:
    """The page with the score of a survey; empty where there is no such page."""
    return page_url("analysis:score", survey_id)


def download_name(of_import: Import) -> str:
    """A header value that every browser reads, whatever signs the file name holds."""
    name = quote(f"{of_import.file_name}-skipped.csv")
    return f"attachment; filename=\"skipped.csv\"; filename*=UTF-8''{name}"


def _open_questions(of_import: Import) -> list[dict[str, Any]]:
    """The readers' questions, and the zone that we filled in ourselves."""
    plan = of_import.plan
    questions = [q for q in plan["questions"] if q["code"] != "timezone"]
    if plan.get("zone_is_ours") and plan["time"]:
        column = {"column": plan["time"]["column"]}
        questions.insert(0, {"code": "timezone", "message": "", "parameters": column})
    return questions


def _question(of_import: Import, remark: Mapping[str, Any]) -> dict[str, Any]:
    time, place = of_import.plan["time"] or {}, ZoneInfo(of_import.organisation.time_zone)
    examples = [
        (text, datetime.fromisoformat(read).astimezone(place))
        for text, read in time.get("examples", [])
    ]
    return {
        "code": remark["code"],
        "words": wording.remark_words(remark),
        "examples": examples[:_MOST_TIMES],
        "assumed": remark["parameters"].get("assumed", ""),
        "metric": remark["parameters"].get("metric", ""),
    }


def _problem(problem: Mapping[str, Any]) -> str:
    parameters = {key: value for key, value in problem.items() if key != "code"}
    return problem_words(Problem(problem["code"]), parameters)


def _column(column: Mapping[str, Any]) -> dict[str, Any]:
    chosen = column["target"] or "attribute"
    choices = [("attribute", _("kept as it is"))]
    if column["target"] == "score":
        choices.append(("score", wording.target_words("score")))
    groups = [
        (_("A score"), list(wording.METRICS.items())),
        (_("About the answer"), list(wording.TARGETS.items())),
    ]
    return {
        **column,
        "chosen": chosen,
        "choices": choices,
        "groups": groups,
        "why_words": wording.WHYS.get(column["why"], ""),
        "has_question": column["question"] and column["question"] != column["name"],
    }


def _metric(metric: Mapping[str, Any]) -> dict[str, Any]:
    name = metric["metric"]
    scales = [(s.minimum, s.maximum) for s in SCALES[Metric(name)]] if name != "pmf" else []
    own = (metric["low"], metric["high"])
    scales = list(dict.fromkeys([*scales, own]))
    return {
        **metric,
        "words": str(wording.METRICS.get(name, metric_word(name))),
        "scales": [(f"{low}:{high}", f"{low}–{high}", (low, high) == own) for low, high in scales],
    }


def _target(of_import: Import, number: int, group: Group) -> dict[str, Any]:
    target = of_import.targets.get(group.key, {})
    surveys = queries.list_fitting_surveys(of_import.organisation, group)
    return {
        "number": number,
        "name": group.survey,
        "metric": metric_word(group.metric),
        "scale": f"{group.low}–{group.high}",
        "chosen": target.get("survey", "new"),
        "title": target.get("title", ""),
        "surveys": [(str(survey.public_id), survey.title) for survey in surveys],
    }


def _score(group: Mapping[str, Any]) -> dict[str, Any]:
    estimate, kind = _estimate(group)
    return {
        "label": metric_word(group["metric"]),
        "survey": group["survey"],
        "scale": f"{group['low']}–{group['high']}",
        "estimate": estimate,
        "kind": kind,
        "answers": group["answers"],
    }


def _estimate(group: Mapping[str, Any]) -> tuple[Estimate | None, str]:
    scale = scale_for(group["metric"], group["low"], group["high"])
    if scale is None or not group["histogram"]:
        return None, "points"
    counts = [group["histogram"].get(str(value), 0) for value in scale.values]
    measure = measure_of(Metric(group["metric"]), scale)
    histogram = Histogram.of(counts, scale=(scale.minimum, scale.maximum))
    return measure.estimate(histogram), measure.kind.value


def _result(number: int, survey: Any, group: Mapping[str, Any]) -> dict[str, Any]:
    score = _score(group)
    estimate = score["estimate"]
    scored = sum(group["histogram"].values())
    result = {
        **score,
        "id": f"result_{number}",
        "title": survey.title,
        "url": score_url(survey.public_id),
    }
    if estimate is None:
        return result
    ends = {"points": (-100, 100), "share": (0, 1)}.get(
        score["kind"], (group["low"], group["high"])
    )
    return {
        **result,
        "low": ends[0],
        "high": ends[1],
        "shown_before": _as_shown_before(estimate, score["kind"]),
        "difference": _difference(score["kind"], group["answers"] - scored),
        "definition": _definition(survey, group, scored),
    }


def _difference(kind: str, without: int) -> str:
    rounded = _("Most tools round to a whole number and leave the interval out.")
    if kind == "mean":
        rounded = _("Most tools leave the interval out.")
    same = _("The rule is the same; both count each answer of the file once.")
    if not without:
        return f"{same} {rounded}"
    words = ngettext(
        "%(n)s answer without a readable score does not count in either.",
        "%(n)s answers without a readable score do not count in either.",
        without,
    )
    return f"{same} {words % {'n': without}} {rounded}"


def _definition(survey: Any, group: Mapping[str, Any], scored: int) -> Definition:
    formulas = {
        "nps": "100 × (promoters − detractors) / n",
        "enps": "100 × (promoters − detractors) / n",
    }
    if group["metric"] in formulas:
        who = _("promoters 9–10, passives 7–8, detractors 0–6")
    else:
        who = _("all scores of the scale %(low)s to %(high)s") % {
            "low": group["low"],
            "high": group["high"],
        }
    rows = [
        (_("Survey"), survey.title),
        (_("Answers"), _("those of this file, each once: %(n)s") % {"n": scored}),
        (_("Bands"), who),
        (_("Interval"), _("95%, score interval")),
    ]
    return Definition(rows, formulas.get(group["metric"], ""))


def _as_shown_before(estimate: Estimate, kind: str) -> str:
    """The number as most tools print it: rounded half up, without an interval."""
    value = estimate.value * 100 if kind == "share" else estimate.value
    if kind == "mean":
        return f"{value:.1f}"
    whole = int(abs(value) + 0.5)
    sign = "−" if value < 0 and whole else ""
    return f"{sign}{whole}%" if kind == "share" else f"{sign}{whole}"


def _first(plan: Mapping[str, Any], kind: str, code: str, count: int) -> dict[str, Any]:
    words = wording.skip_words(code) if kind == "skipped" else wording.WARNINGS.get(code, code)
    first = plan[f"first_{kind}"].get(code, {})
    return {
        "words": str(words),
        "count": count,
        "row": first.get("row"),
        "cells": list(first.get("cells", {}).items()),
        "raw": first.get("raw", ""),
    }


def _preview(row: Mapping[str, Any], zone: str) -> dict[str, Any]:
    at = datetime.fromisoformat(row["at"]).astimezone(ZoneInfo(zone)) if row["at"] else None
    scores = [{**score, "metric": metric_word(score["metric"])} for score in row["scores"]]
    kept = row["attributes"]
    more = ngettext("%(n)s more column", "%(n)s more columns", kept) % {"n": kept} if kept else ""
    return {**row, "at": at, "scores": scores, "more": more}


def _period(counts: Mapping[str, Any], zone: str) -> tuple[datetime, datetime] | None:
    first, last = counts.get("first_at"), counts.get("last_at")
    if not first or not last:
        return None
    place = ZoneInfo(zone)
    return (
        datetime.fromisoformat(first).astimezone(place),
        datetime.fromisoformat(last).astimezone(place),
    )


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    regions = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    found = (name for name in available_timezones() if name.startswith(regions))
    return ("UTC", *sorted(found))
