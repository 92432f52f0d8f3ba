"""What several pages of promoters need."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gloed.base.models import Membership
from gloed.base.policy import StaffRequest
from gloed.base.queries import visible_teams
from gloed.base.rules import Role, may
from gloed.loop.promoters import queries, quiet
from gloed.loop.promoters.operations.asking import NotNow
from gloed.loop.promoters.queries import Asked, Said
from gloed.loop.promoters.quiet import Reach
from gloed.people.models import Person
from gloed.responses.models import Response


@dataclass(frozen=True, slots=True)
class Glad:
    """Somebody on the worklist: what they said, since when, what they were asked."""

    person: Person
    answer: dict[str, Any]
    since: datetime | None
    asks: list[Asked]
    quiet: str
    url: str


def own_person(request: StaffRequest, person_id: UUID) -> Person:
    """Somebody whose answers this colleague may see, else 404."""
    found = queries.visible_people(request.membership).filter(public_id=person_id)
    person = found.select_related("organisation", "account").first()
    if person is None:
        raise Http404
    return person


def may_act(request: StaffRequest) -> bool:
    """Whether this colleague may thank and ask."""
    return may(Role(request.membership.role), "loop.handle_cases")


def may_plan(request: StaffRequest) -> bool:
    """Whether this colleague may change the programme and the lists."""
    return may(Role(request.membership.role), "loop.plan_cases")


def sees_all(membership: Membership) -> bool:
    """Whether this colleague sees every team."""
    return visible_teams(membership) is None


def glad_rows(request: StaffRequest, responses: list[Response]) -> list[Glad]:
    """The worklist's rows, each with what is known of the person, by few queries."""
    people = [one.person_id for one in responses if one.person_id]
    said = queries.said_in(responses)
    since = queries.since(request.organisation, people)
    asks = queries.asks_of(people)
    reaches = quiet.reaches(request.organisation, people, now=timezone.now())
    rows = []
    for one in responses:
        if one.person is None:
            continue
        url = reverse("promoters:person", args=[one.person.public_id])
        rows.append(
            Glad(
                person=one.person,
                answer=answer_of(one, said[one.pk], url=url),
                since=since.get(one.person.pk),
                asks=asks.get(one.person.pk, []),
                quiet=_quiet_words(reaches.get(one.person.pk)),
                url=url,
            )
        )
    return rows


def answer_of(response: Response, said: Said, *, url: str = "") -> dict[str, Any]:
    """An answer for the part that shows it."""
    person = response.person
    firm = person.account.name if person and person.account else ""
    return {
        "rating": said.rating,
        "highest": said.highest,
        "verbatim": said.verbatim,
        "language": response.language,
        "who": ", ".join(part for part in (str(person or ""), firm) if part),
        "at": response.responded_at,
        "about": str(response.touchpoint or response.survey),
        "team": str(response.team or ""),
        "url": url,
    }


def _quiet_words(reach: Reach | None) -> str:
    return quiet.words(reach.quiet) if reach and reach.quiet else ""


def why_not_now(refusal: NotNow) -> str:
    """Why nothing was asked, in words."""
    if refusal.quiet is None:
        return _("Nothing was sent: no mail reaches them. Ask by telephone or in person.")
    return _("Nothing was asked. %(why)s.") % {"why": quiet.words(refusal.quiet)}
