"""What the user says about a file on the command line, as options for its reader. No Django."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from gloed.channels.file_import.reading import (
    Metric,
    Options,
    Precision,
    Source,
    Target,
    Why,
    open_source,
    options_from,
)
from gloed.channels.file_import.reading.times import written_in

SCORED = ("nps", "csat", "ces", "enps", "stars", "thumbs")
"""The metrics that have a score."""

_TELLING = (
    Target.RESPONSE_ID,
    Target.EXTERNAL_ID,
    Target.NAME,
    Target.LAST_NAME,
    Target.EMAIL,
    Target.PHONE,
    Target.STARTED,
)
_TWINS = {Metric.ENPS: Metric.NPS, Metric.NPS: Metric.ENPS}
"""The same question on the same scale; only the user knows whom it was asked."""


class NoScore(Exception):
    """A file or a wish of which no score can come; the text says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The words of the command line; empty means that nothing was said.

    `options` is JSON in the terms of `reading.Options`. `by` are headers of columns.
    """

    metric: str = ""
    score_column: str = ""
    time_column: str = ""
    by: tuple[str, ...] = ()
    timezone: str = ""
    sheet: str = ""
    options: str = ""

    @property
    def wanted(self) -> Metric | None:
        """The metric that was asked for. Raises NoScore for one that does not exist."""
        name = self.metric.strip().casefold()
        if not name:
            return None
        if name not in SCORED:
            raise NoScore(f"{self.metric} is not a metric. Choose from {', '.join(SCORED)}.")
        return Metric(name)


def open_as_wished(path: Path, wishes: Wishes) -> tuple[Source, Options]:
    """Open a file as the user says. Raises UnreadableFile or NoScore with what to do."""
    options = options_of(wishes, folder=path.resolve().parent)
    source, options = _with_the_metric(path, wishes, options)
    if tells_people_apart(source):
        return source, options
    options = replace(options, keep_alike=True)
    return open_source(path, options), options


def tells_people_apart(source: Source) -> bool:
    """Whether a row says who answered, or when to the minute: two alike are then one answer.

    In a bare list of ratings two rows that are alike are two people who agree.
    """
    targets = source.layout.targets
    if any(targets.get(target) for target in _TELLING):
        return True
    facts = source.layout.table.facts
    cells = [cell for h in targets.get(Target.TIME, []) for cell in facts[h.index].filled[:50]]
    moments = [moment for cell in cells if (moment := written_in(cell)) is not None]
    return any(moment.precision is not Precision.DAY for moment in moments)


def _with_the_metric(path: Path, wishes: Wishes, options: Options) -> tuple[Source, Options]:
    """The file with the metric that was asked for, where only the user can know it."""
    wanted = wishes.wanted
    source = open_source(path, options)
    if wanted is None or wishes.score_column or not source.is_readable or source.layout.switch:
        return source, options
    found = {score.metric: score.header.name for score in source.layout.scores}
    if wanted in found:
        return source, options
    twin = found.get(_TWINS[wanted]) if wanted in _TWINS else None
    assumed = [s.header.name for s in source.layout.scores if s.is_assumed or s.why is Why.RANGE]
    column = twin or (assumed[0] if len(found) == len(assumed) == 1 else None)
    if column is None:
        return source, options
    options = replace(options, mapping={**options.mapping, wanted.value: column})
    return open_source(path, options), options


def options_of(wishes: Wishes, *, folder: Path | None = None) -> Options:
    """The reader's options. Raises UnreadableFile or NoScore for what does not fit."""
    given = _object(wishes.options)
    mapping = given.get("mapping") or {}
    if not isinstance(mapping, dict):
        raise NoScore('In --options, "mapping" is not an object. Write {"score": "a column"}.')
    wanted = wishes.wanted
    if wishes.score_column:
        mapping = {**mapping, wanted.value if wanted else "score": wishes.score_column}
    if wishes.time_column:
        mapping = {**mapping, "time": wishes.time_column}
    if mapping:
        given["mapping"] = mapping
    said = {
        "metric": wanted.value if wanted else "",
        "timezone": wishes.timezone,
        "sheet": wishes.sheet,
    }
    return options_from({**given, **{k: v for k, v in said.items() if v}}, folder=folder)


def _object(text: str) -> dict[str, object]:
    if not text.strip():
        return {}
    hint = 'Write an object in quotes: \'{"date_order": "day_first"}\'.'
    try:
        found = json.loads(text)
    except ValueError:
        raise NoScore(f"--options is not JSON. {hint}") from None
    if not isinstance(found, Mapping):
        raise NoScore(f"--options is not an object. {hint}")
    return dict(found)
