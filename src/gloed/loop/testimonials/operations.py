"""Proposing to quote a customer, asking them, and keeping to what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q

from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.base.turns import a_turn
from gloed.fieldwork.notices.models import Notice
from gloed.fieldwork.notices.operations import plan_notices
from gloed.loop.testimonials.consent import TEXT_VERSION, consent_text
from gloed.loop.testimonials.models import Agreement, Moment, Testimonial
from gloed.loop.testimonials.rules import (
    ENDINGS,
    Ended,
    Happened,
    Named,
    Place,
    Shown,
    State,
    are_same,
    forms_of,
    named,
    read_places,
)
from gloed.people.models import Person
from gloed.responses.models import Response

PURPOSE = "testimonial"
TAKEN_BACK = "taken back"


class Refused(Exception):
    """Nothing happened; `reason` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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
    with a_turn(), transaction.atomic():
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
        _note(made, Happened.PROPOSED, by=by, now=now)
        _audit(made, "testimonial.proposed", by=by, now=now)
    return made


def change(testimonial: Testimonial, wanted: Wanted, *, by: Staff | None, now: datetime) -> bool:
    """Propose other words, another name or other places; False where nothing differs.

    What was agreed to before ends: it leaves the wall, and the customer has to be asked anew.
    Raises Refused("said_no" | "nobody").
    """
    with a_turn(), transaction.atomic():
        one = _locked(testimonial)
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
            _end_agreement(one, Ended.CHANGED, now=now)
            one.state, one.on_wall_at, one.decided_at = State.PROPOSED, None, None
        one.save()
        _note(one, Happened.CHANGED, by=by, now=now)
        _audit(one, "testimonial.changed", by=by, now=now)
    return True


def take_change_back(testimonial: Testimonial, *, by: Staff | None, now: datetime) -> bool:
    """Back to the words that were agreed to, while the customer has not been asked anew."""
    with a_turn(), transaction.atomic():
        one = _locked(testimonial)
        last = one.agreements.first()
        if one.state != State.PROPOSED or last is None or last.ended_because != Ended.CHANGED:
            return False
        one.words, one.shown, one.name_text = last.words, last.shown, last.name_text
        one.places, one.version = last.places, one.version + 1
        one.state, one.decided_at = State.AGREED, last.given_at
        one.save()
        last.ended_at, last.ended_because = None, ""
        last.save(update_fields=["ended_at", "ended_because"])
        _note(one, Happened.CHANGED_BACK, by=by, now=now)
    return True


def ask(
    testimonial: Testimonial, *, by_mail: bool, note: str = "", by: Staff | None, now: datetime
) -> Notice | None:
    """Let the customer's page take an answer, and mail them its address if wanted.

    The mail goes under the contact policy: the notice says whether it waits or why there is none.
    Raises Refused("said_no" | "agreed" | "nobody" | "nowhere").
    """
    with a_turn(), transaction.atomic():
        one = _locked(testimonial)
        if one.person is None or one.removed_at is not None:
            raise Refused("nobody")
        if one.has_said_no:
            raise Refused("said_no")
        if one.state == State.AGREED:
            raise Refused("agreed")
        if not one.places:
            raise Refused("nowhere")
        if by_mail:
            key = f"{PURPOSE} {one.public_id.hex} {one.version}"
            planned = plan_notices(one.organisation, {one.person.pk: key}, purpose=PURPOSE, now=now)
            one.notice = planned[0] if planned else None
            _wait_again(one.notice, now=now)
        one.state, one.asked_by, one.asked_at, one.note = State.ASKED, by, now, note.strip()
        one.save()
        _note(one, Happened.ASKED, by=by, now=now)
        _audit(one, "testimonial.asked", by=by, now=now)
    return one.notice if by_mail else None


def take_ask_back(testimonial: Testimonial, *, by: Staff | None, now: datetime) -> bool:
    """Nobody is asked after all; a mail that still waits is not sent."""
    with a_turn(), transaction.atomic():
        one = _locked(testimonial)
        if one.state != State.ASKED:
            return False
        _stop_mail(one)
        one.state, one.asked_at, one.asked_by = State.PROPOSED, None, None
        one.save()
        _note(one, Happened.ASK_TAKEN_BACK, by=by, now=now)
    return True


