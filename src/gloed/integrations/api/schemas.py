"""What the resources have in common in their bodies."""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from ninja import Query, Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from gloed.integrations.api.paging import MOST, USUAL
from gloed.people.rules import is_address

Item = TypeVar("Item")


class Body(Schema):
    """What a program sends; a field we do not know is a mistake, not a wish to ignore."""

    model_config = ConfigDict(extra="forbid")


class Page(Schema, Generic[Item]):
    """A page of a list; `next` goes into `after` for the page that follows, null ends the list."""

    data: list[Item]
    next: str | None


class FieldError(Schema):
    """One field that cannot be used."""

    pointer: str
    detail: str


class ProblemOut(Schema):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: list[FieldError] | None = None


def _clean(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a NUL character cannot be kept")
    return text


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its offset, such as 2026-03-02T09:30:00Z")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("this moment is out of reach") from None


def _address(text: str) -> str:
    if text and not is_address(text):
        raise ValueError("this is no e-mail address")
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_clean)]
Address = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254),
    AfterValidator(_clean),
    AfterValidator(_address),
]
Moment = Annotated[datetime, AfterValidator(_aware)]
After = Annotated[str, Query("", max_length=60, description="the mark `next` of the last page")]
Limit = Annotated[int, Query(USUAL, ge=1, le=MOST, description="how many on a page")]
Attributes = Annotated[
    dict[Annotated[str, StringConstraints(min_length=1, max_length=120)], Any],
    Field(max_length=200),
]
PROBLEMS = dict.fromkeys((400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429), ProblemOut)
"""Every operation may answer with a problem."""
