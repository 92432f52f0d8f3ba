"""The user decides last: the options' mapping put over what was found (rule R14)."""

from collections.abc import Mapping
from dataclasses import replace

from gloed.channels.file_import.reading import words
from gloed.channels.file_import.reading.mapping import assumption, proposal_for, score_column
from gloed.channels.file_import.reading.plans import Why
from gloed.channels.file_import.reading.refusals import Reason, refuse
from gloed.channels.file_import.reading.tables import Header, Layout
from gloed.channels.file_import.reading.values import Metric, Options, Target

ALIASES: Mapping[str, Target] = {
    "id": Target.RESPONSE_ID,
    "source_response_id": Target.RESPONSE_ID,
    "responded_at": Target.TIME,
    "started_at": Target.STARTED,
    "e-mail": Target.EMAIL,
    "mail": Target.EMAIL,
    "respondent": Target.EXTERNAL_ID,
    "verbatim": Target.COMMENT,
}


def apply_wishes(layout: Layout, options: Options) -> None:
    """The user decides last: put the options' mapping over what was found.

    Raises UnreadableFile for a column that is not there or a target that does not exist.
    """
    for wanted, column in options.mapping.items():
        name = wanted.strip().casefold()
        if name == "score":
            _map_score(layout, options.metric, column)
        elif name in set(Metric):
            _map_metric(layout, Metric(name), column)
        else:
            _map_target(layout, name, column)


def _map_score(layout: Layout, wanted: Metric | None, column: str) -> None:
    """A score column without a metric: as it was understood, by its words, or by its range."""
    if not column:
        layout.scores, layout.switch = [], None
        return
    header = _column_called(layout, column)
    known = [score.metric for score in layout.scores if score.header is header]
    named = [*known, *words.metrics_named(header.title), *words.metrics_named(header.question)]
    if layout.switch is not None and layout.switch.header is header and wanted is None:
        return
    if wanted is not None or named:
        _map_metric(layout, wanted or named[0], column)
        return
    facts = layout.table.facts[header.index]
    metric, scale = proposal_for(header, facts, layout) or (Metric.NPS, (0, 10))
    _map_metric(layout, metric, column)
    layout.scores[-1] = replace(layout.scores[-1], is_assumed=True, why=Why.RANGE)
    layout.notes.append(assumption(header, metric, scale))


def _map_metric(layout: Layout, metric: Metric, column: str) -> None:
    layout.scores = [score for score in layout.scores if score.metric is not metric]
    if not column:
        return
    header = _column_called(layout, column)
    layout.switch = None
    layout.scores = [score for score in layout.scores if score.header is not header]
    _release(layout, header)
    facts = layout.table.facts[header.index]
    layout.scores.append(score_column(header, metric, facts, Why.USER))
    layout.why[header.index] = Why.USER
    layout.questions = [q for q in layout.questions if q.code != "metric"]
    layout.notes = [n for n in layout.notes if n.code != "metric_assumed"]


def _map_target(layout: Layout, name: str, column: str) -> None:
    target = ALIASES.get(name) or (Target(name) if name in set(Target) else None)
    if target is None:
        known = ", ".join([*Metric, *Target])
        refuse(Reason.BAD_OPTION, option="mapping", value=name, hint=f"Choose from {known}.")
    layout.targets.pop(target, None)
    layout.fixed.pop(target, None)
    if column:
        header = _column_called(layout, column)
        _release(layout, header)
        layout.scores = [score for score in layout.scores if score.header is not header]
        layout.take_header(target, header, Why.USER)


def _release(layout: Layout, header: Header) -> None:
    for target, headers in layout.targets.items():
        layout.targets[target] = [h for h in headers if h is not header]


def _column_called(layout: Layout, column: str) -> Header:
    wanted = column.strip().casefold()
    for test in (
        lambda h: h.title.casefold() == wanted,
        lambda h: h.name.casefold() == wanted,
        lambda h: h.question.casefold() == wanted,
        lambda h: words.plain(h.title) == words.plain(column),
    ):
        for header in layout.table.headers:
            if test(header):
                return header
    names = ", ".join(header.name for header in layout.table.headers[:40])
    return refuse(Reason.UNKNOWN_COLUMN, column=column, columns=names)