def agree(
    testimonial: Testimonial,
    *,
    version: int,
    words: str,
    shown: Shown,
    places: Sequence[Place],
    signed_name: str,
    language: str,
    now: datetime,
) -> Agreement:
    """The customer agrees, perhaps in other words; each place was ticked by them.

    Raises Refused: "not_asked", "changed" (they have read another version), "no_words",
    "nowhere", "unsigned", "no_name" (that form of the name is not known).
    """
    with a_turn(), transaction.atomic():
        one = _locked(testimonial)
        reason = _reason_not_to_agree(one, version, words, places, signed_name)
        known = forms_of(known_of(one.person)) if one.person else {}
        if not reason and shown not in known and shown != one.shown:
            reason = "no_name"
        if reason:
            raise Refused(reason)
        is_other = not are_same(one.words, words)
        name = one.name_text if shown == one.shown else known[shown]
        _end_agreement(one, Ended.CHANGED, now=now)
        made = Agreement.objects.create(
            testimonial=one,
            number=(one.agreements.aggregate(most=Max("number"))["most"] or 0) + 1,
            version=one.version,
            words=words.strip(),
            shown=shown,
            name_text=name,
            places=[place.value for place in places],
            text=consent_text(one.organisation.name, language=language),
            text_version=TEXT_VERSION,
            language=language,
            signed_name=signed_name.strip(),
            given_at=now,
        )
        one.words, one.shown, one.name_text = made.words, shown, name
        one.state, one.decided_at, one.ended_because = State.AGREED, now, ""
        one.on_wall_at = None  # a colleague reads it first
        one.save()
        _note(one, Happened.AGREED_OTHERWISE if is_other else Happened.AGREED, now=now)
        _audit(one, "testimonial.agreed", by=None, now=now)
    return made


def decline(testimonial: Testimonial, *, now: datetime) -> bool:
    """The customer would rather not; nobody asks them again for these words."""
    with a_turn(), transaction.atomic():
        one = _locked(testimonial)
        if one.state != State.ASKED:
            return False
        _stop_mail(one)
        one.state, one.decided_at = State.DECLINED, now
        one.save()
        _note(one, Happened.DECLINED, now=now)
        _audit(one, "testimonial.declined", by=None, now=now)
    return True


def withdraw(testimonial: Testimonial, *, now: datetime) -> bool:
    """The customer takes it back: it is off the wall when this returns."""
    return end(testimonial, Ended.CUSTOMER, now=now)


def end(testimonial: Testimonial, because: Ended, *, now: datetime) -> bool:
    """It may be shown no longer, and the record says why; False where it had ended before."""
    with a_turn(), transaction.atomic():
        one = _locked(testimonial)
        if one.state == State.WITHDRAWN:
            return False
        if because is Ended.CUSTOMER and not may_withdraw(one):
            return False
        _stop_mail(one)
        _end_agreement(one, because, now=now)
        one.state, one.ended_because, one.decided_at = State.WITHDRAWN, because, now
        one.on_wall_at = None
        one.save()
        _note(one, ENDINGS[because], now=now)
        _audit(one, "testimonial.ended", by=None, now=now, detail={"because": because.value})
    return True


def may_withdraw(testimonial: Testimonial) -> bool:
    """Whether the customer agreed once, and it has not ended for good."""
    if testimonial.state == State.PROPOSED:  # changed by us, and not asked anew yet
        return testimonial.agreements.exists()
    return testimonial.state == State.AGREED


def put_on_wall(testimonial: Testimonial, *, by: Staff | None, now: datetime) -> None:
    """Show it on the wall, above the others. Raises Refused("not_agreed")."""
    with a_turn(), transaction.atomic():
        one = _locked(testimonial)
        held = one.agreements.filter(ended_at=None).first()
        is_allowed = held is not None and Place.WALL in read_places(held.places)
        if one.state != State.AGREED or not is_allowed or one.removed_at is not None:
            raise Refused("not_agreed")
        if one.on_wall_at is not None:
            return
        top = Testimonial.objects.filter(organisation=one.organisation_id).aggregate(
            most=Max("wall_place")
        )["most"]
        one.on_wall_at, one.wall_place = now, (top or 0) + 1
        one.save(update_fields=["on_wall_at", "wall_place"])
        _note(one, Happened.ON_WALL, by=by, now=now)
        _audit(one, "testimonial.on_wall", by=by, now=now)


