"""Reading testimonials: lists for colleagues, one of them, and what may be shown to everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from gloed.base.models import Membership, Organisation
from gloed.base.queries import visible_teams
from gloed.loop.testimonials.models import Agreement, Testimonial
from gloed.loop.testimonials.rules import Place, State, read_places
from gloed.people.models import Person
from gloed.responses.models import Answer, Consent, Response
from gloed.surveys.rules import OPEN_POSITION, Purpose
from gloed.text.masking import mask

WALL = "wall"
RELATED = ("organisation", "person", "person__account", "team", "asked_by", "made_by", "notice")
MOST_WILLING = 10
MOST_ON_WALL = 200


def seen_by(membership: Membership) -> QuerySet[Testimonial]:
    """The testimonials a colleague may see; frontline those of the own teams, and the own ones."""
    found = Testimonial.objects.filter(organisation=membership.organisation, removed_at=None)
    teams = visible_teams(membership)
    if teams is None:
        return found
    return found.filter(Q(team__in=teams) | Q(made_by=membership.staff_id))


def find(membership: Membership, public_id: UUID, *, removed: bool = False) -> Testimonial | None:
    """One of these; None for a stranger's, and for one that was taken away unless `removed`."""
    found = seen_by(membership)
    if removed:
        found = Testimonial.objects.filter(organisation=membership.organisation)
        teams = visible_teams(membership)
        if teams is not None:
            found = found.filter(Q(team__in=teams) | Q(made_by=membership.staff_id))
    return found.select_related(*RELATED).filter(public_id=public_id).first()


def narrowed(
    found: QuerySet[Testimonial], *, state: str = "", place: str = "", asked_by: str = ""
) -> QuerySet[Testimonial]:
    """Those in a state ("wall": that stand on the wall), agreed for a place, asked by somebody."""
    if state == WALL:
        found = found.filter(on_wall_at__isnull=False)
    elif state:
        found = found.filter(state=state)
    if place:
        held = Agreement.objects.filter(testimonial=OuterRef("pk"), ended_at=None)
        held = held.alias(agreed=Cast("places", TextField()))
        found = found.filter(Exists(held.filter(agreed__contains=f'"{place}"')))
    if asked_by:
        found = found.filter(asked_by__memberships__public_id=asked_by)
    return found.select_related(*RELATED)


def counts(found: QuerySet[Testimonial]) -> dict[str, int]:
    """How many there are in each state, and on the wall."""
    counted = {
        state: int(number)
        for state, number in found.order_by().values_list("state").annotate(Count("pk"))
    }
    return {**counted, WALL: found.filter(on_wall_at__isnull=False).count()}


def holding(testimonials: Sequence[Testimonial]) -> dict[int, Agreement]:
    """By the key of a testimonial: the agreement that holds."""
    keys = [one.pk for one in testimonials]
    rows = Agreement.objects.filter(testimonial__in=keys, ended_at=None)
    return {one.testimonial_id: one for one in rows}


@dataclass(frozen=True, slots=True)
class Source:
    """What is quoted from: an answer with the words its author wrote, and whether they said yes."""

    response: Response
    words: str
    said_yes: bool

    @property
    def proposed(self) -> str:
        """Their words with what points at a person masked."""
        return mask(self.words).text


def readable(membership: Membership) -> QuerySet[Response]:
    """Answers this colleague may read, that count."""
    found = Response.objects.filter(
        organisation=membership.organisation,
        erased_at=None,
        withdrawn_at=None,
        is_suspicious=False,
    )
    teams = visible_teams(membership)
    return found if teams is None else found.filter(team__in=teams)


def find_source(membership: Membership, answer_id: UUID) -> Source | None:
    """An answer in own words; None where this colleague may not read it, or it has no words."""
    response = (
        readable(membership)
        .select_related("person__account", "team", "survey")
        .filter(public_id=answer_id)
        .first()
    )
    if response is None:
        return None
    words = words_of([response.pk]).get(response.pk, "")
    said_yes = Consent.objects.filter(
        response=response, purpose=Purpose.QUOTE, withdrawn_at=None
    ).exists()
    return Source(response, words, said_yes)


