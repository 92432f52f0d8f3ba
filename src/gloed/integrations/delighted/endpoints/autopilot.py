"""Recurring surveys: the setting, and who is in."""

from typing import Any

from gloed.integrations.delighted import operations, shapes
from gloed.integrations.delighted.endpoints.asked import MOST, USUAL, Asked, Reply
from gloed.integrations.delighted.endpoints.people import (
    address_in,
    find_by_address,
    find_by_id,
    find_by_phone,
    phone_in,
)
from gloed.integrations.delighted.models import Autopilot, AutopilotMember
from gloed.integrations.delighted.requests import Refused, text, unprocessable, whole
from gloed.integrations.delighted.rules import locale_in, read_properties, unix
from gloed.integrations.marks import mark_of
from gloed.people.models import Person

ALIASES = {"person_email": "email", "person_phone_number": "phone_number"}


def show(asked: Asked) -> Reply:
    """Whether people are asked again and again, and how often."""
    platform = _platform(asked)
    found = Autopilot.objects.filter(project=asked.project, platform=platform).first()
    return Reply(
        {
            "platform_id": platform,
            "active": bool(found and found.is_active),
            "frequency": found.frequency if found else None,
            "created_at": unix(found.created_at) if found else None,
            "updated_at": unix(found.updated_at) if found else None,
        }
    )


def index(asked: Asked) -> Reply:
    """The members, the oldest first; or one of them, if they are in."""
    size = whole(asked.parameters, "per_page", default=USUAL, most=MOST)
    rows = AutopilotMember.objects.filter(project=asked.project, platform=_platform(asked))
    rows = rows.select_related("person").order_by("pk")
    if any(_told(asked, name) for name in ("person_id", *ALIASES)):
        rows = rows.filter(person=_named(asked))
    after, _given = asked.page_mark()
    found = list(rows.filter(pk__gt=after)[: size + 1])
    page = found[:size]
    follows = None
    if len(found) > size:
        follows = {"page_info": mark_of(page[-1].pk), "per_page": size}
    return Reply(_members(asked, page), next_page=follows)


def create(asked: Asked) -> Reply:
    """Make somebody a member; of a member the properties are replaced."""
    platform = _platform(asked)
    properties = read_properties(asked.parameters.get("properties"))
    person = _kept(asked, platform, locale_in(properties))
    _member, is_new = operations.join_autopilot(
        asked.project, platform, person, properties, now=asked.now
    )
    told = {"person": _person(asked, person), "properties": properties}
    return Reply(told, 201 if is_new else 200)


def delete(asked: Asked) -> Reply:
    """No more recurring surveys for somebody; they and their answers stay."""
    given = [name for name in ("person_id", *ALIASES) if _told(asked, name)]
    if len(given) != 1:
        raise unprocessable("base", "give exactly one of person_id, person_email, phone number")
    person = _named(asked)
    member = AutopilotMember.objects.filter(
        project=asked.project, platform=_platform(asked), person=person
    ).select_related("project")
    found = member.first()
    if person is None or found is None:
        raise Refused(404)
    told = {"person": _person(asked, person)}
    operations.leave_autopilot(found)
    return Reply(told, 202)


def _kept(asked: Asked, platform: str, language: str) -> Person:
    if asked.given("person_id") is not None:
        person = find_by_id(asked.project, asked.given("person_id"))
        if person is None:
            raise unprocessable("person_id", "does not exist")
        if not (person.email if platform == "email" else person.phone):
            raise unprocessable(f"person_{_way(platform)}", "can't be blank")
        return person
    plain = Asked(asked.project, asked.path, _with_aliases(asked), asked.now)
    email, phone = address_in(plain, "person_email"), phone_in(plain, "person_phone_number")
    if not (email if platform == "email" else phone):
        raise unprocessable(f"person_{_way(platform)}", "can't be blank")
    try:
        person, _is_new = operations.keep_person(
            asked.project,
            email=email,
            phone=phone,
            name=text(plain.parameters, "person_name") or "",
            language=language,
            now=asked.now,
        )
    except operations.Forgotten:
        raise unprocessable("person_email", "asked to be forgotten") from None
    return person


def _way(platform: str) -> str:
    return "email" if platform == "email" else "phone_number"


def _told(asked: Asked, name: str) -> Any:
    return asked.given(name) or asked.given(ALIASES.get(name, name))


def _with_aliases(asked: Asked) -> dict[str, Any]:
    aliases = {name: _told(asked, name) for name in ALIASES if _told(asked, name)}
    return {**asked.parameters, **aliases}


def _named(asked: Asked) -> Person | None:
    if _told(asked, "person_id"):
        return find_by_id(asked.project, asked.given("person_id"))
    if address := _told(asked, "person_email"):
        return find_by_address(asked.project, str(address))
    return find_by_phone(asked.project, str(_told(asked, "person_phone_number") or ""))


def _platform(asked: Asked) -> str:
    return asked.path.split("/")[1]


def _person(asked: Asked, person: Person) -> dict[str, Any]:
    told = shapes.persons(asked.project, [person])[0]
    names = ("id", "name", "email", "created_at", "phone_number", "last_sent_at")
    return {name: told[name] for name in names}


def _members(asked: Asked, page: list[AutopilotMember]) -> list[dict[str, Any]]:
    told = shapes.persons(asked.project, [member.person for member in page])
    people = {one["id"]: one for one in told}
    names = ("id", "name", "email", "created_at", "phone_number", "last_sent_at")
    return [
        {
            "created_at": unix(member.created_at),
            "updated_at": unix(member.updated_at),
            "person": {name: people[str(member.person_id)][name] for name in names},
            "next_survey_request": member.next_at
            and {
                "id": str(member.pk),
                "created_at": unix(member.updated_at),
                "survey_scheduled_at": unix(member.next_at),
                "properties": member.properties,
            },
        }
        for member in page
    ]
