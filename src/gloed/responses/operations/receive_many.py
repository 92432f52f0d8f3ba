"""The bulk door: imports, the sample organisation and whoever brings thousands at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction

from gloed.base import bulk
from gloed.base.models import Team
from gloed.people import operations as people
from gloed.people.rules import PersonData
from gloed.responses import rows
from gloed.responses.models import Answer, Response
from gloed.responses.operations import news
from gloed.responses.operations.check_many import Checked, RefusedRow, check_many
from gloed.responses.rules import (
    IncomingAnswer,
)
from gloed.surveys import queries as surveys
from gloed.surveys.models import Survey, Touchpoint
from gloed.surveys.queries import AskedSurvey
from gloed.surveys.rules import PublishedVersion

CHUNK = 5_000
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a delivery of many is: counts so far, and the rows refused in the last chunk."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    refused_rows: tuple[RefusedRow, ...] = ()

    @property
    def done(self) -> int:
        """Rows dealt with so far."""
        return self.new + self.updated + self.unchanged + self.refused


@dataclass(frozen=True, slots=True)
class _Delivery:
    """What everything that is written of one chunk shares."""

    checked: Checked
    batch: UUID | None
    now: datetime

    @property
    def survey(self) -> AskedSurvey:
        return self.checked.survey


def receive_many(
    survey: Survey,
    answers: Iterable[IncomingAnswer],
    *,
    batch: UUID | None = None,
    now: datetime,
    chunk: int = CHUNK,
) -> Iterator[Progress]:
    """Take many deliveries in, a transaction per chunk; yields the counts so far after each.

    The survey needs a published version, not an open link. Each answer brings a `source_id` (or
    `client_key`). Known keys are updated in place: the delivery is the whole truth about its row,
    answers it does not mention go. What staff corrected, what was withdrawn or erased is left
    alone and counts as unchanged; so do rows of a key that comes again in the same chunk (the last
    wins). A row that does not fit the survey is refused by itself. Nothing happens before the
    first value is taken from the iterator; running it again after a crash is harmless.
    """
    asked = surveys.get_asked(survey.pk)
    stream = iter(answers)
    total = Progress()
    while block := list(islice(stream, chunk)):
        step = receive_checked(check_many(asked, block), batch=batch, now=now)
        total = Progress(
            new=total.new + step.new,
            updated=total.updated + step.updated,
            unchanged=total.unchanged + step.unchanged,
            refused=total.refused + step.refused,
            refused_rows=step.refused_rows,
        )
        yield total


def receive_checked(
    checked: Checked, *, batch: UUID | None = None, now: datetime, all_new: bool = False
) -> Progress:
    """Take one chunk in, in one transaction; the counts of this chunk. See `receive_many`.

    `all_new` takes every row for a new one and looks up none, until one proves to be there. The
    transaction is repeated then, and when another writer made the same row first.
    """
    delivery = _Delivery(checked, batch, now)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic():
                new, updated = _write(delivery, looks_up=attempt > 1 or not all_new)
        except (IntegrityError, OperationalError):  # made first, or each waited for the other
            if attempt == _ATTEMPTS:
                raise
        else:
            break
    return Progress(
        new=new,
        updated=updated,
        unchanged=len(checked.by_key) - new - updated + checked.repeated,
        refused=len(checked.refused),
        refused_rows=tuple(checked.refused),
    )


def _write(delivery: _Delivery, *, looks_up: bool) -> tuple[int, int]:
    """Store a chunk; the numbers of new and of updated responses."""
    by_key = delivery.checked.by_key
    if not by_key:
        return 0, 0
    known = _existing(delivery.survey.organisation_id, by_key) if looks_up else {}
    fresh = {key: answer for key, answer in by_key.items() if key not in known}
    matched = _match(delivery, known)
    moments = _insert(delivery, fresh, matched)
    changed = _update(delivery, known, matched)
    if moments or changed:
        news.tell(
            news.IMPORTED,
            organisation=delivery.survey.organisation_id,
            subject=delivery.batch or delivery.survey.public_id,
            moments=[*moments, *changed],
            survey=delivery.survey.public_id,
            now=delivery.now,
        )
    return len(fresh), len(changed) // 2


_COMPARED = ("key", "id", "withdrawn_at", "corrected_at", "erased_at", *rows.CONTENT_COLUMNS)
_PERSON = rows.CONTENT_COLUMNS.index("person_id")
_MOMENT = rows.CONTENT_COLUMNS.index("responded_at")
_READERS: dict[int, Callable[[Any], Any]] = {  # columns a driver may hand out in its own way
    _MOMENT: bulk.as_moment,
    rows.CONTENT_COLUMNS.index("attributes"): bulk.from_json,
    rows.CONTENT_COLUMNS.index("tags"): bulk.from_json,
}


@dataclass(frozen=True, slots=True)
class _Stored:
    """A response on record: its content, and whether a delivery may change it."""

    id: int
    is_fixed: bool
    content: tuple[Any, ...]


def _existing(organisation_id: int, by_key: Mapping[str, IncomingAnswer]) -> dict[str, _Stored]:
    where = f'"organisation_id" = %s AND "key" {bulk.one_of()}'
    found = bulk.select_rows(Response, _COMPARED, where, [organisation_id, bulk.many(by_key)])
    return {
        key: _Stored(pk, any(marks), tuple(content))
        for key, pk, *rest in found
        for marks, content in [(rest[:3], rest[3:])]
    }


@dataclass(frozen=True, slots=True)
class _Matched:
    """What a chunk refers to: the person by key, touchpoint and team by name, version by number."""

    people: Mapping[str, int | None]
    touchpoints: Mapping[str, int]
    teams: Mapping[str, int]
    versions: Mapping[int | None, PublishedVersion]

    def is_erased(self, key: str) -> bool:
        """Whether the person asked to be forgotten before."""
        return self.people[key] == people.ERASED


def _match(delivery: _Delivery, known: Mapping[str, _Stored]) -> _Matched:
    """Find what a chunk refers to; persons, touchpoints and teams are made where missing."""
    checked, organisation_id = delivery.checked, delivery.survey.organisation_id
    touchpoints = _names(Touchpoint, organisation_id, checked.touchpoints)
    teams = _names(Team, organisation_id, checked.teams)
    persons = [_about(answer, known.get(key)) for key, answer in checked.by_key.items()]
    found = people.match_people(
        organisation_id,
        persons,
        identities=[
            None if person is None else checked.identities[key]
            for key, person in zip(checked.by_key, persons, strict=True)
        ],
        batch=delivery.batch,
        now=delivery.now,
    )
    by_key = dict(zip(checked.by_key, found, strict=True))
    return _Matched(by_key, touchpoints, teams, checked.versions)


def _content(
    delivery: _Delivery, matched: _Matched, key: str, answer: IncomingAnswer, stored: _Stored | None
) -> tuple[Any, ...]:
    """The values of the content columns."""
    found = matched.people[key]
    is_erased = found == people.ERASED
    person_id = stored.content[_PERSON] if found is None and stored else found
    context = rows.Context(
        version=matched.versions[answer.version],
        person_id=None if is_erased else person_id,
        touchpoint_id=matched.touchpoints.get(answer.touchpoint, delivery.survey.touchpoint_id),
        team_id=matched.teams.get(answer.team),
    )
    if is_erased:
        return rows.content_row(answer, context, responded_at=answer.responded_at, attributes={})
    return (*rows.context_row(context), *delivery.checked.said[key])


def _about(answer: IncomingAnswer, stored: _Stored | None) -> PersonData | None:
    """Whom a row is about; a bare name does not make a second person when the row comes again."""
    person = answer.person
    if stored is not None and (
        stored.is_fixed or (person and not person.external_id and not person.email)
    ):
        return None
    return person


def _names(
    model: type[Touchpoint] | type[Team], organisation_id: int, names: set[str]
) -> dict[str, int]:
    """Keys by name as it was given; missing ones are made."""
    found: dict[str, int] = {}
    for name in sorted(names):
        if short := bulk.clean(name.strip())[:120]:
            row, _ = model.objects.get_or_create(organisation_id=organisation_id, name=short)
            found[name] = row.pk
    return found


def _insert(
    delivery: _Delivery, fresh: Mapping[str, IncomingAnswer], matched: _Matched
) -> list[datetime | None]:
    """Store new responses; their moments.

    Rows are made while the database takes them in: on PostgreSQL both work at the same time.
    """
    if not fresh:
        return []
    ids = bulk.reserve_ids(Response, len(fresh))
    columns = ("id", *rows.RESPONSE_COLUMNS, "erased_at")
    bulk.insert_rows(Response, columns, _response_rows(delivery, fresh, matched, ids))
    bulk.insert_rows(Answer, rows.ANSWER_COLUMNS, _answer_rows(delivery, fresh, matched, ids))
    return [answer.responded_at for answer in fresh.values()]


def _response_rows(
    delivery: _Delivery,
    fresh: Mapping[str, IncomingAnswer],
    matched: _Matched,
    ids: Sequence[int],
) -> Iterator[tuple[Any, ...]]:
    survey, now = delivery.survey, bulk.moment(delivery.now)
    public_ids = bulk.new_uuids(len(fresh))
    for (key, answer), pk, public_id in zip(fresh.items(), ids, public_ids, strict=True):
        row = rows.response_row(
            _content(delivery, matched, key, answer, None),
            public_id=public_id,
            organisation_id=survey.organisation_id,
            survey_id=survey.id,
            key=key,
            source=answer.source,
            batch=delivery.batch,
            row=answer.row,
            now=now,
        )
        yield (pk, *row, now if matched.is_erased(key) else None)


def _answer_rows(
    delivery: _Delivery,
    fresh: Mapping[str, IncomingAnswer],
    matched: _Matched,
    ids: Sequence[int],
) -> Iterator[tuple[Any, ...]]:
    given = delivery.checked.given
    for (key, answer), pk in zip(fresh.items(), ids, strict=True):
        written = [(pk, *row) for row in given[key]]
        if matched.is_erased(key):
            written = rows.without_words(written, matched.versions[answer.version])
        yield from written


def _update(
    delivery: _Delivery, known: Mapping[str, _Stored], matched: _Matched
) -> list[datetime | None]:
    """Bring responses on record up to date; the moments before and after of those that changed."""
    open_ones = {key: stored for key, stored in known.items() if not stored.is_fixed}
    if not open_ones:
        return []
    before = rows.existing_answers([stored.id for stored in open_ones.values()])
    changes, upserts, gone, moments = [], [], [], []
    for key, stored in open_ones.items():
        answer, is_erased = delivery.checked.by_key[key], matched.is_erased(key)
        content = _content(delivery, matched, key, answer, stored)
        version = matched.versions[answer.version]
        written = [(stored.id, *row) for row in delivery.checked.given[key]]
        left = rows.without_words(written, version) if is_erased else written
        wanted = {row[1]: row for row in left}
        old = before[stored.id]
        upserts_here = [row for question, row in wanted.items() if old.get(question) != row[2:]]
        gone_here = [(stored.id, question) for question in old if question not in wanted]
        if not (upserts_here or gone_here or _differs(stored.content, content) or is_erased):
            continue
        upserts += upserts_here
        gone += gone_here
        now = bulk.moment(delivery.now)
        changes.append((*content, now, now if is_erased else None, stored.id))
        moments += [bulk.as_moment(stored.content[_MOMENT]), answer.responded_at]
    bulk.update_rows(Response, (*rows.CONTENT_COLUMNS, "updated_at", "erased_at"), changes)
    bulk.upsert_rows(Answer, rows.ANSWER_COLUMNS, upserts, unique=rows.ANSWER_UNIQUE)
    bulk.delete_pairs(Answer, rows.ANSWER_UNIQUE, gone)
    return moments


def _differs(old: tuple[Any, ...], new: tuple[Any, ...]) -> bool:
    return any(
        _READERS[index](before) != _READERS[index](after) if index in _READERS else before != after
        for index, (before, after) in enumerate(zip(old, new, strict=True))
    )
