"""Proposing to quote a customer: the words, the name and the places; taken away and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from gloed.base.models import Staff
from gloed.loop.testimonials.models import Testimonial
from gloed.loop.testimonials.operations.keeping import (
    Refused,
    end_agreement,
    locked,
    note_moment,
    stop_mail,
    tell_trail,
)
from gloed.loop.testimonials.rules import (
    Ended,
    Happened,
    Named,
    Place,
    Shown,
    State,
    forms_of,
    named,
    read_places,
)
from gloed.people.models import Person
from gloed.responses.models import Response


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is proposed to the customer."""

    words: str
    shown: Shown
    places: Sequence[Place]


def propose(
    person: Person,
    wanted: Wanted,
    *,
    response: Response | None = None,
    original: str = "",
    language: str,
    by: Staff | None,
    now: datetime,
) -> Testimonial:
    """Note words that a customer may be quoted with; nobody is asked yet.

    Raises Refused: "there_is_one" for an answer that was proposed before, "said_no" where the
    customer declined it, or took it back, also after it was taken off the list.
    """
    with transaction.atomic():
        if response is not None and (reason := _reason_not_to_propose(response)):
            raise Refused(reason)
        made = Testimonial.objects.create(
            organisation_id=person.organisation_id,
            person=person,
            person_key=person.public_id,
            response=response,
            team=response.team if response else None,
            language=language,
            original=original,
            made_by=by,
            made_at=now,
            **_columns(person, wanted),
        )
        note_moment(made, Happened.PROPOSED, by=by, now=now)
        tell_trail(made, "testimonial.proposed", by=by, now=now)
    return made


def change(testimonial: Testimonial, wanted: Wanted, *, by: Staff | None, now: datetime) -> bool:
    """Propose other words, another name or other places; False where nothing differs.

    What was agreed to before ends: it leaves the wall, and the customer has to be asked anew.
    Raises Refused("said_no" | "nobody").
    """
    with transaction.atomic():
        one = locked(testimonial)
        if one.person is None:
            raise Refused("nobody")
        if one.has_said_no:
            raise Refused("said_no")
        fresh = _columns(one.person, wanted)
        if all(getattr(one, name) == value for name, value in fresh.items()):
            return False
        for name, value in fresh.items():
            setattr(one, name, value)
        one.version += 1
        if one.state == State.AGREED:
            end_agreement(one, Ended.CHANGED, now=now)
            one.state, one.on_wall_at, one.decided_at = State.PROPOSED, None, None
        one.save()
        note_moment(one, Happened.CHANGED, by=by, now=now)
        tell_trail(one, "testimonial.changed", by=by, now=now)
    return True


def take_change_back(testimonial: Testimonial, *, by: Staff | None, now: datetime) -> bool:
    """Back to the words that were agreed to, while the customer has not been asked anew."""
    with transaction.atomic():
        one = locked(testimonial)
        last = one.agreements.first()
        if one.state != State.PROPOSED or last is None or last.ended_because != Ended.CHANGED:
            return False
        one.words, one.shown, one.name_text = last.words, last.shown, last.name_text
        one.places, one.version = last.places, one.version + 1
        one.state, one.decided_at = State.AGREED, last.given_at
        one.save()
        last.ended_at, last.ended_because = None, ""
        last.save(update_fields=["ended_at", "ended_because"])
        note_moment(one, Happened.CHANGED_BACK, by=by, now=now)
    return True


def remove(testimonial: Testimonial, *, by: Staff | None, now: datetime) -> None:
    """Take it away: off the wall and off every list, and the customer's page asks no more."""
    with transaction.atomic():
        one = locked(testimonial)
        if one.removed_at is None:
            stop_mail(one)
            one.removed_at, one.on_wall_at = now, None
            one.save()
            note_moment(one, Happened.REMOVED, by=by, now=now)
            tell_trail(one, "testimonial.removed", by=by, now=now)


def restore(testimonial: Testimonial, *, by: Staff | None, now: datetime) -> None:
    """Bring it back as it was, but not onto the wall. Raises Refused("there_is_one")."""
    with transaction.atomic():
        one = locked(testimonial)
        others = Testimonial.objects.filter(removed_at=None).exclude(pk=one.pk)
        if one.response_id is not None and others.filter(response=one.response_id).exists():
            raise Refused("there_is_one")
        if one.removed_at is not None:
            one.removed_at = None
            one.save(update_fields=["removed_at"])
            note_moment(one, Happened.RESTORED, by=by, now=now)
            tell_trail(one, "testimonial.restored", by=by, now=now)


def known_of(person: Person) -> Named:
    """What is known of a customer's name."""
    account = person.account.name if person.account else ""
    return named(person.name, person.attributes, account=account)


def _columns(person: Person, wanted: Wanted) -> dict[str, object]:
    forms = forms_of(known_of(person))
    shown = Shown(wanted.shown) if wanted.shown in forms else Shown.ANONYMOUS
    return {
        "words": wanted.words.strip(),
        "shown": shown.value,
        "name_text": forms[shown],
        "places": [place.value for place in read_places(wanted.places)],
    }


def _reason_not_to_propose(response: Response) -> str:
    others = Testimonial.objects.filter(response=response)
    own_no = Q(state=State.WITHDRAWN, ended_because__in=[Ended.CUSTOMER, Ended.QUOTE])
    if others.filter(Q(state=State.DECLINED) | own_no).exists():
        return "said_no"
    ended = Q(state=State.WITHDRAWN, ended_because=Ended.ANSWER)
    is_there = others.filter(removed_at=None).exclude(ended).exists()
    return "there_is_one" if is_there else ""
