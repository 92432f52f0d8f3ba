"""Forgetting a person on request."""

from datetime import datetime

from django.db import transaction

from gloed.base import audit
from gloed.base.models import Staff
from gloed.fieldwork import operations as fieldwork
from gloed.people import operations as people
from gloed.people.models import Person
from gloed.responses.models import Answer, Consent, ContactDetails, Response
from gloed.responses.operations import news
from gloed.surveys.models import Question


@transaction.atomic
def erase_person(person: Person, *, staff: Staff | None = None, now: datetime) -> int:
    """Forget a person; the number of responses that lost their person.

    What goes: the person, every verbatim, consent and contact detail, every attribute, tag, device
    and written zone of their answers, and the attributes of their invitations. What stays: ratings,
    which options were chosen, moment, survey, touchpoint and team, so that published figures
    stand. A digest of address and external id is kept, so that the person is not asked again and
    an import cannot bring them back.
    """
    responses = Response.objects.filter(person=person)
    moments = list(responses.values_list("responded_at", flat=True).distinct())
    subject, organisation_id = person.public_id, person.organisation_id
    answers = Answer.objects.filter(response__person=person)
    answers.filter(rating=None, choices="").delete()
    answers.filter(question__kind=Question.Kind.CONSENT).delete()
    Consent.objects.filter(response__person=person).delete()
    ContactDetails.objects.filter(response__person=person).delete()
    answers.update(verbatim="", raw="")
    count = responses.update(
        attributes={},
        tags=[],
        device="",
        written_zone="",
        erased_at=now,
        updated_at=now,
        person=None,
    )
    fieldwork.forget_person(person)
    people.erase(person, now=now)
    news.tell(
        news.PERSON_ERASED,
        organisation=organisation_id,
        subject=subject,
        moments=moments or [None],
        now=now,
    )
    audit.record(
        staff,
        "people.erase",
        subject,
        {"responses": count},
        organisation=person.organisation,
        at=now,
    )
    return count
