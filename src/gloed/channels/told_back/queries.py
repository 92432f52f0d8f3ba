"""Who raised an improvement, how the telling goes, and what the public page shows."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from gloed.base.models import Organisation
from gloed.channels.told_back.models import PublicChange, PublicPage, Telling, Told
from gloed.channels.told_back.rules import Group, Raised, each_once
from gloed.coding.models import Mention
from gloed.fieldwork.notices.models import Notice
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.rules import Board
from gloed.people.models import Person
from gloed.responses.models import Response

PACED_BY = timedelta(minutes=5)
"""The stretch that the rate of sending is measured over."""
LOOKED_BACK = timedelta(days=365)
ATTRIBUTE = "attr:"
SHOWN_CHANGES = 40


@dataclass(frozen=True, slots=True)
class Raiser:
    """Somebody who raised it, as the list shows them; `is_out` when a colleague took them off."""

    person: Person
    raised: Raised
    is_out: bool


def usual_since(improvement: Improvement) -> date:
    """The first day whose answers count for themes: a year before it was finished."""
    end = improvement.finished_at or improvement.created_at
    return (end - LOOKED_BACK).date()


def raised_by(telling: Telling) -> dict[int, Raised]:
    """Exactly who raised it, each once: by case, by an answer it rests on, by a theme."""
    return each_once(_ways(telling))


def raisers_of(telling: Telling) -> list[Raiser]:
    """The same with their names; those closest to it first."""
    found = raised_by(telling)
    out = set(telling.left_out.values_list("person_id", flat=True))
    people = Person.objects.filter(pk__in=found)
    listed = [Raiser(person, found[person.pk], person.pk in out) for person in people]
    order = list(Group)
    return sorted(listed, key=lambda one: (order.index(one.raised.group), str(one.person)))


def _ways(telling: Telling) -> Iterator[Raised]:
    improvement = telling.improvement
    cases = improvement.cases.filter(person__isnull=False)
    for person, number in cases.values_list("person_id", "number"):
        yield Raised(person, Group.CASE, str(number))
    linked = _counting(Response.objects.filter(evidence_of__improvement=improvement))
    for person, public_id in linked.values_list("person_id", "public_id"):
        yield Raised(person, Group.WORDS, str(public_id))
    for person, public_id in _themed(telling).values_list("person_id", "public_id"):
        yield Raised(person, Group.THEME, str(public_id))


def _themed(telling: Telling) -> QuerySet[Response]:
    """Answers that name a theme of it, where and of whom it is about, as it sounds on its board."""
    improvement = telling.improvement
    themes = list(improvement.themes.values_list("pk", flat=True))
    if not themes:
        return Response.objects.none()
    sound = (
        {"polarity_text__gte": 0} if improvement.board == Board.KEEP else {"polarity_text__lte": 0}
    )
    mentions = Mention.objects.filter(
        organisation=improvement.organisation_id, theme__in=themes, **sound
    )
    found = _counting(
        Response.objects.filter(
            organisation=improvement.organisation_id,
            answers__in=mentions.values("answer_id"),
            responded_at__gte=_begin(telling),
        )
    )
    if improvement.finished_at is not None:
        found = found.filter(responded_at__lt=improvement.finished_at)
    if improvement.touchpoint_id is not None:
        found = found.filter(touchpoint=improvement.touchpoint_id)
    if improvement.team_id is not None:
        found = found.filter(team=improvement.team_id)
    for number, (column, value) in enumerate(improvement.segment.items()):
        if column.startswith(ATTRIBUTE):
            name = f"segment_{number}"
            text = Cast(KeyTextTransform(column.removeprefix(ATTRIBUTE), "attributes"), TextField())
            found = found.alias(**{name: text}).filter(**{name: value})
        elif column in ("language", "channel", "device", "source"):
            found = found.filter(**{column: value})
    return found.order_by("pk")


def _counting(responses: QuerySet[Response]) -> QuerySet[Response]:
    return responses.filter(
        person__isnull=False, withdrawn_at=None, erased_at=None, is_suspicious=False
    )


def _begin(telling: Telling) -> datetime:
    day = telling.since or usual_since(telling.improvement)
    return datetime.combine(day, time(), ZoneInfo(telling.organisation.time_zone))


@dataclass(frozen=True, slots=True)
class Tally:
    """How the telling goes, in persons."""

    total: int
    sent: int
    waiting: int
    not_sent: int
    asked_again: int
    to_ask: int
    reasons: dict[str, int]
    a_minute: float = 0.0

    @property
    def settled(self) -> int:
        """Those of whom it is known what became of their message."""
        return self.total - self.waiting

    @property
    def minutes_left(self) -> int | None:
        """How long it still takes at the present rate; None where nothing went lately."""
        return ceil(self.waiting / self.a_minute) if self.a_minute else None


def tally_of(telling: Telling, *, now: datetime | None = None) -> Tally:
    """How far it is, and why some were not written to; with `now` also how fast it goes."""
    Became = Notice.Became  # noqa: N806 - a class by its own name
    counted: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    asked = to_ask = fresh = 0
    rows = Told.objects.filter(telling=telling).select_related("notice")
    for told in rows.iterator(chunk_size=2000):
        counted[told.notice.became] += 1
        if told.notice.became not in (Became.WAITING, Became.SENT, Became.UNCERTAIN):
            skip = str(told.notice.get_skip_display()) if told.notice.skip else ""
            reasons[skip or str(told.notice.get_became_display())] += 1
        asked += told.invitation_id is not None
        to_ask += told.invitation_id is None and told.again_at is not None
        sent_at = told.notice.sent_at
        fresh += now is not None and sent_at is not None and sent_at > now - PACED_BY
    sent = counted[Became.SENT] + counted[Became.UNCERTAIN]
    total = sum(counted.values())
    waiting = counted[Became.WAITING]
    return Tally(
        total,
        sent,
        waiting,
        total - sent - waiting,
        asked,
        to_ask,
        dict(reasons.most_common()),
        fresh / (PACED_BY.total_seconds() / 60),
    )


def find_page(organisation: Organisation) -> PublicPage | None:
    """The public page of an organisation, on or off."""
    return PublicPage.objects.filter(organisation=organisation).first()


def changes_on(organisation: Organisation) -> QuerySet[PublicChange]:
    """What stands on the page, newest first."""
    return PublicChange.objects.filter(organisation=organisation, removed_at=None)


def words_in(change: PublicChange, language: str) -> dict[str, Any] | None:
    """A change in a language, else in another one it is written in, with that language."""
    for code in dict.fromkeys([language, *change.words]):
        words = change.words.get(code) or {}
        if words.get("title"):
            return {**words, "language": code, "at": change.published_at, "id": change.public_id}
    return None
