"""The worklist: passives by their latest answer, those we work on, and those we are done with."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from gloed.analysis.customers.models import Customer
from gloed.analysis.customers.value.operations import file_in_use
from gloed.analysis.passives.asking import surveys_that_count
from gloed.analysis.passives.barriers import PASSIVE, judgements, labels_of, named_by
from gloed.analysis.passives.models import FollowUp, Offer
from gloed.analysis.passives.rules import Judged, Lift, Name, Show, strongest
from gloed.base.models import Membership, Organisation
from gloed.base.queries import visible_teams
from gloed.loop.cases.models import Case
from gloed.loop.cases.shown import contents_of
from gloed.people.models import Person
from gloed.responses.models import Answer, Response
from gloed.responses.queries import given_later
from gloed.surveys.models import Survey
from gloed.surveys.rules import RATING_POSITION

MOST = 2_000
"""Newest passives that are looked at; older ones do not wait for a call any more."""
WITHIN = timedelta(days=90)
RELATED = ("survey__touchpoint", "touchpoint", "team", "person__account")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks: which list, of which barrier, of whom, in which order."""

    show: Show = Show.TODO
    barrier: Name | None = None
    lift: Lift | None = None
    newest: bool = False


@dataclass(slots=True)
class Row:
    """Somebody of the worklist. Details are read for the rows of one page only."""

    response_id: int | None
    person_id: int | None
    at: datetime | None
    follow_up: FollowUp | None = None
    names: frozenset[Name] = frozenset()
    barrier: Name | None = None
    response: Response | None = None
    person: Person | None = None
    rating: int | str = "–"
    words: str = ""
    value: tuple[str, str] | None = None
    last_contact: datetime | None = None
    offer: Offer | None = None
    case: Case | None = None
    since: int | None = None  # what they answered after we took them up


@dataclass(frozen=True, slots=True)
class Worklist:
    """The rows of a list in order, what their barriers are called and how they were judged."""

    rows: list[Row]
    counts: Mapping[Show, int]
    labels: Mapping[Name, str] = field(default_factory=dict)
    judged: Mapping[Name, Judged] = field(default_factory=dict)
    is_cut: bool = False


def visible_follow_ups(membership: Membership) -> "QuerySet[FollowUp]":
    """Those a colleague may see: of the own teams, and the own ones."""
    rows = FollowUp.objects.filter(organisation=membership.organisation)
    teams = visible_teams(membership)
    if teams is not None:
        rows = rows.filter(Q(team__in=teams) | Q(owner=membership.staff_id))
    return rows.select_related("owner", "organisation", "team")


def passives_of(
    organisation: Organisation, surveys: Collection[Survey], *, teams: frozenset[int] | None
) -> "QuerySet[Response]":
    """The latest answer of everybody we know whose latest answer is a passive's."""
    counted = Response.objects.filter(
        organisation=organisation, survey__in=surveys, withdrawn_at=None, is_suspicious=False
    )
    rated = Answer.objects.filter(
        response=OuterRef("pk"), question__position=RATING_POSITION, rating__isnull=False
    )
    later = given_later(counted).filter(Exists(rated))
    found = counted.filter(
        Exists(rated.filter(rating__in=PASSIVE)),
        ~Exists(later),
        person__isnull=False,
        responded_at__isnull=False,
    )
    return found if teams is None else found.filter(team_id__in=teams)


def worklist_of(
    membership: Membership,
    wanted: Wanted,
    *,
    order: Mapping[Name, int],
    language: str,
    now: datetime,
) -> Worklist:
    """The list an address asks for. `order` is that of the barriers, the strongest first."""
    organisation = membership.organisation
    surveys = surveys_that_count(organisation)
    waiting, is_cut = _waiting(membership, surveys, now=now)
    kept = visible_follow_ups(membership)
    opened = [_row(one) for one in kept.filter(ended_at=None).order_by("taken_at", "pk")]
    mine = [
        row for row in opened if row.follow_up and row.follow_up.owner_id == membership.staff_id
    ]
    done = kept.filter(ended_at__isnull=False)
    counts = {
        Show.TODO: len(waiting),
        Show.MINE: len(mine),
        Show.TAKEN: len(opened),
        Show.DONE: done.count(),
    }
    rows = {
        Show.TODO: lambda: waiting,
        Show.MINE: lambda: mine,
        Show.TAKEN: lambda: opened,
        Show.DONE: lambda: [_row(one) for one in done.order_by("-ended_at", "-pk")[:MOST]],
    }[wanted.show]()
    judged = judgements(organisation)
    names = named_by(organisation, [row.response_id for row in rows if row.response_id], surveys)
    for row in rows:
        row.names = frozenset(names.get(row.response_id or 0, ()))
        row.barrier = strongest(row.names, order)
    rows = [row for row in rows if _fits(row, wanted, judged)]
    if wanted.show is Show.TODO and not wanted.newest:
        rows.sort(key=lambda row: _urgency(row, order, judged))
    labels = labels_of(
        organisation, {name for row in rows for name in row.names}, surveys, language
    )
    return Worklist(rows, counts, labels, judged, is_cut)


def _waiting(
    membership: Membership, surveys: Sequence[Survey], *, now: datetime
) -> tuple[list[Row], bool]:
    """Passives nobody took up since they answered, newest first, and whether there are more."""
    organisation = membership.organisation
    taken = FollowUp.objects.filter(organisation=organisation, person=OuterRef("person")).filter(
        Q(ended_at=None) | Q(ended_at__gte=OuterRef("responded_at"))
    )
    found = passives_of(organisation, surveys, teams=visible_teams(membership))
    found = found.filter(~Exists(taken), responded_at__gte=now - WITHIN, responded_at__lte=now)
    keys = list(
        found.order_by("-responded_at", "-pk").values_list("pk", "person_id", "responded_at")[
            : MOST + 1
        ]
    )
    return [Row(*key) for key in keys[:MOST]], len(keys) > MOST


