"""What further questions bring along: rules, consents, and how somebody wants to be reached."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from gloed.people import operations as people
from gloed.people.models import Person
from gloed.people.rules import PersonData, email_key, is_address
from gloed.responses import rows
from gloed.responses.models import Answer, Consent, ContactDetails, Response
from gloed.responses.rules import ContactData, GivenAnswer, IncomingAnswer, without_hidden
from gloed.surveys.rules import (
    YES,
    AskedQuestion,
    Kind,
    PublishedVersion,
    contact_consents,
    values_of,
)


def as_kept(
    answer: IncomingAnswer,
    version: PublishedVersion,
    standing: Mapping[int, GivenAnswer],
    attributes: Mapping[str, Any],
) -> IncomingAnswer:
    """The delivery without answers to questions that are not shown, judged with what stands.

    An answer that stands and whose question is no longer shown is taken back.
    """
    if not version.further:
        return answer
    given = {one.position: one for one in answer.answers}
    kept = without_hidden(version, {**standing, **given}, values_of(attributes=attributes))
    told = [kept[one.position] for one in answer.answers]
    told += [one for position, one in kept.items() if position not in given and one.is_empty]
    return replace(answer, answers=tuple(told))


def standing_answers(response_id: int, version: PublishedVersion) -> dict[int, GivenAnswer]:
    """What the questions of a version are answered with on record, by position."""
    stored = rows.existing_answers([response_id])[response_id]
    return {
        question.position: GivenAnswer(question.position, rating, words, raw, tuple(keys.split()))
        for question in version.questions
        if question.id in stored
        for rating, words, raw, keys in [stored[question.id]]
    }


def drop_hidden(response: Response, version: PublishedVersion, *, now: datetime) -> None:
    """Take back what answers questions that are hidden by what stands on record now."""
    if not version.further:
        return
    standing = standing_answers(response.pk, version)
    kept = without_hidden(version, standing, values_of(attributes=response.attributes))
    gone = [position for position in standing if kept[position].is_empty]
    asked = [version.by_position[position].id for position in gone]
    Answer.objects.filter(response=response, question_id__in=asked).delete()
    consents = Consent.objects.filter(response=response, question_id__in=asked)
    consents.filter(withdrawn_at=None).update(withdrawn_at=now)
    if not may_contact(response.pk, version):
        ContactDetails.objects.filter(response=response).delete()


def keep_apart(
    response_id: int, answer: IncomingAnswer, version: PublishedVersion, *, now: datetime
) -> bool:
    """Keep consents and contact details of a delivery; whether anything changed.

    Contact details stay only while a consent to use them stands; `tell_person` hands them on.
    """
    given = {one.position: one for one in answer.answers}
    is_changed = False
    for question in version.further:
        told = given.get(question.position)
        if told is not None and question.kind == Kind.CONSENT:
            is_changed |= _keep_consent(response_id, question, version, answer.language, told, now)
    for question in version.further:
        if question.kind == Kind.CONTACT:
            told = given.get(question.position)
            is_changed |= _keep_contact(response_id, question, version, told, now)
    return is_changed


def _keep_consent(
    response_id: int,
    question: AskedQuestion,
    version: PublishedVersion,
    language: str,
    told: GivenAnswer,
    now: datetime,
) -> bool:
    standing = Consent.objects.filter(response_id=response_id, question_id=question.id)
    if YES not in told.choices:
        return bool(standing.filter(withdrawn_at=None).update(withdrawn_at=now))
    if standing.filter(withdrawn_at=None).exists():
        return False
    code = language if language in version.languages else version.languages[0]
    purpose = question.further.purpose if question.further else None
    Consent.objects.update_or_create(
        response_id=response_id,
        question_id=question.id,
        defaults={
            "purpose": purpose or "",
            "words": version.words[question.position, code, ""].text,
            "language": code,
            "given_at": now,
            "withdrawn_at": None,
        },
    )
    return True


def _keep_contact(
    response_id: int,
    question: AskedQuestion,
    version: PublishedVersion,
    told: GivenAnswer | None,
    now: datetime,
) -> bool:
    stored = ContactDetails.objects.filter(response_id=response_id).first()
    is_allowed = may_contact(response_id, version)
    if told is None and is_allowed:
        return False
    data = (told.contact if told else None) or ContactData()
    if data.is_empty or not is_allowed:
        if stored is not None:
            stored.delete()
        return stored is not None
    wanted = {
        "name": data.name.strip()[:200],
        "email": data.email.strip()[:254],
        "phone": data.phone.strip()[:40],
    }
    if stored is not None and all(getattr(stored, name) == text for name, text in wanted.items()):
        return False
    ContactDetails.objects.update_or_create(
        response_id=response_id,
        defaults={**wanted, "question_id": question.id, "given_at": now},
    )
    return True


def may_contact(response_id: int, version: PublishedVersion) -> bool:
    """Whether a consent to be contacted about this answer stands."""
    keys = contact_consents(version)
    asked = [question.id for question in version.further if question.key in keys]
    return Consent.objects.filter(
        response_id=response_id, question_id__in=asked, withdrawn_at=None
    ).exists()


def tell_person(response_id: int, *, now: datetime) -> None:
    """Take over what the person we know lacks; make one where nobody is known by that address.

    Nothing is taken over from an answer that is set apart.

    An address that belongs to somebody already stays with the answer alone: nobody has proved that
    it is theirs.
    """
    details = ContactDetails.objects.filter(response_id=response_id).first()
    if details is None:
        return
    response = Response.objects.select_related("person").get(pk=response_id)
    if response.is_suspicious:
        return
    address = details.email if is_address(details.email) else ""
    if response.person is not None:
        _fill_gaps(response.person, details, address)
    elif address and not _is_known(response.organisation_id, address):
        data = PersonData(
            name=details.name, email=address, phone=details.phone, language=response.language
        )
        person_id, _ = people.find_or_make_person(response.organisation_id, data, now=now)
        if person_id is None:  # erased before: what they wrote now is not kept either
            details.delete()
            return
        Response.objects.filter(pk=response_id).update(person_id=person_id)


def _is_known(organisation_id: int, address: str) -> bool:
    known = Person.objects.filter(organisation_id=organisation_id, email_key=email_key(address))
    return known.exists()


def _fill_gaps(person: Person, details: ContactDetails, address: str) -> None:
    known = {"name": details.name, "phone": details.phone, "email": address}
    missing = [name for name, text in known.items() if text and not getattr(person, name)]
    for name in missing:
        setattr(person, name, known[name])
    if "email" in missing:
        person.email_key = email_key(address)
        missing.append("email_key")
    if missing:
        person.save(update_fields=missing)
