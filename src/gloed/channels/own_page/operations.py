"""What a person does on their own page; each deed holds at once, and twice is as good as once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from gloed.base import audit, jobs
from gloed.base.models import JournalEntry, Organisation, Staff
from gloed.channels.own_page.guests import Guest, wishes_of
from gloed.channels.own_page.models import PersonRequest
from gloed.channels.own_page.rules import Change, Chosen
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.operations.wishes import EVERYTHING
from gloed.people.models import Person
from gloed.responses import operations as responses
from gloed.responses.models import Response
from gloed.responses.rules import AnswerRefused, GivenAnswer, IncomingAnswer
from gloed.surveys import queries as surveys

TELL = "own_page.tell"
SOURCE = "own_page"


def leave(token: str, *, how: str, now: datetime) -> None:
    """No surveys at all any more."""
    fieldwork.opt_out(token, scope=EVERYTHING, how=how, now=now)


def come_back(guest: Guest, *, now: datetime) -> None:
    """Ask again after all."""
    if guest.person is not None:
        fieldwork.opt_in(guest.person, now=now)


def keep_wishes(guest: Guest, chosen: Chosen, *, now: datetime) -> None:
    """Keep which kinds may come, how often, and a pause."""
    if guest.person is None:
        return
    before = wishes_of(guest.person, now=now)
    with transaction.atomic():
        if before.is_opted_out and not chosen.is_nothing_wanted:
            fieldwork.opt_in(guest.person, now=now)
        if chosen.is_nothing_wanted:
            leave(guest.token, how="page", now=now)
        else:
            if guest.kind in chosen.refused - before.refused:
                fieldwork.opt_out(guest.token, scope=guest.kind, how="page", now=now)
            fieldwork.refuse_kinds(guest.person, chosen.refused, now=now)
        if chosen.rhythm_days != before.rhythm_days:
            fieldwork.set_rhythm(guest.person, days=chosen.rhythm_days, now=now)
        if chosen.pause_until != before.pause_until:
            fieldwork.pause(guest.person, until=chosen.pause_until, now=now)


def withdraw(guest: Guest, public_id: UUID, *, now: datetime) -> bool:
    """Take an own answer back: out of every score, everywhere. Whether it still counted."""
    with transaction.atomic():
        done = responses.withdraw_answer(guest.organisation, public_id, now=now)
        if done:
            _note("own_page.withdrew", guest.organisation, public_id, now)
    return done


def restore(guest: Guest, public_id: UUID, *, now: datetime) -> bool:
    """Let an answer count again that was taken back; whether it was."""
    with transaction.atomic():
        done = responses.undo_withdraw(guest.organisation, public_id, now=now)
        if done:
            _note("own_page.restored", guest.organisation, public_id, now)
    return done


def take_consent_back(guest: Guest, public_id: UUID, position: int, *, now: datetime) -> bool:
    """Allow something no longer that was ticked; whether it was. Contact details go with it."""
    with transaction.atomic():
        try:
            done = responses.take_consent_back(
                guest.organisation, public_id, position=position, now=now
            )
        except AnswerRefused:
            return False
        if done:
            _note("own_page.consent_taken_back", guest.organisation, public_id, now)
    return done


def correct(guest: Guest, public_id: UUID, change: Change, *, now: datetime) -> bool:
    """Set an own answer right; whether anything changed. Raises AnswerRefused, then keeps nothing.

    While the survey still takes it, it is a change of mind like one over the survey's own link,
    which may follow later; after that it is a correction.
    """
    given = [
        *(GivenAnswer(position, rating=rating) for position, rating in change.ratings.items()),
        *(GivenAnswer(position, verbatim=text) for position, text in change.verbatims.items()),
    ]
    with transaction.atomic():
        if _change_of_mind(guest, public_id, given, now=now):
            return True
        done = [
            responses.correct_answer(
                guest.organisation,
                public_id,
                position=one.position,
                rating=one.rating,
                verbatim=None if one.rating is not None else one.verbatim,
                now=now,
            )
            for one in given
        ]
        if any(done):
            _note("own_page.corrected", guest.organisation, public_id, now)
    return any(done)


def _change_of_mind(
    guest: Guest, public_id: UUID, given: Sequence[GivenAnswer], *, now: datetime
) -> bool:
    """Send the change in by the one door, as far as that is open for this response."""
    response = Response.objects.select_related("survey", "version", "invitation").get(
        organisation=guest.organisation, public_id=public_id
    )
    if response.invitation is None or response.corrected_at or response.withdrawn_at:
        return False
    answer = IncomingAnswer(
        answers=tuple(given),
        source=SOURCE,
        token=response.invitation.token,
        version=response.version.number,
        is_complete=response.status == Response.Status.COMPLETE,
        language=response.language,
    )
    try:
        with transaction.atomic():
            receipt = responses.receive_answer(
                answer, survey=surveys.get_asked(response.survey_id), now=now
            )
    except AnswerRefused:
        return False
    return receipt.response_id == str(public_id)


def ask_for(person: Person, kind: str, *, now: datetime) -> PersonRequest:
    """Ask for a copy, or to be erased; asked before and not done yet, it is the same request."""
    with transaction.atomic():
        found = PersonRequest.objects.filter(person=person, kind=kind, done_at=None).first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                made = PersonRequest.objects.create(
                    organisation=person.organisation,
                    person=person,
                    person_id_then=person.public_id,
                    kind=PersonRequest.Kind(kind).value,
                    asked_at=now,
                )
        except IntegrityError:  # pressed twice in the same moment
            return PersonRequest.objects.get(person=person, kind=kind, done_at=None)
        payload = {"request": made.pk}
        jobs.enqueue(TELL, payload, now=now, organisation=person.organisation_id)
    return made


def take_request_back(person: Person, kind: str) -> bool:
    """The person does not want it any more; whether it was still open."""
    gone, _ = PersonRequest.objects.filter(person=person, kind=kind, done_at=None).delete()
    return bool(gone)


@transaction.atomic
def finish_request(request: PersonRequest, *, by: Staff, now: datetime) -> bool:
    """A colleague answered it; whether it was open."""
    open_now = PersonRequest.objects.filter(pk=request.pk, done_at=None)
    if not open_now.update(done_at=now, done_by=by):
        return False
    _note("own_page.request_done", request.organisation, request.person_id_then, now, by)
    return True


@transaction.atomic
def reopen_request(request: PersonRequest, *, by: Staff, now: datetime) -> bool:
    """It was not answered after all; whether it could be opened again."""
    is_asked_anew = PersonRequest.objects.filter(
        person=request.person_id, kind=request.kind, done_at=None
    ).exists()
    if request.person_id is None or request.done_at is None or is_asked_anew:
        return False
    PersonRequest.objects.filter(pk=request.pk).update(done_at=None, done_by=None)
    _note("own_page.request_reopened", request.organisation, request.person_id_then, now, by)
    return True


def note_erased(entries: Sequence[JournalEntry]) -> None:
    """Whoever is erased asks for nothing more: their requests are done."""
    for entry in entries:
        own = PersonRequest.objects.filter(
            organisation_id=entry.organisation_id, person_id_then=entry.subject
        )
        own.filter(done_at=None).update(done_at=entry.at)
        own.update(person_id_then=None)


def _note(
    action: str,
    organisation: Organisation,
    subject: object,
    now: datetime,
    by: Staff | None = None,
) -> None:
    audit.record(by, action, subject, organisation=organisation, at=now)
