"""The steps as queries: one definition for the counts and for the lists behind them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from gloed.base.models import Membership, Organisation
from gloed.base.queries import visible_teams
from gloed.fieldwork.models import Invitation
from gloed.loop.cases.models import Case, CaseEvent
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.rules import Status
from gloed.loop.leaks.models import ReadMark
from gloed.loop.leaks.rules import ANSWERS, ASKS, Step, Window
from gloed.responses.models import Answer, Response
from gloed.surveys.rules import RATING_POSITION, Metric

TOLD_BACK = "told_back"
"""The line that telling customers of an improvement writes into the story of their case."""
NEVER = Q(pk__in=[])
NOWHERE = 0
"""Stands for what belongs to no team, or to no touchpoint; no row has this key."""
UNREACHED = (
    Invitation.Disposition.BOUNCED,
    Invitation.Disposition.FAILED,
    Invitation.Disposition.NO_CONTACT,
)
ANSWERED = (Invitation.Disposition.PARTIAL, Invitation.Disposition.COMPLETE)
NOT_ASKS = (Invitation.Disposition.SKIPPED, Invitation.Disposition.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the meter is asked: whose way, in which days, of which team and touchpoint.

    `teams` are all that may be seen, None for every answer; `team` and `touchpoint` narrow further,
    to what has none where they are NOWHERE.
    """

    organisation: Organisation
    window: Window
    teams: frozenset[int] | None = None
    team: int | None = None
    touchpoint: int | None = None

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The window as moments on the organisation's clock, half-open."""
        zone = ZoneInfo(self.organisation.time_zone)
        begin = datetime.combine(self.window.first, time(), tzinfo=zone)
        end = datetime.combine(self.window.last + timedelta(days=1), time(), tzinfo=zone)
        return begin, end


def wish_of(membership: Membership, window: Window, **narrowed: int | None) -> Wish:
    """What this colleague may be told."""
    return Wish(membership.organisation, window, visible_teams(membership), **narrowed)


@dataclass(frozen=True, slots=True)
class Rung:
    """A step as conditions on its rows: who came, who got through, and since when one waits."""

    came: Q
    through: Q
    since: str

    @property
    def waiting(self) -> Q:
        """Those that came and did not get through."""
        return self.came & ~self.through


def rows_of(step: Step, wish: Wish) -> QuerySet[Any]:
    """The rows a step counts, with what its conditions ask for; not yet narrowed to them."""
    if step in ASKS:
        return _asks(wish)
    return _answers(wish) if step in ANSWERS else _cases(wish)


def _asks(wish: Wish) -> QuerySet[Invitation]:
    begin, end = wish.span
    found = Invitation.objects.filter(
        organisation=wish.organisation, created_at__gte=begin, created_at__lt=end
    ).exclude(disposition__in=NOT_ASKS)
    if wish.touchpoint is not None:
        found = found.filter(survey__touchpoint=wish.touchpoint or None)
    if wish.teams is not None or wish.team is not None:
        found = found.filter(NEVER)  # an ask belongs to no team before it is answered
    return found.annotate(place_touchpoint=F("survey__touchpoint"))


def _answers(wish: Wish) -> QuerySet[Response]:
    """Answers that came in by themselves; what an import brought is history nobody has to read."""
    begin, end = wish.span
    found = Response.objects.filter(
        organisation=wish.organisation,
        recorded_at__gte=begin,
        recorded_at__lt=end,
        batch=None,
        withdrawn_at=None,
        is_suspicious=False,
    )
    found = _narrowed(found, wish, Coalesce(F("touchpoint"), F("survey__touchpoint")))
    return found.annotate(
        is_read=Exists(ReadMark.objects.filter(response=OuterRef("pk"))),
        has_case=Q(case_link__isnull=False),
        is_critical=Exists(_critical()),
    )


def _critical() -> QuerySet[Answer]:
    """The ratings of `band_of` that are a detractor's, as a condition on the database."""
    asks_for = Q(response__survey__metric__in=(Metric.NPS, Metric.ENPS))
    reach = F("question__scale_minimum") + F("question__scale_maximum")
    is_low = Q(question__high_is_good=True, twice__lt=reach) | Q(
        question__high_is_good=False, twice__gt=reach
    )
    return (
        Answer.objects.filter(
            response=OuterRef("pk"), question__position=RATING_POSITION, rating__isnull=False
        )
        .annotate(twice=F("rating") * 2)
        .filter((asks_for & Q(rating__lt=7)) | (~asks_for & is_low))
    )