def take_off_wall(testimonial: Testimonial, *, by: Staff | None, now: datetime) -> bool:
    """Show it on the wall no more; what was agreed stays."""
    with a_turn(), transaction.atomic():
        one = _locked(testimonial)
        if one.on_wall_at is None:
            return False
        one.on_wall_at = None
        one.save(update_fields=["on_wall_at"])
        _note(one, Happened.OFF_WALL, by=by, now=now)
        _audit(one, "testimonial.off_wall", by=by, now=now)
    return True


def arrange(organisation: Organisation, shown: Sequence[Testimonial], moved: int, by: int) -> None:
    """Move one of those on the wall (its place among `shown`) up or down by so many places."""
    order = list(shown)
    to = moved + by
    if not (0 <= moved < len(order) and 0 <= to < len(order)):
        return
    order.insert(to, order.pop(moved))
    for place, one in enumerate(reversed(order), start=1):
        one.wall_place = place
    with a_turn(), transaction.atomic():
        own = [one for one in order if one.organisation_id == organisation.pk]
        Testimonial.objects.bulk_update(own, ["wall_place"])


def remove(testimonial: Testimonial, *, by: Staff | None, now: datetime) -> None:
    """Take it away: off the wall and off every list, and the customer's page asks no more."""
    with a_turn(), transaction.atomic():
        one = _locked(testimonial)
        if one.removed_at is None:
            _stop_mail(one)
            one.removed_at, one.on_wall_at = now, None
            one.save()
            _note(one, Happened.REMOVED, by=by, now=now)
            _audit(one, "testimonial.removed", by=by, now=now)


def restore(testimonial: Testimonial, *, by: Staff | None, now: datetime) -> None:
    """Bring it back as it was, but not onto the wall. Raises Refused("there_is_one")."""
    with a_turn(), transaction.atomic():
        one = _locked(testimonial)
        others = Testimonial.objects.filter(removed_at=None).exclude(pk=one.pk)
        if one.response_id is not None and others.filter(response=one.response_id).exists():
            raise Refused("there_is_one")
        if one.removed_at is not None:
            one.removed_at = None
            one.save(update_fields=["removed_at"])
            _note(one, Happened.RESTORED, by=by, now=now)
            _audit(one, "testimonial.restored", by=by, now=now)


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


def _reason_not_to_agree(
    one: Testimonial, version: int, words: str, places: Sequence[Place], signed_name: str
) -> str:
    if one.state == State.PROPOSED or one.removed_at is not None or one.person is None:
        return "not_asked"
    if one.state == State.WITHDRAWN and one.ended_because != Ended.CUSTOMER:
        return "not_asked"
    if version != one.version:
        return "changed"
    if not words.strip():
        return "no_words"
    if not places or {place.value for place in places} - set(one.places):
        return "nowhere"
    return "" if signed_name.strip() else "unsigned"


def _locked(testimonial: Testimonial) -> Testimonial:
    """As it is now, held until the end of the transaction; a person who is gone is None."""
    return (
        Testimonial.objects.select_for_update(of=("self",))
        .select_related("organisation", "person__account", "notice")
        .get(pk=testimonial.pk)
    )


def _end_agreement(one: Testimonial, because: Ended, *, now: datetime) -> None:
    one.agreements.filter(ended_at=None).update(ended_at=now, ended_because=because)


def _stop_mail(one: Testimonial) -> None:
    if one.notice_id is not None:
        Notice.objects.filter(pk=one.notice_id, became=Notice.Became.WAITING).update(
            became=Notice.Became.FAILED, problem=TAKEN_BACK, leased_until=None
        )


def _wait_again(notice: Notice | None, *, now: datetime) -> None:
    """A mail that we had stopped ourselves, and that never left, waits once more."""
    if notice is not None and notice.problem == TAKEN_BACK:
        Notice.objects.filter(pk=notice.pk, handed_at=None).update(
            became=Notice.Became.WAITING, problem="", due_at=now
        )


def _note(one: Testimonial, kind: Happened, *, by: Staff | None = None, now: datetime) -> None:
    Moment.objects.create(testimonial=one, kind=kind, staff=by, at=now)


def _audit(
    one: Testimonial,
    action: str,
    *,
    by: Staff | None,
    now: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    audit.record(by, action, one.public_id, detail, organisation=one.organisation, at=now)
