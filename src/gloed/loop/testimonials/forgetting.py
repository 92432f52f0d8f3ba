"""What stays of a testimonial when its person or its answer is gone or taken back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from gloed.base.models import JournalEntry
from gloed.loop.testimonials import operations
from gloed.loop.testimonials.models import Testimonial
from gloed.loop.testimonials.rules import Ended, State
from gloed.people.models import Person
from gloed.responses.models import Consent, Response
from gloed.surveys.rules import Purpose

TOUCHED = frozenset({"response.withdrawn", "response.updated"})
GONE = frozenset({"responses.removed"})
KINDS = (*sorted(TOUCHED), *sorted(GONE), "person.erased")


def hear(entries: Sequence[JournalEntry]) -> None:
    """Subscriber of the journal. Reads the record for the present truth; harmless twice."""
    now = timezone.now()
    for entry in entries:
        if entry.kind == "person.erased":
            forget(entry.organisation_id, entry.subject, now=now)
    touched = [entry.subject for entry in entries if entry.kind in TOUCHED]
    if touched:
        let_go_of_answers(touched, now=now)
    for organisation in {one.organisation_id for one in entries if one.kind in GONE}:
        tidy(organisation, now=now)


def forget(organisation: int, person_key: str, *, now: datetime) -> int:
    """Somebody was erased: it ends, and every word of it goes; moments and the reason stay."""
    nobodys = Q(person=None, erased_at=None)  # an archive may have brought another key
    own = Testimonial.objects.filter(organisation=organisation)
    found = list(own.filter(Q(person_key=person_key) | nobodys))
    for one in found:
        operations.end(one, Ended.PERSON, now=now)
        _empty(one, now=now)
    return len(found)


def let_go_of_answers(public_ids: Sequence[str], *, now: datetime) -> None:
    """Answers were withdrawn, or the yes to being quoted that was given with one of them was."""
    responses = Response.objects.filter(public_id__in=public_ids)
    own = Testimonial.objects.exclude(state__in=[State.WITHDRAWN, State.DECLINED])
    out = responses.filter(withdrawn_at__isnull=False).values("pk")
    for one in own.filter(response__in=out):
        operations.end(one, Ended.ANSWER, now=now)
    for one in own.filter(_was_disallowed(), response__in=responses.values("pk")):
        operations.end(one, Ended.QUOTE, now=now)


def tidy(organisation: int, *, now: datetime) -> None:
    """Answers or persons were removed: what rested on them ends, and its words go."""
    own = Testimonial.objects.filter(organisation=organisation, erased_at=None)
    lost_person = ~Exists(Person.objects.filter(pk=OuterRef("person_id")))
    lost_answer = Q(response_id__isnull=False) & ~Exists(
        Response.objects.filter(pk=OuterRef("response_id"))
    )
    for one in own.filter(lost_person | lost_answer):
        operations.end(one, Ended.GONE, now=now)
        _empty(one, now=now)


def _was_disallowed() -> Exists:
    """The yes of the answer was taken back after the customer had last said anything here."""
    last_word = Coalesce(OuterRef("decided_at"), OuterRef("made_at"))
    yes = Consent.objects.filter(response=OuterRef("response_id"), purpose=Purpose.QUOTE)
    return Exists(yes.filter(withdrawn_at__gte=last_word))


def _empty(testimonial: Testimonial, *, now: datetime) -> None:
    with transaction.atomic():
        testimonial.agreements.update(words="", name_text="", signed_name="")
        Testimonial.objects.filter(pk=testimonial.pk).update(
            person=None,
            person_key=None,
            response=None,
            original="",
            words="",
            name_text="",
            note="",
            erased_at=now,
        )
