"""What the customer says: agreed, declined, taken back; and what ends an agreement."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from gloed.loop.testimonials.consent import TEXT_VERSION, consent_text
from gloed.loop.testimonials.models import Agreement, Testimonial
from gloed.loop.testimonials.operations.keeping import (
    Refused,
    end_agreement,
    locked,
    note_moment,
    stop_mail,
    tell_trail,
)
from gloed.loop.testimonials.operations.proposing import known_of
from gloed.loop.testimonials.rules import (
    ENDINGS,
    Ended,
    Happened,
    Place,
    Shown,
    State,
    are_same,
    forms_of,
)


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
    with transaction.atomic():
        one = locked(testimonial)
        reason = _reason_not_to_agree(one, version, words, places, signed_name)
        known = forms_of(known_of(one.person)) if one.person else {}
        if not reason and shown not in known and shown != one.shown:
            reason = "no_name"
        if reason:
            raise Refused(reason)
        is_other = not are_same(one.words, words)
        name = one.name_text if shown == one.shown else known[shown]
        end_agreement(one, Ended.CHANGED, now=now)
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
        note_moment(one, Happened.AGREED_OTHERWISE if is_other else Happened.AGREED, now=now)
        tell_trail(one, "testimonial.agreed", by=None, now=now)
    return made


def decline(testimonial: Testimonial, *, now: datetime) -> bool:
    """The customer would rather not; nobody asks them again for these words."""
    with transaction.atomic():
        one = locked(testimonial)
        if one.state != State.ASKED:
            return False
        stop_mail(one)
        one.state, one.decided_at = State.DECLINED, now
        one.save()
        note_moment(one, Happened.DECLINED, now=now)
        tell_trail(one, "testimonial.declined", by=None, now=now)
    return True


def withdraw(testimonial: Testimonial, *, now: datetime) -> bool:
    """The customer takes it back: it is off the wall when this returns."""
    return end(testimonial, Ended.CUSTOMER, now=now)


def end(testimonial: Testimonial, because: Ended, *, now: datetime) -> bool:
    """It may be shown no longer, and the record says why; False where it had ended before."""
    with transaction.atomic():
        one = locked(testimonial)
        if one.state == State.WITHDRAWN:
            return False
        if because is Ended.CUSTOMER and not may_withdraw(one):
            return False
        stop_mail(one)
        end_agreement(one, because, now=now)
        one.state, one.ended_because, one.decided_at = State.WITHDRAWN, because, now
        one.on_wall_at = None
        one.save()
        note_moment(one, ENDINGS[because], now=now)
        tell_trail(one, "testimonial.ended", by=None, now=now, detail={"because": because.value})
    return True


def may_withdraw(testimonial: Testimonial) -> bool:
    """Whether the customer agreed once, and it has not ended for good."""
    if testimonial.state == State.PROPOSED:  # changed by us, and not asked anew yet
        return testimonial.agreements.exists()
    return testimonial.state == State.AGREED


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
