"""What another system told us, carried out: events, people, answers; and taken back."""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gloed.base import audit
from gloed.base.models import Staff
from gloed.base.sealing import CannotOpen
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Reaction
from gloed.integrations.connectors import operations, shape
from gloed.integrations.connectors.desk import CLOSED_THERE
from gloed.integrations.connectors.models import Arrival, Connection
from gloed.integrations.connectors.veil import veiled
from gloed.loop.cases import operations as cases
from gloed.loop.cases.models import Case
from gloed.loop.cases.rules import Outcome
from gloed.people import operations as people
from gloed.people.models import Person
from gloed.people.rules import PersonData
from gloed.responses import operations as responses
from gloed.responses.rules import AnswerRefused, GivenAnswer, IncomingAnswer
from gloed.surveys.models import Survey
from gloed.surveys.queries import get_asked
from gloed.surveys.rules import OPEN_POSITION, RATING_POSITION

Used = tuple[bool, str, dict[str, str]]


def take_in(connection: Connection, arriving: shape.Arriving) -> int:
    """Carry out what came; how many messages were in it. Raises `shape.NotTaken`.

    Every message is written down with what became of it; one that came before changes nothing.
    """
    try:
        access = operations.access_of(connection)
    except CannotOpen:
        raise shape.NotTaken from None
    memory = operations.Remembered(connection.pk, arriving.now)
    found = shape.find(connection.kind).take(access, arriving, memory)
    for number, one in enumerate(found):
        _take_one(connection, one, arriving, veiled(arriving.body) if not number else "")
    return len(found)


def _take_one(
    connection: Connection, taken: shape.Taken, arriving: shape.Arriving, body: str
) -> None:
    key = taken.key if len(taken.key) <= 120 else sha256(taken.key.encode()).hexdigest()
    try:
        with transaction.atomic():
            arrival = Arrival.objects.create(
                connection=connection,
                key=key,
                state=Arrival.State.UNUSED,
                body=body,
                at=arriving.now,
            )
    except IntegrityError:  # it came before
        return
    if isinstance(taken, shape.Pointed):
        operations.ask_later(arrival, taken, arriving.now)
    is_used, outcome, became = _carry_out(connection, taken, arriving.now)
    arrival.state = Arrival.State.USED if is_used else Arrival.State.UNUSED
    arrival.outcome, arrival.became = outcome[:300], became
    arrival.save(update_fields=["state", "outcome", "became"])


def _carry_out(connection: Connection, taken: shape.Taken, now: datetime) -> Used:
    if isinstance(taken, shape.Happening):
        return _happened(connection, taken, now)
    if isinstance(taken, shape.Known):
        return _is_known(connection, taken, now)
    if isinstance(taken, shape.Given):
        return _answered(connection, taken, now)
    if isinstance(taken, shape.Solved):
        return _solved(connection, taken, now)
    if isinstance(taken, shape.Pointed):
        return False, _("The other side is being asked to whom it happened."), {}
    return False, str(taken.why), {}


def looked_up(arrival: Arrival, found: Sequence[shape.Taken], *, now: datetime) -> None:
    """Carry out what the other side told of something it had only pointed at."""
    for taken in found:
        is_used, outcome, became = _carry_out(arrival.connection, taken, now)
        arrival.state = Arrival.State.USED if is_used else Arrival.State.UNUSED
        arrival.outcome, arrival.became = outcome[:300], became
        arrival.save(update_fields=["state", "outcome", "became"])


def _happened(connection: Connection, taken: shape.Happening, now: datetime) -> Used:
    if _is_nobody(taken.person):
        return False, _("It names no customer: an address or a number is needed."), {}
    try:
        receipt = fieldwork.receive_event(
            connection.organisation,
            kind=taken.kind,
            person=taken.person,
            key=f"{connection.pk}:{taken.key}",
            occurred_at=taken.occurred_at,
            properties=taken.properties,
            source=connection.kind,
            now=now,
        )
    except fieldwork.EventRefused as refusal:
        words: dict[str, Callable[[], str]] = {
            "no_kind": lambda: _("It does not say what happened."),
            "in_the_future": lambda: _("It lies in the future."),
        }
        say = words.get(refusal.reason, lambda: _("It cannot be kept as an event."))
        return False, say(), {}
    asked = [one.trigger_name for one in receipt.reactions if one.became == "asked"]
    if asked:
        said = _("Event “%(kind)s”; asked by %(triggers)s.") % {
            "kind": taken.kind,
            "triggers": ", ".join(asked),
        }
    else:
        said = _("Event “%(kind)s”; no trigger asks about it now.") % {"kind": taken.kind}
    return True, said, {"event": str(receipt.event_id)}


