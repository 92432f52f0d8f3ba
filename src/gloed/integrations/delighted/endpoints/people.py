"""People: kept, asked, listed, removed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from gloed.fieldwork import operations as fieldwork
from gloed.integrations.delighted import operations, shapes
from gloed.integrations.delighted.endpoints.asked import MOST, USUAL, Asked, Reply
from gloed.integrations.delighted.models import Project
from gloed.integrations.delighted.requests import Refused, text, unprocessable, whole
from gloed.integrations.delighted.rules import (
    locale_in,
    read_flag,
    read_phone,
    read_properties,
    unix,
)
from gloed.integrations.marks import mark_of
from gloed.people.models import Person
from gloed.people.rules import email_key, is_address
from gloed.responses import operations as records

FILTERS = ("since", "until", "email", "phone_number")
A_LIFE = 10 * 366 * 86_400
_SECOND = timedelta(seconds=1)
_LAST = datetime.max.replace(tzinfo=UTC) - _SECOND


def create(asked: Asked) -> Reply:
    """Keep somebody and, unless told otherwise, ask them once."""
    email, phone = address_in(asked, "email"), phone_in(asked, "phone_number")
    if not email and not phone:
        raise unprocessable("email", "can't be blank")
    channel = str(asked.given("channel") or "email")
    if channel not in {"email", "sms"}:
        raise unprocessable("channel", "is not included in the list")
    delay = whole(asked.parameters, "delay", default=0, most=A_LIFE) if asked.given("delay") else 0
    last = asked.moment("last_sent_at")
    if last is not None and last > asked.now:  # they would never be asked again
        raise unprocessable("last_sent_at", "can't be in the future")
    properties = read_properties(asked.parameters.get("properties"))
    try:
        person, is_new = operations.keep_person(
            asked.project,
            email=email,
            phone=phone,
            name=text(asked.parameters, "name") or "",
            language=locale_in(properties),
            now=asked.now,
        )
    except operations.Forgotten:
        raise unprocessable("email", "asked to be forgotten") from None
    if last is not None:
        fieldwork.note_asked_elsewhere(asked.project.survey, person, channel=channel, at=last)
    due = None
    if read_flag(asked.parameters.get("send"), default=True):
        due = operations.ask(
            asked.project,
            person,
            channel=channel,
            properties=properties,
            delay=0 if str(asked.given("delay")) == "0" else delay,
            now=asked.now,
        )
    told = {
        "id": str(person.pk),
        "email": person.email or None,
        "phone_number": person.phone or None,
        "name": person.name or None,
        "survey_scheduled_at": unix(due),
        "properties": properties,
    }
    return Reply(told, 201 if is_new else 200)


def index(asked: Asked) -> Reply:
    """Everybody, the oldest first, in pages by a mark."""
    after, marked = asked.page_mark()
    given = {name: marked.get(name) if after else asked.given(name) for name in FILTERS}
    if given["email"] and given["phone_number"]:
        raise unprocessable("email", "cannot be combined with phone_number")
    size = whole(asked.parameters, "per_page", default=USUAL, most=MOST)
    wanted = Asked(asked.project, asked.path, given, asked.now)
    rows = _wanted(wanted).filter(pk__gt=after).order_by("pk")
    found = list(rows[: size + 1])
    page = found[:size]
    follows = None
    if len(found) > size:
        kept = {name: value for name, value in given.items() if value is not None}
        follows = {"page_info": mark_of(page[-1].pk, **kept), "per_page": size}
    return Reply(shapes.persons(asked.project, page), next_page=follows)


def show(asked: Asked) -> Reply:
    """One person."""
    return Reply(shapes.persons(asked.project, [_identified(asked)])[0])


def delete(asked: Asked) -> Reply:
    """Remove somebody with everything that hangs on them."""
    records.delete_person(_identified(asked), now=asked.now)
    return Reply({"ok": True}, 202)


def cancel_pending(asked: Asked) -> Reply:
    """Take back what was to be sent to this address."""
    told = asked.path.removeprefix("people/").removesuffix("/survey_requests/pending")
    person = find_by_address(asked.project, told.removeprefix("email:"))
    if person is None:
        raise Refused(404)
    fieldwork.withdraw_pending(person)
    return Reply({"ok": True})


def address_in(asked: Asked, name: str) -> str:
    """An e-mail address among the parameters. Raises Refused for what is none."""
    email = text(asked.parameters, name, most=254) or ""
    if email and not is_address(email):
        raise unprocessable(name, "is invalid")
    return email


def phone_in(asked: Asked, name: str) -> str:
    """A telephone number among the parameters. Raises Refused for what is none."""
    try:
        return read_phone(asked.given(name))
    except ValueError as problem:
        raise unprocessable(name, str(problem)) from None


def find_by_address(project: Project, address: str) -> Person | None:
    """Who has this address; a blank may be a plus that was un-escaped on the way."""
    here = Person.objects.filter(organisation=project.organisation).order_by("pk")
    for one in dict.fromkeys([address.strip(), address.strip().replace(" ", "+")]):
        if (key := email_key(one)) and (found := here.filter(email_key=key).first()):
            return found
    return None


def find_by_id(project: Project, told: Any) -> Person | None:
    """Who has this id, given as text or number."""
    if isinstance(told, bool) or not str(told).isascii() or not str(told).isdigit():
        return None
    here = Person.objects.filter(organisation=project.organisation)
    return here.filter(pk=min(int(told), 2**63 - 1)).first()


def find_by_phone(project: Project, phone: str) -> Person | None:
    """Who has this number."""
    if not phone:
        return None
    number = phone if phone.startswith("+") else "+" + phone.strip()
    here = Person.objects.filter(organisation=project.organisation)
    return here.filter(phone=number).order_by("pk").first()


def _identified(asked: Asked) -> Person:
    told = asked.path.removeprefix("people/")
    if told.startswith("email:"):
        person = find_by_address(asked.project, told.removeprefix("email:"))
    elif told.startswith("phone_number:"):
        person = find_by_phone(asked.project, told.removeprefix("phone_number:"))
    else:
        person = find_by_id(asked.project, told)
    if person is None:
        raise Refused(404)
    return person


def _wanted(asked: Asked) -> QuerySet[Person]:
    rows = Person.objects.filter(organisation=asked.project.organisation)
    if asked.given("email"):
        person = find_by_address(asked.project, str(asked.given("email")))
        rows = rows.filter(pk=person.pk if person else 0)
    if asked.given("phone_number"):
        person = find_by_phone(asked.project, str(asked.given("phone_number")).strip())
        rows = rows.filter(pk=person.pk if person else 0)
    return between(rows, asked, "created_at")


def between(rows: QuerySet[Any], asked: Asked, column: str) -> QuerySet[Any]:
    """Only what lies between `since` and `until`, both seconds included."""
    return within(rows, asked.moment("since"), asked.moment("until"), column)


def within(rows: QuerySet[Any], since: Any, until: Any, column: str) -> QuerySet[Any]:
    """The same with the moments at hand."""
    if since is not None:
        rows = rows.filter(**{f"{column}__gte": since})
    if until is not None:
        rows = rows.filter(**{f"{column}__lt": min(until, _LAST) + _SECOND})
    return rows
