"""Persons: found by external id, then by address; brought up to date, or made."""

from typing import Annotated, Any

from django.db import transaction
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints, model_validator

from gloed.base.keys import Scope
from gloed.base.models import Organisation
from gloed.fieldwork import operations as fieldwork
from gloed.integrations.api.ids import ACCOUNT, PERSON, id_of, read_id
from gloed.integrations.api.keys import needs
from gloed.integrations.api.paging import page_of
from gloed.integrations.api.problems import Problem, invalid, not_found
from gloed.integrations.api.schemas import (
    PROBLEMS,
    Address,
    After,
    Attributes,
    Body,
    Limit,
    Moment,
    Page,
    Text,
)
from gloed.people import operations as people
from gloed.people.models import Person
from gloed.people.queries import suppressions_of
from gloed.people.rules import PersonData, email_key
from gloed.responses import operations as responses

router = Router()
MOST_AT_ONCE = 1_000
LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,4})?$"


class AccountRef(Schema):
    """The firm somebody belongs to."""

    id: str
    name: str


class NoSurveys(Schema):
    """Why somebody gets no surveys."""

    reason: str
    source: str
    since: Moment


class PersonOut(Schema):
    """Somebody who may be asked."""

    id: str
    external_id: str | None
    name: str
    email: str
    phone: str
    language: str
    account: AccountRef | None
    attributes: dict[str, Any]
    no_surveys: list[NoSurveys]
    created_at: Moment


class PersonIn(Body):
    """What is known of somebody. What is left out stays as it is."""

    external_id: Annotated[Text, Field(max_length=120)] = ""
    email: Address | None = None
    name: Annotated[Text, Field(max_length=200)] = ""
    phone: Annotated[Text, Field(max_length=40)] = ""
    language: Annotated[str, StringConstraints(pattern=LANGUAGE, max_length=8)] | None = None
    account: Annotated[Text, Field(max_length=200)] = ""
    attributes: Attributes = {}

    @model_validator(mode="after")
    def _can_be_found_again(self) -> "PersonIn":
        if not (self.external_id or self.email):
            raise ValueError("give an external_id or an email, by which they are found again")
        return self

    def data(self) -> PersonData:
        """The same as the room of people takes it."""
        return PersonData(
            external_id=self.external_id,
            name=self.name,
            email=self.email or "",
            phone=self.phone,
            language=self.language or "",
            attributes=self.attributes,
        )


class ManyPersons(Body):
    """Several persons at once."""

    persons: Annotated[list[PersonIn], Field(min_length=1, max_length=MOST_AT_ONCE)]


class ManyPersonsDone(Schema):
    """The persons in the order given; null for somebody who asked to be forgotten."""

    ids: list[str | None]


class PersonChange(Body):
    """What is to be other than it is; an attribute set to null goes."""

    name: Annotated[Text, Field(max_length=200)] | None = None
    email: Address | None = None
    phone: Annotated[Text, Field(max_length=40)] | None = None
    language: Annotated[str, StringConstraints(pattern=LANGUAGE, max_length=8)] | None = None
    account: Annotated[Text, Field(max_length=200)] | None = None
    attributes: Attributes = {}


@router.get(
    "",
    response={200: Page[PersonOut], **PROBLEMS},
    auth=needs(Scope.READ_PEOPLE),
    operation_id="listPersons",
)
def list_persons(
    request: Any,
    after: After,
    limit: Limit,
    email: Annotated[str, Query("", max_length=254)],
    external_id: Annotated[str, Query("", max_length=200)],
) -> dict[str, Any]:
    """Everybody, or who has this address or external id."""
    rows = Person.objects.filter(organisation=request.organisation).select_related("account")
    if email:
        rows = rows.filter(email_key=email_key(email) or "-")
    if external_id:
        rows = rows.filter(external_id=external_id)
    return page_of(rows, after, limit, lambda page: _shown(request.organisation, page))


@router.post(
    "",
    response={200: PersonOut, 201: PersonOut, **PROBLEMS},
    auth=needs(Scope.WRITE_PEOPLE),
    operation_id="upsertPerson",
)
def upsert_person(request: Any, data: PersonIn) -> Status[Any]:
    """Bring somebody up to date, or make them when nobody has this external id or address."""
    now = timezone.now()
    with transaction.atomic():
        key, _attributes = people.find_or_make_person(request.organisation.pk, data.data(), now=now)
        if key is None:
            raise Problem("conflict", "This person asked to be forgotten and is not made again.")
        person = Person.objects.select_related("account").get(pk=key)
        if data.account:
            people.place_at_account(person, data.account)
    is_new = person.created_at == now
    return Status(201 if is_new else 200, _shown(request.organisation, [person])[0])


