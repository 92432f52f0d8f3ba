"""Bringing a file into the record, chunk by chunk; a killed run goes on where it stopped."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice

from django.db import transaction

from gloed.base import audit
from gloed.channels.file_import.examining import Report, groups_of
from gloed.channels.file_import.models import Import
from gloed.channels.file_import.operations import removing
from gloed.channels.file_import.operations.storing import without_quotes
from gloed.channels.file_import.operations.understanding import open_file, refusal_as_data
from gloed.channels.file_import.reading import (
    Person,
    Record,
    Skipped,
    Source,
    Suppression,
    UnreadableFile,
)
from gloed.channels.file_import.routing import Router, person_of
from gloed.channels.file_import.rules import Group, ImportRefused, Overtaken
from gloed.people import operations as people
from gloed.people.models import Suppression as Suppressed
from gloed.responses import operations as responses
from gloed.responses.rules import IncomingAnswer
from gloed.surveys.models import Survey

CHUNK = 5_000
MOST_REFUSED = 1_000
Item = Record | Skipped
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
        source = open_file(of_import)
        _bring_companions(of_import, source, now=now())
        with _fewer_collections():
            _bring_answers(of_import, source, now=now, report=report, chunk=chunk)
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


def _bring_answers(
    of_import: Import,
    source: Source,
    *,
    now: Callable[[], datetime],
    report: Report | None,
    chunk: int,
) -> None:
    groups = groups_of(of_import.plan)
    surveys = _surveys_of(of_import)
    router = Router(of_import.format, groups, keeps_survey_name=_loses_a_name(groups, surveys))
    total = int(of_import.plan["rows"])
    items = source.records(after_row=of_import.after_row)
    for block in _blocks(items, chunk):
        delivery = _Delivery(of_import, router, surveys, now())
        of_import = delivery.take(block)
        if report is not None:
            report(of_import.after_row, total)


def _blocks(items: Iterator[Item], size: int) -> Iterator[Sequence[Item]]:
    while block := list(islice(items, size)):
        yield block


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
    """One chunk on its way into the record."""

    def __init__(
        self, of_import: Import, router: Router, surveys: dict[str, Survey], now: datetime
    ) -> None:
        self._import = of_import
        self._router = router
        self._surveys = surveys
        self._now = now
        self._counts: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._warnings: Counter[str] = Counter()
        self._refused: list[list[object]] = []
        self._opted_out: set[str] = set()

    def take(self, block: Sequence[Item]) -> Import:
        """Store a chunk together with how far the import is; the import as it is then."""
        sorted_out = self._sort_out(block)
        with transaction.atomic():
            of_import = _locked(self._import)
            is_ours = of_import.after_row == self._import.after_row
            if of_import.state != Import.State.RUNNING or not is_ours:
                raise Overtaken
            for group, answers in sorted_out.items():
                self._deliver(of_import, group.key, answers)
            for address in self._opted_out:
                _suppress(of_import, address, Suppressed.Reason.OPT_OUT, self._now)
            of_import.after_row = block[-1].row
            of_import.counts = self._added_to(of_import.counts)
            of_import.save(update_fields=["after_row", "counts"])
        return of_import

    def _sort_out(self, block: Sequence[Item]) -> dict[Group, list[IncomingAnswer]]:
        by_group: dict[Group, list[IncomingAnswer]] = {}
        self._counts["rows"] += len(block)
        for item in block:
            if isinstance(item, Skipped):
                self._skipped[item.reason.value] += 1
                continue
            routed = self._router.route(item)
            if not routed:
                self._skipped["aside"] += 1
                continue
            self._counts["imported"] += 1
            for warning in item.warnings:
                self._warnings[warning.value] += 1
            if item.do_not_contact and item.respondent and item.respondent.email:
                self._opted_out.add(item.respondent.email)
            for group, incoming in routed:
                if group in by_group:
                    by_group[group].append(incoming)
                else:
                    by_group[group] = [incoming]
        return by_group

    def _deliver(self, of_import: Import, key: str, answers: list[IncomingAnswer]) -> None:
        survey = self._surveys.get(key) or next(iter(self._surveys.values()))
        delivered = responses.receive_many(
            survey, answers, batch=of_import.public_id, now=self._now, chunk=len(answers)
        )
        for progress in delivered:
            self._counts["new"] += progress.new
            self._counts["updated"] += progress.updated
            self._counts["unchanged"] += progress.unchanged
            self._counts["refused"] += progress.refused
            self._refused += [[row.row, row.reason.value] for row in progress.refused_rows]

    def _added_to(self, before: dict[str, object]) -> dict[str, object]:
        after: dict[str, object] = dict(before)
        for name, count in self._counts.items():
            after[name] = _number(before.get(name)) + count
        for name, counted in (("skipped", self._skipped), ("warnings", self._warnings)):
            old = before.get(name)
            after[name] = dict(Counter(old if isinstance(old, dict) else {}) + counted)
        refused = before.get("refused_rows")
        known = refused if isinstance(refused, list) else []
        after["refused_rows"] = [*known, *self._refused][:MOST_REFUSED]
        return after


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _bring_companions(of_import: Import, source: Source, *, now: datetime) -> None:
    """People and suppressions that the file holds beside the answers; repeating is harmless."""
    companions = source.companions
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
