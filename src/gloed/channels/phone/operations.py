"""Calling people: one caller for each person, policy before dialling, and what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.channels.phone.models import Call
from gloed.channels.phone.rules import HELD, Outcome, next_try
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation, Wave
from gloed.fieldwork.operations.wishes import EVERYTHING
from gloed.fieldwork.rules import Skip
from gloed.fieldwork.rules.policy import Disposition
from gloed.people import operations as people
from gloed.people.models import Person
from gloed.people.rules import PersonData
from gloed.responses.operations import receive_answer
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys import queries as surveys
from gloed.surveys.models import Survey

CHANNEL = SOURCE = "phone"


def next_person(wave: Wave, caller: Staff, *, now: datetime) -> Call | None:
    """The next person of a call list, kept for this caller; None when nobody waits now.

    Whoever has one on the screen already gets that one back. Two callers never get the same.
    """
    own = Call.objects.filter(invitation__wave=wave, caller=caller, held_until__gt=now)
    held = own.filter(invitation__is_open=True, invitation__sent_at=None).first()
    if held is not None and fieldwork.hold(
        held.invitation_id, until=now + HELD, now=now, is_held=True
    ):
        return _kept(held.invitation_id, wave.organisation, caller, now=now)
    for due in fieldwork.claim_due(CHANNEL, limit=1, now=now, wave=wave.pk):
        fieldwork.hold(due.id, until=now + HELD, now=now, is_held=True)
        return _kept(due.id, wave.organisation, caller, now=now)
    return None


def call_person(
    survey: Survey, person: Person, caller: Staff, *, now: datetime
) -> Call | Skip | None:
    """Keep one person for this caller, after the contact policy was asked; or why not.

    None: another colleague has them on the screen at this moment.
    """
    waiting = Invitation.objects.filter(
        survey=survey, person=person, channel=CHANNEL, is_open=True, sent_at=None
    ).first()
    if waiting is None:
        asked = fieldwork.ask_one(survey, person, channel=CHANNEL, now=now)
        if asked.skip is not None:
            return asked.skip
        number = asked.invitation_id
    else:
        number = waiting.pk
        own = Call.objects.filter(invitation=waiting, caller=caller, held_until__gt=now).exists()
        if own and fieldwork.hold(number, until=now + HELD, now=now, is_held=True):
            return _kept(number, survey.organisation, caller, now=now)
    if not fieldwork.hold(number, until=now + HELD, now=now):
        return None
    return _kept(number, survey.organisation, caller, now=now)


def _kept(number: int, organisation: Organisation, caller: Staff, *, now: datetime) -> Call:
    call, _made = Call.objects.update_or_create(
        invitation_id=number,
        defaults={"caller": caller, "held_until": now + HELD},
        create_defaults={
            "organisation": organisation,
            "caller": caller,
            "held_until": now + HELD,
            "made_at": now,
        },
    )
    return call


def keeps(call: Call, caller: Staff, *, now: datetime) -> bool:
    """Whether this colleague still has the person, kept for them anew where nobody took over.

    A long call outlasts its twenty minutes; what was typed meanwhile must not be lost.
    """
    if call.caller_id != caller.pk or call.held_until is None:
        return False
    until = now + HELD
    is_held = call.held_until > now
    if not fieldwork.hold(call.invitation_id, until=until, now=now, is_held=is_held):
        return False
    return bool(Call.objects.filter(pk=call.pk, caller=caller).update(held_until=until))


def note_dialling(call: Call, *, now: datetime) -> bool:
    """The caller dials now; False when the person opted out or answered meanwhile."""
    message_id = f"call-{call.public_id.hex}"
    if not fieldwork.note_handing(call.invitation_id, message_id=message_id, now=now):
        return False
    Call.objects.filter(pk=call.pk).update(dialled_at=now)
    return True


def keep_answer(
    call: Call, answers: Sequence[GivenAnswer], *, version: int, language: str, now: datetime
) -> None:
    """Write down what was said, by the one door. Raises AnswerRefused and keeps nothing."""
    line = call.invitation
    answer = IncomingAnswer(
        answers=tuple(answers),
        source=SOURCE,
        token=line.token,
        version=version,
        language=language,
        channel=CHANNEL,
    )
    with transaction.atomic():
        fieldwork.note_sent(line.pk, message_id=f"call-{call.public_id.hex}", now=now)
        receive_answer(answer, survey=surveys.get_asked(line.survey_id), now=now)
        _end(call, Outcome.ANSWERED, now=now, tries=1)


def note_outcome(
    call: Call, outcome: Outcome, *, by: Staff, now: datetime, again_at: datetime | None = None
) -> None:
    """Write down what became of an attempt that led to no answer."""
    number = call.invitation_id
    with transaction.atomic():
        if outcome is Outcome.GIVEN_BACK:
            fieldwork.release([number])
            _end(call, outcome, now=now)
        elif outcome is Outcome.CALL_BACK:
            fieldwork.release([number], until=again_at or now + timedelta(hours=1))
            _end(call, outcome, now=now, tries=1)
        elif outcome is Outcome.NO_ANSWER:
            again = next_try(call.tries + 1, now=now)
            if again is None:
                fieldwork.end_call(number, became=Disposition.NO_CONTACT, problem=outcome.value)
            else:
                fieldwork.release([number], until=again)
            _end(call, outcome, now=now, tries=1)
        else:
            _end_for_good(call, outcome, by=by, now=now)


def _end_for_good(call: Call, outcome: Outcome, *, by: Staff, now: datetime) -> None:
    became = Disposition.NO_CONTACT if outcome is Outcome.WRONG_NUMBER else Disposition.REFUSED
    if outcome is Outcome.NO_MORE:
        fieldwork.opt_out(call.invitation.token, scope=EVERYTHING, how="staff:phone", now=now)
        audit.record(
            by,
            "phone.no_more",
            call.invitation.person.public_id if call.invitation.person else "",
            organisation=call.organisation,
            at=now,
        )
    else:
        fieldwork.end_call(call.invitation_id, became=became, problem=outcome.value)
    _end(call, outcome, now=now, tries=1)


def _end(call: Call, outcome: Outcome, *, now: datetime, tries: int = 0) -> None:
    Call.objects.filter(pk=call.pk).update(
        outcome=outcome,
        ended_at=now,
        held_until=None,
        dialled_at=None,
        tries=F("tries") + tries,
    )


def add_person(
    organisation: Organisation, *, name: str, phone: str, language: str, now: datetime
) -> Person:
    """Somebody who is on the line but not known yet."""
    data = PersonData(name=name, phone=phone, language=language)
    with transaction.atomic():
        number, _attributes = people.find_or_make_person(organisation.pk, data, now=now)
    return Person.objects.get(pk=number or 0)
