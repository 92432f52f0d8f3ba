"""What a Delighted dump holds beside answers: people, unsubscribes and bounces."""

from datetime import UTC, datetime

from gloed.channels.file_import.reading.cells import Cell, address_in, text_of
from gloed.channels.file_import.reading.values import (
    Companions,
    Person,
    Respondent,
    Suppression,
)

_SUPPRESSIONS = (
    ("unsubscribes", "unsubscribed", "unsubscribed_at"),
    ("bounces", "bounced", "bounced_at"),
)


def companions_in(document: object) -> Companions:
    """People with the date they were last asked, and addresses not to be written to."""
    if not isinstance(document, dict):
        return Companions()
    people = tuple(
        _person(item) for item in _objects(document.get("people")) if item.get("id") is not None
    )
    suppressions: list[Suppression] = []
    for key, reason, moment in _SUPPRESSIONS:
        for item in _objects(document.get(key)):
            email = address_in(text_of(item.get("email")))
            if email is not None:
                suppressions.append(Suppression(email, reason, _at(item.get(moment))))
    return Companions(people, tuple(suppressions))


def _objects(value: object) -> list[dict[str, Cell]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _person(item: dict[str, Cell]) -> Person:
    known = {"id", "name", "email", "phone_number", "last_sent_at"}
    return Person(
        Respondent(
            external_id=text_of(item.get("id")),
            name=text_of(item.get("name")).strip() or None,
            email=address_in(text_of(item.get("email"))),
            phone=text_of(item.get("phone_number")).strip() or None,
        ),
        _at(item.get("last_sent_at")),
        {key: text_of(value) for key, value in item.items() if key not in known and value},
    )


def _at(value: Cell) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
