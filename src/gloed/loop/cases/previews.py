"""What a rule would have done: counted on real answers of the past weeks, nothing is opened."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from gloed.base.models import Organisation
from gloed.loop.cases import hearing
from gloed.loop.cases.operations.triage import CHUNK, silent_people
from gloed.loop.cases.rules import Asks, reasons_to_open
from gloed.people.models import Person
from gloed.responses.models import Response

WEEKS = 12
MOST = 10_000
EXAMPLES = 5
ONE_CASE = timedelta(days=14)
"""So long a case is taken to be open: a later answer of the same person joins it."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would have opened. `weeks` are whole weeks looked back, the oldest first.

    `answers` were looked at; `joined` would have joined a case that was open. With `is_capped`
    there were more answers than that, and only the newest weeks are told.
    """

    weeks: tuple[tuple[date, int], ...] = ()
    answers: int = 0
    opened: int = 0
    joined: int = 0
    is_capped: bool = False
    examples: tuple[Response, ...] = ()

    @property
    def per_week(self) -> int:
        """In an ordinary week: the median."""
        return round(median([number for _week, number in self.weeks])) if self.weeks else 0

    @property
    def fullest(self) -> int:
        """In the fullest week."""
        return max((number for _week, number in self.weeks), default=0)


def preview(organisation: Organisation, asks: Asks, *, now: datetime) -> Preview:
    """Which of the answers of the last 12 weeks would have opened a case.

    Answers that a machine gave or that were withdrawn do not count, as they would not have.
    """
    zone = ZoneInfo(organisation.time_zone)
    today = now.astimezone(zone).date()
    start = now - timedelta(weeks=WEEKS)
    rows = Response.objects.filter(
        organisation=organisation,
        responded_at__gte=start,
        responded_at__lte=now,
        withdrawn_at=None,
        erased_at=None,
        is_suspicious=False,
    )
    keys = list(rows.order_by("-responded_at", "-pk").values_list("pk", flat=True)[: MOST + 1])
    is_capped = len(keys) > MOST
    fitting: list[Response] = []
    for at in range(0, min(len(keys), MOST), CHUNK):
        part = Response.objects.filter(pk__in=keys[at : min(at + CHUNK, MOST)])
        responses = list(part.select_related(*hearing.LOOKED_AT))
        heard = hearing.heard_in(responses, with_worth=asks.worth_from is not None)
        fitting += [one for one in responses if reasons_to_open(asks, heard[one.pk])]
    fitting.sort(key=lambda one: (one.responded_at or now, one.pk))
    opened = _one_at_a_time(fitting)
    first = start
    if is_capped:
        oldest = Response.objects.filter(pk=keys[MOST - 1]).first()
        first = (oldest and oldest.responded_at) or start
    counted = Counter(_week_of(one, today, zone) for one in opened)
    whole = min(WEEKS, max((today - first.astimezone(zone).date()).days // 7, 1))
    return Preview(
        weeks=tuple(
            (today - timedelta(days=7 * back + 6), counted[back])
            for back in range(whole - 1, -1, -1)
        ),
        answers=min(len(keys), MOST),
        opened=len(opened),
        joined=len(fitting) - len(opened),
        is_capped=is_capped,
        examples=tuple(reversed(opened[-EXAMPLES:])),
    )


def preview_silence(
    organisation: Organisation, asks: Asks, *, now: datetime
) -> tuple[int, list[Person]]:
    """How many are silent for too long today, and who of them for longest."""
    keys = silent_people(organisation, asks, now=now)
    found = Person.objects.select_related("account").in_bulk(keys[:EXAMPLES])
    return len(keys), [found[key] for key in keys[:EXAMPLES]]


def _one_at_a_time(fitting: list[Response]) -> list[Response]:
    """Those that would have opened a case; the others would have joined one."""
    opened: list[Response] = []
    open_since: dict[int, datetime] = {}
    for one in fitting:
        person, at = one.person_id, one.responded_at
        if person is not None and at is not None:
            if person in open_since and at - open_since[person] < ONE_CASE:
                continue
            open_since[person] = at
        opened.append(one)
    return opened


def _week_of(response: Response, today: date, zone: ZoneInfo) -> int:
    """How many weeks ago, counted back from today: 0 are the last seven days."""
    at = response.responded_at
    return (today - at.astimezone(zone).date()).days // 7 if at else 0