@router.post(
    "bulk",
    response={200: ManyPersonsDone, **PROBLEMS},
    auth=needs(Scope.WRITE_PEOPLE),
    operation_id="upsertPersons",
)
def upsert_persons(request: Any, data: ManyPersons) -> dict[str, Any]:
    """The same for up to a thousand at once: all of them, or none if one cannot be used."""
    house: Organisation = request.organisation
    now = timezone.now()
    with transaction.atomic():
        keys = people.match_people(
            house.pk, [one.data() for one in data.persons], batch=None, now=now
        )
        found = Person.objects.in_bulk([key for key in keys if key is not None and key > 0])
        for key, one in zip(keys, data.persons, strict=True):
            if one.account and key in found:
                people.place_at_account(found[key], one.account)
    ids = [id_of(PERSON, found[key].public_id) if key in found else None for key in keys]
    return {"ids": ids}


@router.get(
    "{person_id}",
    response={200: PersonOut, **PROBLEMS},
    auth=needs(Scope.READ_PEOPLE),
    operation_id="getPerson",
)
def get_person(request: Any, person_id: str) -> dict[str, Any]:
    """One person."""
    return _shown(request.organisation, [find_person(request.organisation, person_id)])[0]


@router.patch(
    "{person_id}",
    response={200: PersonOut, **PROBLEMS},
    auth=needs(Scope.WRITE_PEOPLE),
    operation_id="changePerson",
)
def change_person(request: Any, person_id: str, data: PersonChange) -> dict[str, Any]:
    """Change what is given and nothing else; an empty text takes away what was there."""
    person = find_person(request.organisation, person_id)
    values = data.model_dump(exclude_unset=True, exclude={"account", "attributes"})
    try:
        people.change_person(
            person,
            {name: value or "" for name, value in values.items()},
            attributes=data.attributes,
        )
    except people.AddressTaken:
        raise invalid("/email", "Somebody else has this address.") from None
    if data.account is not None:
        people.place_at_account(person, data.account)
    person = find_person(request.organisation, person_id)
    return _shown(request.organisation, [person])[0]


@router.delete(
    "{person_id}",
    response={204: None, **PROBLEMS},
    auth=needs(Scope.WRITE_PEOPLE),
    operation_id="erasePerson",
)
def erase_person(request: Any, person_id: str) -> Status[Any]:
    """Erase somebody on their request: words and attributes go, ratings stay without a person."""
    person = find_person(request.organisation, person_id)
    responses.erase_person(person, staff=None, now=timezone.now())
    return Status(204, None)


@router.post(
    "{person_id}/opt-out",
    response={200: PersonOut, **PROBLEMS},
    auth=needs(Scope.WRITE_PEOPLE),
    operation_id="optOutPerson",
)
def opt_out(request: Any, person_id: str) -> dict[str, Any]:
    """Send this person no more surveys; what was on its way is taken back."""
    person = find_person(request.organisation, person_id)
    fieldwork.opt_out_person(person, how="api", now=timezone.now())
    return _shown(request.organisation, [person])[0]


def find_person(organisation: Organisation, person_id: str) -> Person:
    """The person of this id in the organisation. Raises the problem "not found"."""
    people_here = Person.objects.filter(organisation=organisation).select_related("account")
    person = people_here.filter(public_id=read_id(PERSON, person_id)).first()
    if person is None:
        raise not_found()
    return person


def _shown(organisation: Organisation, page: list[Person]) -> list[dict[str, Any]]:
    stopped = suppressions_of(organisation, page)
    return [
        {
            "id": id_of(PERSON, person.public_id),
            "external_id": person.external_id,
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
            "language": person.language,
            "account": person.account
            and {"id": id_of(ACCOUNT, person.account.public_id), "name": person.account.name},
            "attributes": person.attributes,
            "no_surveys": [
                {"reason": one.reason, "source": one.source, "since": one.at}
                for one in stopped[person.pk]
            ],
            "created_at": person.created_at,
        }
        for person in page
    ]
