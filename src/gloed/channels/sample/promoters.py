"""Promoters of the sample: links that were passed on, references, and a try-out."""

import tomllib
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from django.db import transaction

from gloed.analysis.customers.models import Customer
from gloed.base.models import Organisation
from gloed.loop.cases.operations import handlers
from gloed.loop.promoters import queries
from gloed.loop.promoters.drafts import consent_for
from gloed.loop.promoters.models import (
    Ask,
    Conversion,
    EarlyAccess,
    Programme,
    Reference,
    ReferralLink,
    VisitDay,
)
from gloed.loop.promoters.operations import asking, references, referring, trying
from gloed.loop.promoters.operations.asking import NotNow
from gloed.loop.promoters.rules import AskKind, Became, How
from gloed.people.models import Person

TEXTS = Path(__file__).parent / "texts" / "promoters.toml"
ADDRESS = "https://example.org/overstappen"
BEGUN, LINKS, REFERENCES, TRIALS = timedelta(days=300), 9, 5, 6
VISITS = (41, 27, 19, 14, 9, 6, 4, 2, 0)
"""How often friends went on from each link, spread over the weeks."""
CAME_BY = (0, 0, 1, 0, 2, 3)
"""By which link the new customers came."""


@transaction.atomic
def add_promoters(organisation: Organisation, *, language: str, now: datetime) -> int:
    """Let promoters give what promoters give; how many of them did. Nobody is mailed.

    Running it again after it was cleared does the same again.
    """
    clear_promoters(organisation)
    said = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    texts = said.get(language, said["en"])
    words = {
        code: {part: own[part] for part in ("text", "friend", "giver")}
        for code, own in said.items()
    }
    programme = {"is_on": True, "is_offered": True, "address": ADDRESS, "words": words}
    referring.keep_programme(organisation, programme, staff=None, now=now - BEGUN)
    people = _people(organisation, now=now)
    givers, others = people[:LINKS], iter(people[LINKS:])
    _pass_links_on(organisation, givers, now=now)
    _agree(list(islice(others, REFERENCES)), texts, language=language, now=now)
    _try_out(organisation, list(islice(others, TRIALS)), texts, now=now)
    return len(people)


def clear_promoters(organisation: Organisation) -> None:
    """Take it all out again."""
    for model in (Ask, Conversion, ReferralLink, Reference, EarlyAccess, Programme):
        model._base_manager.filter(organisation=organisation).delete()


def _people(organisation: Organisation, *, now: datetime) -> list[Person]:
    """Those who answered in the highest group some while ago: the newest are still to be asked."""
    before = now - timedelta(days=21)
    found = queries.glad(organisation, now=now).filter(responded_at__lt=before)
    rows = found.select_related("person__organisation").order_by("-responded_at", "-pk")
    people = [one.person for one in rows[:60] if one.person is not None]
    return people[: LINKS + REFERENCES + TRIALS]


def _pass_links_on(organisation: Organisation, givers: Sequence[Person], *, now: datetime) -> None:
    began = now - BEGUN
    staff = cycle([one.staff for one in handlers(organisation)] or [None])
    links = []
    for person, visits in zip(givers, VISITS, strict=False):
        colleague = next(staff)
        _ask(person, AskKind.REFERRAL, Became.YES, staff=colleague, now=now - timedelta(days=100))
        link = referring.make_link(person, staff=colleague, now=began)
        links.append(link)
        days = [(began + timedelta(days=6 * number)).date() for number in range(visits)]
        VisitDay.objects.bulk_create(VisitDay(link=link, day=day, count=1) for day in days)
    new = Customer.objects.filter(
        file__organisation=organisation,
        started_on__gt=began.date() + timedelta(days=14),
        ended_on=None,
        revenue__isnull=False,
    ).exclude(origin=Customer.Origin.EARNED)
    for place, customer in zip(CAME_BY, new.order_by("row"), strict=False):
        if customer.key and place < len(links):
            told = referring.Told(
                links[place].slug, customer.key, customer.started_on, customer.revenue
            )
            referring.note_conversion(organisation, told, source=Conversion.Source.FILE, now=now)


def _agree(
    people: Sequence[Person], texts: dict[str, Any], *, language: str, now: datetime
) -> None:
    for number, person in enumerate(people):
        at = now - timedelta(days=150 - 10 * number)
        _ask(person, AskKind.REFERENCE, Became.YES, staff=None, now=at)
        one = references.agree(
            person,
            text=consent_for(person.organisation, language, cap=4),
            language=language,
            how=How.PHONE if number % 2 else How.PAGE,
            at=at,
            staff=None,
            now=at,
            values={
                "product": texts["products"][number % 3],
                "sector": texts["sectors"][number % 3],
                "languages": "nl en" if number % 2 else "nl",
                "note": texts["note"] if number == 1 else "",
                "yearly_cap": 2 if number == 0 else 4,
            },
        )
        for use in range((2, 1, 0, 1, 0)[number % 5]):
            day = max(
                (now - timedelta(days=30 * use + 3)).date(), now.date().replace(day=1, month=1)
            )
            prospect = texts["prospects"][(number + use) % 3]
            references.log_use(one, prospect=prospect, on=day, staff=None, now=now)


def _try_out(
    organisation: Organisation, people: Sequence[Person], texts: dict[str, Any], *, now: datetime
) -> None:
    at = now - timedelta(days=45)
    made = []
    for title, places in zip(texts["lists"], (5, 10), strict=False):
        values = {"title": title, "text": texts["list_text"], "places": places}
        made.append(trying.keep_list(organisation, values, staff=None, now=at))
    remarks = iter(texts["remarks"])
    for number, person in enumerate(people):
        try:
            trial = trying.invite(made[0], person, how=How.PHONE, staff=None, now=at)
        except NotNow:
            continue
        if number < 4:
            trying.accept(trial, now=at + timedelta(days=2))
        if number == 4:
            trying.decline(trial, now=at + timedelta(days=3))
        if number < 3:
            trying.note_remark(
                trial, next(remarks), staff=None, now=at + timedelta(days=12 + number)
            )
        if number == 3:
            trying.leave(trial, now=at + timedelta(days=20))


def _ask(person: Person, kind: AskKind, said: Became, *, staff: Any, now: datetime) -> None:
    try:
        ask = asking.note_ask(person, kind, how=How.PHONE, staff=staff, now=now)
    except NotNow:
        return
    asking.note_became(ask, said, now=now + timedelta(days=1))