def words_of(responses: Sequence[int]) -> dict[int, str]:
    """By the key of a response: what was answered to the open question, else to a further one."""
    rows = Answer.objects.filter(response__in=responses).exclude(verbatim="")
    found: dict[int, str] = {}
    asked = rows.order_by("question__position").values_list(
        "response_id", "question__position", "verbatim"
    )
    for response, position, verbatim in asked:
        if position == OPEN_POSITION or response not in found:
            found[response] = verbatim
    return found


def willing(membership: Membership, *, most: int = MOST_WILLING) -> list[Source]:
    """Answers whose authors said that they may be quoted and who were not asked yet, newest first.

    That yes is where it begins: what is shown, and where, they are still asked here.
    """
    yes = Consent.objects.filter(response=OuterRef("pk"), purpose=Purpose.QUOTE, withdrawn_at=None)
    known = Testimonial.objects.filter(response=OuterRef("pk"), removed_at=None)
    worded = Answer.objects.filter(response=OuterRef("pk")).exclude(verbatim="")
    found = list(
        readable(membership)
        .filter(Exists(yes), Exists(worded), ~Exists(known), person__isnull=False)
        .select_related("person", "survey")
        .order_by("-responded_at", "-pk")[:most]
    )
    words = words_of([one.pk for one in found])
    return [Source(one, words.get(one.pk, ""), said_yes=True) for one in found]


def of_response(response: Response) -> Testimonial | None:
    """The testimonial of an answer, unless it was taken away."""
    return Testimonial.objects.filter(response=response, removed_at=None).first()


@dataclass(frozen=True, slots=True)
class Quote:
    """What everybody may read: the words and the name as they were agreed to."""

    id: UUID
    words: str
    name: str
    language: str
    agreed_at: datetime
    testimonial: Testimonial


def quotes_on_wall(
    organisation: Organisation, *, languages: Sequence[str] = (), newest_first: bool = False
) -> list[Quote]:
    """What stands on the wall now, in its order; `languages` narrows it.

    Read from the record itself, never from a copy: an agreement that ended, an answer that was
    withdrawn, a yes that was taken back and a person who is gone are out with the next request.
    """
    live = Response.objects.filter(
        pk=OuterRef("testimonial__response_id"), withdrawn_at=None, erased_at=None
    )
    taken_back = Consent.objects.filter(
        response=OuterRef("testimonial__response_id"),
        purpose=Purpose.QUOTE,
        withdrawn_at__gte=OuterRef("given_at"),
    )
    rows = Agreement.objects.filter(
        Q(testimonial__response=None) | Exists(live),
        Exists(Person.objects.filter(pk=OuterRef("testimonial__person_id"))),
        ~Exists(taken_back),
        ended_at=None,
        testimonial__organisation=organisation,
        testimonial__state=State.AGREED,
        testimonial__on_wall_at__isnull=False,
        testimonial__removed_at=None,
    ).select_related("testimonial")
    if languages:
        rows = rows.filter(testimonial__language__in=languages)
    order = "-given_at" if newest_first else "-testimonial__wall_place"
    return [
        Quote(
            id=row.testimonial.public_id,
            words=row.words,
            name=row.name_text,
            language=row.testimonial.language,
            agreed_at=row.given_at,
            testimonial=row.testimonial,
        )
        for row in rows.order_by(order, "-pk")[:MOST_ON_WALL]
        if Place.WALL in read_places(row.places)
    ]


def find_by_token(token: str) -> Testimonial | None:
    """The testimonial behind a customer's own page, also one that was taken away."""
    if not token or len(token) > 32:
        return None
    return (
        Testimonial.objects.select_related("organisation", "person__account")
        .filter(token=token)
        .first()
    )


def everything_about(person: Person) -> list[dict[str, object]]:
    """What is kept of somebody here, for their right to see it."""
    own = Testimonial.objects.filter(person=person).prefetch_related("agreements")
    return [
        {
            "words": one.words,
            "name": one.name_text,
            "state": one.state,
            "asked_at": one.asked_at,
            "agreements": [
                {
                    "words": held.words,
                    "name": held.name_text,
                    "places": held.places,
                    "text": held.text,
                    "signed": held.signed_name,
                    "given_at": held.given_at,
                    "ended_at": held.ended_at,
                }
                for held in one.agreements.all()
            ],
        }
        for one in own
    ]
