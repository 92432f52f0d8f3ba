"""Who is glad with us now, what they said and since when, and what they were asked."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Membership, Organisation
from gloed.base.queries import visible_teams
from gloed.loop.promoters.models import KINDS, Ask, ReferralLink, Remark
from gloed.loop.promoters.quiet import rest_of
from gloed.loop.promoters.rules import PUSHES, AskKind, Became
from gloed.loop.testimonials.models import Testimonial
from gloed.loop.testimonials.rules import State
from gloed.people.models import Person
from gloed.responses.models import Answer, Response
from gloed.responses.queries import given_later
from gloed.surveys.models import Survey
from gloed.surveys.rules import (
    OPEN_POSITION,
    RATING_POSITION,
    SCALES,
    Band,
    Metric,
    band_of,
)

LOOKED_BACK = timedelta(days=365)
"""An answer older than this says nothing about today."""
OF_COLLEAGUES = Metric.ENPS
CUSTOMERS = frozenset(SCALES) - {OF_COLLEAGUES}


_KINDS = dict(KINDS)
_SAID = {
    Became.YES.value: _("said yes"),
    Became.NO.value: _("said no"),
    State.AGREED.value: _("said yes"),
    State.DECLINED.value: _("said no"),
    State.WITHDRAWN.value: _("said no"),
}


@cache
def _in_top_group(metrics: frozenset[Metric] = CUSTOMERS) -> Q:
    """Answers to the rating question in the highest group of their own metric and scale."""
    found = Q()
    for metric in sorted(metrics):
        for scale in SCALES[metric]:
            ratings = [r for r in scale.values if band_of(metric, scale, r) is Band.PROMOTER]
            found |= Q(
                question__kind=metric.value,
                question__scale_minimum=scale.minimum,
                question__scale_maximum=scale.maximum,
                question__high_is_good=scale.high_is_good,
                rating__in=ratings,
            )
    return found & Q(question__position=RATING_POSITION)


def _telling(organisation: Organisation) -> Q:
    """Answers that make somebody a promoter: to the question whether they would recommend us.

    An organisation that never asks it has the highest group of what it does ask.
    """
    asks = Survey.objects.filter(organisation=organisation, metric=Metric.NPS, deleted_at=None)
    return _in_top_group(frozenset({Metric.NPS})) if asks.exists() else _in_top_group()


def _counting(organisation: Organisation) -> QuerySet[Response]:
    return Response.objects.filter(
        organisation=organisation, withdrawn_at=None, is_suspicious=False, erased_at=None
    ).exclude(survey__metric=OF_COLLEAGUES)


def glad(organisation: Organisation, *, now: datetime) -> QuerySet[Response]:
    """By person the latest answer in the top group, while no lower one came after it.

    A later answer of any survey outside its own top group ends it: who was just let down is not
    asked for anything.
    """
    own = Answer.objects.filter(response=OuterRef("pk"))
    telling = _telling(organisation)
    rated = own.filter(question__position=RATING_POSITION, rating__isnull=False)
    is_lower = Exists(rated) & ~Exists(own.filter(_in_top_group()))
    later = given_later(_counting(organisation)).filter(Exists(own.filter(telling)) | is_lower)
    return (
        _counting(organisation)
        .filter(
            Exists(own.filter(telling)),
            person__isnull=False,
            responded_at__gte=now - LOOKED_BACK,
            responded_at__lte=now,
        )
        .exclude(Exists(later))
    )


def is_glad(person: Person, *, now: datetime) -> bool:
    """Whether somebody's latest answer is in the highest group."""
    return glad(person.organisation, now=now).filter(person=person).exists()


def promoters(
    membership: Membership, *, now: datetime, show: str = "to_ask", search: str = ""
) -> QuerySet[Response]:
    """The latest answer of everybody whose latest answer is in the top group, newest first.

    `show` is "to_ask" (nobody asked them for anything within the rest), "asked" (somebody did)
    or "all". A frontline colleague sees those whose latest answer is of an own team.
    """
    organisation = membership.organisation
    found = glad(organisation, now=now)
    teams = visible_teams(membership)
    if teams is not None:
        found = found.filter(team_id__in=teams)
    since = now - rest_of(organisation)
    pushed = Ask.objects.filter(person=OuterRef("person"), kind__in=PUSHES, at__gt=since)
    quoted = Testimonial.objects.filter(person=OuterRef("person"), asked_at__gt=since)
    if show == "asked":
        found = found.filter(Exists(pushed) | Exists(quoted))
    elif show == "to_ask":
        found = found.exclude(Exists(pushed)).exclude(Exists(quoted))
    if search:
        found = found.filter(
            Q(person__name__icontains=search)
            | Q(person__email__icontains=search)
            | Q(person__account__name__icontains=search)
        )
    return found.select_related("person__account", "survey", "team", "touchpoint").order_by(
        F("responded_at").desc(), "-pk"
    )


