"""Cases of the sample: some closed, some on their way, some that wait; all from answers it gave."""

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef

from gloed.base.models import Organisation
from gloed.loop.cases import operations
from gloed.loop.cases.models import Case, Cause, OpeningRule
from gloed.loop.cases.operations import planning
from gloed.loop.cases.rules import Because, Gesture, Outcome, Priority, Reason
from gloed.responses.models import Answer, Response
from gloed.surveys.rules import RATING_POSITION, Metric

TEXTS = Path(__file__).parent / "texts" / "cases.toml"
OPENED = 24
"""Cases, all of the last weeks."""
WAITING, ON_THEIR_WAY = 4, 5
LOOKED_BACK = timedelta(days=60)
OUTCOMES = (
    Outcome.SOLVED, Outcome.SOLVED, Outcome.PARTLY, Outcome.SOLVED, Outcome.NOT_REACHED,
    Outcome.SOLVED, Outcome.NOT_SOLVED,
)  # fmt: skip


@transaction.atomic
def add_cases(organisation: Organisation, *, language: str, now: datetime) -> int:
    """Open cases for low scores with words, and work on them; how many there are.

    Nobody is mailed: customers and colleagues of a sample are invented. Running it again after
    it was cleared does the same again.
    """
    Case.objects.filter(organisation=organisation).delete()
    planning.begin_with_usual_rules(organisation, staff=None, now=now)
    for rule in OpeningRule.objects.filter(organisation=organisation).order_by("position")[1:2]:
        planning.switch_rule(rule, to=True, staff=None, now=now)
    said = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    texts = said.get(language, said["en"])
    planning.keep_room(
        organisation,
        team=None,
        amount=Decimal(texts["amount"]),
        words=texts["words"],
        staff=None,
        now=now,
    )
    responses = list(_low_scores(organisation, now=now))
    handled, colleagues = cycle(OUTCOMES), cycle(operations.handlers(organisation))
    words = cycle(zip(texts["done"], texts["told"], strict=True))
    for number, response in enumerate(responses):
        at = response.responded_at or now
        case = _open(response, number, at=at)
        if case.owner is None and number != 1 and (colleague := next(colleagues, None)):
            operations.assign(case, owner=colleague.staff, now=at)
        if number < WAITING:
            continue
        contacted = min(at + timedelta(hours=3 + number), now)
        operations.log_call(case, is_reached=True, staff=case.owner, now=contacted)
        operations.use_gesture(
            case, tuple(Gesture)[number % len(Gesture)], staff=case.owner, now=contacted
        )
        if number < WAITING + ON_THEIR_WAY:
            continue
        done, told = next(words)
        _finish(case, next(handled), done, told, number, now=min(at + timedelta(days=2), now))
    return len(responses)


def _open(response: Response, number: int, *, at: datetime) -> Case:
    is_urgent = number % 7 == 0
    return operations.open_case(
        response,
        because=[Reason(Because.BAND, "detractor")],
        priority=Priority.HIGH if is_urgent else Priority.NORMAL,
        priority_reasons=[Reason(Because.CONSENT)] if is_urgent else [],
        now=at,
    )


def _finish(
    case: Case, outcome: Outcome, done: str, told: str, number: int, *, now: datetime
) -> None:
    causes = list(Cause.objects.filter(organisation=case.organisation, removed_at=None))
    contents = {"cause": str(causes[number % len(causes)].public_id), "done": done, "told": told}
    if number % 9 == 0:
        operations.say_no_room(case, staff=case.owner, now=now)
    operations.edit_case(case, contents, read=case.version, staff=case.owner, now=now)
    operations.close_case(case, outcome, staff=case.owner, now=now)


def _low_scores(organisation: Organisation, *, now: datetime) -> Iterator[Response]:
    """The newest low scores with words, of people we know: one of each person."""
    own = Answer.objects.filter(response=OuterRef("pk"))
    rows = Response.objects.filter(
        Exists(own.filter(question__position=RATING_POSITION, rating__lte=6)),
        Exists(own.filter(verbatim__gt="")),
        organisation=organisation,
        survey__metric=Metric.NPS,
        person__isnull=False,
        withdrawn_at=None,
        is_suspicious=False,
        responded_at__range=(now - LOOKED_BACK, now),
    )
    rows = rows.select_related("organisation", "survey__touchpoint", "touchpoint__owner__staff")
    seen: set[int | None] = set()
    for response in rows.select_related("person__account", "team").order_by("-responded_at", "pk"):
        if response.person_id not in seen:
            seen.add(response.person_id)
            yield response
        if len(seen) == OPENED:
            return