def _cases(wish: Wish) -> QuerySet[Case]:
    begin, end = wish.span
    found = Case.objects.filter(
        organisation=wish.organisation, opened_at__gte=begin, opened_at__lt=end
    )
    # apart, and not as one "or": the database then finds either by an index of its own
    named = Improvement.objects.alive().filter(cases=OuterRef("pk"))
    resting = Improvement.objects.alive().filter(evidence__response__case_link__case=OuterRef("pk"))
    done = [one.filter(status=Status.FINISHED).order_by("finished_at") for one in (named, resting)]
    since = [Subquery(one.values("finished_at")[:1]) for one in done]
    told = CaseEvent.objects.filter(case=OuterRef("pk"), kind=TOLD_BACK).order_by("at")
    asked = Invitation.objects.filter(
        person=OuterRef("person"), sent_at__isnull=False, created_at__gt=OuterRef("since_told")
    )
    rows: QuerySet[Case] = (
        _narrowed(found, wish, F("touchpoint"))
        .annotate(
            is_improved=Exists(named) | Exists(resting),
            is_done=Exists(done[0]) | Exists(done[1]),
            is_told=Q(told_at__isnull=False) | Exists(told),
            since_done=Coalesce(Least(*since), *since),  # one of them may be unknown
            since_told=Coalesce(Subquery(told.values("at")[:1]), "told_at"),
        )
        .annotate(is_asked_again=Exists(asked))
    )
    return rows


def _narrowed(found: QuerySet[Any], wish: Wish, touchpoint: Any) -> QuerySet[Any]:
    """Those of the teams and the touchpoint wished for, with the place each counts in."""
    found = found.annotate(place_touchpoint=touchpoint)
    if wish.teams is not None:
        found = found.filter(team__in=wish.teams)
    if wish.team is not None:
        found = found.filter(team=wish.team or None)
    if wish.touchpoint is not None:
        found = found.filter(place_touchpoint=wish.touchpoint or None)
    return found


_ALL = Q()
_SENT = Q(sent_at__isnull=False)
_DELIVERED = _SENT & ~Q(disposition__in=UNREACHED)
_ANSWERED = Q(answered_at__isnull=False) | Q(disposition__in=ANSWERED)
_CONTACTED = Q(contacted_at__isnull=False)
_CAUSE = _CONTACTED & Q(cause__isnull=False)
_IMPROVED = _CAUSE & Q(is_improved=True)
_DONE = _IMPROVED & Q(is_done=True)
_TOLD = _DONE & Q(is_told=True)
RUNGS: dict[Step, Rung] = {
    Step.ASKED: Rung(_ALL, _SENT, "created_at"),
    Step.DELIVERED: Rung(_SENT, _DELIVERED, "sent_at"),
    Step.ANSWERED: Rung(_DELIVERED, _DELIVERED & _ANSWERED, "sent_at"),
    Step.READ: Rung(_ALL, Q(is_read=True), "recorded_at"),
    Step.CASE: Rung(Q(is_critical=True) | Q(has_case=True), Q(has_case=True), "recorded_at"),
    Step.CONTACTED: Rung(_ALL, _CONTACTED, "opened_at"),
    Step.CAUSE: Rung(_CONTACTED, _CAUSE, "contacted_at"),
    Step.IMPROVEMENT: Rung(_CAUSE, _IMPROVED, "caused_at"),
    Step.DONE: Rung(_IMPROVED, _DONE, "caused_at"),
    Step.TOLD: Rung(_DONE, _TOLD, "since_done"),
    Step.AGAIN: Rung(_TOLD, _TOLD & Q(is_asked_again=True), "since_told"),
}
"""Every step stands on the one before within its part: asks, answers, cases."""
Narrow = Callable[[Rung], Q]
PARTS: dict[str, Narrow] = {
    "came": lambda rung: rung.came,
    "through": lambda rung: rung.through,
    "waiting": lambda rung: rung.waiting,
}


def list_step(step: Step, part: str, wish: Wish) -> QuerySet[Any]:
    """The rows behind one number, those that wait longest first."""
    rung = RUNGS[step]
    found = rows_of(step, wish).filter(PARTS[part](rung))
    return found.order_by(F(rung.since).asc(nulls_last=True), "pk")
