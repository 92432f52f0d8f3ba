"""Bringing a file into the record, chunk by chunk; a killed run goes on where it stopped."""

import gc
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from gloed.base import audit, bulk, journal
from gloed.channels.file_import import beside
from gloed.channels.file_import.beside import Assignment, Reading
from gloed.channels.file_import.blocks import Block
from gloed.channels.file_import.examining import Report, groups_of
from gloed.channels.file_import.models import Import
from gloed.channels.file_import.operations import removing
from gloed.channels.file_import.operations.storing import path_of, without_quotes
from gloed.channels.file_import.operations.understanding import (
    options_of,
    refusal_as_data,
    rows_without_repeats,
)
from gloed.channels.file_import.reading import (
    Companions,
    Person,
    Suppression,
    UnreadableFile,
)
from gloed.channels.file_import.routing import person_of
from gloed.channels.file_import.rules import Group, ImportRefused, Overtaken
from gloed.people import operations as people
from gloed.people.models import Suppression as Suppressed
from gloed.responses import operations as responses
from gloed.responses.queries import has_any
from gloed.surveys.models import Survey
from gloed.surveys.queries import get_asked, get_version

CHUNK = 5_000
MOST_REFUSED = 1_000
_CheckedBlock = tuple[Block, list[responses.Checked]]
_REASONS = {
    "unsubscribed": Suppressed.Reason.OPT_OUT,
    "bounced": Suppressed.Reason.BOUNCE,
}


