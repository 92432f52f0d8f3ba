"""SurveyMonkey: two header records, of which the second is blank under the fixed columns."""

from collections.abc import Iterator
from dataclasses import replace

from gloed.channels.file_import.reading import words
from gloed.channels.file_import.reading.formats.beginnings import Beginning
from gloed.channels.file_import.reading.mapping import is_scorelike, map_freely, score_column
from gloed.channels.file_import.reading.plans import Why
from gloed.channels.file_import.reading.tables import (
    Header,
    Layout,
    Table,
    name_headers,
    unique_names,
)
from gloed.channels.file_import.reading.values import Options, Target

_FIXED = ("respondent id", "collector id", "start date", "end date")
_OPEN = frozenset({"open-ended response", "open antwoord", "open-end response"})


def recognises(beginning: Beginning) -> bool:
    """By the four fixed columns."""
    return beginning.has(*_FIXED)


def header_records(beginning: Beginning) -> int:
    """Two, when the second is blank under the fixed columns."""
    second = beginning.record(1)
    at = [beginning.titles.index(title) for title in _FIXED]
    is_blank = all(not second[i].strip() for i in at if i < len(second))
    return 2 if second and is_blank else 1


def headers(beginning: Beginning) -> tuple[Header, ...]:
    """Names of R12: `question — option` for columns that share a question."""
    first = [cell.lstrip("\ufeff").strip() for cell in beginning.record(0)]
    if header_records(beginning) == 1:
        return name_headers(first)
    second = [cell.strip() for cell in beginning.record(1)]
    width = max(len(first), len(second))
    first += [""] * (width - len(first))
    second += [""] * (width - len(second))
    questions = list(_questions(first, second))
    names = [
        title or (f"{question} — {option or index}" if question else f"column {index}")
        for index, (title, question, option) in enumerate(
            zip(_once(first, second), questions, second, strict=True), start=1
        )
    ]
    spans = {question: questions.count(question) for question in set(questions)}
    made = name_headers(names, questions)
    return tuple(
        replace(
            header,
            name=name,
            key=option.casefold(),
            is_grid=bool(option) and spans[question] > 1,
        )
        for header, name, option, question in zip(
            made, unique_names(names), second, questions, strict=True
        )
    )


def _once(first: list[str], second: list[str]) -> list[str]:
    """Titles, blank where a merged cell repeats the one before over another option."""
    return [
        "" if index and title == first[index - 1] and second[index] else title
        for index, title in enumerate(first)
    ]


def _questions(first: list[str], second: list[str]) -> Iterator[str]:
    question = ""
    for title, option in zip(first, second, strict=True):
        question = title or (question if option else "")
        yield question


def lay_out(table: Table, options: Options, name: str = "surveymonkey_csv") -> Layout:
    """Fixed columns by name, questions by their texts and positions."""
    layout = Layout(name, table, month_first=True)
    layout.take(Target.RESPONSE_ID, "respondent id")
    layout.take(Target.EMAIL, "email address")
    layout.take(Target.FIRST_NAME, "first name")
    layout.take(Target.LAST_NAME, "last name")
    layout.take(Target.EXTERNAL_ID, "custom data 1")
    layout.take(Target.TIME, "end date")
    layout.take(Target.STARTED, "start date")
    layout.take(Target.TOUCHPOINT, "collector id")
    _map_spanning(layout)
    map_freely(layout, options)
    return layout


def _map_spanning(layout: Layout) -> None:
    """A question over several columns counts when just one of them can hold its score."""
    by_question: dict[str, list[Header]] = {}
    for header in layout.table.headers:
        if header.is_grid:
            by_question.setdefault(header.question, []).append(header)
    for question, columns in by_question.items():
        metrics = words.metrics_named(question)
        facts = layout.table.facts
        scored = [h for h in columns if facts[h.index].answered and is_scorelike(facts[h.index], h)]
        taken = {score.metric for score in layout.scores}
        if metrics and len(scored) == 1 and len(columns) == 2 and metrics[0] not in taken:
            column = score_column(scored[0], metrics[0], facts[scored[0].index], Why.POSITION)
            layout.scores.append(column)
            layout.why[scored[0].index] = Why.POSITION
    after = min((score.header.index for score in layout.scores), default=None)
    for header in layout.free:
        if after is not None and header.index > after and header.key in _OPEN:
            layout.take_header(Target.COMMENT, header, Why.POSITION)
            return
