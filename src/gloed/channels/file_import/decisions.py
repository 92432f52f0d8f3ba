"""What a posted form decides about a file, as the options that the readers take."""

from collections.abc import Mapping
from typing import Any

ATTRIBUTE = "attribute"


def options_from_form(
    form: Mapping[str, str], *, plan: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[str, Any]:
    """The options after the form: only what differs from how the file was understood is added."""
    decided = dict(options)
    for name in ("timezone", "date_order", "undated_at"):
        if form.get(name):
            decided[name] = form[name]
    if form.get("is_whole"):
        _set_or_drop(decided, "keep_private", form.get("keep_private") == "yes")
    mapping = _mapping(form, plan, options)
    _set_or_drop(decided, "mapping", mapping)
    _set_or_drop(decided, "scales", _scales(form, plan, options))
    _set_or_drop(decided, "labels", _labels(form, plan, options))
    if form.get("sheet") and form["sheet"] != plan.get("sheet"):
        decided["sheet"] = form["sheet"]
        for name in ("mapping", "scales", "labels"):  # they name columns of the other sheet
            decided.pop(name, None)
    return decided


def targets_from_form(
    form: Mapping[str, str], *, plan: Mapping[str, Any], targets: Mapping[str, Any]
) -> dict[str, dict[str, str]]:
    """Where each group goes: an existing survey, or a new one with a title."""
    chosen: dict[str, dict[str, str]] = {}
    for number, group in enumerate(plan.get("groups", [])):
        before = dict(targets.get(group["key"], {}))
        target = form.get(f"target_{number}")
        title = form.get(f"title_{number}", "").strip()[:160]
        if target is None:
            chosen[group["key"]] = before
        elif target != "new":
            chosen[group["key"]] = {"survey": target}
        else:
            chosen[group["key"]] = {"title": title or before.get("title", "")}
    return chosen


def _set_or_drop(options: dict[str, Any], name: str, value: Any) -> None:
    if value:
        options[name] = value
    else:
        options.pop(name, None)


def _mapping(
    form: Mapping[str, str], plan: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[str, str]:
    """From target to column; a column that was just chosen wins over one that had the target."""
    mapping = dict(options.get("mapping", {}))
    freed: set[str] = set()
    taken: dict[str, str] = {}
    for column in plan.get("columns", []):
        chosen = form.get(f"col_{column['index']}")
        before = column["target"] or ATTRIBUTE
        if chosen is None or chosen == before:
            continue
        if before not in (ATTRIBUTE, "score"):
            freed.add(before)
        if chosen != ATTRIBUTE:
            taken[chosen] = column["name"]
    for target in freed - set(taken):
        mapping[target] = ""
    return {**mapping, **taken}


def _scales(
    form: Mapping[str, str], plan: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[str, list[int]]:
    scales = dict(options.get("scales", {}))
    for metric in plan.get("metrics", []):
        low, sign, high = form.get(f"scale_{metric['metric']}", "").partition(":")
        if sign and low.isdigit() and high.isdigit():
            scale = [int(low), int(high)]
            if scale != [metric["low"], metric["high"]]:
                scales[metric["metric"]] = scale
    return scales


def _labels(
    form: Mapping[str, str], plan: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[str, dict[str, int | None]]:
    labels = {metric: dict(numbers) for metric, numbers in options.get("labels", {}).items()}
    for metric in plan.get("metrics", []):
        for number, label in enumerate(metric["labels"]):
            given = form.get(f"label_{metric['metric']}_{number}")
            if given is None:
                continue
            score = int(given) if given.lstrip("-").isdigit() else None
            if score != label["score"]:
                labels.setdefault(metric["metric"], {})[label["text"]] = score
    return labels