def find_promoter(membership: Membership, public_id: Any, *, now: datetime) -> Response | None:
    """The latest answer of one of them, as far as this colleague may see it."""
    found = promoters(membership, now=now, show="all")
    return found.filter(person__public_id=public_id).first()


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody answered: the rating and the words."""

    rating: int | None = None
    verbatim: str = ""
    highest: int | None = None  # of the scale


def said_in(responses: Collection[Response]) -> dict[int, Said]:
    """Rating and words by response."""
    answers: dict[int, dict[int, Answer]] = defaultdict(dict)
    rows = Answer.objects.filter(
        response__in=[one.pk for one in responses],
        question__position__in=(RATING_POSITION, OPEN_POSITION),
    ).select_related("question")
    for answer in rows:
        answers[answer.response_id][answer.question.position] = answer
    found = {}
    for one in responses:
        own = answers.get(one.pk, {})
        rating, words = own.get(RATING_POSITION), own.get(OPEN_POSITION)
        found[one.pk] = Said(
            rating=rating.rating if rating else None,
            verbatim=words.verbatim if words else "",
            highest=rating.question.scale_maximum if rating else None,
        )
    return found


def since(organisation: Organisation, people: Collection[int]) -> dict[int, datetime]:
    """Since when each of these people has answered in the top group without a lower answer."""
    own = Answer.objects.filter(response=OuterRef("pk"))
    rows = (
        _counting(organisation)
        .filter(person__in=people, responded_at__isnull=False)
        .filter(Exists(own.filter(question__position=RATING_POSITION, rating__isnull=False)))
        .annotate(
            is_top=Exists(own.filter(_in_top_group())),
            is_telling=Exists(own.filter(_telling(organisation))),
        )
        .order_by("responded_at", "pk")
        .values_list("person_id", "responded_at", "is_top", "is_telling")
    )
    begun: dict[int, datetime | None] = {}
    for person, at, is_top, is_telling in rows:
        if person is None or at is None:
            continue
        if not is_top:
            begun[person] = None
        elif is_telling and begun.get(person) is None:
            begun[person] = at
    return {person: at for person, at in begun.items() if at is not None}


@dataclass(frozen=True, slots=True)
class Asked:
    """Something somebody was asked or thanked for, in words: by this room or a neighbour."""

    words: str
    at: datetime
    how: str = ""
    said: str = ""
    staff: str = ""
    mail: str = ""  # what became of the mail, where that is not simply "sent"


def asks_of(people: Collection[int]) -> dict[int, list[Asked]]:
    """What each was asked or thanked for, testimonials included, the latest first."""
    found: dict[int, list[Asked]] = defaultdict(list)
    rows = Ask.objects.filter(person__in=people).select_related("staff", "notice")
    for ask in rows.order_by("-at", "-pk"):
        found[ask.person_id].append(_asked(ask))
    quoted = Testimonial.objects.filter(person__in=people, asked_at__isnull=False)
    for one in quoted.select_related("asked_by"):
        if one.person_id is not None and one.asked_at is not None:
            said = _SAID.get(one.state, "")
            words = str(_KINDS[AskKind.TESTIMONIAL.value])
            found[one.person_id].append(
                Asked(words, one.asked_at, said=str(said), staff=str(one.asked_by or ""))
            )
    for asks in found.values():
        asks.sort(key=lambda one: one.at, reverse=True)
    return found


def _asked(ask: Ask) -> Asked:
    notice = ask.notice
    is_sent = notice is None or notice.became == notice.Became.SENT
    return Asked(
        words=str(ask.get_kind_display()),
        at=ask.at,
        how=str(ask.get_how_display()),
        said=str(_SAID.get(ask.became, "")),
        staff=str(ask.staff or ""),
        mail="" if is_sent or notice is None else str(notice.get_became_display()),
    )


def visible_people(membership: Membership) -> QuerySet[Person]:
    """The people whose answers a colleague may see: everybody, or those of the own teams."""
    people = Person.objects.filter(organisation=membership.organisation)
    teams = visible_teams(membership)
    if teams is None:
        return people
    own = Response.objects.filter(
        team_id__in=teams, person__isnull=False, withdrawn_at=None, is_suspicious=False
    )
    return people.filter(pk__in=own.values("person"))


def everything_about(person: Person) -> dict[str, Any]:
    """What is held of a person here, as plain values: for their right to see it."""
    asks = Ask.objects.filter(person=person)
    links = ReferralLink.objects.filter(person=person)
    return {
        "asked": list(asks.values("kind", "how", "at", "subject", "body", "became", "became_at")),
        "referral_links": [
            {
                "code": link.slug,
                "created_at": link.created_at,
                "closed_at": link.closed_at,
                "visits": sum(day.count for day in link.visit_days.all()),
                "customers": link.conversions.filter(refused="", removed_at=None).count(),
            }
            for link in links.prefetch_related("visit_days")
        ],
        "references": [
            model_to_dict(one, exclude=["id", "organisation", "person", "noted_by"])
            | {"used": list(one.uses.filter(removed_at=None).values("used_on", "prospect", "note"))}
            for one in person.references.all()
        ],
        "early_access": [
            {
                "of": trial.early_access.title,
                "status": trial.status,
                "invited_at": trial.invited_at,
                "said": _plain(trial.remarks.all()),
            }
            for trial in person.trials.select_related("early_access")
        ],
    }


def _plain(remarks: Iterable[Remark]) -> list[dict[str, Any]]:
    return [{"at": one.at, "text": one.text} for one in remarks]
