"""Keeping a file with events, taking it in row by row, and letting it go."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction

from gloed.base import audit, bulk, jobs
from gloed.base.models import Organisation, Staff
from gloed.channels.event_file.models import EventFile
from gloed.channels.event_file.rules import (
    MOST_PROBLEMS,
    MOST_ROWS,
    Happened,
    Problem,
    Reading,
    Role,
    ToAsk,
    guess_columns,
    read_ask,
    read_row,
)
from gloed.channels.file_import.reading.cells import text_of
from gloed.channels.file_import.reading.containers.inspection import inspect
from gloed.channels.file_import.reading.opening import lay_out_file
from gloed.channels.file_import.reading.tables import is_blank_row
from gloed.channels.file_import.reading.times import order_of
from gloed.channels.file_import.reading.values import DateOrder, Options
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Reaction
from gloed.people import operations as people
from gloed.people.models import Person
from gloed.surveys.models import Survey

TAKE_IN = "event_file.take_in"
SOURCE = "file"
CHUNK = 25
KEPT = timedelta(days=1)
State = EventFile.State


class TooManyRows(Exception):
    """A file with more rows than are taken in at once; `limit` says how many are."""

    limit = MOST_ROWS


def keep_file(
    organisation: Organisation, path: Path, *, name: str, by: Staff | None, now: datetime
) -> EventFile:
    """Read a file of any usual kind and keep its rows, to be looked at first.

    Raises UnreadableFile or TooManyRows; then nothing is kept.
    """
    table = lay_out_file(inspect(path), Options()).table
    filled = (row for row in table.rows() if not is_blank_row(row))
    rows = [
        [bulk.clean(text_of(cell)).strip() for cell in row] for row in islice(filled, MOST_ROWS + 1)
    ]
    if len(rows) > MOST_ROWS:
        raise TooManyRows
    headers = [header.title for header in table.headers]
    columns = guess_columns(headers)
    place = columns.get(Role.AT)
    cells = [row[place] for row in rows if place is not None and place < len(row)]
    order = order_of(cells, reads_day_first=organisation.language == "nl").order
    return EventFile.objects.create(
        organisation=organisation,
        name=name[-200:],
        headers=headers,
        rows=rows,
        columns=columns,
        is_day_first=order is not DateOrder.MONTH_FIRST,
        count=len(rows),
        made_by=by,
        created_at=now,
    )


def reading_of(file: EventFile) -> Reading:
    """How this file is read."""
    return Reading(
        headers=tuple(file.headers),
        columns={Role(role): place for role, place in file.columns.items()},
        kind=file.kind,
        zone=file.organisation.time_zone,
        is_day_first=file.is_day_first,
    )


@dataclass(frozen=True, slots=True)
class Look:
    """What a file would bring: how many events of which kind, or people, and what cannot be used.

    People to be asked stand under no kind.
    """

    kinds: dict[str, int]
    problems: dict[Problem, int]
    first: tuple[Happened | ToAsk, ...]

    @property
    def usable(self) -> int:
        """How many rows can be taken in."""
        return sum(self.kinds.values())


def look_at(file: EventFile, *, sample: int = 5) -> Look:
    """Read every row without keeping anything."""
    read = reader_of(file)
    kinds, problems = Counter[str](), Counter[Problem]()
    first: list[Happened | ToAsk] = []
    for row in file.rows:
        told = read(row)
        if isinstance(told, Problem):
            problems[told] += 1
            continue
        kinds[told.kind if isinstance(told, Happened) else ""] += 1
        if len(first) < sample:
            first.append(told)
    return Look(dict(kinds.most_common()), dict(problems.most_common()), tuple(first))


def reader_of(file: EventFile) -> Callable[[Sequence[str]], Happened | ToAsk | Problem]:
    """What reads a row of this file: an event, or somebody to ask."""
    reading = reading_of(file)
    times = reading.times
    if file.survey_id is None:
        return lambda row: read_row(row, reading, times)
    return lambda row: read_ask(row, reading, times)


def read_anew(
    file: EventFile,
    columns: Mapping[Role, int],
    *,
    kind: str,
    is_day_first: bool,
    survey: Survey | None = None,
    channel: str = "",
) -> bool:
    """Keep another understanding of a file that nobody began yet."""
    values: dict[str, Any] = {
        "columns": {role.value: place for role, place in columns.items()},
        "kind": kind[:60],
        "is_day_first": is_day_first,
        "survey": survey,
        "channel": channel,
    }
    return bool(EventFile.objects.filter(pk=file.pk, state=State.READY).update(**values))


def begin(file: EventFile, *, by: Staff | None, now: datetime) -> bool:
    """Let a worker bring it in; False: it was begun already."""
    with transaction.atomic():
        if not EventFile.objects.filter(pk=file.pk, state=State.READY).update(state=State.GOING):
            return False
        jobs.enqueue(
            TAKE_IN,
            {"file": file.pk},
            now=now,
            organisation=file.organisation_id,
            key=f"event file {file.pk}",
        )
        audit.record(by, "event_file.begun", file.name, organisation=file.organisation, at=now)
    return True


def take_in(
    file_id: int,
    *,
    now: Callable[[], datetime],
    report: Callable[[int, int], None] = lambda _done, _all: None,
) -> None:
    """Bring in the rows that are left, and go on where an earlier attempt was cut off.

    An event that came twice, in this file or by another one, counts once; nobody is asked twice
    for one row.
    """
    file = EventFile.objects.select_related("organisation", "survey").get(pk=file_id)
    read = reader_of(file)
    while file.state == State.GOING and file.done < file.count:
        report(file.done, file.count)
        rows = file.rows[file.done : file.done + CHUNK]
        for number, row in enumerate(rows, start=file.done + 1):
            _take(file, read(row), number, now=now())
        file.done += len(rows)
        if not _keep(file):  # stopped meanwhile
            return
    if file.state == State.GOING:
        EventFile.objects.filter(pk=file.pk, state=State.GOING).update(
            state=State.DONE, ended_at=now(), rows=[]
        )


def _take(file: EventFile, told: Happened | ToAsk | Problem, number: int, *, now: datetime) -> None:
    if isinstance(told, Problem):
        _refuse(file, number, told)
    elif isinstance(told, ToAsk):
        if file.survey is not None:
            _ask(file, file.survey, told, number, now=now)
    else:
        _tell(file, told, number, now=now)


def _ask(file: EventFile, survey: Survey, told: ToAsk, number: int, *, now: datetime) -> None:
    """Ask somebody, if the contact policy allows; a row that is read again asks once."""
    with transaction.atomic():
        key, _attributes = people.find_or_make_person(file.organisation_id, told.person, now=now)
    if key is None:
        _refuse(file, number, Problem.ERASED)
        return
    asked = fieldwork.ask_one(
        survey,
        Person.objects.get(pk=key),
        channel=file.channel,
        now=now,
        delay=max(told.at - now, timedelta()) + told.delay if told.at else told.delay,
        attributes=told.properties,
        event=f"{SOURCE} {file.public_id.hex} {number}",
        own_words=told.own_words,
    )
    file.asked += asked.skip is None
    file.again += asked.skip is not None


def _tell(file: EventFile, told: Happened, number: int, *, now: datetime) -> None:
    try:
        receipt = fieldwork.receive_event(
            file.organisation,
            kind=told.kind,
            person=told.person,
            key=told.key,
            occurred_at=told.at,
            properties=told.properties,
            source=SOURCE,
            now=now,
        )
    except fieldwork.EventRefused as refusal:
        known = refusal.reason in {Problem.NO_KIND, Problem.IN_THE_FUTURE}
        _refuse(file, number, Problem(refusal.reason) if known else Problem.NOT_PLAIN)
        return
    file.fresh += receipt.is_new
    file.again += not receipt.is_new
    if receipt.is_new:
        file.asked += any(one.became == Reaction.Became.ASKED for one in receipt.reactions)


def _refuse(file: EventFile, number: int, problem: Problem) -> None:
    file.refused += 1
    if len(file.problems) < MOST_PROBLEMS:
        file.problems = [*file.problems, [number, problem.value]]


def _keep(file: EventFile) -> bool:
    """Write down how far it is; False: somebody stopped it."""
    return bool(
        EventFile.objects.filter(pk=file.pk, state=State.GOING).update(
            done=file.done,
            fresh=file.fresh,
            again=file.again,
            refused=file.refused,
            asked=file.asked,
            problems=file.problems,
        )
    )


def stop(file: EventFile, *, by: Staff | None, now: datetime) -> bool:
    """Bring in no more of it; what came in stays."""
    with transaction.atomic():
        going = EventFile.objects.filter(pk=file.pk, state=State.GOING)
        if not going.update(state=State.STOPPED, ended_at=now, rows=[]):
            return False
        audit.record(by, "event_file.stopped", file.name, organisation=file.organisation, at=now)
    return True


def throw_away(file: EventFile) -> bool:
    """Let a file go that was only looked at; nothing of it is kept."""
    return bool(EventFile.objects.filter(pk=file.pk, state=State.READY).delete()[0])


def let_go(*, now: datetime) -> int:
    """Files that nobody brought in within a day are not kept: people stand in them."""
    left = EventFile.objects.filter(state=State.READY, created_at__lt=now - KEPT)
    return left.delete()[0]
