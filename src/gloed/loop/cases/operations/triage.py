"""Whether what came in opens a case: every rule that is on looks at every answer, once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from gloed.base import jobs
from gloed.base.models import Organisation
from gloed.coding.models import Codebook
from gloed.loop.cases import hearing
from gloed.loop.cases.models import Case, CaseAnswer, OpeningRule
from gloed.loop.cases.operations.assigning import desk_of
from gloed.loop.cases.operations.opening import (
    has_been_here,
    join_running,
    open_case,
    open_for_person,
    raise_priority,
    traits_of,
)
from gloed.loop.cases.rules import (
    Asks,
    Because,
    Heard,
    Priority,
    Reason,
    is_key_contact,
    is_worth,
    priority_of,
    read_asks,
    reasons_to_open,
)
from gloed.loop.cases.worth import worth_of
from gloed.people.models import Person
from gloed.responses.models import Response
from gloed.surveys.rules import Metric

LOOK = "cases.look"
"""The job that looks at one answer later: its themes are not read yet, or somebody still writes."""
RECENT = timedelta(days=30)
"""Older answers never open a case: they are history that was brought in."""
STILL_WRITING = timedelta(minutes=5)
"""So long an answer that is not complete may still change before a case opens for it."""
AGAIN = timedelta(seconds=15)
MOST_LOOKS = 40
CHUNK = 200
TOGETHER = 10
"""Cases that open in one transaction: few enough that nobody waits long to write."""
MOST_OF_IMPORT = 1_000
"""Answers of an import that are looked at in one turn."""
STEP = 50
"""Answers of an import after which it is seen whether somebody waits who goes first."""
MOST_SILENT = 25
"""New cases a day for key contacts who are silent: a rule never floods a team."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the rules made of an answer."""

    because: tuple[Reason, ...] = ()
    fitting: tuple[tuple[Priority, tuple[Reason, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class LiveRule:
    """A rule that is on."""

    name: str
    asks: Asks
    priority: Priority
    since: datetime | None = None


@dataclass(slots=True)
class Triaged:
    """What came of looking at some answers: cases by response, and who must be looked at later."""

    cases: dict[int, Case] = field(default_factory=dict)
    later: set[int] = field(default_factory=set)


def live_rules(organisation: Organisation | int) -> list[LiveRule]:
    """The rules of an organisation that are on, in their order."""
    rows = OpeningRule.objects.filter(organisation=organisation, is_on=True)
    return [
        LiveRule(row.name, read_asks(row.asks), Priority(row.priority), row.on_since)
        for row in rows
    ]


def judge(rules: Sequence[LiveRule], heard: Heard, *, recorded_at: datetime | None = None) -> Found:
    """Which rules an answer meets, and why; rules switched on after it came in do not count."""
    because: list[Reason] = []
    fitting: list[tuple[Priority, tuple[Reason, ...]]] = []
    for rule in rules:
        if recorded_at is not None and rule.since is not None and recorded_at < rule.since:
            continue
        reasons = reasons_to_open(rule.asks, heard)
        if reasons:
            because += [Reason(Because.RULE, rule.name), *reasons]
            fitting.append((rule.priority, reasons))
    return Found(tuple(dict.fromkeys(because)), tuple(fitting))


def look(keys: Sequence[int], *, now: datetime, looks: int = 0) -> Triaged:
    """Open a case for each of these responses that asks for one. Harmless to repeat.

    A later answer of somebody whose case is open joins it, whatever it says. An answer that already
    has a case can still make it more urgent. What cannot be decided yet is looked at again a little
    later, by itself.
    """
    done = Triaged()
    for start in range(0, len(keys), CHUNK):
        responses = list(_countable(keys[start : start + CHUNK], now=now))
        for organisation in {one.organisation_id for one in responses}:
            own = [one for one in responses if one.organisation_id == organisation]
            _look(own, done, now=now, looks=looks)
    for key in sorted(done.later):
        _later(key, now=now, looks=looks + 1)
    return done


def _look(responses: list[Response], done: Triaged, *, now: datetime, looks: int) -> None:
    rules = [
        rule for rule in live_rules(responses[0].organisation_id) if not rule.asks.is_about_silence
    ]
    running = _running(responses)
    if not rules and not running:
        return
    asks_worth = any(rule.asks.worth_from is not None for rule in rules)
    heard = hearing.heard_in(responses, with_worth=asks_worth)
    unread = _unread(responses, rules) if looks < MOST_LOOKS else set()
    links = CaseAnswer.objects.filter(response__in=responses).select_related("case")
    linked = {link.response_id: link.case for link in links}
    asking: list[tuple[Response, Found]] = []
    for response in responses:
        if _is_still_writing(response, now):
            done.later.add(response.pk)
            continue
        if response.pk in unread:
            done.later.add(response.pk)
        found = judge(rules, heard[response.pk], recorded_at=response.recorded_at)
        if not found.because:
            if response.person_id in running:
                join_running(response, now=now)
            continue
        if response.pk in linked:
            priority, reasons = _how_urgent(response, found, now=now)
            raise_priority(linked[response.pk], priority, reasons, now=now)
            continue
        asking.append((response, found))
    for start in range(0, len(asking), TOGETHER):
        _open(asking[start : start + TOGETHER], done, now=now)


def _open(asking: Sequence[tuple[Response, Found]], done: Triaged, *, now: datetime) -> None:
    """Open a few cases in one transaction: to have each on disk by itself takes longer."""
    desk = desk_of(asking[0][0].organisation)
    with transaction.atomic():
        for response, found in asking:
            priority, reasons = _how_urgent(response, found, now=now)
            done.cases[response.pk] = open_case(
                response,
                because=found.because,
                priority=priority,
                priority_reasons=reasons,
                desk=desk,
                now=now,
            )


def _how_urgent(
    response: Response, found: Found, *, now: datetime
) -> tuple[Priority, tuple[Reason, ...]]:
    return priority_of(found.fitting, has_been_here=has_been_here(response.person, now=now))


def _running(responses: Sequence[Response]) -> set[int]:
    """Which of the customers behind these answers have an open case."""
    people = [one.person_id for one in responses if one.survey.metric != Metric.ENPS]
    cases = Case.objects.filter(person__in=people, closed_at=None)
    return {person for person in cases.values_list("person_id", flat=True) if person is not None}


def _countable(keys: Sequence[int], *, now: datetime) -> QuerySet[Response]:
    """Answers that count and are not history."""
    return (
        Response.objects.filter(pk__in=keys, withdrawn_at=None, erased_at=None, is_suspicious=False)
        .filter(Q(responded_at__gte=now - RECENT) | Q(responded_at=None))
        .select_related(*hearing.LOOKED_AT)
        .order_by("pk")
    )


def _unread(responses: list[Response], rules: Sequence[LiveRule]) -> set[int]:
    """Whose themes a rule wants to know and the codebook has not told yet."""
    if not any(rule.asks.themes for rule in rules):
        return set()
    codebook = Codebook.objects.filter(organisation=responses[0].organisation_id)
    if not codebook.filter(published__isnull=False).exists():
        return set()
    return hearing.waiting_for_themes(responses)


def _is_still_writing(response: Response, now: datetime) -> bool:
    return response.status == Response.Status.PARTIAL and now - response.updated_at < STILL_WRITING


def _later(key: int, *, now: datetime, looks: int) -> None:
    response = Response.objects.filter(pk=key).first()
    if response is None or looks > MOST_LOOKS:
        return
    run_at = now + AGAIN
    if _is_still_writing(response, now):
        run_at = response.updated_at + STILL_WRITING
    jobs.enqueue(
        LOOK,
        {"response": key, "looks": looks},
        now=now,
        organisation=response.organisation_id,
        run_at=run_at,
        key=f"{LOOK}:{key}",
    )


def look_at_import(
    survey: int,
    *,
    brought_at: datetime,
    after: int = 0,
    most: int = MOST_OF_IMPORT,
    is_awaited: Callable[[], bool] = lambda: False,
    now: datetime,
) -> int | None:
    """Look at the recent answers of a survey that came in together, those behind the key `after`.

    Gives the key it came to, or nothing when there are no more: it is done in turns, so that other
    long work is not held up, and a turn ends early where work that goes first waits: somebody who
    takes an import back does not wait for its cases.
    """
    fresh = Response.objects.filter(
        survey=survey, updated_at=brought_at, responded_at__gte=now - RECENT, pk__gt=after
    )
    waiting = fresh.filter(case_link=None, withdrawn_at=None).order_by("pk")
    keys = list(waiting.values_list("pk", flat=True)[:most])
    for start in range(0, len(keys), STEP):
        if start and is_awaited():
            return keys[start - 1]
        look(keys[start : start + STEP], now=now)
    return keys[-1] if len(keys) == most else None


def silent_people(organisation: Organisation, asks: Asks, *, now: datetime) -> list[int]:
    """Key contacts who have been silent for longer than a rule allows, the longest first.

    Somebody whom we know for less time than that is not silent yet. Gives the keys of people: there
    may be many.
    """
    known = now - timedelta(days=asks.silent_days or 0)
    spoke = Response.objects.filter(
        person=OuterRef("pk"), withdrawn_at=None, responded_at__gt=known
    )
    people = Person.objects.filter(organisation=organisation, created_at__lte=known)
    quiet = people.filter(~Exists(spoke)).select_related("account").order_by("pk")
    found: list[tuple[bool, datetime, int]] = []
    for piece in _pieces(quiet.iterator(chunk_size=CHUNK)):
        meant = [one for one in piece if is_key_contact(asks, traits_of(one))]
        worths = worth_of(organisation.pk, meant) if asks.worth_from is not None else {}
        heard = _last_heard(meant)
        for person in meant:
            worth = worths.get(person.pk)
            if is_worth(asks, worth.amount if worth else None):
                last = heard.get(person.pk)
                found.append((last is not None, last or now, person.pk))
    return [key for _has_spoken, _last, key in sorted(found)]


def _last_heard(people: Sequence[Person]) -> dict[int, datetime]:
    """When each of them last answered, of those who ever did."""
    answered = Response.objects.filter(person__in=people, withdrawn_at=None)
    rows = answered.order_by().values_list("person").annotate(last=Max("responded_at"))
    return {person: last for person, last in rows if person is not None and last is not None}


def _pieces(people: Iterable[Person]) -> Iterator[list[Person]]:
    source = iter(people)
    while piece := list(islice(source, CHUNK)):
        yield piece


def look_for_silence(organisation: Organisation, *, now: datetime) -> int:
    """Open a case for key contacts who are silent, some a day; how many were opened."""
    opened = 0
    for rule in live_rules(organisation):
        if not rule.asks.is_about_silence:
            continue
        since = now - timedelta(days=rule.asks.silent_days or 0)
        cases = Case.objects.filter(organisation=organisation, person__isnull=False)
        busy = set(
            cases.filter(Q(closed_at=None) | Q(closed_at__gte=since)).values_list(
                "person_id", flat=True
            )
        )
        silent = silent_people(organisation, rule.asks, now=now)
        chosen = [key for key in silent if key not in busy][:MOST_SILENT]
        people = Person.objects.select_related("organisation", "account").in_bulk(chosen)
        for person in [people[key] for key in chosen if key in people]:
            because = [
                Reason(Because.RULE, rule.name),
                Reason(Because.SILENCE, str(rule.asks.silent_days)),
            ]
            open_for_person(person, because=because, priority=rule.priority, now=now)
            opened += 1
    return opened