def _row(one: FollowUp) -> Row:
    return Row(one.response_id, one.person_id, one.taken_at, follow_up=one)


def _fits(row: Row, wanted: Wanted, judged: Mapping[Name, Judged]) -> bool:
    if wanted.barrier is not None and wanted.barrier not in row.names:
        return False
    if wanted.lift is None:
        return True
    return any(judged.get(name, Judged()).lift is wanted.lift for name in row.names)


def _urgency(
    row: Row, order: Mapping[Name, int], judged: Mapping[Name, Judged]
) -> tuple[int, int, float]:
    """Held back by what we can lift first, the strongest barrier first, then the newest answer."""
    place = len(order) if row.barrier is None else order.get(row.barrier, len(order))
    lift = judged.get(row.barrier, Judged()).lift if row.barrier else None
    first = {Lift.OURS: 0, Lift.UNJUDGED: 1, None: 2, Lift.NOT_OURS: 3}[lift]
    return first, place, -(row.at.timestamp() if row.at else 0.0)


def with_details(
    organisation: Organisation, rows: Sequence[Row], *, has_since: bool = True
) -> Sequence[Row]:
    """Fill in who they are, what they said, and what passed between us, for one page of rows."""
    responses = Response.objects.select_related(*RELATED).in_bulk(
        [row.response_id for row in rows if row.response_id]
    )
    people = Person.objects.select_related("account").in_bulk(
        [row.person_id for row in rows if row.person_id]
    )
    ratings, words = contents_of(list(responses))
    keys = list(people)
    values = _values(organisation, keys)
    contacts = _last_contacts(organisation, keys)
    offers = _last_offers(organisation, keys)
    cases = {
        case.person_id: case
        for case in Case.objects.filter(organisation=organisation, person__in=keys, closed_at=None)
    }
    since = _since(rows) if has_since else {}
    for row in rows:
        row.response = responses.get(row.response_id or 0)
        row.person = people.get(row.person_id or 0)
        row.rating = ratings.get(row.response_id or 0, ("–", 10))[0]
        row.words = words.get(row.response_id or 0, "")
        row.value = values.get(row.person_id or 0)
        row.last_contact = contacts.get(row.person_id or 0)
        row.offer = offers.get(row.person_id or 0)
        row.case = cases.get(row.person_id)
        row.since = since.get(row.person_id or 0)
    return rows


def _values(organisation: Organisation, people: Collection[int]) -> dict[int, tuple[str, str]]:
    """What each person is worth in a year by the file of customers in use: currency and amount."""
    file = file_in_use(organisation)
    if file is None:
        return {}
    rows = Customer.objects.filter(file=file, person__in=people, revenue__isnull=False)
    return {
        person: (file.currency, f"{revenue:.0f}")
        for person, revenue in rows.values_list("person_id", "revenue")
    }


def _last_contacts(organisation: Organisation, people: Collection[int]) -> dict[int, datetime]:
    """When each person last heard from a colleague: here, or in a case."""
    found: dict[int, datetime] = {}
    for model in (FollowUp, Case):
        rows: Any = model._default_manager.filter(
            organisation=organisation, person__in=people, contacted_at__isnull=False
        )
        last = rows.order_by().values_list("person_id").annotate(last=Max("contacted_at"))
        for person, at in last:
            found[person] = max(at, found.get(person, at))
    return found


def _last_offers(organisation: Organisation, people: Collection[int]) -> dict[int, Offer]:
    rows = Offer.objects.filter(organisation=organisation, person__in=people, removed_at=None)
    return {one.person_id or 0: one for one in rows.order_by("given_at", "pk")}


def _since(rows: Sequence[Row]) -> dict[int, int]:
    """By person: the last rating given after we took them up."""
    taken = {
        row.person_id: row.follow_up.taken_at for row in rows if row.follow_up and row.person_id
    }
    if not taken:
        return {}
    given = Answer.objects.filter(
        response__person__in=taken,
        response__withdrawn_at=None,
        response__is_suspicious=False,
        response__survey__metric="nps",
        question__position=RATING_POSITION,
        rating__isnull=False,
    ).annotate(at=F("response__responded_at"), who=F("response__person_id"))
    rated = given.filter(at__isnull=False).order_by("at", "pk").values_list("who", "at", "rating")
    # in order of time, so that the last one stands
    return {who: rating for who, at, rating in rated if at > taken[who] and rating is not None}


def find_row(membership: Membership, person: Person) -> Row | None:
    """Somebody for the card: who we work on, else their latest answer where it is a passive's."""
    own = visible_follow_ups(membership).filter(person=person)
    kept = own.order_by(F("ended_at").desc(nulls_first=True), "-pk").first()
    surveys = surveys_that_count(membership.organisation)
    latest = (
        passives_of(membership.organisation, surveys, teams=visible_teams(membership))
        .filter(person=person)
        .first()
    )
    if kept is not None and (kept.is_open or latest is None or _is_over(kept, latest)):
        return _row(kept)
    if latest is None:
        return None
    if FollowUp.objects.filter(person=person, ended_at=None).exists():
        return None  # a colleague of another team works on it
    return Row(latest.pk, person.pk, latest.responded_at)


def _is_over(kept: FollowUp, latest: Response) -> bool:
    """Whether somebody was done with this answer, or with a later one."""
    if kept.ended_at is None or latest.responded_at is None:
        return False
    return kept.ended_at >= latest.responded_at