def run(
    of_import: Import,
    *,
    now: Callable[[], datetime],
    report: Report | None = None,
    chunk: int = CHUNK,
) -> None:
    """Bring the answers of a started import into the record, to the end.

    Every chunk is one transaction with the row it ends at, so whoever runs it again goes on there
    and nothing counts twice. A file that turns out unreadable takes everything back that it
    brought. Raises Overtaken when somebody else goes on with it or took it back.
    """
    of_import = _begin(of_import)
    try:
        surveys = _surveys_of(of_import)
        assignment = _assignment(of_import, surveys, chunk=chunk)
        with _fewer_collections(), _reading(of_import, assignment) as reading:
            _bring_companions(of_import, reading.companions, now=now())
            _bring_answers(of_import, reading.blocks, surveys, now=now, report=report)
    except (UnreadableFile, ImportRefused) as problem:
        removing.give_up(of_import, _told(problem), now=now())
        return
    _finish(of_import, now=now())


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """Look for rings of garbage less often: records form none, and looking takes a quarter."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _told(problem: UnreadableFile | ImportRefused) -> dict[str, object]:
    if isinstance(problem, UnreadableFile):
        return refusal_as_data(problem)
    return {"problem": problem.problem.value, "parameters": dict(problem.parameters)}


@transaction.atomic
def _begin(of_import: Import) -> Import:
    of_import = _locked(of_import)
    if of_import.state not in (Import.State.WAITING, Import.State.RUNNING):
        raise Overtaken
    of_import.state = Import.State.RUNNING
    of_import.save(update_fields=["state"])
    return of_import


def _locked(of_import: Import) -> Import:
    return (
        Import.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=of_import.pk)
    )


def _assignment(of_import: Import, surveys: dict[str, Survey], *, chunk: int) -> Assignment:
    groups = groups_of(of_import.plan)
    return Assignment(
        path=path_of(of_import),
        options=options_of(of_import),
        sha256=of_import.sha256,
        known_rows=rows_without_repeats(of_import),
        after_row=of_import.after_row,
        size=chunk,
        format=of_import.format,
        groups=groups,
        keeps_survey_name=_loses_a_name(groups, surveys),
    )


@contextmanager
def _reading(of_import: Import, assignment: Assignment) -> Iterator[Reading]:
    """The file, read in a process beside where it is large and there is a core for it."""
    if int(of_import.plan["rows"]) < beside.LARGE or (os.cpu_count() or 1) < 2:
        yield beside.read_here(assignment)
        return
    with beside.read_beside(assignment) as reading:
        yield reading


def _bring_answers(
    of_import: Import,
    blocks: Iterator[Block],
    surveys: dict[str, Survey],
    *,
    now: Callable[[], datetime],
    report: Report | None,
) -> None:
    total = int(of_import.plan["rows"])
    empty = {survey.pk for survey in surveys.values() if not has_any(survey.pk)}
    for block, checked in _checked(blocks, surveys):
        of_import = _Delivery(of_import, block, checked, empty, now()).take()
        if report is not None:
            report(of_import.after_row, total)


def _checked(blocks: Iterator[Block], surveys: dict[str, Survey]) -> Iterator[_CheckedBlock]:
    """Each block with its answers held against their surveys, beside a server that writes."""
    asked = {key: get_asked(survey.pk) for key, survey in surveys.items()}
    for survey in asked.values():
        if survey.current is not None:
            get_version(survey.slug, survey.current)  # read here: a thread asks no database
    first = next(iter(asked.values()))
    checked = (
        (
            block,
            [
                responses.check_many(asked.get(group.key, first), answers)
                for group, answers in block.deliveries.items()
            ],
        )
        for block in blocks
    )
    return beside.one_ahead(checked) if connection.vendor == "postgresql" else checked


def _surveys_of(of_import: Import) -> dict[str, Survey]:
    return {row.group: row.survey for row in of_import.surveys.select_related("survey")}


def _loses_a_name(groups: Sequence[Group], surveys: dict[str, Survey]) -> bool:
    """Whether a survey name of the file would be lost under another title."""
    return any(
        group.survey and surveys[group.key].title != group.survey
        for group in groups
        if group.key in surveys
    )


class _Delivery:
    """One block on its way into the record.

    In a survey of `empty` nothing stood before this import, so its rows are taken for new ones;
    the first that is not takes the survey out.
    """

    def __init__(
        self,
        of_import: Import,
        block: Block,
        checked: Sequence[responses.Checked],
        empty: set[int],
        now: datetime,
    ) -> None:
        self._import = of_import
        self._block = block
        self._checked = checked
        self._empty = empty
        self._now = now
        self._counts = block.counts
        self._refused: list[list[object]] = []

    def take(self) -> Import:
        """Store the block together with how far the import is; the import as it is then."""
        block = self._block
        with transaction.atomic():
            of_import = _locked(self._import)
            is_ours = of_import.after_row == self._import.after_row
            if of_import.state != Import.State.RUNNING or not is_ours:
                raise Overtaken
            bulk.commit_without_waiting()
            for checked in self._checked:
                self._deliver(of_import, checked)
            for address in block.opted_out:
                _suppress(of_import, address, Suppressed.Reason.OPT_OUT, self._now)
            of_import.after_row = block.last_row
            of_import.counts = self._added_to(of_import.counts)
            of_import.save(update_fields=["after_row", "counts"])
        return of_import

    def _deliver(self, of_import: Import, checked: responses.Checked) -> None:
        survey = checked.survey.id
        progress = responses.receive_checked(
            checked, batch=of_import.public_id, now=self._now, all_new=survey in self._empty
        )
        if progress.updated or progress.unchanged:
            self._empty.discard(survey)
        self._counts["new"] += progress.new
        self._counts["updated"] += progress.updated
        self._counts["unchanged"] += progress.unchanged
        self._counts["refused"] += progress.refused
        self._refused += [[row.row, row.reason.value] for row in progress.refused_rows]

    def _added_to(self, before: dict[str, object]) -> dict[str, object]:
        after: dict[str, object] = dict(before)
        for name, count in self._counts.items():
            after[name] = _number(before.get(name)) + count
        for name, counted in (("skipped", self._block.skipped), ("warnings", self._block.warnings)):
            old = before.get(name)
            after[name] = dict(Counter(old if isinstance(old, dict) else {}) + counted)
        refused = before.get("refused_rows")
        known = refused if isinstance(refused, list) else []
        after["refused_rows"] = [*known, *self._refused][:MOST_REFUSED]
        return after


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _bring_companions(of_import: Import, companions: Companions, *, now: datetime) -> None:
    """People and suppressions that the file holds beside the answers; repeating is harmless."""
    known = iter(companions.people)
    while block := list(islice(known, CHUNK)):
        _bring_people(of_import, block, now=now)
    if companions.suppressions:
        _bring_suppressions(of_import, companions.suppressions, now=now)


@transaction.atomic
def _bring_people(of_import: Import, block: Sequence[Person], *, now: datetime) -> None:
    if _locked(of_import).state != Import.State.RUNNING:
        raise Overtaken
    people.match_people(
        of_import.organisation_id,
        [person_of(person.respondent, attributes=dict(person.attributes)) for person in block],
        batch=of_import.public_id,
        now=now,
    )


@transaction.atomic
def _bring_suppressions(
    of_import: Import, suppressions: Sequence[Suppression], *, now: datetime
) -> None:
    if _locked(of_import).state != Import.State.RUNNING:
        raise Overtaken
    for suppression in suppressions:
        reason = _REASONS[suppression.reason]
        _suppress(of_import, suppression.email, reason, suppression.at or now)


def _suppress(of_import: Import, address: str, reason: str, at: datetime) -> None:
    people.suppress(
        of_import.organisation,
        address,
        reason=reason,
        source=removing.source_of(of_import),
        now=at,
    )


@transaction.atomic
def _finish(of_import: Import, *, now: datetime) -> None:
    of_import = _locked(of_import)
    if of_import.state != Import.State.RUNNING:
        raise Overtaken
    of_import.state, of_import.finished_at = Import.State.DONE, now
    of_import.plan = without_quotes(of_import.plan)
    of_import.save(update_fields=["state", "finished_at", "plan"])
    counts = {key: of_import.counts.get(key, 0) for key in ("rows", "imported", "new", "updated")}
    audit.record(
        None,
        "import.finished",
        of_import.file_name,
        counts,
        organisation=of_import.organisation,
        at=now,
    )
    journal.append(
        "import.finished",
        organisation=of_import.organisation_id,
        subject=of_import.public_id,
        payload={"file": of_import.file_name, **counts},
        at=now,
    )
