"""Passives of the sample: barriers judged, some people talked to, a few given something."""

import tomllib
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from gloed.analysis.passives import operations
from gloed.analysis.passives.asking import surveys_that_count
from gloed.analysis.passives.barriers import PASSIVE, Whose, barriers_of
from gloed.analysis.passives.models import FollowUp, JudgedBarrier, Offer
from gloed.analysis.passives.people import passives_of
from gloed.analysis.passives.rules import Gift, Lift, Outcome
from gloed.analysis.queries import Window
from gloed.base.models import Membership, Organisation
from gloed.loop.cases.operations import handlers
from gloed.responses.models import Answer, Response
from gloed.surveys.rules import RATING_POSITION

TEXTS = Path(__file__).parent / "texts" / "passives.toml"
YEAR = timedelta(days=365)
LOOKED_BACK = timedelta(days=60)
TAKEN, TALKED, ENDED = 12, 9, 6
"""Of the newest passives: so many taken up, of them talked to, and of them done."""
SOON, BEFORE = 4, timedelta(days=10)
LIFTS = (Lift.OURS, Lift.NOT_OURS, Lift.OURS)
GIFTS = (Gift.FREE_PERIOD, Gift.PRESENT, Gift.DISCOUNT, Gift.INVITATION)
COSTS = (Decimal("29.50"), Decimal("12.50"), Decimal(45), None)


@transaction.atomic
def add_passives(organisation: Organisation, *, language: str, now: datetime) -> int:
    """Judge barriers and work on passives it has; how many are taken up.

    Running it again after it was cleared does the same again.
    """
    clear_passives(organisation)
    said = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    texts = said.get(language, said["en"])
    _judge(organisation, language=language, now=now)
    colleagues = cycle(handlers(organisation) or [None])
    contacts, done, offers = (cycle(texts[name]) for name in ("contacts", "done", "offers"))
    given = cycle(zip(GIFTS, COSTS, strict=True))
    found = _newest(organisation, now=now)
    for number, response in enumerate(found):
        at = response.responded_at
        if response.person is None or at is None:
            continue
        colleague = next(colleagues)
        staff = colleague.staff if colleague else None
        one = operations.take(response.person, response, staff=staff, now=at + timedelta(hours=5))
        if number < TAKEN - TALKED:
            continue
        talked_at = min(at + timedelta(days=1), now)
        operations.log_contact(one, next(contacts), staff=staff, now=talked_at)
        if number % 2:
            kind, cost = next(given)
            operations.give(
                one,
                kind,
                what=next(offers),
                cost=cost,
                given_at=talked_at,
                staff=staff,
                now=talked_at,
            )
        if number >= TAKEN - ENDED:
            outcome = Outcome.NOT_LIFTED if number % 3 == 2 else Outcome.LIFTED
            ended_at = min(at + timedelta(days=3), now)
            operations.end(one, outcome, next(done), staff=staff, now=ended_at)
    _give_before_an_answer(organisation, texts["offers"][0], now=now)
    return len(found)


def _give_before_an_answer(organisation: Organisation, what: str, *, now: datetime) -> None:
    """A few got something shortly before they answered again: that stands beside the score."""
    rated = Answer.objects.filter(response=OuterRef("pk"), question__position=RATING_POSITION)
    surveys = surveys_that_count(organisation)
    counted = Response.objects.filter(
        Exists(rated), organisation=organisation, survey__in=surveys, withdrawn_at=None
    )
    later = counted.filter(
        person=OuterRef("person"), responded_at__gt=OuterRef("responded_at") + BEFORE
    ).order_by("responded_at", "pk")
    early = counted.filter(
        Exists(rated.filter(rating__in=PASSIVE)),
        person__isnull=False,
        responded_at__range=(now - YEAR, now - LOOKED_BACK),
    ).annotate(next_at=Subquery(later.values("responded_at")[:1]))
    early = early.filter(next_at__lt=now - LOOKED_BACK).select_related("person")
    for response in early.order_by("-responded_at", "-pk")[:SOON]:
        if response.person is None:
            continue
        at = response.next_at - BEFORE
        one = operations.take(response.person, response, staff=None, now=at)
        operations.give(
            one, Gift.FREE_PERIOD, what=what, cost=COSTS[0], given_at=at, staff=None, now=at
        )
        operations.end(one, Outcome.LIFTED, "", staff=None, now=at)


def clear_passives(organisation: Organisation) -> None:
    """Take them out again."""
    for model in (Offer, FollowUp, JudgedBarrier):
        model.objects.filter(organisation=organisation).delete()


def _judge(organisation: Organisation, *, language: str, now: datetime) -> None:
    owner = Membership.objects.filter(organisation=organisation).order_by("pk").first()
    surveys = tuple(surveys_that_count(organisation))
    whose = Whose(organisation, surveys, Window((now - YEAR).date(), None))
    found = barriers_of(whose, passives=None, points={}, language=language)
    for barrier, lift in zip(found.lines, LIFTS, strict=False):
        operations.judge_barrier(
            organisation,
            barrier.name,
            lift=lift,
            owner=owner if lift is Lift.OURS else None,
            label=barrier.label,
            by=None,
            now=now,
        )


def _newest(organisation: Organisation, *, now: datetime) -> list[Response]:
    """The newest passives who wrote something."""
    worded = Answer.objects.filter(response=OuterRef("pk"), verbatim__gt="")
    surveys = surveys_that_count(organisation)
    rows = passives_of(organisation, surveys, teams=None).filter(
        Exists(worded), responded_at__range=(now - LOOKED_BACK, now - timedelta(days=1))
    )
    return list(rows.select_related("person").order_by("-responded_at", "-pk")[:TAKEN])