def _is_known(connection: Connection, taken: shape.Known, now: datetime) -> Used:
    if _is_nobody(taken.person):
        return False, _("It names no customer: an address or a number is needed."), {}
    with transaction.atomic():
        pk, _attributes = people.find_or_make_person(
            connection.organisation_id, taken.person, now=now
        )
    if pk is None:
        return False, _("Somebody who was erased is not brought back."), {}
    if taken.account:
        people.place_at_account(Person.objects.get(pk=pk), taken.account)
    return True, _("A customer is brought up to date."), {}


def _answered(connection: Connection, taken: shape.Given, now: datetime) -> Used:
    surveys = Survey.objects.filter(organisation=connection.organisation, deleted_at=None)
    survey = surveys.filter(public_id=taken.survey).first() if taken.survey else None
    if survey is None or survey.current_id is None:
        return False, _("The survey it belongs to is gone."), {}
    answers = [GivenAnswer(RATING_POSITION, rating=taken.rating)]
    if taken.words:
        answers.append(GivenAnswer(OPEN_POSITION, verbatim=taken.words))
    incoming = IncomingAnswer(
        answers=tuple(answers),
        source=f"in{connection.pk}",
        source_id=taken.key,
        person=None if _is_nobody(taken.person) else taken.person,
        responded_at=taken.occurred_at,
    )
    try:
        receipt = responses.receive_answer(incoming, survey=get_asked(survey.pk), now=now)
    except AnswerRefused:
        return False, _("The rating %(rating)s is not on the scale.") % {"rating": taken.rating}, {}
    said = _("An answer: %(rating)s to “%(survey)s”.") % {
        "rating": taken.rating,
        "survey": survey.title,
    }
    return True, said, {"answer": str(receipt.response_id)}


def _solved(connection: Connection, taken: shape.Solved, now: datetime) -> Used:
    memory = operations.Remembered(connection.pk, now)
    ours = memory.ours_of(taken.theirs)
    key = ours.removeprefix("case:cas_")
    found = Case.objects.filter(organisation=connection.organisation)
    case = found.filter(public_id=key).first() if len(key) == 32 and key != ours else None
    if case is None:
        return False, _("It was closed there; no case of ours stands for it."), {}
    memory.keep(f"{CLOSED_THERE}{ours}", taken.theirs)
    try:
        cases.close_case(case, Outcome.SOLVED, staff=None, now=now)
    except cases.Refused:
        return False, _("It was closed there; our case could not be closed."), {}
    return (
        True,
        _("Case #%(number)s is closed, because it was solved there.") % {"number": case.number},
        {},
    )


def _is_nobody(person: PersonData) -> bool:
    return not (person.email or person.external_id or person.phone)


@transaction.atomic
def take_back(arrival: Arrival, *, by: Staff, now: datetime) -> int:
    """Undo what an arrival led to: the answer counts no more, asks not yet sent are withdrawn.

    How much was taken back.
    """
    organisation = arrival.connection.organisation
    count = 0
    if answer := arrival.became.get("answer"):
        count += responses.withdraw_answer(organisation, answer, staff=by, now=now)
    if event := arrival.became.get("event"):
        reactions = Reaction.objects.filter(
            event__public_id=event, event__organisation=organisation, invitation__isnull=False
        ).select_related("invitation")
        for reaction in reactions:
            line = reaction.invitation
            if line is not None and line.sent_at is None:
                count += fieldwork.withdraw_one(line)
    arrival.state = Arrival.State.UNDONE
    arrival.save(update_fields=["state"])
    audit.record(by, "connection.undone", arrival.connection, organisation=organisation, at=now)
    return count
